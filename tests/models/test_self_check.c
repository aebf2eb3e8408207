/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "models/self_check.h"

/* Some midnight; 300 divides it, so that phases are seconds of the hour. */
#define DAY ((int64_t)1780272000)

static struct postfix_settings settings; /* 300, 300, 4000 */
static struct self_check check;

static void begin(void)
{
    postfix_settings_init(&settings);
    self_check_init(&check, &settings);
}

static void end(void)
{
    self_check_fini(&check);
}

TestSuite(self_check, .init = begin, .fini = end);

/* A message's trips, each logged in one second, from its birth on. */
static void add_trips(bool born_in_log, int64_t born, const int64_t *trips, size_t count)
{
    struct logged_message *message = logged_message_new();
    uint32_t to = logged_recipient_add(message, "u@d", 3, NULL, 0);

    message->arrival = (DAY + born) * SIM_SECOND;
    message->born_in_log = born_in_log;
    for (size_t i = 0; i < count; i++) {
        logged_activation_add(message, (DAY + trips[i]) * SIM_SECOND);
        logged_attempt_add(message, to, (DAY + trips[i]) * SIM_SECOND);
    }
    self_check_add(&check, message);
    logged_message_free(message);
}

#define ADD(born, ...)                                                                             \
    add_trips(true, born, (const int64_t[]){__VA_ARGS__},                                          \
              sizeof(const int64_t[]){__VA_ARGS__} / sizeof(int64_t))

static struct self_check_result finish(void)
{
    struct self_check_result result;

    self_check_finish(&check, &result);
    cr_expect_eq(result.on_scan + result.waited + result.early + result.late + result.off_grid,
                 result.retries);
    return result;
}

Test(self_check, finds_nothing_in_nothing)
{
    struct self_check_result result = finish();

    cr_expect_eq(result.retries, 0);
    cr_expect_eq(result.phase_s, -1);
}

Test(self_check, counts_no_retry_that_the_log_does_not_hold)
{
    struct logged_message *message = logged_message_new();
    uint32_t to = logged_recipient_add(message, "u@d", 3, NULL, 0);

    message->arrival = DAY * SIM_SECOND;
    logged_activation_add(message, SIM_NEVER); /* the log begins here */
    logged_activation_add(message, (DAY + 600) * SIM_SECOND);
    logged_activation_add(message, SIM_NEVER);
    logged_attempt_add(message, to, (DAY + 1200) * SIM_SECOND);
    self_check_add(&check, message);
    message->arrival = SIM_NEVER;
    logged_activation_add(message, (DAY + 2400) * SIM_SECOND);
    self_check_add(&check, message);
    logged_message_free(message);
    cr_expect_eq(finish().retries, 0);
}

/* Scans at 97, 397 ...: the first at age 300, 600, 1200, 2400, 4800, 9000, 13200. */
Test(self_check, explains_a_life_with_stock_settings)
{
    ADD(97, 97, 397, 697, 1297, 2497, 4897, 9097, 13297);
    ADD(100, 100, 697, 1297, 2497, 4897, 9097);
    struct self_check_result result = finish();

    cr_expect_eq(result.retries, 12);
    cr_expect_eq(result.on_scan, 12);
    cr_expect_eq(result.phase_s, 97);
}

/* Deferred at 98, the time stamp says 398: the scan at 397 takes it. */
Test(self_check, knows_the_second_of_tolerance)
{
    ADD(90, 98, 397);
    ADD(90, 97, 397);
    ADD(90, 99, 397); /* 399 */
    cr_expect_eq(finish().on_scan, 2);
    cr_expect_eq(finish().early, 1);
}

Test(self_check, tells_early_from_late)
{
    for (int64_t i = 0; i < 20; i++)
        ADD(i, i, 397);
    for (int64_t i = 0; i < 20; i++)
        ADD(100 + i, 100 + i, 697);
    ADD(10, 10, 697);   /* by one */
    ADD(10, 10, 997);   /* by two */
    ADD(150, 150, 397); /* before its time */
    ADD(10, 10, 500);   /* flushed */
    struct self_check_result result = finish();

    cr_expect_eq(result.phase_s, 97);
    cr_expect_eq(result.on_scan, 40);
    cr_expect_eq(result.late, 2);
    cr_expect_eq(result.early, 1);
    cr_expect_eq(result.off_grid, 1);
}

/* A scan comes to a file when it has come to those before it. */
Test(self_check, allows_a_scan_to_feed)
{
    ADD(10, 10, 597);
    for (int64_t i = 0; i <= SELF_CHECK_FEED; i++)
        ADD(10, 10, 597 + i);
    ADD(10, 10, 597 + SELF_CHECK_FEED + 1);
    struct self_check_result result = finish();

    cr_expect_eq(result.phase_s, 297);
    cr_expect_eq(result.on_scan, SELF_CHECK_FEED + 2);
    cr_expect_eq(result.off_grid, 1);
}

