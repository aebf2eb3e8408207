/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "models/infer/votes.h"

static struct votes votes;

static void end(void)
{
    votes_fini(&votes);
}

TestSuite(votes, .fini = end);

static void expect(struct votes_range found, int64_t low, int64_t high, uint64_t count)
{
    cr_expect_eq(found.low, low, "from %ld, not %ld", (long)found.low, (long)low);
    cr_expect_eq(found.high, high, "to %ld, not %ld", (long)found.high, (long)high);
    cr_expect_eq(found.votes, count);
}

Test(votes, say_nothing_without_intervals)
{
    expect(votes_most(&votes, 1, 50, 7), 1, 50, 0);
}

Test(votes, find_what_most_intervals_hold)
{
    votes_add(&votes, 1, 10);
    votes_add(&votes, 5, 20);
    votes_add(&votes, 8, 9);
    votes_add(&votes, 100, 200); /* wrong */
    expect(votes_most(&votes, 0, VOTES_NO_END, 0), 8, 9, 3);
}

Test(votes, count_both_ends_as_held)
{
    votes_add(&votes, 1, 5);
    votes_add(&votes, 5, 9);
    expect(votes_most(&votes, 0, VOTES_NO_END, 0), 5, 5, 2);
}

Test(votes, know_intervals_without_end)
{
    votes_add(&votes, 3, VOTES_NO_END);
    votes_add(&votes, 7, VOTES_NO_END);
    expect(votes_most(&votes, 0, VOTES_NO_END, 0), 7, VOTES_NO_END, 2);
}

Test(votes, leave_out_intervals_that_hold_nothing)
{
    votes_add(&votes, 6, 5);
    cr_expect_eq(votes.count, 0);
}

Test(votes, choose_the_preferred_of_equal_ranges)
{
    votes_add(&votes, 1, 10);
    votes_add(&votes, 20, 25);
    expect(votes_most(&votes, 0, VOTES_NO_END, 22), 20, 25, 1);
    expect(votes_most(&votes, 0, VOTES_NO_END, 15), 1, 10, 1); /* the widest */
    votes_add(&votes, 40, 49);
    expect(votes_most(&votes, 0, VOTES_NO_END, 15), 1, 10, 1); /* the lowest */
}

Test(votes, look_only_where_they_are_asked_to)
{
    votes_add(&votes, 1, 10);
    votes_add(&votes, 5, 10);
    votes_add(&votes, 15, 30);
    expect(votes_most(&votes, 8, 12, 0), 8, 10, 2);
    expect(votes_most(&votes, 11, 20, 0), 15, 20, 1);
    expect(votes_most(&votes, 12, 12, 0), 12, 12, 0);
}

Test(votes, can_be_asked_again)
{
    votes_add(&votes, 5, 9);
    votes_add(&votes, 1, 6);
    expect(votes_most(&votes, 0, 100, 0), 5, 6, 2);
    votes_add(&votes, 6, 30);
    expect(votes_most(&votes, 0, 100, 0), 6, 6, 3);
}

Test(votes, refuse_a_range_that_holds_nothing, .exit_code = 70)
{
    votes_most(&votes, 2, 1, 0);
}
