/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What single messages tell, and what is answered where they tell nothing. */
#include "models/infer/infer.h"

#include <criterion/criterion.h>

#include "tests/models/made_log.h"

static struct infer infer;
static struct infer_result result;

static void end(void)
{
    infer_result_fini(&result);
    infer_fini(&infer);
}

TestSuite(infer, .fini = end);

static void add(struct logged_message *message)
{
    infer_add(&infer, message);
    logged_message_free(message);
}

/* Tried at these seconds after its arrival at `born`, and deferred each time. */
static struct logged_message *deferred_at(double born, const char *sender, const double *ages,
                                          size_t count)
{
    struct logged_message *message = made_mail("AAAAAA", born, sender);

    for (size_t i = 0; i < count; i++)
        made_try(message, "u@d", born + ages[i], LOGGED_DEFERRED);
    return message;
}

#define DEFERRED_AT(born, sender, ...)                                                             \
    deferred_at(born, sender, (const double[]){__VA_ARGS__},                                       \
                sizeof(const double[]){__VA_ARGS__} / sizeof(double))

static void expire(struct logged_message *message)
{
    message->expired = message->activations[message->activation_count - 1].end;
    message->removed = message->expired;
    add(message);
}

static void finish(void)
{
    infer_finish(&infer, &result);
}

static void expect(enum infer_setting setting, int64_t value, int64_t low, int64_t high,
                   uint64_t seen)
{
    const struct infer_answer *answer = &result.answers[setting];

    cr_expect_eq(answer->value, value, "value %ld", (long)answer->value);
    cr_expect_eq(answer->low, low, "low %ld", (long)answer->low);
    cr_expect_eq(answer->high, high, "high %ld", (long)answer->high);
    cr_expect_eq(answer->seen, seen, "seen %ld", (long)answer->seen);
}

#define NONE INFER_UNKNOWN

Test(infer, says_that_it_knows_nothing)
{
    finish();
    for (int i = 0; i < INFER_SETTING_COUNT; i++)
        expect((enum infer_setting)i, NONE, NONE, NONE, 0);
    cr_expect_eq(result.retries, 0);
    cr_expect_eq(result.event_count, 0);
}

Test(infer, names_settings_as_postfix_does)
{
    cr_expect_str_eq(infer_name(INFER_QUEUE_RUN_DELAY), "queue_run_delay");
    cr_expect_str_eq(infer_name(INFER_SCAN_PHASE), "scan_phase");
}

/* ---------------------------------------------------------------- lifetimes */

/* Kept at 1d less 10 s, given up at 1d and 2000 s. */
Test(infer, finds_a_lifetime_between_the_last_failure_and_the_end)
{
    expire(DEFERRED_AT(0, "s@a", 0, 86390, 88400));
    finish();
    expect(INFER_MAXIMAL_QUEUE_LIFETIME, 86400, 86391, 88400, 1);
    expect(INFER_BOUNCE_QUEUE_LIFETIME, NONE, NONE, 88400, 0); /* it is not longer */
}

Test(infer, tells_the_lifetime_of_bounces_apart)
{
    expire(DEFERRED_AT(0, "s@a", 0, 86390, 88400));
    expire(DEFERRED_AT(0, "", 0, 7000, 7300));
    finish();
    expect(INFER_MAXIMAL_QUEUE_LIFETIME, 86400, 86391, 88400, 1);
    expect(INFER_BOUNCE_QUEUE_LIFETIME, 7200, 7001, 7300, 1);
}

Test(infer, gives_a_least_lifetime_where_nothing_expired)
{
    add(DEFERRED_AT(0, "s@a", 0, 5000));
    add(DEFERRED_AT(0, "s@a", 0, 300));
    finish();
    expect(INFER_MAXIMAL_QUEUE_LIFETIME, NONE, 5001, NONE, 0);
}

/* What left the queue in its last try says nothing of how long it would have been kept after. */
Test(infer, counts_a_failure_only_if_the_message_was_kept)
{
    struct logged_message *sent = DEFERRED_AT(0, "s@a", 0, 300);
    made_try(sent, "u@d", 9000, LOGGED_SENT);
    sent->removed = instant(9000);
    add(sent);

    struct logged_message *partly = DEFERRED_AT(0, "s@a", 0, 400);
    partly->removed = instant(400); /* by qmgr: its one recipient was bounced after all */
    add(partly);

    struct logged_message *deleted = DEFERRED_AT(0, "s@a", 0, 350);
    deleted->removed = instant(360);
    deleted->by_operator = true;
    add(deleted);
    finish();
    expect(INFER_MAXIMAL_QUEUE_LIFETIME, NONE, 351, NONE, 0);
}

Test(infer, does_not_take_an_operators_wish_for_a_lifetime)
{
    struct logged_message *forced = DEFERRED_AT(0, "s@a", 0, 300, 900);
    forced->forced = true;
    expire(forced);
    finish();
    expect(INFER_MAXIMAL_QUEUE_LIFETIME, NONE, 301, NONE, 0);
}

Test(infer, believes_most_messages)
{
    for (int i = 0; i < 5; i++)
        expire(DEFERRED_AT(i, "s@a", 0, 86390, 88400));
    expire(DEFERRED_AT(9, "s@a", 0, 300)); /* by an old log's standards */
    add(DEFERRED_AT(9, "s@a", 0, 200000)); /* with a wrong clock */
    finish();
    expect(INFER_MAXIMAL_QUEUE_LIFETIME, 86400, 86391, 88400, 6);
}

