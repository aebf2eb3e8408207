/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many were in the active queue, second by second, from trips made by hand. */
#include "models/infer/active.h"

#include <criterion/criterion.h>

#include "tests/models/made_log.h"

static struct active active;
static struct full_times full;

static void end(void)
{
    active_fini(&active);
    full_times_fini(&full);
}

TestSuite(active, .fini = end);

/* A message that was in the active queue from the one second to the other; -1: not logged. */
static void add(double from, double until)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    logged_activation_add(message, from < 0 ? SIM_NEVER : instant(from));
    if (until >= 0)
        made_deferred(message, "u@d", until);
    active_add(&active, message);
    logged_message_free(message);
}

static void find(int64_t limit)
{
    full_times_fini(&full);
    full_times_find(&full, &active, limit);
}

static void expect_time(size_t i, int64_t at, int64_t until)
{
    int64_t midnight = sim_second(MIDNIGHT);

    cr_assert_lt(i, full.count);
    cr_expect_eq(full.list[i].at - midnight, at, "at %ld", (long)(full.list[i].at - midnight));
    cr_expect_eq(full.list[i].until - midnight, until, "until %ld",
                 (long)(full.list[i].until - midnight));
}

static int64_t seconds(int64_t from, int64_t until)
{
    return full_seconds(&full, sim_second(MIDNIGHT) + from, sim_second(MIDNIGHT) + until);
}

Test(active, is_never_full_of_nothing)
{
    cr_expect_eq(active_most(&active), 0);
    find(1);
    cr_expect_eq(full.count, 0);
    cr_expect_eq(seconds(0, 1000), 0);
    cr_expect_null(full_time_before(&full, 0));
}

/* Two from 10 on, three from 20 to 30, two until 40. */
Test(active, is_full_while_it_holds_as_many)
{
    add(10, 40);
    add(10, 30);
    add(20, 40);
    cr_expect_eq(active_most(&active), 3);
    find(3);
    cr_expect_eq(full.count, 1);
    expect_time(0, 20, 30);
    find(2);
    cr_expect_eq(full.count, 1);
    expect_time(0, 10, 40);
    find(4);
    cr_expect_eq(full.count, 0);
}

/* Where one leaves as another comes, or within a moment, there was no room. */
Test(active, stays_full_where_room_is_taken_at_once)
{
    add(10, 20);
    add(20, 30);
    add(32, 40);
    add(43, 50);
    find(1);
    cr_expect_eq(full.count, 2);
    expect_time(0, 10, 40);
    expect_time(1, 43, 50);
}

Test(active, does_not_count_a_trip_of_less_than_a_second)
{
    add(10.1, 10.9);
    cr_expect_eq(active_most(&active), 0);
}

/* Not known to have been there; and where stamps went back. */
Test(active, does_not_count_trips_without_both_ends)
{
    add(-1, 20);
    add(10, -1);
    add(30, 20);
    cr_expect_eq(active_most(&active), 0);
}

/* Full from 10 to 20, from 100 to 130 and from 300 to 305. */
Test(active, tells_for_how_long_it_was_full)
{
    add(10, 20);
    add(100, 130);
    add(300, 305);
    find(1);
    cr_expect_eq(seconds(0, 400), 45);
    cr_expect_eq(seconds(0, 10), 0);
    cr_expect_eq(seconds(0, 11), 1);
    cr_expect_eq(seconds(15, 18), 3);
    cr_expect_eq(seconds(15, 50), 5);
    cr_expect_eq(seconds(0, 200), 40);
    cr_expect_eq(seconds(15, 115), 20);
    cr_expect_eq(seconds(130, 200), 0);
    cr_expect_eq(seconds(50, 15), 0);
    cr_expect_eq(full_time_before(&full, sim_second(MIDNIGHT) + 101), &full.list[1]);
    cr_expect_eq(full_time_before(&full, sim_second(MIDNIGHT) + 100), &full.list[0]);
    cr_expect_null(full_time_before(&full, sim_second(MIDNIGHT) + 10));
}

/* Thousands of messages in the same seconds: in whatever order they come. */
Test(active, costs_no_more_than_its_seconds)
{
    for (int i = 0; i < 20000; i++)
        add(100 - i % 50, 200 + i % 50);
    cr_expect_leq(active.room, 16384);
    cr_expect_eq(active_most(&active), 20000);
    find(20000);
    expect_time(0, 100, 200);
}
