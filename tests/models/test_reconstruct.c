/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrivals, evidence and start, from messages made by hand. */
#include "models/reconstruct.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/models/made_log.h"

#define MOST_ROWS 32

static struct reconstruction r;

/* The rows, as told. */
static struct told {
    struct evidence_row row;
    char text[200];
} rows[MOST_ROWS];
static size_t row_count;

static void begin(void)
{
    reconstruct_init(&r);
    row_count = 0;
}

static void end(void)
{
    reconstruct_fini(&r);
}

TestSuite(reconstruct, .init = begin, .fini = end);

static void add(struct logged_message *message)
{
    reconstruct_add(&r, message);
    logged_message_free(message);
}

static void keep_row(void *user, const struct evidence_row *row, const char *text)
{
    (void)user;
    cr_assert_lt(row_count, MOST_ROWS);
    rows[row_count].row = *row;
    snprintf(rows[row_count++].text, sizeof rows->text, "%s", text);
}

/* t = 0 is midnight; scans are at 97, 397 ... if `phase` is 97; -1: not known. */
static struct reconstruct_plan plan(enum recovery recovery, int64_t phase)
{
    return (struct reconstruct_plan){recovery, MIDNIGHT, instant(86400), phase, 300};
}

static void tell(enum recovery recovery, int64_t phase)
{
    struct reconstruct_plan how = plan(recovery, phase);

    reconstruct_ready(&r);
    row_count = 0;
    reconstruct_evidence(&r, &how, keep_row, NULL);
}

static const char *called(uint32_t name)
{
    return name == NAMES_NONE ? "(any)" : names_text(&r.names, name);
}

static void expect_row(size_t i, const char *recipient, double from, double until,
                       enum smtp_stage stage, const char *text)
{
    cr_assert_lt(i, row_count);
    const struct evidence_row *row = &rows[i].row;

    cr_expect_str_eq(called(row->recipient), recipient, "row %zu", i);
    cr_expect_eq(row->from, isinf(from) ? -SIM_NEVER : (sim_time)(from * 1e6), "row %zu: from %.6f",
                 i, (double)row->from / 1e6);
    cr_expect_eq(row->until, isinf(until) ? SIM_NEVER : (sim_time)(until * 1e6),
                 "row %zu: until %.6f", i, (double)row->until / 1e6);
    cr_expect_eq(row->stage, stage, "row %zu: %s", i, smtp_stage_names[row->stage]);
    cr_expect_str_eq(rows[i].text, text, "row %zu", i);
}

/* ---------------------------------------------------------------- arrivals */

static void expect_arrival(size_t i, double at, const char *label, const char *sender,
                           const char *recipient)
{
    cr_assert_lt(i, r.arrival_count);
    const struct reconstructed_arrival *a = &r.arrivals[i];

    cr_expect_eq(a->at, instant(at), "%zu: %.6f", i, (double)(a->at - MIDNIGHT) / 1e6);
    cr_expect_str_eq(called(a->label), label, "%zu", i);
    cr_expect_str_eq(called(a->sender), sender, "%zu", i);
    cr_expect_str_eq(called(a->recipient), recipient, "%zu", i);
}

Test(reconstruct, has_an_arrival_for_each_recipient)
{
    struct logged_message *message = made_mail("AAAAAA", 10, "s@a");

    made_trip(message, 10);
    made_sent(message, "u@d", 10);
    made_deferred(message, "v@d", 10);
    add(message);
    reconstruct_ready(&r);

    cr_expect_eq(r.arrival_count, 2);
    expect_arrival(0, 10, "AAAAAA", "s@a", "u@d");
    expect_arrival(1, 10, "AAAAAA", "s@a", "v@d");
    cr_expect_eq(r.arrivals[0].size_bytes, 1000);
}

/* Messages are handed on as they leave; of those that came at once, the first to leave is first. */
Test(reconstruct, has_arrivals_in_the_order_of_time)
{
    static const struct {
        const char *id;
        double at;
    } left[] = {{"BBBBBB", 20}, {"CCCCCC", 10}, {"AAAAAA", 20}, {"DDDDDD", 10}};

    for (size_t i = 0; i < 4; i++) {
        struct logged_message *message = made_mail(left[i].id, left[i].at, "s@a");
        made_try(message, "u@d", 30, LOGGED_SENT);
        add(message);
    }
    reconstruct_ready(&r);

    expect_arrival(0, 10, "CCCCCC", "s@a", "u@d");
    expect_arrival(1, 10, "DDDDDD", "s@a", "u@d");
    expect_arrival(2, 20, "BBBBBB", "s@a", "u@d");
    expect_arrival(3, 20, "AAAAAA", "s@a", "u@d");
    cr_expect_eq(r.arrivals[0].order, 1);
    cr_expect_eq(r.arrivals[1].order, 3);
    cr_expect_eq(r.arrivals[2].order, 0);
    cr_expect_eq(r.arrivals[3].order, 2);
}

