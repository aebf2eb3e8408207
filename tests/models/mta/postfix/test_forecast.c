/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worked by hand from the rules; and held against timetables, which are made step by step. */
#include "models/mta/postfix/forecast.h"

#include <criterion/criterion.h>

#include "models/mta/postfix/timetable.h"
#include "tests/models/random_world.h"

#define BORN INT64_C(1780272000) /* 2026-06-01 00:00 */
#define DAY 86400

static struct postfix_settings stock(void)
{
    struct postfix_settings settings;

    postfix_settings_init(&settings);
    return settings;
}

static struct forecast_message deferred(void)
{
    return (struct forecast_message){
        .queue = LISTED_DEFERRED, .created = BORN, .mtime = FORECAST_UNKNOWN, .failed = true};
}

/* At `age`, under stock settings, no scan being known. */
static struct forecast stock_forecast(const struct forecast_message *message, int64_t age)
{
    struct postfix_settings settings = stock();
    struct forecast_plan plan = forecast_present(&settings, BORN + age, FORECAST_UNKNOWN);

    return forecast_make(&plan, message);
}

/* Seconds since the message was made. */
static void expect_window(const char *what, struct forecast_window window, int64_t low,
                          int64_t high)
{
    cr_expect_eq(window.low - BORN, low, "%s: low %lld", what, (long long)(window.low - BORN));
    cr_expect_eq(window.high - BORN, high, "%s: high %lld", what, (long long)(window.high - BORN));
}

/* ------------------------------------------------------------ the next attempt */

/* Tried at 0 at the earliest, so stamped 300, taken from 299 on; tried just now at the latest, so
 * stamped 400, taken from 399 on, by a scan that may be 299 s later. */
Test(forecast, a_young_message_waits_for_minimal_backoff_and_a_scan)
{
    struct forecast_message message = deferred();

    expect_window("next", stock_forecast(&message, 100).next, 299, 399 + 299);
}

Test(forecast, an_old_message_may_be_due_at_once_or_have_just_been_tried)
{
    struct forecast_message message = deferred();

    expect_window("next", stock_forecast(&message, 1000).next, 1000, 1000 + 999 + 299);
    expect_window("next", stock_forecast(&message, 100000).next, 100000, 100000 + 3999 + 299);
}

/* One that was released from hold before its first attempt has its first time stamp. */
Test(forecast, without_a_reason_it_may_never_have_been_tried)
{
    struct forecast_message message = deferred();

    message.failed = false;
    expect_window("next", stock_forecast(&message, 100).next, 100, 399 + 299);
}

Test(forecast, a_time_stamp_leaves_only_the_scan_unknown)
{
    struct forecast_message message = deferred();

    message.mtime = BORN + 1500;
    expect_window("next", stock_forecast(&message, 1000).next, 1499, 1499 + 299);
    message.mtime = BORN + 1001; /* eligible; the last scan was in this second, or comes in it */
    expect_window("next", stock_forecast(&message, 1000).next, 1000, 1300);
    message.mtime = BORN + 1002;
    expect_window("next", stock_forecast(&message, 1000).next, 1001, 1300);
    message.mtime = BORN + 1003;
    expect_window("next", stock_forecast(&message, 1000).next, 1002, 1301);
}

static struct forecast_window next_with_scan(int64_t mtime, int64_t scan)
{
    struct postfix_settings settings = stock();
    struct forecast_plan plan = forecast_present(&settings, BORN + 100000, BORN + scan);
    struct forecast_message message = deferred();

    message.mtime = mtime == FORECAST_UNKNOWN ? mtime : BORN + mtime;
    return forecast_make(&plan, &message).next;
}

/* Scans at 100200, 100500 ... A scan takes what is stamped a second later. */
Test(forecast, a_time_stamp_and_a_scan_leave_nothing_unknown)
{
    expect_window("due", next_with_scan(90000, 99900), 100200, 100200);
    expect_window("a second ahead", next_with_scan(100201, 99900), 100200, 100200);
    expect_window("two ahead", next_with_scan(100202, 99900), 100500, 100500);
    expect_window("long ago", next_with_scan(100202, 99900 - 300 * 1000), 100500, 100500);
    expect_window("to come", next_with_scan(100202, 100200 + 300 * 1000), 100500, 100500);
    expect_window("in this second", next_with_scan(90000, 100000), 100300, 100300);
}

