/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of folders and of what lies in them. */
#include "io/paths.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/check.h"

Test(paths, have_a_last_part)
{
    static const char *const cases[][2] = {
        {"out/stock", "stock"},
        {"out/stock//", "stock"},
        {"stock", "stock"},
        {"/a", "a"},
        {"a/", "a"},
        {"/", ""},
        {"//", ""},
        {"", ""},
        {"a/.", "."},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t length;
        const char *part = path_last_part(cases[i][0], &length);
        cr_expect_eq(length, strlen(cases[i][1]), "%s: %zu", cases[i][0], length);
        cr_expect_eq(strncmp(part, cases[i][1], length), 0, "%s: %s", cases[i][0], part);
    }
}

Test(paths, are_there_or_say_why_not)
{
    cr_expect(path_is_there("/dev", "null"));
    cr_expect_not(path_is_there("/dev", "no-such"));
    cr_expect_eq(errno, ENOENT);
    cr_expect_not(path_is_there("/dev/null", "below"));
    cr_expect_eq(errno, ENOTDIR);
}