Test(reconstruct, has_arrivals_in_whole_milliseconds)
{
    struct logged_message *message = made_mail("AAAAAA", 1.234999, "s@a");

    made_try(message, "u@d", 2, LOGGED_SENT);
    add(message);
    reconstruct_ready(&r);

    expect_arrival(0, 1.234, "AAAAAA", "s@a", "u@d");
    cr_expect_eq(reconstruct_start(&r), instant(1));
}

/* A sender that was not logged is nobody, as the null sender is: number 0. */
Test(reconstruct, knows_the_null_sender)
{
    struct logged_message *null = made_mail("AAAAAA", 0, ""), *none = made_mail("BBBBBB", 1, NULL);

    made_try(null, "u@d", 0, LOGGED_SENT);
    made_try(none, "u@d", 1, LOGGED_SENT);
    add(null);
    add(none);
    reconstruct_ready(&r);

    cr_expect_eq(r.arrivals[0].sender, 0);
    cr_expect_eq(r.arrivals[1].sender, 0);
}

static void add_retried(const char *id, uint64_t line)
{
    struct logged_message *message = made_mail(id, 0, "s@a");

    made_try(message, "u@d", 0, LOGGED_DEFERRED);
    message->activations[0].line = 90 - line;
    made_try(message, "u@d", 397, LOGGED_SENT);
    message->activations[1].line = line;
    add(message);
}

/* C was taken first, whatever came first; of D nothing is known, which was never taken by a scan.
 */
Test(reconstruct, knows_in_which_order_scans_come)
{
    struct logged_message *once = made_mail("DDDDDD", 0, "s@a");

    made_try(once, "u@d", 0, LOGGED_SENT);
    once->activations[0].line = 5;
    add_retried("AAAAAA", 11);
    add_retried("BBBBBB", 12);
    add_retried("CCCCCC", 10);
    add(once);
    reconstruct_ready(&r);

    cr_expect_eq(r.places[r.arrivals[0].label], 1);
    cr_expect_eq(r.places[r.arrivals[1].label], 2);
    cr_expect_eq(r.places[r.arrivals[2].label], 0);
    cr_expect_eq(r.places[r.arrivals[3].label], SCAN_ORDER_NONE);
}

/* Evidence about "*" is about everybody. */
Test(reconstruct, calls_nobody_a_star)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "*");

    made_try(message, "*", 0, LOGGED_SENT);
    add(message);
    tell(RECOVERY_MIDDLE, -1);

    expect_arrival(0, 0, "AAAAAA", "*", "?");
    expect_row(0, "?", -INFINITY, INFINITY, STAGE_DATA, "250 2.0.0 Ok");
}

/* Its notice goes to the sender: by the same name in both. */
Test(reconstruct, calls_a_star_the_same_when_it_gets_a_notice)
{
    struct logged_message *notice = made_mail("NNNNNN", 0, "");

    notice->is_notice = true;
    made_try(notice, "*", 0, LOGGED_SENT);
    add(notice);
    tell(RECOVERY_MIDDLE, -1);

    expect_row(0, "?", -INFINITY, INFINITY, STAGE_DATA, "250 2.0.0 Ok");
}

Test(reconstruct, takes_an_empty_recipient)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_try(message, "", 0, LOGGED_SENT);
    add(message);
    reconstruct_ready(&r);

    expect_arrival(0, 0, "AAAAAA", "s@a", "");
    cr_expect_eq(r.arrivals[0].recipient, 0);
}

static void add_sent(const char *queue_id, double at)
{
    struct logged_message *message = made_mail(queue_id, at, "s@a");

    made_try(message, "u@d", at, LOGGED_SENT);
    add(message);
}

