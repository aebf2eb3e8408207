/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Postfix's reasons, as it logs them, and what the site said. */
#include "models/logged_reply.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

#define HOST "mx.example[192.0.2.1]"
#define LATER "host " HOST " said: 450 4.2.0 later (in reply to "
#define TIMED_OUT "conversation with " HOST " timed out while "
#define LOST "lost connection with " HOST " while "

/* ------------------------------------------------------------------- stages */

struct reason {
    char text[160];
    enum smtp_stage stage;
};

ParameterizedTestParameters(logged_reply, knows_the_stage_by_the_words)
{
    static struct reason reasons[] = {
        {LATER "MAIL FROM command)", STAGE_MAIL},
        {LATER "RCPT TO command)", STAGE_RCPT},
        {LATER "DATA command)", STAGE_DATA},
        {LATER "end of DATA command)", STAGE_DATA},
        {LATER "EHLO command)", STAGE_GREETING},
        {LATER "HELO command)", STAGE_GREETING},
        {LATER "STARTTLS command)", STAGE_GREETING},
        {LATER "AUTH command)", STAGE_GREETING},
        {"host " HOST " refused to talk to me: 421 4.3.2 closing", STAGE_GREETING},
        {"connect to " HOST ":25: Connection timed out", STAGE_CONNECT},
        {"connect to " HOST ":25: Connection refused", STAGE_CONNECT},
        {"connect to " HOST ":25: No route to host", STAGE_CONNECT},
        {"connect to " HOST ":25: Network is unreachable", STAGE_CONNECT},
        {TIMED_OUT "receiving the initial server greeting", STAGE_GREETING},
        {TIMED_OUT "performing the EHLO handshake", STAGE_GREETING},
        {TIMED_OUT "performing the HELO handshake", STAGE_GREETING},
        {TIMED_OUT "sending MAIL FROM", STAGE_MAIL},
        {TIMED_OUT "sending RCPT TO", STAGE_RCPT},
        {TIMED_OUT "sending DATA command", STAGE_DATA},
        {TIMED_OUT "sending message body", STAGE_DATA},
        {TIMED_OUT "sending end of data -- message may be sent more than once", STAGE_DATA},
        {LOST "receiving the initial server greeting", STAGE_GREETING},
        {LOST "performing the EHLO handshake", STAGE_GREETING},
        {LOST "sending MAIL FROM", STAGE_MAIL},
        {LOST "sending RCPT TO", STAGE_RCPT},
        {LOST "sending DATA command", STAGE_DATA},
        {LOST "sending message body", STAGE_DATA},
        {LOST "sending end of data -- message may be sent more than once", STAGE_DATA},
        {"Host or domain name not found. Name service error for name=d.example type=MX: Host not "
         "found, try again",
         STAGE_DNS},
        {"Host or domain name not found. Name service error for name=d.example type=A: Host not "
         "found",
         STAGE_DNS},
        {"delivery temporarily suspended: connect to " HOST ":25: Connection refused",
         STAGE_CONNECT},
        {"delivery temporarily suspended: " TIMED_OUT "receiving the initial server greeting",
         STAGE_GREETING},
        {"delivery temporarily suspended: " LOST "sending MAIL FROM", STAGE_MAIL},
        {"delivery temporarily suspended: Host or domain name not found. Name service error for "
         "name=d.example type=MX: Host not found, try again",
         STAGE_DNS},
        {"Server certificate not trusted", STAGE_RCPT},
        {"TLS is required, but was not offered by host " HOST, STAGE_GREETING},
        {"Cannot start TLS: handshake failure", STAGE_GREETING},
        {"Domain d.example does not accept mail (nullMX)", STAGE_DNS},
        {"mail for d.example loops back to myself", STAGE_DNS},
        {"mail transport unavailable", STAGE_RCPT},
        {"", STAGE_RCPT},
    };

    return cr_make_param_array(struct reason, reasons, sizeof reasons / sizeof reasons[0]);
}

ParameterizedTest(struct reason *reason, logged_reply, knows_the_stage_by_the_words)
{
    struct logged_attempt attempt = {.status = LOGGED_DEFERRED, .text = reason->text};

    cr_expect_eq(logged_reply_of(&attempt).stage, reason->stage, "%s: %s", reason->text,
                 smtp_stage_names[logged_reply_of(&attempt).stage]);
    attempt.status = LOGGED_BOUNCED;
    cr_expect_eq(logged_reply_of(&attempt).stage, reason->stage, "%s", reason->text);
    attempt.status = LOGGED_SENT;
    cr_expect_eq(logged_reply_of(&attempt).stage, STAGE_DATA, "%s", reason->text);
}

