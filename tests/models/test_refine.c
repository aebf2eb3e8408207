/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/refine - half way to the neighbours
 *
 * Worked by hand: the geometric mean of a day and four days is two days, of 100 s and 400 s 200 s;
 * of 1h and 2h 5091 s, which is 85 min to the minute.
 */
#include "models/refine.h"

#include <criterion/criterion.h>

static struct sweep sweep, finer;

static void forget(void)
{
    sweep_fini(&sweep);
    sweep_fini(&finer);
}

TestSuite(refine, .fini = forget);

static void add(const char *axis)
{
    struct err err;

    cr_assert(sweep_add(&sweep, axis, &err), "%s", err.text);
}

static void expect_axis(size_t axis, size_t count, const char *const *values)
{
    cr_assert_eq(finer.axes[axis].count, count, "%zu values", finer.axes[axis].count);
    for (size_t i = 0; i < count; i++)
        cr_expect_str_eq(finer.axes[axis].values[i], values[i]);
}

Test(refine, goes_half_way_to_both_neighbours_whatever_their_order)
{
    add("maximal_queue_lifetime=16d,1d,4d");
    cr_expect(refine(&sweep, 2, &finer));
    expect_axis(0, 3, (const char *const[]){"2d", "4d", "8d"});
}

Test(refine, goes_one_way_from_an_edge)
{
    add("maximal_queue_lifetime=1d,4d");
    cr_expect(refine(&sweep, 0, &finer));
    expect_axis(0, 2, (const char *const[]){"1d", "2d"});
}

Test(refine, reads_values_as_postfix_does)
{
    add("minimal_backoff_time=100,400s");
    cr_expect(refine(&sweep, 1, &finer));
    expect_axis(0, 2, (const char *const[]){"200s", "400s"});
}

Test(refine, takes_whole_minutes_and_hours_of_long_times)
{
    add("maximal_backoff_time=1h,2h,30h");
    cr_expect(refine(&sweep, 1, &finer));
    /* sqrt(2 * 30) h is 7.746 h: 464.8 min */
    expect_axis(0, 3, (const char *const[]){"85m", "2h", "465m"});
}

Test(refine, takes_the_arithmetic_mean_of_numbers)
{
    add("default_destination_concurrency_limit=20,10");
    cr_expect(refine(&sweep, 1, &finer));
    expect_axis(0, 2, (const char *const[]){"10", "15"});
}

Test(refine, leaves_what_is_no_number_as_it_is)
{
    add("relayhost=a.example,b.example");
    cr_expect_not(refine(&sweep, 1, &finer));
    expect_axis(0, 1, (const char *const[]){"b.example"});
}

Test(refine, finds_nothing_new_between_values_that_touch)
{
    add("minimal_backoff_time=100s,101s");
    cr_expect_not(refine(&sweep, 0, &finer));
}

Test(refine, refines_each_axis)
{
    add("maximal_queue_lifetime=1d,4d");
    add("minimal_backoff_time=100s,400s");
    cr_expect(refine(&sweep, 3, &finer));
    cr_expect_eq(sweep_points(&finer), 4);
    expect_axis(0, 2, (const char *const[]){"2d", "4d"});
    expect_axis(1, 2, (const char *const[]){"200s", "400s"});
}

Test(refine, knows_the_edges_of_a_grid)
{
    add("maximal_queue_lifetime=1d,4d,16d");
    cr_expect_eq(refine_edge(&sweep, 0, 0), -1);
    cr_expect_eq(refine_edge(&sweep, 1, 0), 0);
    cr_expect_eq(refine_edge(&sweep, 2, 0), 1);
}