Test(reconstruct, tells_messages_of_one_queue_id_apart)
{
    add_sent("AAAAAA", 1);
    add_sent("BBBBBB", 2);
    add_sent("AAAAAA", 3);
    add_sent("AAAAAA", 4);
    add_sent("BBBBBB", 5);
    reconstruct_ready(&r);

    expect_arrival(0, 1, "AAAAAA", "s@a", "u@d");
    expect_arrival(1, 2, "BBBBBB", "s@a", "u@d");
    expect_arrival(2, 3, "AAAAAA/2", "s@a", "u@d");
    expect_arrival(3, 4, "AAAAAA/3", "s@a", "u@d");
    expect_arrival(4, 5, "BBBBBB/2", "s@a", "u@d");
}

/* The table of uses grows with the names. */
Test(reconstruct, tells_apart_thousands_of_messages)
{
    char id[16];

    for (int turn = 1; turn <= 2; turn++)
        for (int i = 0; i < 2000; i++) {
            snprintf(id, sizeof id, "ID%04d", i);
            add_sent(id, turn);
        }
    reconstruct_ready(&r);
    for (int i = 0; i < 2000; i++) {
        snprintf(id, sizeof id, "ID%04d", i);
        expect_arrival((size_t)i, 1, id, "s@a", "u@d");
        snprintf(id, sizeof id, "ID%04d/2", i);
        expect_arrival((size_t)i + 2000, 2, id, "s@a", "u@d");
    }
}

/* ---------------------------------------------------------------- evidence */

Test(reconstruct, holds_what_was_answered_once_for_ever)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_try(message, "u@d", 0, LOGGED_BOUNCED);
    add(message);
    for (int recovery = RECOVERY_EARLIEST; recovery <= RECOVERY_LATEST; recovery++) {
        tell((enum recovery)recovery, 97);
        cr_expect_eq(row_count, 1);
        expect_row(0, "u@d", -INFINITY, INFINITY, STAGE_RCPT, "550 5.1.1 who?");
        cr_expect_str_eq(called(rows[0].row.message), "AAAAAA");
    }
}

/* The same code at the same stage is the same answer, whatever the words; the first are kept. */
Test(reconstruct, merges_what_was_answered_again)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_trip(message, 0);
    made_deferred(message, "u@d", 1)->delays[3] = 1500000;
    made_trip(message, 397);
    made_answer(message, "u@d", 398, LOGGED_DEFERRED, "4.2.0",
                "host mx said: 450 4.2.0 in 3 s (in reply to RCPT TO command)")
        ->delays[3] = 1900000;
    made_trip(message, 697);
    made_deferred(message, "u@d", 698)->delays[3] = 1100000;
    made_try(message, "u@d", 997, LOGGED_SENT);
    add(message);
    tell(RECOVERY_LATEST, 97);

    cr_expect_eq(row_count, 2);
    expect_row(0, "u@d", -INFINITY, 997, STAGE_RCPT, "450 4.2.0 later");
    expect_row(1, "u@d", 997, INFINITY, STAGE_DATA, "250 2.0.0 Ok");
    cr_expect_eq(rows[0].row.took, 1500000);
}

/* Refused at once, then with a time-out: that holds the message up for longer. */
Test(reconstruct, tells_apart_answers_that_took_longer)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_trip(message, 0);
    made_deferred(message, "u@d", 0)->delays[2] = 0;
    made_trip(message, 397);
    made_deferred(message, "u@d", 398)->delays[2] = 1000000;
    made_trip(message, 997);
    made_deferred(message, "u@d", 997)->delays[2] = 0;
    add(message);
    tell(RECOVERY_LATEST, 97);

    cr_expect_eq(row_count, 3);
    cr_expect_eq(rows[0].row.took, 0);
    cr_expect_eq(rows[1].row.took, 1000000);
    cr_expect_eq(rows[1].row.from, 397 * SIM_SECOND);
    cr_expect_eq(rows[2].row.took, 0);
}