Test(infer, knows_a_lifetime_of_nothing)
{
    expire(DEFERRED_AT(0, "s@a", 0));
    finish();
    expect(INFER_MAXIMAL_QUEUE_LIFETIME, 0, 0, 0, 1);
}

Test(infer, needs_a_sender_to_know_the_class)
{
    expire(DEFERRED_AT(0, NULL, 0, 300));
    finish();
    expect(INFER_MAXIMAL_QUEUE_LIFETIME, NONE, NONE, NONE, 0);
    cr_expect_eq(result.retries, 1);
}

/* ------------------------------------------------------------ delay warning */

static struct logged_message *warned_at(double second, struct logged_message *message)
{
    message->warned = instant(second);
    message->delay_notices = 1;
    return message;
}

/* Not told at 14000, told at 14700: a second before its time is soon enough. */
Test(infer, finds_when_senders_are_told)
{
    add(warned_at(14700, DEFERRED_AT(0, "s@a", 0, 14000, 14700, 20000)));
    finish();
    expect(INFER_DELAY_WARNING_TIME, 14400, 14002, 14701, 1);
}

/* bounce(8) writes its line some seconds after the failure. */
Test(infer, takes_a_notice_for_the_failure_before_it)
{
    add(warned_at(14703, DEFERRED_AT(0, "s@a", 0, 14000, 14700, 20000)));
    finish();
    expect(INFER_DELAY_WARNING_TIME, 14400, 14002, 14701, 1);
}

Test(infer, thinks_that_warnings_are_off_where_there_are_none)
{
    add(DEFERRED_AT(0, "s@a", 0, 5000));
    add(DEFERRED_AT(0, "", 0, 9000)); /* nobody to tell */
    finish();
    expect(INFER_DELAY_WARNING_TIME, 0, 5002, NONE, 0);
}

Test(infer, learns_from_a_warning_at_the_first_failure)
{
    add(warned_at(30, DEFERRED_AT(0, "s@a", 30)));
    finish();
    expect(INFER_DELAY_WARNING_TIME, 30, 1, 31, 1);
}

/* ------------------------------------------------------------------ retries */

/* Scans at 97, 397 ...; stock settings. */
static void add_stock(double born)
{
    double first = 397;

    while (first < born + 299)
        first += 300;
    double age = first - born, second = first + 300;
    while (second < first + age - 1)
        second += 300;
    add(DEFERRED_AT(born, "s@a", 0, first - born, second - born));
}

Test(infer, finds_scans_and_their_phase)
{
    for (int i = 0; i < 40; i++)
        add_stock(100 + i * 137);
    finish();
    cr_expect_eq(result.retries, 80);
    cr_expect_eq(result.on_scan, 80);
    cr_expect_eq(result.early + result.late + result.off_grid, 0);
    cr_expect_eq(result.answers[INFER_QUEUE_RUN_DELAY].value, 300);
    cr_expect_eq(result.answers[INFER_MINIMAL_BACKOFF_TIME].value, 300);
    cr_expect_eq(result.answers[INFER_MAXIMAL_BACKOFF_TIME].value, NONE);
    cr_expect_eq(result.answers[INFER_SCAN_PHASE].value, 97);
    cr_expect_eq(result.answers[INFER_SCAN_PHASE].low, 97);
    cr_expect_eq(result.answers[INFER_SCAN_PHASE].high, 97);
}

Test(infer, does_not_believe_what_explains_less_than_half)
{
    static const double seconds[] = {0, 17, 400, 1033, 1500, 2777, 3100, 9000, 9541};

    for (int i = 1; i < 9; i++)
        add(DEFERRED_AT(seconds[i - 1], "s@a", 0, seconds[i] - seconds[i - 1]));
    finish();
    expect(INFER_QUEUE_RUN_DELAY, NONE, NONE, NONE, 0);
    expect(INFER_SCAN_PHASE, NONE, NONE, NONE, 0);
    cr_expect_eq(result.off_grid, 8);
}

Test(infer, skips_trips_without_a_beginning_or_an_end)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    logged_activation_add(message, SIM_NEVER);
    logged_activation_add(message, instant(600));
    logged_activation_add(message, SIM_NEVER);
    made_deferred(message, "u@d", 1200);
    add(message);
    finish();
    cr_expect_eq(result.retries, 0);
}

/* ------------------------------------------------------------------ servers */

Test(infer, tells_servers_apart)
{
    struct infers infers = {0};
    struct logged_message *here = DEFERRED_AT(0, "s@a", 0, 300);
    struct logged_message *there = DEFERRED_AT(0, "s@a", 0, 300, 900);

    there->instance = logged_text(there, "postfix-out", 11);
    infers_add(&infers, here);
    infers_add(&infers, there);
    infers_add(&infers, here);
    cr_assert_eq(infers.count, 2);
    cr_expect_str_eq(names_text(&infers.servers, 0), "mx postfix");
    cr_expect_str_eq(names_text(&infers.servers, 1), "mx postfix-out");
    cr_expect_eq(infers.list[0].retries.count, 2);
    cr_expect_eq(infers.list[1].retries.count, 2);
    infers_fini(&infers);
    logged_message_free(here);
    logged_message_free(there);
}
