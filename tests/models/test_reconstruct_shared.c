/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one message met of a site that all mail to it would have met. Logs made by hand, for site
 * d; the instants follow from who was refused there, and who was not, and when.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "models/mta/postfix/parameters.h"
#include "models/reconstruct.h"
#include "models/results.h"
#include "models/world.h"
#include "tests/models/log_writer.h"
#include "tests/models/made_log.h"

#define MOST_ROWS 32
#define REFUSED "connect to mx.d[192.0.2.1]:25: Connection refused"

static struct reconstruction r;

static struct told {
    struct evidence_row row;
    char text[200];
} rows[MOST_ROWS];
static size_t row_count;

static void begin(void)
{
    reconstruct_init(&r);
}

static void end(void)
{
    reconstruct_fini(&r);
}

TestSuite(reconstruct_shared, .init = begin, .fini = end);

static void add(struct logged_message *message)
{
    reconstruct_add(&r, message);
    logged_message_free(message);
}

static struct logged_attempt *refuse(struct logged_message *message, const char *to, double at)
{
    made_trip(message, at);
    return made_answer(message, to, at, LOGGED_DEFERRED, "4.4.1", REFUSED);
}

/* A message of its own. */
static void refused(const char *id, double at)
{
    struct logged_message *message = made_mail(id, at, "s@a");

    refuse(message, "other@D", at);
    add(message);
}