/* A site may say anything: what Postfix adds behind it decides. */
Test(logged_reply, is_not_misled_by_what_the_site_says)
{
    struct logged_attempt attempt = {
        .status = LOGGED_DEFERRED,
        .text = "host " HOST " said: 450 4.2.0 TLS please, while sending connect to Name service "
                "error (in reply to RCPT TO command)"};

    cr_expect_eq(logged_reply_of(&attempt).stage, STAGE_RCPT);
    attempt.text = NULL;
    cr_expect_eq(logged_reply_of(&attempt).stage, STAGE_RCPT);
}

Test(logged_reply, has_the_outcome_of_the_status)
{
    static const enum outcome wanted[] = {
        [LOGGED_SENT] = OUTCOME_SENT,          [LOGGED_DEFERRED] = OUTCOME_DEFERRED,
        [LOGGED_SUSPENDED] = OUTCOME_DEFERRED, [LOGGED_BOUNCED] = OUTCOME_BOUNCED,
        [LOGGED_OTHER] = OUTCOME_DEFERRED,
    };

    for (int i = 0; i < LOGGED_STATUS_COUNT; i++) {
        struct logged_attempt attempt = {.status = (enum logged_status)i, .dsn = "4.2.0"};
        struct logged_reply reply = logged_reply_of(&attempt);
        cr_expect_eq(reply.outcome, wanted[i], "%d", i);
        cr_expect_str_eq(reply.dsn, "4.2.0");
    }
}

/* -------------------------------------------------------------------- texts */

struct wording {
    enum outcome outcome;
    char dsn[12], reason[160], text[200];
};

ParameterizedTestParameters(logged_reply, has_a_text_that_reads_as_the_outcome)
{
    static struct wording wordings[] = {
        {OUTCOME_SENT, "2.0.0", "250 2.0.0 Ok: queued as ABC", "250 2.0.0 Ok: queued as ABC"},
        {OUTCOME_SENT, "2.0.0", "delivered to mailbox", "250 2.0.0 delivered to mailbox"},
        {OUTCOME_SENT, "", "delivered to maildir", "250 delivered to maildir"},
        {OUTCOME_DEFERRED, "4.2.0", LATER "RCPT TO command)", "450 4.2.0 later"},
        {OUTCOME_BOUNCED, "5.1.1",
         "host " HOST " said: 550 5.1.1 <x>: who? (in reply to end of DATA command)",
         "550 5.1.1 <x>: who?"},
        {OUTCOME_DEFERRED, "4.3.2", "host " HOST " refused to talk to me: 421 4.3.2 closing",
         "421 4.3.2 closing"},
        {OUTCOME_DEFERRED, "4.4.1", "connect to " HOST ":25: Connection refused",
         "450 4.4.1 connect to " HOST ":25: Connection refused"},
        {OUTCOME_BOUNCED, "5.4.6", "mail for d.example loops back to myself",
         "550 5.4.6 mail for d.example loops back to myself"},
        {OUTCOME_BOUNCED, "5.1.0", "Domain d does not accept mail (nullMX)",
         "550 5.1.0 Domain d does not accept mail (nullMX)"},
        {OUTCOME_DEFERRED, "4.4.1",
         "delivery temporarily suspended: connect to " HOST ":25: Connection refused",
         "450 4.4.1 delivery temporarily suspended: connect to " HOST ":25: Connection refused"},
        {OUTCOME_DEFERRED, "4.3.2",
         "delivery temporarily suspended: host " HOST " refused to talk to me: 421 4.3.2 closing",
         "421 4.3.2 closing"},
        /* soft_bounce, or a reply code filter: the status is right, not the code */
        {OUTCOME_DEFERRED, "5.1.1",
         "host " HOST " said: 550 5.1.1 no (in reply to RCPT TO command)",
         "450 5.1.1 host " HOST " said: 550 5.1.1 no (in reply to RCPT TO command)"},
        {OUTCOME_BOUNCED, "4.2.0", LATER "RCPT TO command)", "550 4.2.0 " LATER "RCPT TO command)"},
        /* several lines, or none of a known form */
        {OUTCOME_DEFERRED, "4.0.0",
         "host " HOST " said: 450-one 450 two (in reply to DATA command)",
         "450 4.0.0 host " HOST " said: 450-one 450 two (in reply to DATA command)"},
        {OUTCOME_DEFERRED, "", "", "450 "},
        {OUTCOME_DEFERRED, "4.2.0", "host " HOST " said: ", "450 4.2.0 host " HOST " said: "},
        /* the line was cut */
        {OUTCOME_DEFERRED, "4.2.0", "host " HOST " said: 450 4.2.0 lat", "450 4.2.0 lat"},
        {OUTCOME_DEFERRED, "4.2.0", "host " HOST " said: 450", "450"},
        /* only the first quote is Postfix's */
        {OUTCOME_DEFERRED, "4.2.0",
         "host " HOST " said: 450 it said: 550 no (in reply to DATA command)",
         "450 it said: 550 no"},
    };

    return cr_make_param_array(struct wording, wordings, sizeof wordings / sizeof wordings[0]);
}

