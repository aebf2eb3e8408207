/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worked by hand from the rules; the counts over all phases were computed independently. */
#include "models/mta/postfix/timetable.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "tests/models/mta/postfix/golden.h"

static struct postfix_settings stock(void)
{
    struct postfix_settings settings;

    postfix_settings_init(&settings);
    return settings;
}

static struct timetable made(const struct postfix_settings *settings, int64_t phase,
                             int64_t attempt_time, bool null_sender)
{
    struct timetable timetable = {0};

    timetable_make(&timetable,
                   &(struct timetable_plan){
                       .settings = settings,
                       .scans = scan_clock_at(phase * SIM_SECOND, settings->queue_run_delay),
                       .attempt_time = attempt_time * SIM_SECOND,
                       .null_sender = null_sender,
                   });
    return timetable;
}

/* Begins with `first` (ended by -1), has `count` attempts, and the last ends at `end`. */
static void expect_series(struct timetable *timetable, const long *first, size_t count, long end)
{
    for (size_t i = 0; first[i] >= 0; i++)
        cr_expect_eq(timetable->rows[i].start, first[i] * SIM_SECOND, "attempt %zu at %lld", i,
                     (long long)(timetable->rows[i].start / SIM_SECOND));
    cr_expect_eq(timetable->count, count, "%zu attempts", timetable->count);
    cr_expect_eq(timetable->rows[timetable->count - 1].end, end * SIM_SECOND);
    timetable_fini(timetable);
}

Test(timetable, stock_settings_retry_at_300_and_bounce_after_five_days)
{
    struct postfix_settings settings = stock();
    struct timetable timetable = made(&settings, 0, 0, false);

    expect_series(&timetable, (long[]){0, 300, 600, 1200, 2400, 4800, 9000, 13200, 17400, -1}, 108,
                  433200);
}

Test(timetable, a_scan_one_second_early_still_takes_the_file)
{
    struct postfix_settings settings = stock();
    struct timetable timetable = made(&settings, 299, 0, false);

    expect_series(&timetable, (long[]){0, 299, 599, 1199, 2399, 4799, 8999, -1}, 108, 433199);
}

Test(timetable, another_phase_retries_later_and_once_less)
{
    struct postfix_settings settings = stock();
    struct timetable timetable = made(&settings, 150, 0, false);

    expect_series(&timetable, (long[]){0, 450, 1050, 2250, 4650, 8850, 13050, -1}, 107, 433050);
}

Test(timetable, one_day_takes_26_attempts)
{
    struct postfix_settings settings = stock();
    settings.maximal_queue_lifetime = 86400;
    struct timetable timetable = made(&settings, 0, 0, false);

    expect_series(&timetable, (long[]){0, 300, -1}, 26, 88800);
}

Test(timetable, a_null_sender_lives_as_long_as_a_bounce)
{
    struct postfix_settings settings = stock();
    settings.bounce_queue_lifetime = 86400;
    struct timetable timetable = made(&settings, 0, 0, true);

    expect_series(&timetable, (long[]){0, 300, -1}, 26, 88800);
}

Test(timetable, a_minimum_above_the_maximum_wins)
{
    struct postfix_settings settings = stock();
    settings.maximal_queue_lifetime = 86400;
    settings.minimal_backoff_time = 5000;
    struct timetable timetable = made(&settings, 0, 0, false);

    expect_series(&timetable, (long[]){0, 5100, 10200, -1}, 18, 86700);
}

Test(timetable, a_slow_failure_misses_the_scan)
{
    struct postfix_settings settings = stock();
    settings.maximal_queue_lifetime = 86400;
    struct timetable timetable = made(&settings, 0, 30, false);

    expect_series(&timetable, (long[]){0, 600, 1500, 3300, 6900, 11100, -1}, 24, 86730);
}

Test(timetable, the_sender_is_warned_once_after_the_first_failure_past_four_hours)
{
    struct postfix_settings settings = stock();
    settings.delay_warning_time = 4 * 3600;
    struct timetable timetable = made(&settings, 0, 0, false);

    cr_expect_eq(timetable.warned, 17400 * SIM_SECOND);
    timetable_fini(&timetable);
}

ParameterizedTestParameters(timetable, counts_over_all_phases)
{
    size_t count = sizeof golden_rows / sizeof golden_rows[0];

    return cr_make_param_array(const struct golden, (void *)golden_rows, count);
}

ParameterizedTest(const struct golden *row, timetable, counts_over_all_phases)
{
    struct postfix_settings settings = golden_settings(row);
    struct timetable_range range;

    timetable_over_phases(&range, &(struct timetable_plan){.settings = &settings});
    cr_expect_eq(range.phases, row->run);
    cr_expect_eq(range.fewest, row->fewest, "%zu", range.fewest);
    cr_expect_eq(range.most, row->most, "%zu", range.most);
    cr_expect_eq(range.phases_with_fewest, row->phases_with_fewest, "%lld",
                 (long long)range.phases_with_fewest);
    if (row->end_high > 0) {
        cr_expect_eq(range.end_low, row->end_low * SIM_SECOND);
        cr_expect_eq(range.end_high, row->end_high * SIM_SECOND);
    }
    timetable_range_fini(&range);
}
