/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "models/infer/grid.h"

#define MOST 64

static int64_t seconds[1000];
static size_t count;
static struct grid grid;

static void end(void)
{
    grid_fini(&grid);
}

TestSuite(grid, .fini = end);

static void pick_up(int64_t second)
{
    seconds[count++] = second;
}

/* `scans` of them, with a burst of two seconds each. */
static void scan_from(int64_t first, int64_t period, int scans)
{
    for (int i = 0; i < scans; i++) {
        pick_up(first + i * period);
        pick_up(first + i * period + 1);
    }
}

static void trace(int64_t period)
{
    struct grid_starts starts = grid_starts_of(seconds, count);

    grid_trace(&grid, &starts, period);
    free(starts.at);
}

static bool is_proposed(int64_t period)
{
    struct grid_starts starts = grid_starts_of(seconds, count);
    int64_t periods[MOST];
    size_t found = grid_periods(&starts, periods, MOST);
    bool proposed = false;

    for (size_t i = 0; i < found; i++)
        proposed |= periods[i] == period;
    free(starts.at);
    return proposed;
}

Test(grid, knows_where_bursts_begin)
{
    static const int64_t picked_up[] = {10, 10, 12, 14, 17, 300, 301};
    struct grid_starts starts = grid_starts_of(picked_up, 7);

    cr_assert_eq(starts.count, 3);
    cr_expect_eq(starts.at[0], 10);
    cr_expect_eq(starts.at[1], 17);
    cr_expect_eq(starts.at[2], 300);
    free(starts.at);
}

Test(grid, proposes_no_period_of_one_burst)
{
    pick_up(10);
    cr_expect_not(is_proposed(300));
    pick_up(400);
    cr_expect(is_proposed(300));
    cr_expect(is_proposed(390));
    cr_expect(is_proposed(195));
}

/* Scans that picked nothing up are not seen. */
Test(grid, proposes_the_period_behind_gaps)
{
    static const int64_t scans[] = {0, 1, 3, 4, 7, 8, 9, 13, 14, 20, 21};

    for (size_t i = 0; i < 11; i++)
        pick_up(50 + scans[i] * 437);
    cr_expect(is_proposed(437));
}

Test(grid, follows_scans_of_one_period)
{
    scan_from(97, 300, 20);
    trace(300);
    cr_expect_eq(grid.period, 300);
    cr_expect_eq(grid.low, 300);
    cr_expect_eq(grid.high, 300);
    cr_assert_eq(grid.count, 20);
    cr_expect_eq(grid.hits[19].at, 97 + 19 * 300);
    cr_expect_eq(grid.hits[19].number, 19);
    cr_expect_eq(grid.hits[19].segment, 0);
}

Test(grid, corrects_a_period_that_is_a_second_off)
{
    scan_from(97, 299, 30);
    trace(300);
    cr_expect_eq(grid.period, 299);
    cr_expect_eq(grid.count, 30);
}

/* A timer that fires a fifth of a second late: five scans, and the grid is a second off. */
Test(grid, follows_a_timer_that_drifts)
{
    for (int i = 0; i < 100; i++)
        pick_up(97 + i * 300 + i / 5);
    trace(300);
    cr_expect_eq(grid.period, 300);
    cr_expect_eq(grid.count, 100);
    cr_expect_eq(grid.hits[99].segment, 0);
}

Test(grid, leaves_a_flush_out)
{
    scan_from(97, 300, 10);
    pick_up(97 + 9 * 300 + 120);
    scan_from(97 + 3000, 300, 10);
    trace(300);
    cr_expect_eq(grid.count, 20);
    cr_expect_eq(grid.hits[19].segment, 0);
    cr_expect_eq(grid.hits[19].number, 19);
}

Test(grid, begins_anew_where_the_queue_manager_does)
{
    scan_from(97, 300, 10);
    scan_from(97 + 2700 + 120, 300, 10);
    trace(300);
    cr_assert_eq(grid.count, 20);
    cr_expect_eq(grid.hits[9].segment, 0);
    cr_expect_eq(grid.hits[10].segment, 1);
    cr_expect_eq(grid.hits[10].at, 2917);
    cr_expect_eq(grid.hits[10].number, 0);
    cr_expect_eq(grid.period, 300);
}

static void expect_scan(int64_t second, int64_t at, int64_t before)
{
    struct grid_scan scan;

    cr_assert(grid_scan_at(&grid, second, &scan), "no scan at %ld", (long)second);
    cr_expect_eq(scan.at, at, "at %ld: %ld", (long)second, (long)scan.at);
    cr_expect_eq(scan.before, before, "at %ld: before it %ld", (long)second, (long)scan.before);
}

Test(grid, tells_which_scan_was_going_on)
{
    struct grid_scan scan;

    scan_from(97, 300, 3);
    scan_from(97 + 1800, 300, 3); /* three were not seen */
    trace(300);
    expect_scan(97, 97, -203);
    expect_scan(397, 397, 97);
    expect_scan(427, 397, 97); /* a scan takes its time */
    cr_expect_not(grid_scan_at(&grid, 428, &scan));
    cr_expect_not(grid_scan_at(&grid, 96, &scan));
    expect_scan(997, 997, 697);
    expect_scan(1300, 1297, 997);
    expect_scan(1897, 1897, 1597);
    expect_scan(2800, 2797, 2497); /* after the last */
}

/* When the old queue manager ended is not known: its last scan is the one that was seen. */
Test(grid, knows_no_scan_between_two_phases)
{
    scan_from(97, 300, 5);
    scan_from(97 + 5000, 300, 5);
    trace(300);
    expect_scan(5097, 5097, 1297);
    expect_scan(5397, 5397, 5097);
}
