/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/results.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "tests/models/told.h"

static struct results results;

static void begin(void)
{
    results_init(&results);
}

static void end(void)
{
    results_fini(&results);
}

TestSuite(results, .init = begin, .fini = end);

static void expect(const char *name, double value)
{
    cr_expect_eq(figure(&results, name), value, "%s: %g, not %g", name, figure(&results, name),
                 value);
}

Test(results, of_nothing_count_nothing_and_measure_nothing)
{
    for (const struct metric *metric = metrics; metric->name != NULL; metric++) {
        bool is_time = strcmp(metric->unit, "s") == 0;
        bool is_of_classes = metric == metric_find("late") || metric == metric_find("utility");
        double value = metric->value(&results);
        cr_expect(is_time || is_of_classes ? isnan(value) : value == 0, "%s: %g", metric->name,
                  value);
    }
    tell_finished(&results);
}

/*
 * The run worked by hand. At 0 three messages come: A to three recipients, B and
 * C to one each. A: sent, deferred, bounced, so its sender is told at 1 s. B is
 * deferred. C is sent after 2 s. A scan at 300 takes A and B: A's second is
 * delivered, at 301, B has no connection. A scan at 600 takes B: too old, and
 * its sender is told. Each of the two notices comes to its end at once, the
 * first sent, the second deferred, and it is still there at the end. A warning
 * about B went out at 2 s: it is a third notice, sent.
 */
static void tell_the_run(void)
{
    struct message a = {.several = 1, .activations = 1}, b = {.number = 1, .activations = 1};
    struct message c = {.number = 2, .activations = 1};
    struct message a_notice = {.notice = 1, .activations = 1};
    struct message b_notice = {.number = 1, .notice = 1, .activations = 1};
    struct message warning = {.number = 1, .notice = NOTICE_WARNING | 1, .activations = 1};

    tell_arrival(&results, &a, 3);
    tell_arrival(&results, &b, 1);
    tell_arrival(&results, &c, 1);
    tell_end(&results, &a, 1, "sdb", FATE_DEFERRED,
             (struct tally){.sent = 1, .bounced = 1, .queued = 1});
    tell_notice(&results, &a, 1, NOTICE_NON_DELIVERY, 1);
    tell_arrival(&results, &a_notice, 1);
    tell_end(&results, &a_notice, 1, "s", FATE_REMOVED, (struct tally){.sent = 1});
    tell_end(&results, &b, 2, "d", FATE_DEFERRED, (struct tally){.queued = 1});
    tell_notice(&results, &b, 2, NOTICE_DELAY, 1);
    tell_arrival(&results, &warning, 1);
    tell_end(&results, &warning, 2, "s", FATE_REMOVED, (struct tally){.sent = 1});
    tell_end(&results, &c, 2, "s", FATE_REMOVED, (struct tally){.sent = 1});
    tell_scan(&results, 300, 2, 2);
    a.activations = b.activations = 2;
    tell_end(&results, &b, 300, "u", FATE_DEFERRED, (struct tally){.queued = 1});
    tell_end(&results, &a, 301, "s", FATE_REMOVED, (struct tally){.sent = 2, .bounced = 1});
    tell_scan(&results, 600, 1, 1);
    b.activations = 3;
    tell_end(&results, &b, 600, "d", FATE_EXPIRED, (struct tally){.expired = 1});
    tell_notice(&results, &b, 600, NOTICE_NON_DELIVERY, 1);
    tell_arrival(&results, &b_notice, 1);
    tell_end(&results, &b_notice, 600, "d", FATE_DEFERRED, (struct tally){.queued = 1});
    tell_left(&results, &b_notice, (struct tally){.queued = 1});
    tell_finished(&results);
}

Test(results, count_mail_and_notices_apart)
{
    tell_the_run();

    expect("messages", 3);
    expect("recipients", 5);
    expect("notices", 3);
    expect("warnings", 1);
}

/* Trips: A 3 + 1, B 1 + 1 + 1, C 1, notices 3. */
Test(results, count_attempts_by_what_they_met)
{
    tell_the_run();

    expect("attempts", 11);
    expect("connections", 10);
    expect("sent", 5);
    expect("deferred", 4);
    expect("suspended", 1);
    cr_expect_eq(results_attempts(&results), 11);
}

/* The bounced recipient counts once the message is gone. Notices do not. */
Test(results, count_what_became_of_recipients)
{
    tell_the_run();

    expect("delivered", 3);
    expect("delivered_at_once", 2);
    expect("bounced", 1);
    expect("expired", 1);
    expect("deleted", 0);
    expect("queued", 0);
}

/* Delays 1, 2 and 301 s; bad news at 1 and 600 s. */
Test(results, measure_delays_and_bad_news)
{
    tell_the_run();

    expect("delay_p50", 2);
    expect("delay_p90", 301);
    expect("delay_p99", 301);
    expect("delay_max", 301);
    expect("bad_news_p50", 1);
    expect("bad_news_p90", 600);
    expect("bad_news_max", 600);
}

Test(results, know_the_longest_queues)
{
    tell_the_run();
    tell_peaks(&results, 3, 2);

    expect("attempts_per_scan_max", 2);
    expect("active_max", 3);
    expect("deferred_queue_max", 2);
}

