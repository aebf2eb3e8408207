/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When scans are, and which one takes a file: spec 2.4, 2.5. */
#include "models/mta/postfix/scans.h"

#include <criterion/criterion.h>

#define S SIM_SECOND

static const struct scan recorded[] = {
    {10 * S, 11 * S}, {310 * S, 312 * S}, {500 * S + 1, 500 * S + 2}};

Test(scans, come_every_period_from_the_phase_on)
{
    struct scan_clock clock = scan_clock_at(150 * S, 300);

    cr_expect_eq(scan_start(&clock, 1), 150 * S);
    cr_expect_eq(scan_start(&clock, 2), 450 * S);
    cr_expect_eq(scan_start(&clock, 1001), 300150 * S);
}

Test(scans, keep_the_fraction_of_their_phase)
{
    struct scan_clock clock = scan_clock_at(S / 4, 60);

    cr_expect_eq(scan_start(&clock, 3), 120 * S + S / 4);
}

Test(scans, the_next_is_strictly_after)
{
    struct scan_clock clock = scan_clock_at(150 * S, 300);

    cr_expect_eq(scan_after(&clock, 0), 1);
    cr_expect_eq(scan_after(&clock, 150 * S - 1), 1);
    cr_expect_eq(scan_after(&clock, 150 * S), 2);
    cr_expect_eq(scan_after(&clock, 450 * S - 1), 2);
    cr_expect_eq(scan_after(&clock, 450 * S), 3);
}

Test(scans, the_first_from_an_instant_may_be_at_it)
{
    struct scan_clock clock = scan_clock_at(150 * S, 300);

    cr_expect_eq(scan_from(&clock, -1 * S), 1);
    cr_expect_eq(scan_from(&clock, 150 * S), 1);
    cr_expect_eq(scan_from(&clock, 150 * S + 1), 2);
    cr_expect_eq(scan_from(&clock, 450 * S), 2);
}

Test(scans, recorded_ones_come_first)
{
    struct scan_clock clock = scan_clock_recorded(recorded, COUNT_OF(recorded), 300);

    cr_expect_eq(scan_start(&clock, 1), 10 * S);
    cr_expect_eq(scan_start(&clock, 2), 310 * S);
    cr_expect_eq(scan_start(&clock, 3), 500 * S + 1);
}

Test(scans, the_period_goes_on_after_the_last_recorded_one)
{
    struct scan_clock clock = scan_clock_recorded(recorded, COUNT_OF(recorded), 300);

    cr_expect_eq(scan_start(&clock, 4), 800 * S + 1);
    cr_expect_eq(scan_start(&clock, 5), 1100 * S + 1);
    cr_expect_eq(scan_after(&clock, 800 * S + 1), 5);
}

Test(scans, recorded_ones_are_found)
{
    struct scan_clock clock = scan_clock_recorded(recorded, COUNT_OF(recorded), 300);

    cr_expect_eq(scan_from(&clock, 0), 1);
    cr_expect_eq(scan_from(&clock, 10 * S), 1);
    cr_expect_eq(scan_after(&clock, 10 * S), 2);
    cr_expect_eq(scan_from(&clock, 500 * S + 1), 3);
    cr_expect_eq(scan_from(&clock, 500 * S + 2), 4);
    cr_expect_eq(scan_from(&clock, 800 * S + 1), 4);
}

Test(scans, one_second_ahead_is_near_enough)
{
    struct scan_clock clock = scan_clock_at(0, 300);

    cr_expect_eq(scan_taking(&clock, 300, 1), 2);
    cr_expect_eq(scan_taking(&clock, 301, 1), 2);
    cr_expect_eq(scan_taking(&clock, 302, 1), 3);
}

Test(scans, a_file_is_met_in_the_whole_second_of_the_scan)
{
    struct scan_clock clock = scan_clock_at(S - 1, 300); /* 0.999999, 300.999999 ... */

    cr_expect_eq(scan_taking(&clock, 1, 1), 1);
    cr_expect_eq(scan_taking(&clock, 2, 1), 2);
    cr_expect_eq(scan_taking(&clock, 301, 1), 2);
    cr_expect_eq(scan_taking(&clock, 302, 1), 3);
}

