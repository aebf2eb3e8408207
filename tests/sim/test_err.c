/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/err.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sysexits.h>

Test(err, set_formats_the_text_and_returns_false)
{
    struct err err = {.status = EX_IOERR};

    cr_expect_not(err_set(&err, "'%s' is not %d", "x", 3));
    cr_expect_str_eq(err.text, "'x' is not 3");
    cr_expect_eq(err.status, 0, "an old status must not survive");
}

Test(err, exit_keeps_the_status)
{
    struct err err;

    cr_expect_not(err_exit(&err, EX_CONFIG, "no"));
    cr_expect_str_eq(err.text, "no");
    cr_expect_eq(err.status, EX_CONFIG);
}

Test(err, within_puts_the_place_before_the_text_and_keeps_the_status)
{
    struct err err;

    err_exit(&err, EX_DATAERR, "'x' is not a number");
    cr_expect_not(err_within(&err, "%s:%d", "run.conf", 12));
    err_within(&err, "policy");
    cr_expect_str_eq(err.text, "policy: run.conf:12: 'x' is not a number");
    cr_expect_eq(err.status, EX_DATAERR);
}

Test(err, cuts_what_does_not_fit)
{
    struct err err;
    char text[2 * sizeof err.text];

    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    err_set(&err, "%s", text);
    cr_expect_eq(strlen(err.text), sizeof err.text - 1);
    err_within(&err, "%s", text);
    cr_expect_eq(strlen(err.text), sizeof err.text - 1);
}

Test(err, points_to_the_spot_until_another_text_is_set)
{
    struct err err;
    const char *line = "lost <= x";

    err_set(&err, "no number");
    cr_expect_null(err.line);
    cr_expect_not(err_at(&err, line, 8));
    err_within(&err, "--goal");
    cr_expect(err.line == line && err.spot == 8);
    cr_expect_str_eq(err.text, "--goal: no number");
    err_set(&err, "something else");
    cr_expect_null(err.line);
    err_at(&err, line, 8);
    err_exit(&err, EX_USAGE, "something else");
    cr_expect_null(err.line);
}