/* A 2, B 3, C 1; of notices none. */
Test(results, count_trips_of_each_message)
{
    tell_the_run();

    cr_expect_eq(results.attempts_per_message.count, 3);
    cr_expect_eq(results.attempts_per_message.sum, 6);
    cr_expect_eq(results.attempts_per_message.max, 3);
}

/* 1 s to 100 s: the 50th, 90th and 99th. */
Test(results, have_the_quantiles_of_all_delays)
{
    for (int i = 100; i > 0; i--)
        tell_delivery(&results, i);
    expect("delay_p50", 50);
    expect("delay_p90", 90);
    expect("delay_p99", 99);
    expect("delay_max", 100);
    expect("delivered_at_once", 100);
}

/* A bucket is 2,097 s wide there. */
Test(results, tell_times_of_days_to_the_millisecond)
{
    tell_delivery(&results, 432000.001);
    tell_delivery(&results, 432001.002);
    tell_delivery(&results, 432900.003);
    expect("delay_p50", 432001.002);
}

/* From arrival, not from the beginning. */
Test(results, count_delays_from_arrival)
{
    const struct message late = {.arrival = 1000 * SIM_SECOND, .activations = 1};

    tell_arrival(&results, &late, 1);
    tell_end(&results, &late, 1000.0304, "s", FATE_REMOVED, (struct tally){.sent = 1});
    expect("delay_max", 0.03);
}

Test(results, round_delays_to_milliseconds)
{
    tell_delivery(&results, 0.0005);
    expect("delay_max", 0.001);
    tell_delivery(&results, 0.0025);
    expect("delay_max", 0.003);
    tell_delivery(&results, 0.0034999);
    expect("delay_max", 0.003);
}

/* Two that never were delivered: one still there, one deleted by hand. */
Test(results, count_what_is_left)
{
    struct message one = {.activations = 1}, two = {.number = 1, .activations = 1};

    tell_arrival(&results, &one, 1);
    tell_arrival(&results, &two, 2);
    tell_end(&results, &one, 1, "d", FATE_DEFERRED, (struct tally){.queued = 1});
    tell_left(&results, &two, (struct tally){.deleted = 1, .queued = 1});
    tell_left(&results, &one, (struct tally){.queued = 1});
    tell_finished(&results);
    expect("queued", 2);
    expect("deleted", 1);
    cr_expect_eq(results.attempts_per_message.count, 2);
}

/* The end of a message of which its sender was warned, that came after so many seconds. */
static void end_warned(double arrival, const char *outcomes, enum fate fate, struct tally tally)
{
    const struct message message = {
        .arrival = (sim_time)(arrival * SIM_SECOND), .activations = 2, .warned = 1};

    tell_end(&results, &message, 500, outcomes, fate, tally);
}

Test(results, call_a_warning_unneeded_if_all_are_reached_in_the_end)
{
    end_warned(0, "s", FATE_REMOVED, (struct tally){.sent = 1});
    expect("warnings_unneeded", 1);
    end_warned(0, "ss", FATE_DEFERRED, (struct tally){.sent = 2, .queued = 1});
    expect("warnings_unneeded", 1);
    end_warned(0, "s", FATE_REMOVED, (struct tally){.sent = 3});
    expect("warnings_unneeded", 2);
}

Test(results, call_a_warning_needed_if_one_is_not_reached)
{
    const struct message held = {.activations = 1, .warned = 1};

    end_warned(0, "d", FATE_EXPIRED, (struct tally){.expired = 1});
    end_warned(0, "s", FATE_EXPIRED, (struct tally){.sent = 2, .expired = 1});
    end_warned(0, "b", FATE_REMOVED, (struct tally){.sent = 2, .bounced = 1});
    end_warned(0, "s", FATE_REMOVED, (struct tally){.sent = 1, .deleted = 1});
    tell_left(&results, &held, (struct tally){.sent = 1, .queued = 1});
    expect("warnings_unneeded", 0);
}

Test(results, call_no_warning_unneeded_that_was_not_sent)
{
    tell_delivery(&results, 400);
    expect("warnings_unneeded", 0);
}

/* When it was sent nobody knows: of mail that came before, perhaps too early to be counted. */
Test(results, leave_out_warnings_about_mail_from_before)
{
    results.since = 10 * SIM_SECOND;
    end_warned(9.999, "s", FATE_REMOVED, (struct tally){.sent = 1});
    expect("warnings_unneeded", 0);
    end_warned(10, "s", FATE_REMOVED, (struct tally){.sent = 1});
    expect("warnings_unneeded", 1);
}

Test(results, weigh_bad_news_by_recipients)
{
    const struct message message = {.arrival = SIM_SECOND};

    tell_notice(&results, &message, 11, NOTICE_NON_DELIVERY, 1);
    tell_notice(&results, &message, 101, NOTICE_NON_DELIVERY, 9);
    expect("bad_news_p50", 100);
    cr_expect_eq(results.bad_news.count, 10);
}

Test(results, take_an_empty_scan_for_none)
{
    tell_scan(&results, 300, 0, 0);
    expect("attempts_per_scan_max", 0);
    cr_expect_eq(results.attempts_per_scan.count, 0);
}

Test(results, refuse_books_that_do_not_balance, .exit_code = 70)
{
    const struct message message = {.activations = 1};

    tell_arrival(&results, &message, 2);
    tell_end(&results, &message, 1, "s", FATE_REMOVED, (struct tally){.sent = 1});
    tell_finished(&results);
}
