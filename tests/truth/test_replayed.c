/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is drawn of a recorded run, and what is left as it was. */
#include "tests/truth/replayed.h"

#include <criterion/criterion.h>
#include <string.h>

static struct recorded_run run;
static struct scenario scenario;

static void draw(const char *name, uint64_t seed)
{
    recorded_read(&run, name);
    replayed_read(&scenario, &run);
    replayed_draw(&scenario, &run, seed);
}

static void end(void)
{
    scenario_fini(&scenario);
    recorded_fini(&run);
}

TestSuite(replayed, .fini = end);

static const struct dist *latency_of(const char *site, int stage)
{
    size_t i = 0;

    while (i < scenario.site_count && strcmp(scenario.sites[i].name, site) != 0)
        i++;
    cr_assert_lt(i, scenario.site_count, "no site %s", site);
    return &scenario.sites[i].latency[stage];
}

/* Ends are the recorded ones, and what is told of scans by number stays in order. */
Test(replayed, a_scan_begins_between_its_start_and_its_end)
{
    size_t moved = 0;

    draw("04-outage-refused", 1);
    for (size_t i = 0; i < run.scan_count; i++) {
        cr_expect_geq(scenario.scans[i].start, run.scans[i].start);
        cr_expect_leq(scenario.scans[i].start, run.scans[i].end);
        moved += scenario.scans[i].start > run.scans[i].start;
    }
    cr_expect_gt(moved, run.scan_count / 2);
}

Test(replayed, another_seed_draws_other_scans)
{
    draw("04-outage-refused", 1);
    sim_time first = scenario.scans[10].start;
    replayed_draw(&scenario, &run, 2);
    cr_expect_neq(scenario.scans[10].start, first);
}

/* Flushes at 2013.043 and 12349.862 s. */
Test(replayed, a_flush_begins_its_scan)
{
    size_t flushes = 0;

    draw("08-operator", 1);
    for (size_t i = 0; i < run.scan_count; i++) {
        int64_t second = sim_second(run.scans[i].start);
        if (second != 2013 && second != 12349)
            continue;
        cr_expect_eq(scenario.scans[i].start, run.scans[i].start);
        flushes++;
    }
    cr_expect_eq(flushes, 2);
}

/* Two scans of 67.4 and 303.3 s waited for room. */
Test(replayed, a_scan_that_waited_for_room_begins_as_recorded)
{
    size_t waited = 0;

    draw("12-active-queue-full", 1);
    for (size_t i = 0; i < run.scan_count; i++) {
        if (run.scans[i].end - run.scans[i].start < 60 * SIM_SECOND)
            continue;
        cr_expect_eq(scenario.scans[i].start, run.scans[i].start);
        waited++;
    }
    cr_expect_eq(waited, 2);
}

/* 0.15 s at RCPT and 0.31 s before, the median of 72 attempts; the quickest took 0.18 s in all. */
Test(replayed, latencies_are_drawn_around_their_median)
{
    draw("10-mixed-multircpt", 1);
    const struct dist *latency = latency_of("grey.test", STAGE_RCPT);
    cr_assert_eq(latency->kind, DIST_EMPIRICAL);
    cr_expect_eq(latency->count, 72);
    cr_expect_float_eq(latency->samples[latency->count / 2], 150000, 15000, "%g",
                       latency->samples[latency->count / 2]);
    cr_expect_lt(latency->samples[0], 0.7 * 150000);
    cr_expect_gt(latency->samples[latency->count - 1], 2 * 150000);
}

/* hang.test's attempts took 300 s: its 0.20 s are drawn as those of others. slowgreet.test's 120 s
 * are no luck. */
Test(replayed, what_the_log_has_in_whole_seconds_is_drawn_as_elsewhere_or_not)
{
    draw("10-mixed-multircpt", 1);
    const struct dist *latency = latency_of("hang.test", STAGE_CONNECT);
    cr_assert_eq(latency->kind, DIST_EMPIRICAL);
    cr_expect_gt(latency->count, 300);
    cr_expect_eq(latency_of("slowgreet.test", STAGE_GREETING)->kind, DIST_CONSTANT);
}