/* Stamped 104000 at the latest: the scan at 103800 leaves it, that at 104100 does not. */
Test(forecast, a_scan_alone_puts_both_ends_on_scans)
{
    expect_window("next", next_with_scan(FORECAST_UNKNOWN, 99900), 100200, 104100);
}

static struct forecast_window next_in(enum listed_queue queue)
{
    struct forecast_message message = deferred();

    message.queue = queue;
    return stock_forecast(&message, 5000).next;
}

Test(forecast, what_is_on_its_way_is_tried_now)
{
    expect_window("active", next_in(LISTED_ACTIVE), 5000, 5000);
    expect_window("incoming", next_in(LISTED_INCOMING), 5000, 5000);
    expect_window("maildrop", next_in(LISTED_MAILDROP), 5000, 5060);
}

Test(forecast, what_is_on_hold_is_not_tried)
{
    struct forecast_message message = deferred();

    cr_expect(stock_forecast(&message, 5000).scheduled);
    message.queue = LISTED_HOLD;
    cr_expect_not(stock_forecast(&message, 5000).scheduled);
    cr_expect_eq(stock_forecast(&message, 5000).if_next_fails, FORECAST_DEFERRED);
    cr_expect_eq(stock_forecast(&message, 5 * DAY + 1).if_next_fails, FORECAST_EXPIRED);
}

Test(forecast, a_message_from_the_future_was_made_now)
{
    struct forecast_message message = deferred();

    expect_window("next", stock_forecast(&message, -1000000000).next, -1000000000 + 299,
                  -1000000000 + 299 + 299);
}

/* ------------------------------------------------------------ the end */

/* It may have been made a second later. The last failure that it outlives is at 431999 of its age,
 * stamped 4000 s later, taken from a second before that on. */
Test(forecast, expires_at_the_first_failure_after_the_lifetime)
{
    struct forecast_message message = deferred();
    struct forecast forecast = stock_forecast(&message, 100000);

    expect_window("expires", forecast.expires, 432000, 1 + 431999 + 3999 + 299);
    cr_expect_eq(forecast.if_next_fails, FORECAST_DEFERRED);
}

/* At 999, made a second late, it is left alone for 999 s. */
Test(forecast, a_short_lifetime_ends_by_short_waits)
{
    struct postfix_settings settings = stock();
    settings.maximal_queue_lifetime = 1000;
    struct forecast_plan plan = forecast_present(&settings, BORN + 1, FORECAST_UNKNOWN);
    struct forecast_message message = deferred();

    expect_window("expires", forecast_make(&plan, &message).expires, 1000, 1000 + 999 - 1 + 299);
}

Test(forecast, past_its_lifetime_the_next_failure_is_the_last)
{
    struct forecast_message message = deferred();
    struct forecast forecast = stock_forecast(&message, 432001);

    expect_window("expires", forecast.expires, 432001, 432001 + 3999 + 299);
    cr_expect_eq(forecast.if_next_fails, FORECAST_EXPIRED);
    cr_expect_eq(forecast.attempts_low, 1);
    cr_expect_eq(forecast.attempts_high, 1);
}

Test(forecast, what_may_be_the_last_attempt_is_said_to_be_open)
{
    struct forecast_message message = deferred();

    cr_expect_eq(stock_forecast(&message, 432000).if_next_fails, FORECAST_EITHER); /* a second */
    cr_expect_eq(stock_forecast(&message, 432000 - 4298).if_next_fails, FORECAST_EITHER);
    cr_expect_eq(stock_forecast(&message, 432000 - 4299).if_next_fails, FORECAST_DEFERRED);
    struct forecast forecast = stock_forecast(&message, 432000 - 1000);
    expect_window("expires", forecast.expires, 432000, 432000 + 3999 + 299);
}

Test(forecast, bounces_have_a_lifetime_of_their_own)
{
    struct postfix_settings settings = stock();
    settings.bounce_queue_lifetime = DAY;
    struct forecast_plan plan = forecast_present(&settings, BORN + DAY + 1, FORECAST_UNKNOWN);
    struct forecast_message message = deferred();

    cr_expect_eq(forecast_make(&plan, &message).if_next_fails, FORECAST_DEFERRED);
    message.null_sender = true;
    cr_expect_eq(forecast_make(&plan, &message).if_next_fails, FORECAST_EXPIRED);
}