static void reached(const char *id, double at, enum logged_status status)
{
    struct logged_message *message = made_mail(id, at, "s@a");

    made_try(message, "other@d", at, status);
    add(message);
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

static sim_time since(double seconds)
{
    return isinf(seconds) ? (seconds < 0 ? -SIM_NEVER : SIM_NEVER) : (sim_time)(seconds * 1e6);
}

/* The n-th row about a whole domain; NULL if there are fewer. */
static const struct told *span(size_t n)
{
    for (size_t i = 0; i < row_count; i++) {
        if (rows[i].row.whole_domain && n-- == 0)
            return &rows[i];
    }
    return NULL;
}

static void expect_span(size_t n, double from, double until)
{
    const struct told *told = span(n);

    cr_assert_not_null(told, "no span %zu", n);
    cr_expect_str_eq(names_text(&r.names, told->row.recipient), "d");
    cr_expect_eq(told->row.message, NAMES_NONE);
    cr_expect_eq(told->row.from, since(from), "from %.6f", (double)told->row.from / 1e6);
    cr_expect_eq(told->row.until, since(until), "until %.6f", (double)told->row.until / 1e6);
}

static void expect_spans(size_t count)
{
    cr_expect_null(span(count));
    cr_expect(count == 0 || span(count - 1) != NULL);
}

/* -------------------------------------------------------------------- spans */

/* The shorter it was away, the later it fell ill and the earlier it was well. */
Test(reconstruct_shared, reach_from_between_contacts_to_between_contacts)
{
    static const double from[] = {200, 150, 101}, until[] = {401, 450, 500};

    reached("AAAAAA", 100, LOGGED_SENT);
    refused("BBBBBB", 200);
    refused("CCCCCC", 400);
    reached("DDDDDD", 500, LOGGED_DEFERRED);
    for (int i = RECOVERY_EARLIEST; i <= RECOVERY_LATEST; i++) {
        tell((enum recovery)i, -1);
        expect_spans(1);
        expect_span(0, from[i], until[i]);
        cr_expect_eq(span(0)->row.stage, STAGE_CONNECT);
        cr_expect_str_eq(span(0)->text, "450 4.4.1 " REFUSED);
    }
}

/* A scan that came to a file at 405 began at 397. */
Test(reconstruct_shared, end_where_a_scan_begins)
{
    reached("AAAAAA", 0, LOGGED_SENT);
    refused("BBBBBB", 110);
    reached("CCCCCC", 405, LOGGED_SENT);
    tell(RECOVERY_LATEST, 97);
    expect_span(0, 1, 397);
    tell(RECOVERY_EARLIEST, 97);
    expect_span(0, 97, 111);
}

Test(reconstruct_shared, have_no_end_where_nobody_was_let_in)
{
    refused("AAAAAA", 200);
    refused("BBBBBB", 400);
    tell(RECOVERY_MIDDLE, -1);
    expect_span(0, -INFINITY, INFINITY);
    tell(RECOVERY_LATEST, -1);
    expect_span(0, -INFINITY, INFINITY);
    tell(RECOVERY_EARLIEST, -1);
    expect_span(0, 200, 401);
}

Test(reconstruct_shared, are_one_for_each_time_that_it_was_away)
{
    refused("AAAAAA", 100);
    reached("BBBBBB", 200, LOGGED_SENT);
    reached("CCCCCC", 300, LOGGED_SENT);
    refused("DDDDDD", 400);
    reached("EEEEEE", 500, LOGGED_SENT);
    tell(RECOVERY_MIDDLE, -1);
    expect_spans(2);
    expect_span(0, -INFINITY, 150);
    expect_span(1, 350, 450);
}

/* Of another site, as of none. */
Test(reconstruct_shared, are_of_one_site)
{
    struct logged_message *elsewhere = made_mail("BBBBBB", 150, "s@a");

    refused("AAAAAA", 100);
    made_try(elsewhere, "x@e", 150, LOGGED_SENT);
    add(elsewhere);
    refused("CCCCCC", 200);
    tell(RECOVERY_MIDDLE, -1);
    expect_spans(1);
    expect_span(0, -INFINITY, INFINITY);
}

/* A greylist, a full mailbox, a broken session, a suspension, a transport that is not there. */
Test(reconstruct_shared, are_not_of_what_is_a_matter_of_one_message)
{
    static const char lost[] =
        "lost connection with mx.d[192.0.2.1] while sending end of data -- message may be sent "
        "more than once";
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_try(message, "u@d", 0, LOGGED_DEFERRED);
    made_trip(message, 300);
    made_answer(message, "u@d", 300, LOGGED_DEFERRED, "4.4.2", lost);
    made_trip(message, 600);
    made_answer(message, "u@d", 600, LOGGED_SUSPENDED, "4.4.1",
                "delivery temporarily suspended: " REFUSED);
    made_trip(message, 900);
    made_answer(message, "u@d", 900, LOGGED_SUSPENDED, "4.3.0", "mail transport unavailable");
    made_try(message, "u@d", 1200, LOGGED_BOUNCED);
    add(message);
    tell(RECOVERY_MIDDLE, -1);
    expect_spans(0);
}

/* No session was had: not found, no connection, no greeting. */
Test(reconstruct_shared, are_of_all_that_keeps_a_session_from_being)
{
    static const char *const texts[] = {
        "Host or domain name not found. Name service error for name=d type=MX: try again",
        "connect to mx.d[192.0.2.1]:25: Connection timed out",
        "conversation with mx.d[192.0.2.1] timed out while receiving the initial server greeting",
        "host mx.d[192.0.2.1] refused to talk to me: 421 4.3.2 busy",
    };
    static const char *const ids[] = {"AAAAAA", "BBBBBB", "CCCCCC", "DDDDDD"};

    for (int i = 0; i < 4; i++) {
        struct logged_message *message = made_mail(ids[i], 100 * i, "s@a");
        made_trip(message, 100 * i);
        made_answer(message, "u@d", 100 * i, LOGGED_DEFERRED, "4.4.1", texts[i]);
        add(message);
        reached("EEEEEE", 100 * i + 50, LOGGED_SENT);
    }
    tell(RECOVERY_MIDDLE, -1);
    expect_spans(4);
}

/* The transport was not there at 150: nobody was let in. */
Test(reconstruct_shared, go_on_where_the_site_was_not_asked)
{
    struct logged_message *message = made_mail("BBBBBB", 150, "s@a");

    refused("AAAAAA", 100);
    made_trip(message, 150);
    made_answer(message, "u@d", 150, LOGGED_SUSPENDED, "4.3.0", "mail transport unavailable");
    add(message);
    refused("CCCCCC", 200);
    tell(RECOVERY_MIDDLE, -1);
    expect_spans(1);
}

/* ------------------------------------------------------------- their order */

/* The place of the first row about the message that begins there. */
static size_t place_of(const char *message, double from)
{
    for (size_t i = 0; i < row_count; i++) {
        const struct evidence_row *row = &rows[i].row;
        if (!row->whole_domain && row->from == since(from) && row->message != NAMES_NONE
            && strcmp(names_text(&r.names, row->message), message) == 0)
            return i;
    }
    cr_assert_fail("no row of %s from %f", message, from);
    return 0;
}

static size_t place_of_span(void)
{
    cr_assert_not_null(span(0));
    return (size_t)(span(0) - rows);
}

Test(reconstruct_shared, stand_behind_what_a_message_met_of_the_site_and_before_the_rest)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    made_try(message, "u@d", 0, LOGGED_DEFERRED);
    refuse(message, "u@d", 400);
    made_try(message, "u@d", 1000, LOGGED_SENT);
    add(message);
    tell(RECOVERY_MIDDLE, -1);
    expect_span(0, 200, 700);
    cr_expect_lt(place_of("AAAAAA", 200), place_of_span());
    cr_expect_gt(place_of("AAAAAA", -INFINITY), place_of_span());
    cr_expect_gt(place_of("AAAAAA", 700), place_of_span());
}

/* Nothing is known of notices but whom they are to, and mail to them is not to speak their lines.
 */
Test(reconstruct_shared, stand_before_notices)
{
    struct logged_message *notice = made_mail("NNNNNN", 0, ""),
                          *mail = made_mail("AAAAAA", 1000, "s@a");

    notice->is_notice = true;
    refuse(notice, "u@d", 0);
    add(notice);
    made_try(mail, "u@d", 1000, LOGGED_SENT);
    add(mail);
    tell(RECOVERY_LATEST, -1);
    cr_assert_eq(row_count, 4);
    expect_span(0, -INFINITY, 1000);
    cr_expect_eq(place_of_span(), 0);
    cr_expect_eq(place_of("AAAAAA", -INFINITY), 1);
    cr_expect_eq(rows[2].row.message, NAMES_NONE);
}

