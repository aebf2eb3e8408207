/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/rows.h"

#include <criterion/criterion.h>

#include "sim/check.h"

static sim_time seconds(const char *cell)
{
    struct err err = {0};
    sim_time at = INT64_MIN;

    cr_expect(seconds_parse(&at, cell, &err), "%s: %s", cell, err.text);
    return at;
}

Test(rows, a_cell_of_seconds_has_decimals)
{
    cr_expect_eq(seconds("0"), 0);
    cr_expect_eq(seconds("12.345"), 12345000);
    cr_expect_eq(seconds("0.000001"), 1);
    cr_expect_eq(seconds("86400.000"), 86400 * SIM_SECOND);
    cr_expect_eq(seconds("1e3"), 1000 * SIM_SECOND);
}

Test(rows, a_cell_of_seconds_may_be_before_the_start)
{
    cr_expect_eq(seconds("-0.250"), -250000);
    cr_expect_eq(seconds("-86400"), -86400 * SIM_SECOND);
}

Test(rows, a_cell_of_seconds_is_rounded_to_the_microsecond)
{
    cr_expect_eq(seconds("0.0000006"), 1);
    cr_expect_eq(seconds("-0.0000006"), -1);
    cr_expect_eq(seconds("0.0000004"), 0);
}

Test(rows, a_cell_of_seconds_may_be_three_thousand_years)
{
    cr_expect_eq(seconds("99999999999"), 99999999999 * SIM_SECOND);
    cr_expect_eq(seconds("-99999999999"), -99999999999 * SIM_SECOND);
}

Test(rows, a_cell_of_anything_else_is_refused)
{
    static const char *const wrong[] = {"",    " ",   "x",    "1s",    "1 2",          "1,5",
                                        "inf", "nan", "-inf", "1e400", "100000000000", "-1e11"};
    struct err err = {0};
    sim_time at = -1;

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        cr_expect_not(seconds_parse(&at, wrong[i], &err), "'%s' is %lld", wrong[i], (long long)at);
    cr_expect_eq(at, -1);
    cr_expect_str_eq(err.text, "'-1e11' is no number of seconds");
}