/* Stage, code and enhanced code each make another answer. */
Test(reconstruct, tells_answers_apart)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_trip(message, 0);
    made_answer(message, "u@d", 0, LOGGED_DEFERRED, "4.2.0",
                "host mx said: 450 4.2.0 a (in reply to RCPT TO command)");
    made_trip(message, 397);
    made_answer(message, "u@d", 397, LOGGED_DEFERRED, "4.2.1",
                "host mx said: 450 4.2.1 b (in reply to RCPT TO command)");
    made_trip(message, 997);
    made_answer(message, "u@d", 997, LOGGED_DEFERRED, "4.2.1",
                "host mx said: 450 4.2.1 c (in reply to DATA command)");
    made_trip(message, 1897);
    made_answer(message, "u@d", 1897, LOGGED_BOUNCED, "4.2.1",
                "host mx said: 550 5.2.1 d (in reply to DATA command)");
    add(message);
    tell(RECOVERY_LATEST, 97);

    cr_expect_eq(row_count, 4);
    expect_row(0, "u@d", -INFINITY, 397, STAGE_RCPT, "450 4.2.0 a");
    expect_row(1, "u@d", 397, 997, STAGE_RCPT, "450 4.2.1 b");
    expect_row(2, "u@d", 997, 1897, STAGE_DATA, "450 4.2.1 c");
    expect_row(3, "u@d", 1897, INFINITY, STAGE_DATA, "550 5.2.1 d");
}

/* An answer given again after another is a spell of its own. */
Test(reconstruct, begins_a_new_spell_where_an_answer_comes_back)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_try(message, "u@d", 0, LOGGED_DEFERRED);
    made_trip(message, 397);
    made_answer(message, "u@d", 397, LOGGED_SUSPENDED, "4.4.1",
                "delivery temporarily suspended: connect to mx[192.0.2.1]:25: Connection refused");
    made_try(message, "u@d", 997, LOGGED_DEFERRED);
    add(message);
    tell(RECOVERY_LATEST, 97);

    cr_expect_eq(row_count, 3);
    expect_row(2, "u@d", 997, INFINITY, STAGE_RCPT, "450 4.2.0 later");
}

/* When the site was asked twice, its scan being at 397: when it changed its mind. */
struct change {
    double before, after;
    double phase; /* -1: not known */
    double earliest, middle, latest;
};

ParameterizedTestParameters(reconstruct, puts_the_change_between_two_answers)
{
    static struct change changes[] = {
        {100, 400, -1, 101, 250, 400},   /* between the two */
        {100, 400, 97, 101, 248.5, 397}, /* the scan that came at 400 began at 397 */
        {100, 427, 97, 101, 248.5, 397}, /* that one too, 30 s after */
        {100, 428, 97, 101, 264, 428},   /* no scan: flushed */
        {100, 397, 97, 101, 248.5, 397}, /* on the second */
        {100, 396, 97, 101, 248, 396},   /* long after the one at 97 */
        {100.5, 400.25, -1, 101.5, 250.375, 400.25},
        {100.0009, 400.0009, -1, 101, 250, 400}, /* stamps are cut to them too */
        {100, 400.001, -1, 101, 250, 400.001},   /* whole milliseconds */
        {100, 103, -1, 101, 101.5, 103},
        {100, 101, -1, 101, 101, 101}, /* one second is all there is */
        {100, 100.5, -1, 100.5, 100.5, 100.5},
        {100, 100, -1, 100, 100, 100}, /* asked twice in one second */
        {399, 404, 97, 404, 404, 404}, /* both while one scan went on */
        {397, 404, 97, 404, 404, 404},
        {396, 404, 97, 397, 397, 397},
        {395, 404, 97, 396, 396, 397},
        {100, 300, 0, 101, 200, 300}, /* phase 0 is one */
        {100, 310, 0, 101, 200, 300},
    };

    return cr_make_param_array(struct change, changes, sizeof changes / sizeof changes[0]);
}

ParameterizedTest(struct change *change, reconstruct, puts_the_change_between_two_answers)
{
    const double want[] = {change->earliest, change->middle, change->latest};
    struct logged_message *message = made_mail("AAAAAA", 90, "s@a");

    made_try(message, "u@d", change->before, LOGGED_DEFERRED);
    made_try(message, "u@d", change->after, LOGGED_SENT);
    add(message);
    for (int i = RECOVERY_EARLIEST; i <= RECOVERY_LATEST; i++) {
        tell((enum recovery)i, (int64_t)change->phase);
        cr_expect_eq(row_count, 2);
        expect_row(0, "u@d", -INFINITY, want[i], STAGE_RCPT, "450 4.2.0 later");
        expect_row(1, "u@d", want[i], INFINITY, STAGE_DATA, "250 2.0.0 Ok");
    }
}