/* It waited for an agent from 110 to 400, in which time others were refused; at 400 it was let in.
 */
Test(reconstruct_shared, spare_who_was_let_in_having_waited_meanwhile)
{
    struct logged_message *message = made_mail("AAAAAA", 110, "s@a");

    refused("BBBBBB", 100);
    refused("CCCCCC", 300);
    made_trip(message, 110);
    made_sent(message, "u@d", 400)->delays[1] = 290 * SIM_SECOND;
    add(message);
    tell(RECOVERY_MIDDLE, 97);
    expect_span(0, -INFINITY, 348.5);
    size_t spared = place_of("AAAAAA", 97);
    cr_expect_lt(spared, place_of_span());
    cr_expect_eq(rows[spared].row.until, since(401));
    cr_expect_eq(rows[spared].row.stage, STAGE_DATA);
}

/* Refused again in the second in which it was let in: that is before, and it is spared. */
Test(reconstruct_shared, spare_who_was_let_in_within_the_second)
{
    refused("BBBBBB", 100);
    reached("AAAAAA", 200, LOGGED_SENT);
    refused("CCCCCC", 200);
    tell(RECOVERY_MIDDLE, -1);
    expect_span(0, -INFINITY, 200);
    tell(RECOVERY_MIDDLE, 170);
    cr_expect_lt(place_of("AAAAAA", 170), place_of_span());
}

/* Delivered to one alias of u@d and 600 s later to the other: not in between, where it is away. */
Test(reconstruct_shared, are_not_bridged_by_a_recipient_that_is_there_twice)
{
    struct logged_message *message = made_mail("AAAAAA", 100, "s@a");

    made_try(message, "u@d", 100, LOGGED_SENT);
    uint32_t again = logged_recipient_add(message, "u@d", 3, "alias@d", 7);
    logged_activation_add(message, instant(700));
    struct logged_attempt *attempt = logged_attempt_add(message, again, instant(700));
    attempt->status = LOGGED_SENT;
    strcpy(attempt->dsn, "2.0.0");
    logged_attempt_say(message, attempt, "250 2.0.0 Ok", 12, "mx", 2);
    add(message);
    refused("BBBBBB", 200);
    refused("CCCCCC", 600);
    tell(RECOVERY_LATEST, -1);
    expect_span(0, 101, 700);
    for (size_t i = 0; i < place_of_span(); i++)
        cr_expect(rows[i].row.stage != STAGE_DATA
                      || rows[i].row.until - rows[i].row.from <= since(1),
                  "row %zu", i);
}

/* ---------------------------------------------------------------- what if */

/* When the message was delivered under the settings, in seconds of the log; INFINITY: never. */
static double delivered_with(const struct postfix_settings *settings, enum recovery recovery,
                             const char *id)
{
    struct reconstruct_plan how = plan(recovery, 97);
    struct observers observers = {0};
    struct scenario scenario;
    struct log_writer log;
    double at = INFINITY;

    reconstruct_ready(&r);
    reconstruct_scenario(&r, &how, &scenario);
    log_writer_init(&log, &scenario, 1, true);
    observers_add(&observers, &log.observer);
    world_run(&(struct run){&scenario, mta_find("postfix"), settings, 1, 0, &observers});
    for (size_t i = 0; i < log.count; i++) {
        const struct logged_message *message = log.messages[i];
        const struct logged_attempt *last = &message->attempts[message->attempt_count - 1];
        if (strcmp(message->queue_id, id) == 0 && last->status == LOGGED_SENT)
            at = (double)(last->at - MIDNIGHT) / 1e6;
    }
    log_writer_fini(&log);
    scenario_fini(&scenario);
    return at;
}

/* Greylisted at 0, it came back at 4000; meanwhile, from 1000 to 3000, the site refused others. Its
 * greylist is over at 2000 and the site comes back at 3498.5, half-way: 3697 is the next scan. */
Test(reconstruct_shared, refuse_a_message_that_never_met_them)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");
    struct postfix_settings settings;

    made_try(message, "u@d", 0, LOGGED_DEFERRED);
    made_try(message, "u@d", 3997, LOGGED_SENT);
    add(message);
    refused("BBBBBB", 1000);
    refused("CCCCCC", 3000);
    postfix_settings_init(&settings);
    settings.maximal_backoff_time = settings.minimal_backoff_time;
    cr_expect_eq(delivered_with(&settings, RECOVERY_EARLIEST, "AAAAAA"), 397);
    cr_expect_eq(delivered_with(&settings, RECOVERY_MIDDLE, "AAAAAA"), 3697);
    cr_expect_eq(delivered_with(&settings, RECOVERY_LATEST, "AAAAAA"), 3997);
}
