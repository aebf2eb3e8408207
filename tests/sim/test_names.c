/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/names.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static uint32_t add(struct names *names, const char *text)
{
    return names_add(names, text, strlen(text));
}

Test(names, count_up_in_order_of_first_sight)
{
    struct names names = {0};

    cr_expect_eq(add(&names, "zoo"), 0);
    cr_expect_eq(add(&names, "ape"), 1);
    cr_expect_eq(add(&names, "zoo"), 0);
    cr_expect_eq(add(&names, "bee"), 2);
    cr_expect_eq(names.count, 3);
    names_fini(&names);
}

Test(names, are_found_by_number_and_by_text)
{
    struct names names = {0};
    char text[32];
    size_t wrong = 0;

    for (unsigned i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "user%u@example.org", i);
        wrong += add(&names, text) != i;
    }
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "user%u@example.org", i);
        wrong += strcmp(names_text(&names, i), text) != 0;
        wrong += names_find(&names, text, strlen(text)) != i;
    }
    cr_expect_eq(wrong, 0);
    cr_expect_eq(names.count, 5000);
    names_fini(&names);
}

Test(names, finding_adds_nothing)
{
    struct names names = {0};

    cr_expect_eq(names_find(&names, "a", 1), NAMES_NONE);
    cr_expect_eq(names.count, 0);
    add(&names, "b");
    cr_expect_eq(names_find(&names, "a", 1), NAMES_NONE);
    cr_expect_eq(names.count, 1);
    names_fini(&names);
}

Test(names, are_as_long_as_was_said)
{
    struct names names = {0};

    cr_expect_eq(names_add(&names, "abcdef", 3), 0);
    cr_expect_str_eq(names_text(&names, 0), "abc");
    cr_expect_eq(names_find(&names, "abcxyz", 3), 0);
    cr_expect_eq(names_find(&names, "abcdef", 4), NAMES_NONE);
    cr_expect_eq(names_find(&names, "abcdef", 2), NAMES_NONE);
    names_fini(&names);
}

Test(names, case_matters)
{
    struct names names = {0};

    cr_expect_neq(add(&names, "A"), add(&names, "a"));
    names_fini(&names);
}

Test(names, may_be_empty)
{
    struct names names = {0};

    cr_expect_eq(add(&names, "x"), 0);
    cr_expect_eq(add(&names, ""), 1);
    cr_expect_eq(add(&names, ""), 1);
    cr_expect_str_eq(names_text(&names, 1), "");
    names_fini(&names);
}

Test(names, are_bytes_of_any_kind)
{
    struct names names = {0};

    cr_expect_eq(names_add(&names, "a\0b", 3), 0);
    cr_expect_eq(names_add(&names, "a\0c", 3), 1);
    cr_expect_eq(names_add(&names, "a", 1), 2);
    cr_expect_arr_eq(names_text(&names, 1), "a\0c", 4);
    names_fini(&names);
}

Test(names, are_copies)
{
    struct names names = {0};
    char text[] = "abc";

    add(&names, text);
    text[0] = 'x';
    cr_expect_str_eq(names_text(&names, 0), "abc");
    cr_expect_eq(names_find(&names, "abc", 3), 0);
    names_fini(&names);
}

Test(names, begin_again_after_fini)
{
    struct names names = {0};

    add(&names, "a");
    names_fini(&names);
    cr_expect_eq(names_find(&names, "a", 1), NAMES_NONE);
    cr_expect_eq(add(&names, "b"), 0);
    names_fini(&names);
    names_fini(&names);
}

Test(names, refuse_a_number_that_was_not_given_out, .exit_code = EX_SOFTWARE)
{
    struct names names = {0};

    add(&names, "a");
    names_text(&names, 1);
}

Test(names, names_of_hosts_have_no_case)
{
    struct names names = {0};
    uint32_t first = names_add_lower(&names, "MX.Example");

    cr_expect_str_eq(names_text(&names, first), "mx.example");
    cr_expect_eq(names_add_lower(&names, "mx.eXample"), first);
    cr_expect_eq(names_find(&names, "mx.example", 10), first);
    names_fini(&names);
}