Test(forecast, forced_it_goes_at_its_next_activation_untried)
{
    struct forecast_message message = deferred();

    message.forced = true;
    struct forecast forecast = stock_forecast(&message, 100000);
    expect_window("expires", forecast.expires, 100000, 104298);
    cr_expect_eq(forecast.if_next_fails, FORECAST_EXPIRED);
    cr_expect_eq(forecast.attempts_low, 0);
    cr_expect_eq(forecast.attempts_high, 0);
}

/* Picked up within a minute, it is a new one. */
Test(forecast, the_maildrop_has_its_lifetime_before_it)
{
    struct forecast_message message = deferred();

    message.queue = LISTED_MAILDROP;
    struct forecast forecast = stock_forecast(&message, 432000);
    expect_window("expires", forecast.expires, 864000, 864060 - 1 + 3999 + 299);
}

/* ------------------------------------------------------------ the attempts to come */

/* Most: at 299, and made a second late, at ages 298, 598, 1198, 2398, 4798 and every 4200 from
 * there, 102 times. Fewest: at 698, 1598, 3398, 6998 and 102 times more. */
Test(forecast, counts_the_attempts_of_one_that_fails_at_once)
{
    struct forecast_message message = deferred();
    struct forecast forecast = stock_forecast(&message, 100);

    cr_expect_eq(forecast.attempts_high, 107, "%llu", (unsigned long long)forecast.attempts_high);
    cr_expect_eq(forecast.attempts_low, 106, "%llu", (unsigned long long)forecast.attempts_low);
}

/* Now, at 10000, stamped 14000: taken at 13999 or 14298, then every 4200. To 432000 those are 100
 * more, the first of which comes after 99.5 or 99.4 times 4200. */
Test(forecast, counts_the_attempt_that_is_under_way)
{
    struct forecast_message message = deferred();

    message.queue = LISTED_ACTIVE;
    struct forecast forecast = stock_forecast(&message, 10000);
    cr_expect_eq(forecast.attempts_low, 1 + 1 + 100);
    cr_expect_eq(forecast.attempts_high, 1 + 1 + 100);
    cr_expect_eq(stock_forecast(&message, 432001).attempts_low, 1);
}

/* ------------------------------------------------------------ a change */

/* The stamp stays, the scans begin anew: at 200000, 200250 ... */
Test(forecast, a_change_keeps_the_stamps_and_restarts_the_scans)
{
    struct postfix_settings settings = stock(), other = stock();
    struct forecast_plan present = forecast_present(&settings, BORN + 200000, FORECAST_UNKNOWN);
    struct forecast_message message = deferred();

    other.queue_run_delay = 250;
    other.maximal_queue_lifetime = DAY;
    struct forecast_plan change = forecast_change(&present, &other);
    message.mtime = BORN + 200001;
    expect_window("due", forecast_make(&change, &message).next, 200000, 200000);
    message.mtime = BORN + 200002;
    expect_window("later", forecast_make(&change, &message).next, 200250, 200250);
    cr_expect_eq(forecast_make(&change, &message).if_next_fails, FORECAST_EXPIRED);
    cr_expect_eq(forecast_make(&present, &message).if_next_fails, FORECAST_DEFERRED);
    message.mtime = FORECAST_UNKNOWN; /* up to 204000, by the old settings */
    other.maximal_backoff_time = 300;
    expect_window("unknown", forecast_make(&change, &message).next, 200000, 204000);
}

/* What waits by the old settings may outlast all that the new ones would have it wait for. */
Test(forecast, a_change_does_not_end_a_wait)
{
    struct postfix_settings settings = stock(), other = stock();
    struct forecast_plan present = forecast_present(&settings, BORN + 100000, FORECAST_UNKNOWN);
    struct forecast_plan change = forecast_change(&present, &other);
    struct forecast_message message = deferred();

    other.maximal_backoff_time = 300;
    other.maximal_queue_lifetime = 100010;
    expect_window("expires", forecast_make(&change, &message).expires, 100010, 100000 + 4200);
}

/* Stamped a second ahead, it is taken by the next scan and not by the one that it failed at. */
Test(forecast, the_shortest_backoff_waits_for_a_scan)
{
    struct postfix_settings settings = stock();
    settings.minimal_backoff_time = settings.maximal_backoff_time = 1;
    settings.maximal_queue_lifetime = 3000;
    struct forecast_plan plan = forecast_present(&settings, BORN + 100, BORN);
    struct forecast_message message = deferred();

    cr_expect_eq(forecast_make(&plan, &message).attempts_low, 10); /* 300 to 3000 */
    cr_expect_eq(forecast_make(&plan, &message).attempts_high, 11);
}