ParameterizedTest(struct wording *wording, logged_reply, has_a_text_that_reads_as_the_outcome)
{
    struct logged_reply logged = {.outcome = wording->outcome};
    struct reply reply;
    struct err err;

    memcpy(logged.dsn, wording->dsn, sizeof logged.dsn);
    char *text = logged_reply_text(&logged, wording->reason);
    cr_expect_str_eq(text, wording->text);
    cr_assert(reply_parse(&reply, text, &err), "%s", err.text);
    cr_expect_eq(reply.outcome, wording->outcome, "%s", text);
    reply_fini(&reply);
    free(text);
}

Test(logged_reply, has_a_text_where_there_is_no_reason)
{
    struct logged_reply logged = {.outcome = OUTCOME_BOUNCED, .dsn = "5.0.0"};
    char *text = logged_reply_text(&logged, NULL);

    cr_expect_str_eq(text, "550 5.0.0 ");
    free(text);
}

/* -------------------------------------------------------------------- times */

/* a before it was active, b until an agent had it, c until the session was there, d in it. */
Test(logged_reply, took_what_came_after_the_wait_for_an_agent)
{
    struct logged_attempt attempt = {.delays = {100 * SIM_SECOND, 1, 20, 300}};

    cr_expect_eq(logged_took(&attempt), 320);
    cr_expect_eq(logged_active(&attempt), 321);
    attempt.delays[2] = SIM_NEVER;
    cr_expect_eq(logged_took(&attempt), 300);
    cr_expect_eq(logged_active(&attempt), 301);
    for (int i = 0; i < 4; i++)
        attempt.delays[i] = SIM_NEVER;
    cr_expect_eq(logged_took(&attempt), 0);
    cr_expect_eq(logged_active(&attempt), 0);
}

/* ------------------------------------------------------------- whose fault it is */

static struct logged_attempt answer(enum logged_status status, const char *text)
{
    return (struct logged_attempt){.status = status, .text = text};
}

/* As smtp_trouble.c: smtp_bulk_fail has it. */
Test(logged_reply, blames_the_site_for_what_all_mail_would_meet)
{
    static const struct {
        enum logged_status status;
        const char *text;
        bool blamed;
    } rows[] = {
        {LOGGED_DEFERRED, "connect to mx[192.0.2.1]:25: Connection refused", true},
        {LOGGED_DEFERRED, "host mx[192.0.2.1] refused to talk to me: 421 no", true},
        {LOGGED_DEFERRED, "Host or domain name not found. Name service error for name=d", true},
        {LOGGED_DEFERRED, "lost connection with mx[192.0.2.1] while sending RCPT TO", true},
        {LOGGED_DEFERRED, "conversation with mx[192.0.2.1] timed out while sending message body",
         true},
        {LOGGED_DEFERRED, "host mx[192.0.2.1] said: 450 no (in reply to RCPT TO command)", false},
        {LOGGED_DEFERRED, NULL, false},
        {LOGGED_BOUNCED, "Host or domain name not found. Name service error for name=d", false},
        {LOGGED_SENT, "250 lost connection with reality", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct logged_attempt attempt = answer(rows[i].status, rows[i].text);
        struct logged_reply reply = logged_reply_of(&attempt);
        cr_expect_eq(logged_blames_site(&attempt, &reply), rows[i].blamed, "%s", rows[i].text);
    }
}

Test(logged_reply, knows_what_a_site_was_suspended_for)
{
    static const char text[] = "delivery temporarily suspended: connect to mx: no";
    struct logged_attempt suspended = answer(LOGGED_SUSPENDED, text),
                          sent = answer(LOGGED_SENT, text),
                          dead = answer(LOGGED_SUSPENDED, "mail transport unavailable"),
                          mute = answer(LOGGED_SUSPENDED, NULL);

    cr_expect_str_eq(logged_suspended_for(&suspended), "connect to mx: no");
    cr_expect_null(logged_suspended_for(&sent));
    cr_expect_null(logged_suspended_for(&dead));
    cr_expect_null(logged_suspended_for(&mute));
}
