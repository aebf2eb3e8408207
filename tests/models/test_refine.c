/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/refine - half way to the neighbours
 *
 * Worked by hand: the geometric mean of a day and four days is two days, of 100 s and 400 s 200 s;
 * of 1h and 2h 5091 s, which is 85 min to the minute, of 2h and 30h 7.746 h.
 */
#include "models/refine.h"

#include <criterion/criterion.h>
#include <math.h>

static struct sweep sweep, finer, more;

static void forget(void)
{
    sweep_fini(&sweep);
    sweep_fini(&finer);
    sweep_fini(&more);
}

TestSuite(refine, .fini = forget);

static void add(const char *axis)
{
    struct err err;

    cr_assert(sweep_add(&sweep, axis, &err), "%s", err.text);
}

/* Around a point by its number. */
static bool refine_at(size_t point)
{
    const char *values[SWEEP_MOST_AXES] = {0};

    for (size_t i = 0; i < sweep.axis_count; i++)
        values[i] = sweep_value(&sweep, point, i);
    return refine(&sweep, values, &finer);
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
    cr_expect(refine_at(2));
    expect_axis(0, 3, (const char *const[]){"2d", "4d", "8d"});
}

Test(refine, goes_one_way_from_an_edge)
{
    add("maximal_queue_lifetime=1d,4d");
    cr_expect(refine_at(0));
    expect_axis(0, 2, (const char *const[]){"1d", "2d"});
}

Test(refine, reads_values_as_postfix_does)
{
    add("minimal_backoff_time=100,400s");
    cr_expect(refine_at(1));
    expect_axis(0, 2, (const char *const[]){"200s", "400s"});
}

Test(refine, takes_whole_minutes_and_hours_of_long_times)
{
    add("maximal_backoff_time=1h,2h,30h");
    cr_expect(refine_at(1));
    expect_axis(0, 3, (const char *const[]){"85m", "2h", "8h"});
}

Test(refine, takes_the_arithmetic_mean_of_numbers)
{
    add("default_destination_concurrency_limit=20,10");
    cr_expect(refine_at(1));
    expect_axis(0, 2, (const char *const[]){"10", "15"});
}

Test(refine, leaves_what_is_no_number_as_it_is)
{
    add("relayhost=a.example,b.example");
    cr_expect_not(refine_at(1));
    expect_axis(0, 1, (const char *const[]){"b.example"});
}

Test(refine, finds_nothing_new_between_values_that_touch)
{
    add("minimal_backoff_time=100s,101s");
    cr_expect_not(refine_at(0));
}

Test(refine, refines_each_axis)
{
    add("maximal_queue_lifetime=1d,4d");
    add("minimal_backoff_time=100s,400s");
    cr_expect(refine_at(3));
    cr_expect_eq(sweep_points(&finer), 4);
    expect_axis(0, 2, (const char *const[]){"2d", "4d"});
    expect_axis(1, 2, (const char *const[]){"200s", "400s"});
}

/* The geometric mean of 2d and 5d is 75.9 h; of 2d and 76h 60.4 h, of 76h and 5d 95.5 h. */
Test(refine, goes_half_way_to_all_that_was_tried)
{
    struct err err;

    add("maximal_queue_lifetime=2d,5d");
    cr_assert(sweep_add(&more, "maximal_queue_lifetime=76h,5d", &err), "%s", err.text);
    refine_keep(&sweep, &more);
    cr_expect_eq(sweep.axes[0].count, 3, "what is there is not added");
    cr_expect(refine_at(2));
    expect_axis(0, 3, (const char *const[]){"60h", "76h", "95h"});
}

Test(refine, keeps_the_axes_of_the_first_that_was_tried)
{
    struct err err;

    cr_assert(sweep_add(&more, "maximal_queue_lifetime=2d,5d", &err), "%s", err.text);
    refine_keep(&sweep, &more);
    cr_assert_eq(sweep.axis_count, 1);
    cr_expect_str_eq(sweep.axes[0].name, "maximal_queue_lifetime");
    cr_expect_str_eq(sweep.axes[0].values[1], "5d");
}

Test(refine, knows_the_edges_of_a_grid)
{
    add("maximal_queue_lifetime=1d,4d,16d");
    cr_expect_eq(refine_edge(&sweep.axes[0], "24h"), -1);
    cr_expect_eq(refine_edge(&sweep.axes[0], "4d"), 0);
    cr_expect_eq(refine_edge(&sweep.axes[0], "16d"), 1);
}

