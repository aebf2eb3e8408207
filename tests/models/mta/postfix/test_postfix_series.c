/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message that is never accepted, from arrival to expiry: spec 6.1 to 6.7. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "tests/models/small_world.h"

#define FROM "sender@home.example"
#define FAILING "to@failing.example"
#define DAY 86400

static struct small_world world;

static void begin(void)
{
    small_world_init(&world);
}

static void end(void)
{
    small_world_fini(&world);
}

TestSuite(postfix_series, .init = begin, .fini = end);

/* A message at 0, the first scan at `phase`; attempts fail at once, or time out. */
static void run_failing(long phase, long attempt_time, const char *sender)
{
    world.scenario.scan_phase = phase * SIM_SECOND;
    if (attempt_time > 0)
        small_world_hang(&world, "failing.example", attempt_time);
    else
        FAIL(&world, "failing.example", "reply", "text", "450 4.2.0 not now");
    small_world_mail(&world, 0, sender, FAILING);
    small_world_run(&world);
}

/* There are `count` trips, and the last ends at `at`, expired. */
static void expect_expired(size_t count, long at)
{
    cr_assert_eq(trips_of(&world, 0, 0), count, "%zu trips", trips_of(&world, 0, 0));
    const struct diary_trip *last = trip_of(&world, 0, 0, count - 1);

    cr_expect_eq(last->end, at * SIM_SECOND, "at %.3f", (double)last->end / 1e6);
    cr_expect_eq(last->fate, FATE_EXPIRED);
    cr_expect_eq(last->tally.expired, 1);
    cr_expect_eq(last->tally.queued, 0);
}

/* ------------------------------------------------------------ phases and settings */

struct series {
    long lifetime, run, min, max, phase, attempt_time;
    long starts[12]; /* the first ones, then -1 */
    size_t count;
    long end;
};

ParameterizedTestParameters(postfix_series, from_arrival_to_expiry)
{
    static struct series rows[] = {
        /* 6.1: stock settings, by phase */
        {5 * DAY,
         300,
         300,
         4000,
         0,
         0,
         {0, 300, 600, 1200, 2400, 4800, 9000, 13200, 17400, -1},
         108,
         433200},
        {5 * DAY, 300, 300, 4000, 1, 0, {0, 301, 601, 1201, 2401, 4801, 9001, -1}, 108, 433201},
        {5 * DAY, 300, 300, 4000, 150, 0, {0, 450, 1050, 2250, 4650, 8850, 13050, -1}, 107, 433050},
        {5 * DAY, 300, 300, 4000, 299, 0, {0, 299, 599, 1199, 2399, 4799, 8999, -1}, 108, 433199},
        /* 6.2: a lifetime of a day */
        {DAY, 300, 300, 4000, 0, 0, {0, 300, 600, 1200, 2400, 4800, 9000, 13200, -1}, 26, 88800},
        {DAY, 300, 300, 4000, 150, 0, {0, 450, 1050, 2250, 4650, 8850, 13050, -1}, 25, 88650},
        /* 6.4: other backoff settings */
        {DAY, 300, 1000, 4000, 0, 0, {0, 1200, 2400, 4800, 9000, 13200, -1}, 24, 88800},
        {DAY, 300, 100, 4000, 100, 0, {0, 100, 400, 1000, 2200, 4600, 8800, 13000, -1}, 26, 88600},
        {DAY, 300, 100, 4000, 0, 0, {0, 300, 600, 1200, 2400, -1}, 26, 88800},
        {DAY, 300, 5000, 4000, 0, 0, {0, 5100, 10200, 15300, -1}, 18, 86700},
        {DAY, 300, 300, 1000, 0, 0, {0, 300, 600, 1200, 2400, 3600, 4800, -1}, 75, 86400},
        {DAY, 300, 300, 901, 0, 0, {0, 300, 600, 1200, 2100, 3000, 3900, -1}, 99, 86700},
        {DAY, 300, 300, 902, 0, 0, {0, 300, 600, 1200, 2400, 3600, 4800, -1}, 75, 86400},
        /* 6.5: attempts that take 30 and 150 seconds */
        {DAY, 300, 300, 4000, 0, 30, {0, 600, 1500, 3300, 6900, 11100, 15300, -1}, 24, 86730},
        {DAY, 300, 300, 4000, 0, 150, {0, 600, 1500, 3300, 6900, 11100, 15300, -1}, 24, 86850},
        {5 * DAY, 300, 300, 4000, 0, 30, {0, 600, 1500, 3300, -1}, 107, 435330},
    };
    return cr_make_param_array(struct series, rows, sizeof rows / sizeof rows[0]);
}

ParameterizedTest(struct series *row, postfix_series, from_arrival_to_expiry)
{
    world.settings.maximal_queue_lifetime = row->lifetime;
    world.settings.queue_run_delay = row->run;
    world.settings.minimal_backoff_time = row->min;
    world.settings.maximal_backoff_time = row->max;
    run_failing(row->phase, row->attempt_time, FROM);
    expect_starts(&world, 0, 0, row->starts);
    expect_expired(row->count, row->end);
}

Test(postfix_series, one_day_is_these_26_attempts)
{
    world.settings.maximal_queue_lifetime = DAY;
    run_failing(0, 0, FROM);
    expect_all_starts(&world, 0, 0,
                      SECONDS(0, 300, 600, 1200, 2400, 4800, 9000, 13200, 17400, 21600, 25800,
                              30000, 34200, 38400, 42600, 46800, 51000, 55200, 59400, 63600, 67800,
                              72000, 76200, 80400, 84600, 88800));
}