/* Each scan is 0.3 s late: from 298 until 4, and seven of the twenty before the period ends. */
Test(self_check, follows_a_drifting_clock_across_the_end_of_the_period)
{
    for (int64_t i = 1; i <= 20; i++) {
        int64_t scan = 298 + 300 * i + 3 * (i - 1) / 10;
        ADD(scan - 350, scan - 350, scan);
    }
    struct self_check_result result = finish();

    cr_expect_eq(result.on_scan, 20);
    cr_expect_eq(result.phase_s, 298);
}

/* Five scans at 100 and, after a restart, five at 200. */
Test(self_check, has_the_later_of_two_phases_of_as_many_scans)
{
    for (int64_t i = 0; i < 5; i++) {
        ADD(50 + 300 * i, 50 + 300 * i, 400 + 300 * i);
        ADD(3150 + 300 * i, 3150 + 300 * i, 3500 + 300 * i);
    }
    struct self_check_result result = finish();

    cr_expect_eq(result.on_scan, 10);
    cr_expect_eq(result.phase_s, 200);
}

/* An answer stamped 100 that is 3.4 s late: in second 97 rather than 96. */
Test(self_check, rounds_an_inferred_birth)
{
    struct logged_message *message = logged_message_new();
    uint32_t to = logged_recipient_add(message, "u@d", 3, NULL, 0);

    settings.minimal_backoff_time = 1;
    message->arrival = (DAY + 100) * SIM_SECOND - 3400000;
    logged_activation_add(message, (DAY + 100) * SIM_SECOND);
    logged_attempt_add(message, to, (DAY + 1097) * SIM_SECOND);
    logged_activation_add(message, (DAY + 2096) * SIM_SECOND);
    self_check_add(&check, message);
    logged_message_free(message);

    settings.queue_run_delay = 1;
    cr_expect_eq(finish().on_scan, 1);
}

/* ------------------------------------------------------------ waits for room */

/* In the active queue all the while, of which nothing more is known. */
static void add_active(int64_t from, int64_t until)
{
    struct logged_message *message = logged_message_new();
    uint32_t to = logged_recipient_add(message, "u@d", 3, NULL, 0);

    message->arrival = (DAY + from) * SIM_SECOND;
    logged_activation_add(message, (DAY + from) * SIM_SECOND);
    logged_attempt_add(message, to, (DAY + until) * SIM_SECOND);
    self_check_add(&check, message);
    logged_message_free(message);
}

/* Scans at 97, 397 ... 1297; two are all that the active queue takes, from 690 to 900. */
static void fill_queue(void)
{
    settings.qmgr_message_active_limit = 2;
    for (int64_t scan = 397; scan <= 1297; scan += 300)
        ADD(scan - 350, scan - 350, scan);
    add_active(690, 900);
    add_active(690, 900);
}

/* Due at 400: the scan at 697 had no room until 900. */
Test(self_check, explains_a_wait_for_room_in_the_active_queue)
{
    fill_queue();
    ADD(100, 100, 900);
    ADD(100, 100, 930);
    ADD(100, 100, 931); /* after more time than a scan needs */
    ADD(100, 100, 860); /* while there was no room: another must have left */
    struct self_check_result result = finish();

    cr_expect_eq(result.on_scan, 4);
    cr_expect_eq(result.waited, 3);
    cr_expect_eq(result.off_grid, 1);
}

/* Due at 800, 897 and 1000; the scan of 697 was still going on at 900. */
Test(self_check, explains_what_fell_due_while_a_scan_paused)
{
    fill_queue();
    ADD(500, 500, 900);
    ADD(597, 597, 900);
    ADD(700, 700, 900);
    struct self_check_result result = finish();

    cr_expect_eq(result.on_scan, 4);
    cr_expect_eq(result.waited, 2);
    cr_expect_eq(result.off_grid, 1);
}

/* Room that was there when it should have been taken, or until long before it was. */
Test(self_check, explains_no_wait_while_there_was_room)
{
    fill_queue();
    ADD(10, 10, 697);    /* due at 397 */
    ADD(100, 100, 997);  /* due at the scan of 697, on which there was room from 900 on */
    ADD(100, 100, 1297); /* long after */
    ADD(660, 660, 800);  /* before its time */
    struct self_check_result result = finish();

    cr_expect_eq(result.on_scan, 4);
    cr_expect_eq(result.waited, 0);
    cr_expect_eq(result.late, 3);
    cr_expect_eq(result.off_grid, 1);
}

/* The settings say how many it takes: more than there were. */
Test(self_check, explains_no_wait_where_the_limit_was_not_reached)
{
    fill_queue();
    settings.qmgr_message_active_limit = 3;
    ADD(100, 100, 900);
    struct self_check_result result = finish();

    cr_expect_eq(result.waited, 0);
    cr_expect_eq(result.off_grid, 1);
}

