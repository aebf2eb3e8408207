/* SPDX-License-Identifier: GPL-3.0-or-later */
/* models/sweep - which points a grid has */
#include "models/sweep.h"

#include <criterion/criterion.h>
#include <string.h>

static struct sweep sweep;
static struct err err;

static void forget(void)
{
    sweep_fini(&sweep);
}

TestSuite(sweep, .fini = forget);

static void add(const char *axis)
{
    cr_assert(sweep_add(&sweep, axis, &err), "%s", err.text);
}

Test(sweep, of_no_axis_has_one_point)
{
    cr_expect_eq(sweep_points(&sweep), 1);
}

Test(sweep, varies_the_last_axis_fastest)
{
    static const char *const want[][2] = {{"1h", "5"},  {"1h", "10"}, {"1d", "5"},
                                          {"1d", "10"}, {"2d", "5"},  {"2d", "10"}};
    add("a=1h,1d,2d");
    add("b=5,10");
    cr_assert_eq(sweep_points(&sweep), 6);
    for (size_t point = 0; point < 6; point++) {
        cr_expect_str_eq(sweep_value(&sweep, point, 0), want[point][0]);
        cr_expect_str_eq(sweep_value(&sweep, point, 1), want[point][1]);
    }
}

Test(sweep, keeps_a_value_as_it_is_written_but_for_blanks_around_it)
{
    add("name= a b  ,$c=d");
    cr_expect_str_eq(sweep_value(&sweep, 0, 0), "a b");
    cr_expect_str_eq(sweep_value(&sweep, 1, 0), "$c=d");
}

static void refuse(const char *axis, const char *why)
{
    cr_expect_not(sweep_add(&sweep, axis, &err), "%s", axis);
    cr_expect_not_null(strstr(err.text, why), "%s: %s", axis, err.text);
}

Test(sweep, says_what_is_no_axis)
{
    refuse("a", "'a': NAME=VALUE,VALUE was expected");
    refuse("=1", "NAME=VALUE,VALUE was expected");
    refuse("a=", "a: a value is empty");
    refuse("b=1,,2", "b: a value is empty");
    refuse("c=1,2,", "c: a value is empty");
    refuse("d=1,2,1", "d: the value '1' is there twice");
    refuse("e=1, 2 ,2", "e: the value '2' is there twice");
    refuse("f=1, ,2", "f: a value is empty");
    refuse("g=1,\033[31m", "a control character is in it");
    refuse("h\t=1", "a control character is in it");
    refuse("i=\177", "a control character is in it");
}

Test(sweep, varies_nothing_twice)
{
    add("a=1,2");
    refuse("a=3", "a is varied twice");
    add("ab=3");
}

Test(sweep, has_an_end_to_its_points)
{
    for (int i = 0; i < 5; i++) {
        char axis[] = "a=0,1,2,3,4,5,6,7,8,9";
        axis[0] = (char)('a' + i);
        add(axis);
    }
    cr_assert_eq(sweep_points(&sweep), SWEEP_MOST_POINTS);
    refuse("z=1,2", "at most 100000 points");
}
