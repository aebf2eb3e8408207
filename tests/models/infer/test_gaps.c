/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scans at 1000, 1300, 1600 ... 7000; a queue manager that starts anew scans at 8100, 8400 ... A
 * message waits as long as it is old, but 300 to 4000 seconds. */
#include <criterion/criterion.h>

#include "models/infer/gaps.h"

#define HITS 3

static struct grid_hit hits[HITS] = {{1000, 0, 0}, {7000, 20, 0}, {8100, 0, 1}};
static struct timing timing = {
    .grid = {.period = 300, .low = 300, .high = 300, .hits = hits, .count = HITS},
    .backoff = {.minimal = 300, .maximal = 4000},
};

static void expect_gap(int64_t deferred, int32_t age, int64_t again, int32_t predicted,
                       enum verdict verdict)
{
    struct retry retry = {deferred, age, (int32_t)(again - deferred)};
    struct gap gap = gap_of(&timing, &retry);

    cr_expect_eq(gap.predicted, predicted, "predicted %d", gap.predicted);
    cr_expect_eq(gap.observed, again - deferred);
    cr_expect_eq(gap.verdict, verdict, "verdict %d", gap.verdict);
    cr_expect_eq(gap.retries, 1);
}

/* Due at 1310, and a scan takes what is due a second later: that at 1600 is the first. */
Test(gaps, are_predicted_to_the_scan_that_takes_the_message)
{
    expect_gap(1010, 10, 1600, 590, VERDICT_ON_SCAN);
    expect_gap(1001, 10, 1301, 299, VERDICT_ON_SCAN);
}

/* The scan came to the file after 20 seconds. */
Test(gaps, may_be_longer_by_the_time_of_a_scan)
{
    expect_gap(1010, 10, 1620, 590, VERDICT_ON_SCAN);
}

Test(gaps, are_predicted_where_another_scan_took_the_message)
{
    expect_gap(1010, 10, 1300, 590, VERDICT_EARLY);
    expect_gap(1010, 10, 2200, 590, VERDICT_LATE);
    expect_gap(1010, 10, 1500, 590, VERDICT_OFF_GRID);
}

/* Due at 1301; the scan at 1300 takes it, a second ahead. */
Test(gaps, end_with_the_scan_a_second_before_the_message_is_due)
{
    expect_gap(1001, 10, 1400, 299, VERDICT_OFF_GRID);
    expect_gap(1002, 10, 1400, 598, VERDICT_OFF_GRID);
}

/* Due at 2010 and at 5010. */
Test(gaps, grow_with_age_up_to_the_maximum)
{
    expect_gap(1010, 1000, 1400, 1190, VERDICT_OFF_GRID);
    expect_gap(1010, 9000, 1400, 4190, VERDICT_OFF_GRID);
}

/* Due at 7902: there would have been a scan at 8200, but a new queue manager scans at 8100. */
Test(gaps, end_with_the_first_scan_after_a_restart)
{
    expect_gap(7602, 10, 7700, 498, VERDICT_OFF_GRID);
}

/* Due at 350: scans go on as far back as wanted. */
Test(gaps, are_predicted_before_the_first_scan_that_was_seen)
{
    expect_gap(50, 10, 900, 350, VERDICT_OFF_GRID);
}

Test(gaps, have_no_prediction_without_scans)
{
    struct timing nothing = {0};
    struct gap gap = gap_of(&nothing, &(struct retry){1010, 10, 290});

    cr_expect_eq(gap.predicted, GAP_UNKNOWN);
    cr_expect_eq(gap.verdict, VERDICT_OFF_GRID);
}

#define MOST 8

static struct gap told[MOST];
static size_t count;

static void take(void *user, const struct gap *gap)
{
    (void)user;
    cr_assert_lt(count, MOST);
    told[count++] = *gap;
}

Test(gaps, are_told_once_in_order_with_how_many_are_alike)
{
    struct retry list[] = {{1010, 10, 290}, {1010, 10, 590}, {1310, 10, 590},
                           {1010, 10, 600}, {1020, 10, 580}, {1010, 10, 590}};

    gaps_tell(&timing, &(struct retries){list, 6, 6}, take, NULL);
    cr_assert_eq(count, 4);
    struct gap want[] = {{580, 580, VERDICT_ON_SCAN, 1},
                         {590, 590, VERDICT_ON_SCAN, 3},
                         {590, 600, VERDICT_ON_SCAN, 1},
                         {590, 290, VERDICT_EARLY, 1}};
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(told[i].predicted, want[i].predicted, "%zu", i);
        cr_expect_eq(told[i].observed, want[i].observed, "%zu", i);
        cr_expect_eq(told[i].verdict, want[i].verdict, "%zu", i);
        cr_expect_eq(told[i].retries, want[i].retries, "%zu", i);
    }
}
