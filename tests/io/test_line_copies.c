/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/line_copies.h"

#include <criterion/criterion.h>

#define APART (10 * SIM_SECOND)

static struct line_copies copies;

static void free_copies(void)
{
    line_copies_free(&copies);
    cr_expect_null(copies.oldest);
}

TestSuite(line_copies, .fini = free_copies);

static bool add(size_t file, const char *line, int second)
{
    return line_copies_add(&copies, file, (struct span){line, strlen(line)}, second * SIM_SECOND,
                           APART);
}

Test(line_copies, are_what_other_files_gave)
{
    cr_expect_not(add(0, "a", 100));
    cr_expect_not(add(1, "b", 100));
    cr_expect(add(1, "a", 100));
    cr_expect(add(0, "b", 100));
    cr_expect(add(2, "b", 100));
}

/* Two in one file are two. */
Test(line_copies, are_as_many_as_the_others_have)
{
    cr_expect_not(add(0, "a", 100));
    cr_expect_not(add(0, "a", 100));
    cr_expect(add(1, "a", 100));
    cr_expect(add(1, "a", 100));
    cr_expect_not(add(1, "a", 100));
    cr_expect(add(0, "a", 100));
}

Test(line_copies, are_forgotten_after_a_while)
{
    cr_expect_not(add(0, "a", 100));
    cr_expect_not(add(0, "b", 101));
    cr_expect(add(1, "a", 110));
    cr_expect_not(add(0, "c", 111));
    cr_expect_not(add(2, "a", 111));
    cr_expect(add(2, "b", 111));
}