Test(postfix_series, from_the_seventh_attempt_on_every_4200_seconds)
{
    run_failing(0, 0, FROM);
    for (size_t k = 6; k < 108; k++)
        cr_expect_eq(trip_of(&world, 0, 0, k)->start,
                     (9000 + 4200 * ((sim_time)k - 6)) * SIM_SECOND);
}

Test(postfix_series, in_each_phase_as_the_rules_have_it)
{
    for (long phase = 0; phase < 300; phase++) {
        bool at_once = phase == 299 || phase <= 1;
        long first = phase == 299 ? 299 : 300 + phase;

        run_failing(phase, 0, FROM);
        cr_expect_eq(trip_of(&world, 0, 0, 1)->start, first * SIM_SECOND, "phase %ld", phase);
        expect_expired(at_once ? 108 : 107, first + (at_once ? 432900 : 432600));
        end();
        begin();
    }
}

/* The steady wait where an attempt takes so long: 4000 s from its end on, up to the next scan. */
static long steady_wait(long attempt_time)
{
    run_failing(0, attempt_time, FROM);
    return (long)((trip_of(&world, 0, 0, 50)->start - trip_of(&world, 0, 0, 49)->start)
                  / SIM_SECOND);
}

Test(postfix_series, attempts_of_201_seconds_still_make_the_scan_at_4200)
{
    cr_expect_eq(steady_wait(201), 4200);
}

Test(postfix_series, attempts_of_202_seconds_miss_it)
{
    cr_expect_eq(steady_wait(202), 4500);
}

/* ------------------------------------------------------------ nobody's messages */

Test(postfix_series, one_from_nobody_lives_as_long_as_any_by_default)
{
    run_failing(0, 0, "");
    expect_expired(108, 433200);
}

Test(postfix_series, one_from_nobody_is_dropped_without_a_word)
{
    world.settings.bounce_queue_lifetime = DAY;
    run_failing(0, 0, "");
    expect_expired(26, 88800);
    cr_expect_eq(world.diary.notice_count, 0);
    cr_expect_eq(world.diary.arrived, 1);
}

Test(postfix_series, bounces_live_no_longer_than_other_mail)
{
    struct notes notes = {0};

    world.settings.bounce_queue_lifetime = 10 * DAY;
    postfix_settings_clamp(&world.settings, &notes);
    notes_fini(&notes);
    run_failing(0, 0, "");
    expect_expired(108, 433200);
}

/* ------------------------------------------------------------ warnings */

Test(postfix_series, the_sender_is_warned_once_at_17400)
{
    world.settings.delay_warning_time = 4 * 3600;
    world.settings.maximal_queue_lifetime = DAY;
    run_failing(0, 0, FROM);
    cr_assert_eq(world.diary.notice_count, 2);
    cr_expect_eq(world.diary.notices[0].kind, NOTICE_DELAY);
    cr_expect_eq(world.diary.notices[0].at, 17400 * SIM_SECOND);
    cr_expect_eq(world.diary.notices[0].recipients, 1);
    cr_expect_eq(world.diary.notices[1].kind, NOTICE_NON_DELIVERY);
    cr_expect_eq(world.diary.notices[1].at, 88800 * SIM_SECOND);
    expect_all_starts(&world, 0, NOTICE_WARNING | 1, SECONDS(17400));
    expect_all_starts(&world, 0, 1, SECONDS(88800));
    expect_expired(26, 88800);
}

/* When the sender is warned, -1 if never. */
static long warned_at(long delay_warning_time)
{
    world.settings.delay_warning_time = delay_warning_time;
    world.settings.maximal_queue_lifetime = 5000;
    run_failing(0, 0, FROM);
    if (world.diary.notices[0].kind != NOTICE_DELAY)
        return -1;
    return (long)(world.diary.notices[0].at / SIM_SECOND);
}

Test(postfix_series, a_warning_may_be_a_second_early)
{
    cr_expect_eq(warned_at(301), 300);
}

Test(postfix_series, a_warning_is_not_two_seconds_early)
{
    cr_expect_eq(warned_at(302), 600);
}

Test(postfix_series, an_attempt_that_expires_does_not_warn)
{
    cr_expect_eq(warned_at(9000), -1);
}

Test(postfix_series, nobody_is_not_warned)
{
    world.settings.delay_warning_time = 1;
    run_failing(0, 0, "");
    cr_expect_eq(world.diary.notice_count, 0);
}

/* ------------------------------------------------------------ lifetime */

Test(postfix_series, a_lifetime_of_zero_is_one_attempt)
{
    world.settings.maximal_queue_lifetime = 0;
    run_failing(0, 0, FROM);
    expect_expired(1, 0);
}

Test(postfix_series, age_is_that_at_the_end_of_the_attempt)
{
    world.settings.maximal_queue_lifetime = 30;
    run_failing(0, 30, FROM);
    expect_expired(1, 30);
}

Test(postfix_series, the_end_of_the_lifetime_alone_does_nothing)
{
    world.settings.maximal_queue_lifetime = 4801;
    run_failing(0, 0, FROM);
    expect_expired(7, 9000);
}

Test(postfix_series, one_older_than_its_lifetime_can_still_be_delivered)
{
    world.settings.maximal_queue_lifetime = DAY;
    FAIL(&world, "failing.example", "outage", "for", "87000s"); /* tried at 84600 and 88800 */
    small_world_mail(&world, 0, FROM, FAILING);
    small_world_run(&world);
    cr_assert_eq(trips_of(&world, 0, 0), 26);
    cr_expect_eq(trip_of(&world, 0, 0, 25)->start, 88800 * SIM_SECOND);
    cr_expect_eq(trip_of(&world, 0, 0, 25)->fate, FATE_REMOVED);
    cr_expect_eq(trip_of(&world, 0, 0, 25)->tally.sent, 1);
    cr_expect_eq(world.diary.notice_count, 0);
}