Test(refine, of_a_single_value_there_is_no_edge)
{
    add("maximal_queue_lifetime=1d");
    cr_expect_eq(refine_edge(&sweep.axes[0], "1d"), 0);
}

/* Half way from 36600 s to 37200 s is 36899 s: to the hour that is 10h, below both; half way from
 * 4h to 5h is 16100 s, to the hour 4h. */
Test(refine, takes_minutes_where_whole_hours_lie_outside)
{
    add("maximal_queue_lifetime=610m,620m");
    add("maximal_backoff_time=5h,4h");
    cr_expect(refine_at(0));
    expect_axis(0, 2, (const char *const[]){"610m", "615m"});
    expect_axis(1, 2, (const char *const[]){"268m", "5h"});
}

Test(refine, takes_seconds_where_whole_minutes_lie_outside)
{
    add("maximal_backoff_time=601s,603s");
    cr_expect(refine_at(0));
    expect_axis(0, 2, (const char *const[]){"601s", "602s"});
}

/* ---------------------------------------------------- where nothing is good */

static bool gap(const struct refine_point *points, size_t count)
{
    return refine_gap(&sweep, points, count, &finer);
}

#define AT(...)                                                                                    \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

/* Of two days and five the geometric mean is 75.9 h. */
Test(refine, goes_between_neighbours_that_fail_for_different_reasons)
{
    const struct refine_point points[] = {
        {AT("5d"), 2, 3}, {AT("12h"), 1, 1}, {AT("1d"), 1, 1}, {AT("2d"), 1, 2}};

    add("maximal_queue_lifetime=5d,12h,1d,2d");
    cr_expect(gap(points, 4));
    expect_axis(0, 1, AT("76h"));
}

Test(refine, sees_no_gap_where_a_condition_fails_on_both_sides)
{
    const struct refine_point points[] = {{AT("1d"), 1, 1}, {AT("2d"), 3, 2}, {AT("5d"), 2, 3}};

    add("maximal_queue_lifetime=1d,2d,5d");
    cr_expect_not(gap(points, 3));
}

Test(refine, sees_no_gap_beside_what_fails_nothing)
{
    const struct refine_point points[] = {{AT("1d"), 0, NAN}, {AT("2d"), 2, 2}, {AT("5d"), 0, NAN}};

    add("maximal_queue_lifetime=1d,2d,5d");
    cr_expect_not(gap(points, 3));
}

/* Neighbours on a line, not across: from (1d, 100s) to (4d, 100s), not to (4d, 400s). */
Test(refine, changes_one_axis_at_a_time)
{
    const struct refine_point points[] = {
        {AT("1d", "100s"), 1, 1},
        {AT("1d", "400s"), 3, 1},
        {AT("4d", "400s"), 2, 1},
    };

    add("maximal_queue_lifetime=1d,4d");
    add("minimal_backoff_time=100s,400s");
    cr_expect_not(gap(points, 3));
    const struct refine_point in_line[] = {
        {AT("1d", "100s"), 1, 1}, {AT("4d", "400s"), 2, 1}, {AT("4d", "100s"), 2, 1}};
    cr_expect(gap(in_line, 3));
    expect_axis(0, 1, AT("2d"));
    expect_axis(1, 1, AT("100s"));
}

/* Two gaps: between 1d and 4d for 3 in all, between 16d and 64d for 30; a cost that is not known
 * is the greatest. */
Test(refine, goes_into_the_gap_that_costs_least)
{
    struct refine_point points[] = {
        {AT("1d"), 4, 1}, {AT("4d"), 3, 2}, {AT("16d"), 1, 10}, {AT("64d"), 2, 20}};
    struct sweep other = {0};

    add("maximal_queue_lifetime=1d,4d,16d,64d");
    cr_expect(gap(points, 4));
    expect_axis(0, 1, AT("2d"));
    points[0].cost = NAN;
    cr_expect(refine_gap(&sweep, points, 4, &other));
    cr_expect_str_eq(other.axes[0].values[0], "32d");
    sweep_fini(&other);
}

Test(refine, sees_a_gap_behind_the_same_value_in_other_words)
{
    const struct refine_point points[] = {{AT("1d"), 1, 1}, {AT("24h"), 1, 1}, {AT("4d"), 2, 2}};

    add("maximal_queue_lifetime=1d,24h,4d");
    cr_expect(gap(points, 3));
    expect_axis(0, 1, AT("2d"));
}