/* With scans ten seconds apart, one that had half a minute of room took all that was due. */
Test(self_check, explains_no_wait_by_a_whole_period_of_room)
{
    settings.queue_run_delay = 10;
    settings.minimal_backoff_time = 10;
    settings.maximal_backoff_time = 10;
    settings.qmgr_message_active_limit = 1;
    for (int64_t scan = 100; scan <= 300; scan += 10)
        ADD(scan - 12, scan - 12, scan);
    add_active(200, 203);
    ADD(188, 188, 220); /* due at 198: at the scan of 200 */
    ADD(188, 188, 205);
    struct self_check_result result = finish();

    cr_expect_eq(result.late, 1);
    cr_expect_eq(result.waited, 0);
    cr_expect_eq(result.on_scan, 22);
}

/* ------------------------------------------------------------ one for each queue manager */

static struct self_checks checks;

static void begin_checks(void)
{
    postfix_settings_init(&settings);
    self_checks_init(&checks, &settings);
}

static void end_checks(void)
{
    self_checks_fini(&checks);
}

TestSuite(self_checks, .init = begin_checks, .fini = end_checks);

/* A message of that queue manager: deferred at the one second, tried again at the other. */
static void add_retry_of(const char *host, const char *instance, int64_t deferred, int64_t again)
{
    struct logged_message *message = logged_message_new();
    uint32_t to = logged_recipient_add(message, "u@d", 3, NULL, 0);

    message->host = host;
    message->instance = instance;
    message->arrival = (DAY + deferred) * SIM_SECOND;
    message->born_in_log = true;
    logged_activation_add(message, (DAY + deferred) * SIM_SECOND);
    logged_attempt_add(message, to, (DAY + deferred) * SIM_SECOND);
    logged_activation_add(message, (DAY + again) * SIM_SECOND);
    self_checks_add(&checks, message);
    logged_message_free(message);
}

static struct self_check_result sum_up(void)
{
    struct self_check_result sum;

    self_checks_finish(&checks, &sum);
    return sum;
}

Test(self_checks, find_nothing_in_nothing)
{
    cr_expect_eq(sum_up().retries, 0);
    cr_expect_eq(sum_up().phase_s, -1);
}

/* The scans of "a" begin at 97, those of "b" at 200: no one phase explains both. */
static void add_two_hosts(void)
{
    for (int64_t i = 0; i < 5; i++) {
        add_retry_of("a", "postfix", i, 397);
        add_retry_of("a", "postfix", 100 + i, 697);
        add_retry_of("b", "postfix", 50 + i, 500);
        add_retry_of("b", "postfix", 205 + i, 800);
    }
}

Test(self_checks, know_that_each_host_has_scans_of_its_own)
{
    add_two_hosts();
    cr_expect_eq(sum_up().retries, 20);
    cr_expect_eq(sum_up().on_scan, 20);
    cr_expect_eq(checks.count, 2);
}

Test(self_checks, know_that_each_instance_has_scans_of_its_own)
{
    for (int64_t i = 0; i < 5; i++) {
        add_retry_of("a", "postfix", i, 397);
        add_retry_of("a", "postfix-out", 50 + i, 500);
        add_retry_of("a", "postfix-out", 205 + i, 800);
    }
    cr_expect_eq(sum_up().on_scan, 15);
    cr_expect_eq(checks.count, 2);
    cr_expect_eq(sum_up().phase_s, 200, "of the one with most retries");
}

Test(self_checks, have_the_phase_of_the_one_with_most_retries)
{
    add_two_hosts();
    cr_expect_eq(sum_up().phase_s, 97, "the first of two with as many");
    add_retry_of("b", "postfix", 210, 800);
    cr_expect_eq(sum_up().phase_s, 200);
}

Test(self_checks, sum_up_what_each_finds)
{
    add_two_hosts();
    add_retry_of("a", "postfix", 10, 697);  /* late by one */
    add_retry_of("b", "postfix", 60, 1100); /* by two */
    add_retry_of("a", "postfix", 150, 397); /* early */
    add_retry_of("b", "postfix", 60, 640);  /* on no scan */
    add_retry_of("b", "postfix", 60, 641);
    struct self_check_result sum = sum_up();

    cr_expect_eq(sum.retries, 25);
    cr_expect_eq(sum.on_scan, 20);
    cr_expect_eq(sum.late, 2);
    cr_expect_eq(sum.early, 1);
    cr_expect_eq(sum.off_grid, 2);
}

/* A host without retries tells nothing of the phase. */
Test(self_checks, take_messages_without_retries)
{
    struct logged_message *message = logged_message_new();

    message->host = message->instance = "c";
    message->arrival = DAY * SIM_SECOND;
    self_checks_add(&checks, message);
    logged_message_free(message);
    cr_expect_eq(sum_up().phase_s, -1);
    add_two_hosts();
    cr_expect_eq(sum_up().phase_s, 97);
    cr_expect_eq(sum_up().retries, 20);
}