Test(scans, none_that_is_over_takes_a_file)
{
    struct scan_clock clock = scan_clock_at(0, 300);

    cr_expect_eq(scan_taking(&clock, 300, 7), 7);
    cr_expect_eq(scan_taking(&clock, 0, 1), 1);
}

Test(scans, recorded_ones_take_files_too)
{
    struct scan_clock clock = scan_clock_recorded(recorded, COUNT_OF(recorded), 300);

    cr_expect_eq(scan_taking(&clock, 11, 1), 1);
    cr_expect_eq(scan_taking(&clock, 12, 1), 2);
    cr_expect_eq(scan_taking(&clock, 501, 1), 3); /* the scan at 500.000001 */
    cr_expect_eq(scan_taking(&clock, 502, 1), 4);
    cr_expect_eq(scan_taking(&clock, 801, 1), 4);
    cr_expect_eq(scan_taking(&clock, 802, 1), 5);
}

/* Steps from scan to scan. */
static uint64_t taking_by_hand(const struct scan_clock *clock, int64_t mtime, uint64_t number)
{
    while (mtime > sim_second(scan_start(clock, number)) + 1)
        number++;
    return number;
}

static void expect_as_by_hand(const struct scan_clock *clock)
{
    for (int64_t mtime = 0; mtime < 200; mtime++) {
        for (uint64_t number = 1; number < 12; number++)
            cr_assert_eq(scan_taking(clock, mtime, number), taking_by_hand(clock, mtime, number),
                         "mtime %lld from scan %llu", (long long)mtime, (unsigned long long)number);
    }
}

Test(scans, arithmetic_is_right_for_any_phase_and_period)
{
    for (int64_t period = 1; period < 20; period++) {
        for (sim_time phase = 0; phase < 25 * S; phase += S / 4) {
            struct scan_clock clock = scan_clock_at(phase, period);
            expect_as_by_hand(&clock);
        }
    }
}

Test(scans, arithmetic_is_right_where_recorded_ones_end)
{
    struct scan irregular[8];

    for (size_t count = 1; count <= COUNT_OF(irregular); count++) {
        for (size_t i = 0; i < count; i++)
            irregular[i].start = (sim_time)(i * i + i * 3) * S + (sim_time)(i % 3) * S / 3;
        for (int64_t period = 1; period < 20; period++) {
            struct scan_clock clock = scan_clock_recorded(irregular, count, period);
            expect_as_by_hand(&clock);
        }
    }
}

Test(scans, number_zero_does_not_exist, .exit_code = 70)
{
    struct scan_clock clock = scan_clock_at(0, 300);

    scan_start(&clock, 0);
}

Test(scans, a_period_is_at_least_a_second, .exit_code = 70)
{
    scan_clock_at(0, 0);
}

/* Of a queue manager that starts again at 410, when scan 3 would have been next. */
Test(scans, go_on_with_another_number_after_a_restart)
{
    struct scan_clock clock = scan_clock_from(410 * S, 300, 3);

    cr_expect_eq(scan_start(&clock, 3), 410 * S);
    cr_expect_eq(scan_start(&clock, 4), 710 * S);
    cr_expect_eq(scan_after(&clock, 409 * S), 3);
    cr_expect_eq(scan_after(&clock, 410 * S), 4);
    cr_expect_eq(scan_taking(&clock, 411, 3), 3);
    cr_expect_eq(scan_taking(&clock, 412, 3), 4);
    cr_expect_eq(scan_taking(&clock, 0, 3), 3);
}

Test(scans, before_a_restart_are_not_remembered, .exit_code = 70)
{
    struct scan_clock clock = scan_clock_from(410 * S, 300, 3);

    scan_start(&clock, 2);
}