/* What is refused now may be accepted in a second; what was accepted or refused for good stays. */
Test(reconstruct, may_recover_at_once_after_the_last_answer)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_trip(message, 0);
    made_deferred(message, "a@d", 0);
    made_sent(message, "b@d", 0);
    made_bounced(message, "c@d", 0);
    made_trip(message, 397);
    made_deferred(message, "a@d", 397);
    add(message);

    tell(RECOVERY_EARLIEST, 97);
    expect_row(0, "a@d", -INFINITY, 398, STAGE_RCPT, "450 4.2.0 later");
    expect_row(1, "a@d", 398, INFINITY, STAGE_DATA, "250 2.0.0 recovered");
    cr_expect_eq(rows[1].row.message, rows[0].row.message, "or a notice's row would speak");
    expect_row(2, "b@d", -INFINITY, INFINITY, STAGE_DATA, "250 2.0.0 Ok");
    expect_row(3, "c@d", -INFINITY, INFINITY, STAGE_RCPT, "550 5.1.1 who?");
    cr_expect_eq(row_count, 4);
    tell(RECOVERY_MIDDLE, 97);
    expect_row(0, "a@d", -INFINITY, INFINITY, STAGE_RCPT, "450 4.2.0 later");
    tell(RECOVERY_LATEST, 97);
    expect_row(0, "a@d", -INFINITY, INFINITY, STAGE_RCPT, "450 4.2.0 later");
}

/* Thousands of them to one sender would else be searched one by one. */
Test(reconstruct, joins_what_many_notices_met_alike)
{
    for (int i = 0; i < 5; i++) {
        struct logged_message *message = made_mail("AAAAAA", 100 * i, "");
        made_try(message, "u@d", 100 * i, i < 3 ? LOGGED_SENT : LOGGED_DEFERRED);
        message->is_notice = true;
        add(message);
    }
    struct logged_message *mail = made_mail("BBBBBB", 0, "s@a");
    made_try(mail, "v@d", 0, LOGGED_SENT);
    add(mail);
    tell(RECOVERY_MIDDLE, -1);
    cr_expect_eq(row_count, 3);
}

/* The log is since 1970, the scenario since its start. */
Test(reconstruct, counts_from_the_start)
{
    struct logged_message *message = made_mail("AAAAAA", 50, "s@a");

    made_try(message, "u@d", 50, LOGGED_DEFERRED);
    made_try(message, "u@d", 397, LOGGED_SENT);
    add(message);
    reconstruct_ready(&r);
    struct reconstruct_plan how = plan(RECOVERY_LATEST, 97);
    how.start = reconstruct_start(&r);
    reconstruct_evidence(&r, &how, keep_row, NULL);

    cr_expect_eq(how.start, instant(50));
    expect_row(0, "u@d", -INFINITY, 347, STAGE_RCPT, "450 4.2.0 later");
}

/* Trips that are not logged begin where the parts of the delay say: 400 - (1 + 2 + 3). */
Test(reconstruct, finds_when_a_site_was_asked)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_try(message, "u@d", 0, LOGGED_DEFERRED);
    logged_activation_add(message, SIM_NEVER);
    struct logged_attempt *attempt = made_sent(message, "u@d", 400);
    for (int i = 1; i <= 3; i++)
        attempt->delays[i] = i * SIM_SECOND;
    made_try(message, "u@d", 500, LOGGED_DEFERRED);
    add(message);
    tell(RECOVERY_LATEST, -1);

    expect_row(0, "u@d", -INFINITY, 394, STAGE_RCPT, "450 4.2.0 later");
    cr_expect_eq(rows[1].row.took, 5 * SIM_SECOND, "2 of set-up and 3 of talk");
    expect_row(1, "u@d", 394, 500, STAGE_DATA, "250 2.0.0 Ok");
}

/* u@d by way of two aliases: what both met is known of one address, in order of time. */
Test(reconstruct, takes_a_recipient_that_is_there_twice)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_try(message, "u@d", 0, LOGGED_DEFERRED);
    uint32_t again = logged_recipient_add(message, "u@d", 3, "alias@d", 7);
    struct logged_attempt *attempt = logged_attempt_add(message, again, instant(0));
    attempt->status = LOGGED_SENT;
    logged_attempt_say(message, attempt, "250 2.0.0 Ok", 12, "mx", 2);
    made_try(message, "u@d", 397, LOGGED_SENT);
    add(message);
    tell(RECOVERY_LATEST, 97);

    cr_expect_eq(r.arrival_count, 2);
    expect_arrival(0, 0, "AAAAAA", "s@a", "u@d");
    expect_arrival(1, 0, "AAAAAA", "s@a", "u@d");
    cr_expect_eq(row_count, 3);
    expect_row(0, "u@d", -INFINITY, 0, STAGE_RCPT, "450 4.2.0 later");
    expect_row(1, "u@d", 0, 397, STAGE_DATA, "250 2.0.0 Ok");
    expect_row(2, "u@d", 397, INFINITY, STAGE_DATA, "250 2.0.0 Ok");
}