/* ------------------------------------------------------------ against timetables */

/* Rounded to the second in which they start, as are all times here. */
static int64_t second_of(sim_time at)
{
    return sim_second(at);
}

static bool holds(struct forecast_window window, int64_t second)
{
    return window.low <= second && second <= window.high;
}

struct story {
    struct postfix_settings settings;
    struct timetable timetable;
    struct timetable_plan plan;
    int64_t late; /* the file was made so much later than the listing says */
};

/* The listing is made in the second `now`, between an attempt and the one of `next`. */
static void expect_forecast(const struct story *story, size_t next, int64_t now, bool scans,
                            bool stamp)
{
    const struct timetable_row *rows = story->timetable.rows;
    const struct timetable_row *last = &rows[story->timetable.count - 1];
    struct forecast_plan plan = forecast_present(
        &story->settings, now, scans ? second_of(story->plan.scans.first) : FORECAST_UNKNOWN);
    struct forecast_message message = {
        .queue = LISTED_DEFERRED,
        .created = -story->late,
        .mtime = stamp ? rows[next - 1].next : FORECAST_UNKNOWN,
        .null_sender = story->plan.null_sender,
        .failed = true,
    };
    struct forecast forecast = forecast_make(&plan, &message);
    uint64_t attempts = story->timetable.count - next;

    cr_assert(holds(forecast.next, second_of(rows[next].start)), "attempt %zu at %lld, now %lld",
              next, (long long)second_of(rows[next].start), (long long)now);
    cr_assert(!scans || !stamp || forecast.next.low == forecast.next.high);
    cr_assert_geq(second_of(last->end), forecast.expires.low);
    cr_assert_leq(second_of(last->start), forecast.expires.high);
    cr_assert(forecast.if_next_fails != FORECAST_EXPIRED || attempts == 1);
    if (story->plan.attempt_time > 0)
        return;
    cr_assert(forecast.if_next_fails != FORECAST_DEFERRED || attempts > 1);
    cr_assert(forecast.attempts_low <= attempts && attempts <= forecast.attempts_high,
              "%llu to %llu, not %llu", (unsigned long long)forecast.attempts_low,
              (unsigned long long)forecast.attempts_high, (unsigned long long)attempts);
}

static void expect_story(const struct story *story, struct dice *dice)
{
    for (size_t next = 1; next < story->timetable.count; next++) {
        int64_t from = second_of(story->timetable.rows[next - 1].end);
        int64_t until = second_of(story->timetable.rows[next].start) - 1;
        if (until < from) /* in one second: the listing cannot tell */
            continue;
        for (unsigned known = 0; known < 4; known++) {
            expect_forecast(story, next, from, known & 1, known & 2);
            expect_forecast(story, next, until, known & 1, known & 2);
            expect_forecast(story, next, dice_from(dice, (long)from, (long)until), known & 1,
                            known & 2);
        }
    }
}

/* Any settings, scans and attempt times: what the rules lead to lies in every window. */
Test(forecast, holds_what_timetables_say)
{
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct dice dice = {rng_mix(seed * 2 + 5)};
        struct story story = {.settings = random_settings(seed),
                              .late = dice_from(&dice, 0, FORECAST_CREATION)};
        sim_time phase = dice_from(&dice, 0, story.settings.queue_run_delay - 1) * SIM_SECOND;
        story.plan = (struct timetable_plan){
            .settings = &story.settings,
            .scans = scan_clock_at(phase, story.settings.queue_run_delay),
            .attempt_time = dice_one_in(&dice, 2) ? 0 : dice_from(&dice, 0, 700000000),
            .null_sender = dice_one_in(&dice, 4),
        };
        timetable_make(&story.timetable, &story.plan);
        expect_story(&story, &dice);
        timetable_fini(&story.timetable);
    }
}

Test(forecast, names_every_queue)
{
    for (int i = 0; i < LISTED_QUEUES; i++)
        cr_expect_not_null(listed_queue_names[i]);
    cr_expect_null(listed_queue_names[LISTED_QUEUES]);
}