/* ----------------------------------------------------------------- notices */

Test(reconstruct, knows_of_notices_by_their_recipient)
{
    struct logged_message *first = made_mail("NNNNNN", 100, ""),
                          *second = made_mail("OOOOOO", 400, ""),
                          *mail = made_mail("AAAAAA", 0, "s@a");

    first->is_notice = second->is_notice = true;
    made_try(first, "s@a", 100, LOGGED_DEFERRED);
    made_try(second, "s@a", 400, LOGGED_SENT);
    made_try(mail, "s@a", 0, LOGGED_SENT);
    add(second);
    add(first);
    add(mail);
    tell(RECOVERY_LATEST, -1);

    cr_expect_eq(r.arrival_count, 1);
    cr_expect_eq(row_count, 3);
    expect_row(0, "s@a", -INFINITY, INFINITY, STAGE_DATA, "250 2.0.0 Ok");
    cr_expect_str_eq(called(rows[0].row.message), "AAAAAA");
    expect_row(1, "s@a", -INFINITY, 400, STAGE_RCPT, "450 4.2.0 later");
    cr_expect_str_eq(called(rows[1].row.message), "(any)");
    expect_row(2, "s@a", 400, INFINITY, STAGE_DATA, "250 2.0.0 Ok");
    cr_expect_str_eq(called(rows[2].row.message), "(any)");
}

/* Two that met something in one second: the one that the log tells of first. */
Test(reconstruct, keeps_the_order_of_the_log_where_times_are_equal)
{
    struct logged_message *mail = made_mail("AAAAAA", 0, "s@a");

    made_try(mail, "u@d", 0, LOGGED_SENT);
    add(mail);
    for (int i = 0; i < 4; i++) {
        struct logged_message *notice = made_mail("NNNNNN", 100, "");
        notice->is_notice = true;
        made_trip(notice, 100);
        if (i % 2 == 0)
            made_deferred(notice, "s@a", 100)->delays[3] = i * 1000;
        else
            made_sent(notice, "s@a", 100)->delays[3] = i * 1000;
        add(notice);
    }
    tell(RECOVERY_LATEST, -1);

    cr_expect_eq(row_count, 5);
    for (int i = 0; i < 4; i++)
        cr_expect_eq(rows[i + 1].row.took, i * 1000, "row %d took %d", i + 1,
                     (int)rows[i + 1].row.took);
}

/* ------------------------------------------------------------- the scenario */

struct phase {
    int64_t start_s, phase_s, first_s; /* -1: not known */
};

ParameterizedTestParameters(reconstruct, knows_the_first_scan)
{
    static struct phase phases[] = {
        {90, 97, 7}, {97, 97, 0}, {98, 97, 299},  {1000, 97, 297}, {97 + 3000, 97, 0}, {0, 97, 97},
        {0, 0, 0},   {1, 0, 299}, {50, 299, 249}, {-10, 97, 107},  {5, -1, -1},
    };

    return cr_make_param_array(struct phase, phases, sizeof phases / sizeof phases[0]);
}

ParameterizedTest(struct phase *phase, reconstruct, knows_the_first_scan)
{
    struct reconstruct_plan how = {
        .start = phase->start_s * SIM_SECOND, .phase_s = phase->phase_s, .period = 300};

    cr_expect_eq(reconstruct_scan_phase(&how),
                 phase->first_s < 0 ? SIM_NEVER : phase->first_s * SIM_SECOND, "%ld %ld",
                 (long)phase->start_s, (long)phase->phase_s);
}

Test(reconstruct, needs_a_message_to_start_with, .exit_code = 70)
{
    reconstruct_ready(&r);
    reconstruct_start(&r);
}

Test(reconstruct, names_each_recovery)
{
    cr_expect_str_eq(recovery_names[RECOVERY_EARLIEST], "earliest");
    cr_expect_str_eq(recovery_names[RECOVERY_MIDDLE], "middle");
    cr_expect_str_eq(recovery_names[RECOVERY_LATEST], "latest");
    cr_expect_null(recovery_names[RECOVERY_LATEST + 1]);
}
