/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/maillog.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "sim/alloc.h"

#define MOST 64

#define START (1793721840 * SIM_SECOND) /* 2026-11-03 16:04:00 UTC */

/* A line of the first queue file, and of any. */
#define LINE(second, program, text)                                                                \
    "Nov  3 16:04:" second " mta postfix/" program "[123]: 7A1B2C3D4E: " text "\n"
#define OTHER(second, program, text)                                                               \
    "Nov  3 16:04:" second " mta postfix/" program "[123]: " text "\n"

#define CLIENT "client=client.example.org[192.0.2.1]"
#define ACTIVE "from=<a@example.org>, size=345, nrcpt=1 (queue active)"
#define REFUSED "(connect to mx.example.net[192.0.2.2]:25: Connection refused)"
#define TO "to=<b@example.net>, relay=mx.example.net[192.0.2.2]:25, "
#define NO_RELAY "to=<b@example.net>, relay=none, "

static struct logged_message *messages[MOST];
static size_t count;
static struct maillog_totals totals;

static void keep(void *user, struct logged_message *message)
{
    (void)user;
    if (count < MOST)
        messages[count++] = message;
    else
        logged_message_free(message);
}

static struct maillog *log_new(void)
{
    struct maillog *log = maillog_new((struct maillog_sink){keep, NULL});

    setenv("TZ", "UTC", 1);
    tzset();
    maillog_begin(log, START);
    return log;
}

static void read_bytes(const char *text, size_t length)
{
    struct maillog *log = log_new();

    maillog_feed(log, text, length);
    maillog_finish(log, &totals);
}

static void read_text(const char *text)
{
    read_bytes(text, strlen(text));
}

/* The message of a text that tells of one. */
static struct logged_message *read_one(const char *text)
{
    read_text(text);
    cr_assert_eq(count, 1, "%zu messages", count);
    return messages[0];
}

/* Its only attempt. */
static struct logged_attempt *read_attempt(const char *text)
{
    struct logged_message *message = read_one(text);
    cr_assert_eq(message->attempt_count, 1, "%zu attempts", message->attempt_count);
    return &message->attempts[0];
}

static void free_all(void)
{
    for (size_t i = 0; i < count; i++)
        logged_message_free(messages[i]);
}

TestSuite(maillog, .fini = free_all);

/* ---- a life ---- */

Test(maillog, tells_a_whole_life)
{
    struct logged_message *message = read_one(
        LINE("01", "smtpd", CLIENT) LINE("02", "cleanup",
                                         "message-id=<1@example.org>") LINE("02", "qmgr", ACTIVE)
            LINE("03", "smtp",
                 NO_RELAY "delay=2, delays=1/0.1/0.9/0, dsn=4.4.1, status=deferred " REFUSED)
                LINE("50", "qmgr", ACTIVE)
                    LINE("51", "smtp",
                         TO "delay=50, delays=49/0/0.9/0.1, dsn=2.0.0, status=sent (250 2.0.0 Ok)")
                        LINE("51", "qmgr", "removed"));

    cr_expect_str_eq(message->queue_id, "7A1B2C3D4E");
    cr_expect_str_eq(message->host, "mta");
    cr_expect_str_eq(message->instance, "postfix");
    cr_expect_str_eq(message->sender, "a@example.org");
    cr_expect_eq(message->size_bytes, 345);
    cr_expect_eq(message->nrcpt, 1);
    cr_expect(message->born_in_log);
    cr_expect_eq(message->arrival, START + 1 * SIM_SECOND);
    cr_expect_eq(message->removed, START + 51 * SIM_SECOND);
    cr_expect_eq(message->expired, SIM_NEVER);
    cr_assert_eq(message->activation_count, 2);
    cr_expect_eq(message->activations[0].at, START + 2 * SIM_SECOND);
    cr_expect_eq(message->activations[0].end, START + 3 * SIM_SECOND);
    cr_expect_eq(message->activations[1].at, START + 50 * SIM_SECOND);
    cr_assert_eq(message->attempt_count, 2);
    cr_expect_eq(message->attempts[1].activation, 1);
    cr_assert_eq(message->recipient_count, 1);
    cr_expect_str_eq(message->recipients[0].address, "b@example.net");
    cr_expect_null(message->recipients[0].original);
}

Test(maillog, counts_what_it_reads)
{
    read_text(
        LINE("01", "smtpd", CLIENT) LINE("02", "qmgr", ACTIVE) LINE(
            "03", "smtp", NO_RELAY "delay=2, status=deferred " REFUSED)
            LINE("03", "smtp", TO "delay=2, status=sent (x)") LINE(
                "04", "bounce", "sender delay notification: 8A1B2C3D4E")
                LINE("05", "qmgr", "from=<a@example.org>, status=expired, returned to sender") LINE(
                    "05", "bounce", "sender non-delivery notification: 9A1B2C3D4E")
                    LINE("05", "qmgr", "removed") OTHER(
                        "06", "smtpd",
                        "connect from client.example.org[192.0.2.1]") "Nov  3 16:04:07 mta "
                                                                      "dovecot: imap-login: Login\n"
                                                                      "no stamp\n\n");

    cr_expect_eq(totals.postfix_lines, 9);
    cr_expect_eq(totals.foreign_lines, 1);
    cr_expect_eq(totals.unstamped_lines, 2);
    cr_expect_eq(totals.births, 1);
    cr_expect_eq(totals.activations, 1);
    cr_expect_eq(totals.attempts[LOGGED_DEFERRED], 1);
    cr_expect_eq(totals.attempts[LOGGED_SENT], 1);
    cr_expect_eq(totals.expired, 1);
    cr_expect_eq(totals.delay_notices, 1);
    cr_expect_eq(totals.bounce_notices, 1);
    cr_expect_eq(totals.removed, 1);
    cr_expect_eq(totals.messages, 1);
    cr_expect_eq(totals.unfinished, 0);
    cr_expect_eq(totals.unqueued, 2); /* the notices, of which no more is said */
    cr_expect_eq(totals.first, START + 1 * SIM_SECOND);
    cr_expect_eq(totals.last, START + 6 * SIM_SECOND);
}

Test(maillog, finds_nothing_in_no_log)
{
    read_text("this is\nno log\n");
    cr_expect_eq(totals.postfix_lines, 0);
    cr_expect_eq(totals.unstamped_lines, 2);
    cr_expect_eq(totals.first, SIM_NEVER);
    cr_expect_eq(totals.last, SIM_NEVER);
    cr_expect_eq(count, 0);
}

/* ---- agent lines ---- */

Test(maillog, reads_all_fields_of_an_agent_line)
{
    const struct logged_attempt *attempt = read_attempt(
        LINE("30", "relay/smtp",
             "to=<b@example.net>, orig_to=<c@example.org>, "
             "relay=mx.example.net[192.0.2.2]:25, conn_use=3, delay=21.25, delays=0.7/0.44/1.5/19, "
             "tls=TLSv1.3, dsn=4.2.0, status=deferred (host mx.example.net[192.0.2.2] said: 450 "
             "4.2.0 <b@example.net>: later (soon) (in reply to RCPT TO command))"));

    cr_expect_eq(attempt->at, START + 30 * SIM_SECOND);
    cr_expect_eq(attempt->status, LOGGED_DEFERRED);
    cr_expect_eq(attempt->delay, 21250000);
    cr_expect_eq(attempt->delays[0], 700000);
    cr_expect_eq(attempt->delays[1], 440000);
    cr_expect_eq(attempt->delays[2], 1500000);
    cr_expect_eq(attempt->delays[3], 19000000);
    cr_expect_str_eq(attempt->dsn, "4.2.0");
    cr_expect_str_eq(attempt->relay, "mx.example.net[192.0.2.2]:25");
    cr_expect_str_eq(attempt->text, "host mx.example.net[192.0.2.2] said: 450 4.2.0 "
                                    "<b@example.net>: later (soon) (in reply to RCPT TO command)");
    cr_expect_str_eq(messages[0]->recipients[0].original, "c@example.org");
}

Test(maillog, reads_the_agent_lines_of_old_versions)
{
    const struct logged_attempt *attempt =
        read_attempt(LINE("30", "smtp",
                          "to=<b@example.net>, relay=mx.example.net[192.0.2.2], delay=3, "
                          "status=sent (250 Ok)"));

    cr_expect_eq(attempt->delay, 3 * SIM_SECOND);
    cr_expect_eq(attempt->delays[0], SIM_NEVER);
    cr_expect_eq(attempt->delays[3], SIM_NEVER);
    cr_expect_str_eq(attempt->dsn, "");
    cr_expect_str_eq(attempt->relay, "mx.example.net[192.0.2.2]");
}

Test(maillog, does_without_a_delay)
{
    const struct logged_attempt *attempt = read_attempt(
        LINE("30", "smtp", TO "delay=soon, delays=1/2/x, delay=5s, dsn=, status=sent (x)"));

    cr_expect_eq(attempt->delay, SIM_NEVER);
    cr_expect_eq(attempt->delays[0], SIM_NEVER);
    cr_expect_eq(messages[0]->arrival, SIM_NEVER);
}

Test(maillog, keeps_no_number_beyond_reason)
{
    const struct logged_attempt *attempt =
        read_attempt(LINE("30", "smtp",
                          TO "delay=99999999999999999999, delays=1.1234567/1000000000/999999999/0, "
                             "dsn=1.2.3.4.5.6.7.8, status=sent (x)"));

    cr_expect_eq(attempt->delay, SIM_NEVER);
    cr_expect_eq(attempt->delays[0], 1123456);
    cr_expect_eq(attempt->delays[1], SIM_NEVER);
    cr_expect_eq(attempt->delays[2], 999999999 * SIM_SECOND);
    cr_expect_str_eq(attempt->dsn, "");
}

struct status_row {
    const char *tail;
    enum logged_status status;
};

Test(maillog, tells_suspended_from_deferred)
{
    static const struct status_row rows[] = {
        {"relay=x, delay=1, status=sent (250 ok)", LOGGED_SENT},
        {"relay=x, delay=1, status=sent", LOGGED_SENT},
        {"relay=x, delay=1, status=bounced (550 no)", LOGGED_BOUNCED},
        {"relay=x, delay=1, status=SOFTBOUNCE (550 no)", LOGGED_DEFERRED},
        {"relay=none, delay=1, status=deferred " REFUSED, LOGGED_DEFERRED},
        {"relay=none, delay=1, status=deferred (delivery temporarily suspended: x)",
         LOGGED_SUSPENDED},
        {"relay=none, delay=1, status=deferred (mail transport unavailable)", LOGGED_SUSPENDED},
        {"relay=none, delay=1, status=deferred (unknown mail transport error)", LOGGED_SUSPENDED},
        {"relay=none, delay=1, status=deferred (deferred transport)", LOGGED_SUSPENDED},
        {"relay=none, delay=1, status=deferred (message is administratively expired)",
         LOGGED_SUSPENDED},
        {"relay=mx[192.0.2.1]:25, delay=1, status=deferred (delivery temporarily suspended: x)",
         LOGGED_DEFERRED},
        {"relay=x, delay=1, status=deliverable (250 ok)", LOGGED_OTHER},
        {"relay=x, delay=1, status=undeliverable (550 no)", LOGGED_OTHER},
        {"relay=x, delay=1, status=", LOGGED_OTHER},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *text = alloc_printf(LINE("30", "error", "to=<b@example.net>, %s"), rows[i].tail);
        read_text(text);
        free(text);
        cr_assert_eq(count, i + 1);
        cr_expect_eq(messages[i]->attempts[0].status, rows[i].status, "%s", rows[i].tail);
        cr_expect_eq(totals.attempts[rows[i].status], 1);
    }
}

struct address_row {
    const char *field, *address, *original;
};

Test(maillog, reads_any_address)
{
    static const struct address_row rows[] = {
        {"to=<>, ", "", NULL},
        {"to=<>, orig_to=<>, ", "", ""},
        {"to=<\"a b\"@example.net>, ", "\"a b\"@example.net", NULL},
        {"to=<\"a>, relay=x\"@example.net>, ", "\"a>, relay=x\"@example.net", NULL},
        {"to=<\"a\\\">, relay=x\"@example.net>, ", "\"a\\\">, relay=x\"@example.net", NULL},
        {"to=<\"a@example.net>, ", "\"a@example.net", NULL},
        {"to=<a> b>, c@example.net>, ", "a> b>, c@example.net", NULL},
        {"to=<a=b,c@example.net>, orig_to=<d>e@example.org>, ", "a=b,c@example.net",
         "d>e@example.org"},
        {"to=<\xc3\xa4\xff@example.net>, ", "\xc3\xa4\xff@example.net", NULL},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *text =
            alloc_printf(LINE("30", "smtp", "%srelay=x, delay=1, status=sent (ok)"), rows[i].field);
        read_text(text);
        free(text);
        cr_assert_eq(count, i + 1, "%s", rows[i].field);
        const struct logged_recipient *recipient = &messages[i]->recipients[0];
        cr_expect_str_eq(recipient->address, rows[i].address);
        if (rows[i].original == NULL)
            cr_expect_null(recipient->original);
        else
            cr_expect_str_eq(recipient->original, rows[i].original);
        cr_expect_str_eq(messages[i]->attempts[0].relay, "x");
    }
}

Test(maillog, keeps_the_reason_of_a_line_that_was_cut)
{
    const struct logged_attempt *attempt = read_attempt(
        LINE("30", "smtp", TO "delay=1, status=deferred (host mx said: 450 no (in re"));

    cr_expect_str_eq(attempt->text, "host mx said: 450 no (in re");
}

Test(maillog, passes_over_a_line_cut_before_its_status)
{
    read_text(LINE("30", "smtp", "to=<b@example.net>, ") LINE("30", "smtp", "to=<b@exam") LINE(
        "30", "smtp", TO "delay=1, delays=0/") LINE("30", "smtp", TO "delay=1, dsn=4.0.0, stat")
                  LINE("30", "qmgr", "from=<a@example.org>, size=345, nrcpt=1 (queue acti"));
    cr_expect_eq(totals.postfix_lines, 5);
    cr_expect_eq(count, 0);
}

Test(maillog, takes_any_agent)
{
    static const char *const agents[] = {"smtp",  "lmtp",    "local",      "virtual",     "pipe",
                                         "error", "discard", "relay/smtp", "amavis/smtp", "qmgr"};

    for (size_t i = 0; i < COUNT_OF(agents); i++) {
        char *text = alloc_printf("Nov  3 16:04:30 mta postfix/%s[1]: 7A1B2C3D4E: " TO
                                  "delay=1, status=sent (ok)\n",
                                  agents[i]);
        read_text(text);
        free(text);
        cr_expect_eq(count, i + 1, "%s", agents[i]);
    }
}

Test(maillog, gives_each_recipient_its_own_fate)
{
    struct logged_message *message = read_one(
        LINE("02", "qmgr", "from=<>, size=345, nrcpt=2 (queue active)")
            LINE("03", "smtp", "to=<b@example.net>, relay=x, delay=2, status=sent (ok)") LINE(
                "03", "smtp", "to=<c@example.net>, relay=none, delay=2, status=deferred " REFUSED)
                LINE("50", "qmgr", "from=<>, size=345, nrcpt=2 (queue active)") LINE(
                    "51", "smtp", "to=<c@example.net>, relay=x, delay=2, status=bounced (no)"));

    cr_expect_str_eq(message->sender, "");
    cr_expect_eq(message->nrcpt, 2);
    cr_expect_eq(message->recipient_count, 2);
    cr_assert_eq(message->attempt_count, 3);
    cr_expect_eq(message->attempts[0].recipient, 0);
    cr_expect_eq(message->attempts[1].recipient, 1);
    cr_expect_eq(message->attempts[2].recipient, 1);
    cr_expect_eq(message->attempts[2].activation, 1);
    cr_expect_eq(message->recipients[1].last, 2);
}

Test(maillog, counts_repeated_messages)
{
    struct logged_message *message = read_one(OTHER(
        "30", "smtp",
        "message repeated 3 times: [ 7A1B2C3D4E: " NO_RELAY "delay=1, status=deferred (x [y])]"));

    cr_expect_eq(message->attempt_count, 3);
    cr_expect_str_eq(message->attempts[2].text, "x [y]");
    cr_expect_eq(totals.attempts[LOGGED_DEFERRED], 3);
    cr_expect_eq(totals.postfix_lines, 1);
}

Test(maillog, does_not_believe_in_a_million_repetitions)
{
    read_text(OTHER("30", "smtp",
                    "message repeated 1000000 times: [ 7A1B2C3D4E: " TO "delay=1, status=sent (x)]")
                  OTHER("30", "smtp",
                        "message repeated 0 times: [ 7A1B2C3D4E: " TO "delay=1, status=sent (x)]"));
    cr_expect_eq(count, 0);
}

/* ---- whose line it is ---- */

struct prefix_row {
    const char *prefix, *host, *instance;
};

Test(maillog, knows_postfix_by_its_tag)
{
    static const struct prefix_row rows[] = {
        {"Nov  3 16:04:30 mta postfix/smtp[1]: ", "mta", "postfix"},
        {"Nov  3 16:04:30 mta postfix/smtp: ", "mta", "postfix"},
        {"Nov  3 16:04:30 192.0.2.9 postfix-192.0.2.8/smtp[1]: ", "192.0.2.9", "postfix-192.0.2.8"},
        {"Nov  3 16:04:30 mta postfix/out/relay/smtp[1]: ", "mta", "postfix"},
        {"Nov  3 16:04:30 mta relay7/smtp[1]: ", "mta", "relay7"},
        {"2026-11-03T16:04:30.000001+00:00 mta postfix/smtp[1]: ", "mta", "postfix"},
        {"<22>Nov  3 16:04:30 mta postfix/smtp[1]: ", "mta", "postfix"},
        {"<22>1 2026-11-03T16:04:30Z mta postfix/smtp 1 - - ", "mta", "postfix"},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *text =
            alloc_printf("%s7A1B2C3D4E: " TO "delay=1, status=sent (ok)\n", rows[i].prefix);
        read_text(text);
        free(text);
        cr_assert_eq(count, i + 1, "%s", rows[i].prefix);
        cr_expect_str_eq(messages[i]->host, rows[i].host);
        cr_expect_str_eq(messages[i]->instance, rows[i].instance);
    }
}

Test(maillog, is_not_fooled_by_others_who_quote_postfix)
{
    static const char *const prefixes[] = {
        "Nov  3 16:04:30 mta amavis[1]: ",
        "Nov  3 16:04:30 mta amavis[1]: postfix/smtp[1]: ",
        "Nov  3 16:04:30 mta cron/job[1]: ",
        "Nov  3 16:04:30 mta /smtp[1]: ",
        "Nov  3 16:04:30 mta postfixer[1]: ",
        "Nov  3 16:04:30 mta ",
        "Nov  3 16:04:30 ",
        "<22>1 2026-11-03T16:04:30Z mta postfix/smtp 1 ",
    };

    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        char *text = alloc_printf("%s7A1B2C3D4E: " TO "delay=1, status=sent (ok)\n", prefixes[i]);
        read_text(text);
        free(text);
        cr_expect_eq(totals.foreign_lines, 1, "%s", prefixes[i]);
        cr_expect_eq(totals.postfix_lines, 0, "%s", prefixes[i]);
    }
    cr_expect_eq(count, 0);
}

Test(maillog, follows_no_line_without_a_queue_id)
{
    read_text(
        OTHER("30", "smtp", TO "delay=1, status=sent (ok)")
            OTHER("30", "smtp", "warning: " TO "delay=1, status=sent (ok)")
                OTHER("30", "smtp", "7A1B2: " TO "delay=1, status=sent (ok)") OTHER(
                    "30", "smtp", "7A1B-C3D4E: " TO "delay=1, status=sent (ok)")
                    OTHER("30", "smtpd", "NOQUEUE: " CLIENT) OTHER(
                        "30", "smtpd", "NOQUEUE: reject: RCPT from x; from=<> to=<b@example.net>")
                        LINE("30", "cleanup",
                             "info: header X: to=<b@example.net>, relay=x, status=sent (x)")
                            LINE("30", "smtp",
                                 "host x said: 450 to=<b@example.net>, relay=x, status=sent (x)"));
    cr_expect_eq(totals.postfix_lines, 8);
    cr_expect_eq(totals.births, 0);
    cr_expect_eq(count, 0);
}

Test(maillog, takes_each_form_of_queue_id)
{
    static const char *const ids[] = {"A63ED24324", "3bZLDk1V50z37Dv", "7E1AEC2C388XXXX", "ABCDEF"};

    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        char *text = alloc_printf("Nov  3 16:04:30 mta postfix/qmgr[1]: %s: " ACTIVE "\n", ids[i]);
        read_text(text);
        free(text);
        cr_assert_eq(count, i + 1);
        cr_expect_str_eq(messages[i]->queue_id, ids[i]);
    }
}

Test(maillog, tells_hosts_and_instances_apart)
{
    read_text("Nov  3 16:04:30 one postfix/qmgr[1]: 7A1B2C3D4E: " ACTIVE "\n"
              "Nov  3 16:04:31 two postfix/qmgr[1]: 7A1B2C3D4E: " ACTIVE "\n"
              "Nov  3 16:04:32 two postfix-b/qmgr[1]: 7A1B2C3D4E: " ACTIVE "\n"
              "Nov  3 16:04:33 two postfix/qmgr[1]: 7A1B2C3D4E: removed\n");
    cr_assert_eq(count, 3);
    cr_expect_str_eq(messages[0]->host, "two");
    cr_expect_str_eq(messages[0]->instance, "postfix");
    cr_expect_str_eq(messages[1]->host, "one");
    cr_expect_str_eq(messages[2]->instance, "postfix-b");
}

/* ---- dirty text ---- */

Test(maillog, survives_carriage_returns_and_nul_bytes)
{
    static const char text[] =
        "\0\0\0Nov  3 16:04:30 mta postfix/qmgr[1]: 7A1B2C3D4E: " ACTIVE "\r\n"
        "Nov  3 16:04:31 mta postfix/smtp[1]: 7A1B2C3D4E: " TO "delay=1, status=sent (o\0k)\r\n"
        "Nov  3 16:04:31 mta postfix/qmgr[1]: 7A1B2C3D4E: removed\r\n";

    read_bytes(text, sizeof text - 1);
    cr_assert_eq(count, 1);
    cr_expect_str_eq(messages[0]->attempts[0].text, "o?k");
    cr_expect_neq(messages[0]->removed, SIM_NEVER);
}

Test(maillog, keeps_a_reason_of_many_kilobytes)
{
    char reason[9001];
    memset(reason, 'x', sizeof reason - 1);
    reason[sizeof reason - 1] = '\0';
    char *text = alloc_printf(LINE("30", "smtp", TO "delay=1, status=deferred (%s)"), reason);

    cr_expect_str_eq(read_attempt(text)->text, reason);
    free(text);
}

Test(maillog, reads_a_sender_from_the_end_of_its_line)
{
    struct logged_message *message =
        read_one(LINE("30", "qmgr",
                      "from=<x>, size=1, nrcpt=9 (queue active)@example.org>, size=2, nrcpt=3 "
                      "(queue active)"));

    cr_expect_str_eq(message->sender, "x>, size=1, nrcpt=9 (queue active)@example.org");
    cr_expect_eq(message->size_bytes, 2);
    cr_expect_eq(message->nrcpt, 3);
}

Test(maillog, bounds_the_numbers_of_a_sender_line)
{
    struct logged_message *message = read_one(LINE(
        "30", "qmgr", "from=<>, size=99999999999999999999999, nrcpt=4294967296 (queue active)"));

    cr_expect_geq(message->size_bytes, 0);
    cr_expect_eq(message->nrcpt, UINT32_MAX);
}

/* ---- where the log does not hold all ---- */

Test(maillog, takes_the_arrival_from_the_first_delay_if_it_must)
{
    struct logged_message *message = read_one(
        LINE("30", "smtp", NO_RELAY "delay=1000, delays=999/0/1/0, status=deferred " REFUSED)
            LINE("50", "qmgr", ACTIVE)
                LINE("51", "smtp", TO "delay=1022, delays=1021/0/1/0, status=sent (ok)"));

    cr_expect_not(message->born_in_log);
    cr_expect_eq(message->arrival, START + (30 - 1000) * SIM_SECOND);
    cr_expect_eq(message->activations[0].at, SIM_NEVER);
    cr_expect_eq(message->activations[0].end, START + 30 * SIM_SECOND);
    cr_expect_eq(message->activations[1].at, START + 50 * SIM_SECOND);
}

Test(maillog, sees_a_new_trip_by_the_time_it_was_entered)
{
    struct logged_message *message = read_one(
        "Nov  3 16:00:00 mta postfix/smtp[1]: 7A1B2C3D4E: to=<b@example.net>, relay=x, delay=9, "
        "delays=1/2/3/3, status=deferred (x)\n"
        "Nov  3 16:00:30 mta postfix/smtp[1]: 7A1B2C3D4E: to=<c@example.net>, relay=x, delay=39, "
        "delays=1/0/0/38, status=deferred (x)\n"
        "Nov  3 16:05:00 mta postfix/smtp[1]: 7A1B2C3D4E: to=<b@example.net>, relay=x, delay=309, "
        "delays=300/0/0/9, status=deferred (x)\n");

    cr_assert_eq(message->activation_count, 2);
    cr_expect_eq(message->attempts[1].activation, 0);
    cr_expect_eq(message->attempts[2].activation, 1);
    cr_expect_eq(message->activations[1].at, SIM_NEVER);
}

Test(maillog, sees_a_new_trip_by_a_recipient_tried_again)
{
    struct logged_message *message = read_one(
        "Nov  3 16:00:00 mta postfix/smtp[1]: 7A1B2C3D4E: " TO "delay=9, status=deferred (x)\n"
        "Nov  3 16:03:00 mta postfix/smtp[1]: 7A1B2C3D4E: to=<c@example.net>, relay=x, delay=189, "
        "status=deferred (x)\n"
        "Nov  3 16:03:01 mta postfix/smtp[1]: 7A1B2C3D4E: " TO "delay=190, status=deferred (x)\n"
        "Nov  3 16:03:30 mta postfix/smtp[1]: 7A1B2C3D4E: " TO "delay=219, status=deferred (x)\n");

    cr_assert_eq(message->activation_count, 2);
    cr_expect_eq(message->attempts[1].activation, 0);
    cr_expect_eq(message->attempts[2].activation, 1);
    cr_expect_eq(message->attempts[3].activation, 1);
}

Test(maillog, believes_the_queue_manager_about_trips)
{
    struct logged_message *message = read_one(
        LINE("01", "qmgr", ACTIVE)
            LINE("02", "smtp", TO "delay=1, delays=1/0/0/0, status=deferred (x)")
                LINE("30", "qmgr", ACTIVE)
                    LINE("59", "smtp", TO "delay=58, delays=30/0/0/0, status=deferred (x)"));

    cr_expect_eq(message->activation_count, 2);
}

Test(maillog, hands_on_what_did_not_leave)
{
    struct logged_message *message = read_one(LINE("01", "qmgr", ACTIVE));

    cr_expect_eq(message->removed, SIM_NEVER);
    cr_expect_eq(message->activations[0].end, SIM_NEVER);
    cr_expect_eq(totals.unfinished, 1);
}

Test(maillog, ignores_the_end_of_a_message_it_never_saw)
{
    read_text(LINE("01", "qmgr", "from=<a@example.org>, status=expired, returned to sender")
                  LINE("02", "qmgr", "removed"));
    cr_expect_eq(count, 0);
    cr_expect_eq(totals.expired, 1);
    cr_expect_eq(totals.removed, 1);
}

Test(maillog, hands_on_no_transaction_that_was_broken_off)
{
    read_text(LINE("01", "smtpd", CLIENT) LINE("02", "smtpd", "reject: END-OF-MESSAGE from x"));
    cr_expect_eq(count, 0);
    cr_expect_eq(totals.unqueued, 1);
}

/* ---- expiry, notices, operators ---- */

Test(maillog, tells_expiry_and_links_the_bounce)
{
    read_text(LINE("01", "qmgr", ACTIVE)
                  LINE("02", "smtp", NO_RELAY "delay=432001, status=deferred " REFUSED)
                      LINE("02", "qmgr", "from=<a@example.org>, status=expired, returned to sender")
                          LINE("03", "bounce", "sender non-delivery notification: 8A1B2C3D4E")
                              OTHER("03", "cleanup", "8A1B2C3D4E: message-id=<2@example.org>")
                                  OTHER("03", "qmgr",
                                        "8A1B2C3D4E: from=<>, size=2000, nrcpt=1 (queue active)")
                                      LINE("03", "qmgr", "removed"));

    cr_assert_eq(count, 2);
    cr_expect_eq(messages[0]->expired, START + 2 * SIM_SECOND);
    cr_expect_not(messages[0]->forced);
    cr_expect_eq(messages[0]->bounce_notices, 1);
    cr_expect_not(messages[0]->is_notice);
    cr_expect_eq(messages[0]->removed, START + 3 * SIM_SECOND);
    cr_expect_str_eq(messages[1]->queue_id, "8A1B2C3D4E");
    cr_expect(messages[1]->is_notice);
    cr_expect(messages[1]->born_in_log);
    cr_expect_eq(messages[1]->arrival, START + 3 * SIM_SECOND);
}

Test(maillog, links_a_notice_that_was_quicker_than_its_line)
{
    read_text(LINE("01", "qmgr", ACTIVE)
                  OTHER("03", "cleanup", "8A1B2C3D4E: message-id=<2@example.org>")
                      OTHER("03", "qmgr", "8A1B2C3D4E: from=<>, size=2000, nrcpt=1 (queue active)")
                          OTHER("04", "qmgr", "8A1B2C3D4E: removed")
                              LINE("05", "bounce", "sender delay notification: 8A1B2C3D4E")
                                  LINE("06", "bounce", "sender delay notification: 9A1B2C3D4E"));

    cr_assert_eq(count, 2);
    cr_expect_str_eq(messages[0]->queue_id, "8A1B2C3D4E");
    cr_expect(messages[0]->is_notice);
    cr_expect_eq(messages[1]->delay_notices, 2);
    cr_expect_eq(messages[1]->warned, START + 5 * SIM_SECOND); /* the first of them */
    cr_expect_eq(messages[1]->bounce_notices, 0);
    cr_expect_eq(messages[0]->warned, SIM_NEVER);
}

Test(maillog, takes_no_older_message_for_a_notice)
{
    read_text(OTHER("01", "smtpd", "8A1B2C3D4E: " CLIENT) OTHER("01", "qmgr", "8A1B2C3D4E: " ACTIVE)
                  LINE("03", "bounce", "postmaster non-delivery notification: 8A1B2C3D4E") OTHER(
                      "03", "qmgr", "8A1B2C3D4E: from=<>, size=2000, nrcpt=1 (queue active)"));

    cr_assert_eq(count, 2);
    cr_expect_not(messages[0]->is_notice);
    cr_expect(messages[1]->is_notice);
    cr_expect_eq(totals.other_notices, 1);
}

Test(maillog, tells_a_forced_expiry)
{
    struct logged_message *message = read_one(
        LINE("01", "qmgr", ACTIVE) LINE("02", "postsuper", "expired")
            LINE("05", "qmgr", "from=<a@example.org>, status=force-expired, returned to sender"));

    cr_expect_eq(message->expired, START + 5 * SIM_SECOND);
    cr_expect(message->forced);
}

Test(maillog, tells_what_an_operator_took_away)
{
    read_text(LINE("01", "qmgr", ACTIVE) LINE("02", "postsuper", "removed")
                  OTHER("03", "qmgr", "8A1B2C3D4E: " ACTIVE)
                      OTHER("04", "postsuper", "8A1B2C3D4E: requeued")
                          OTHER("05", "qmgr", "9A1B2C3D4E: " ACTIVE)
                              OTHER("06", "postsuper", "9A1B2C3D4E: placed on hold")
                                  OTHER("07", "qmgr", "9A1B2C3D4E: removed"));

    cr_assert_eq(count, 3);
    cr_expect(messages[0]->by_operator);
    cr_expect_eq(messages[0]->removed, START + 2 * SIM_SECOND);
    cr_expect(messages[1]->by_operator);
    cr_expect_eq(messages[1]->removed, START + 4 * SIM_SECOND);
    cr_expect_not(messages[2]->by_operator);
    cr_expect_eq(messages[2]->removed, START + 7 * SIM_SECOND);
}

/* Only postsuper's own words are its own. */
Test(maillog, tells_what_an_operator_did_to_a_message_that_stayed)
{
    struct logged_message *message = read_one(
        LINE("01", "qmgr", ACTIVE) LINE("02", "postsuper", "placed on hold")
            LINE("03", "postsuper", "expired") LINE("03", "postsuper", "released from hold")
                LINE("04", "qmgr", "placed on hold") LINE("05", "postsuper", "renamed"));
    static const enum operation_kind kinds[] = {OPERATION_HOLD, OPERATION_EXPIRE,
                                                OPERATION_RELEASE};
    static const int at[] = {2, 3, 3};

    cr_assert_eq(message->deed_count, 3);
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(message->deeds[i].kind, kinds[i], "%d", i);
        cr_expect_eq(message->deeds[i].at, START + at[i] * SIM_SECOND, "%d", i);
    }
    cr_expect_not(message->by_operator);
    cr_expect_eq(message->expired, SIM_NEVER);
}

Test(maillog, tells_in_which_order_messages_became_active)
{
    read_text(LINE("01", "qmgr", ACTIVE) OTHER("01", "qmgr", "8A1B2C3D4E: " ACTIVE)
                  LINE("02", "qmgr", ACTIVE));

    cr_assert_eq(count, 2);
    bool first = messages[0]->activation_count == 2;
    const struct logged_message *twice = messages[!first], *once = messages[first];
    cr_expect_lt(twice->activations[0].line, once->activations[0].line);
    cr_expect_lt(once->activations[0].line, twice->activations[1].line);
    cr_expect_gt(twice->activations[0].line, 0);
}

/* ---- queue ids used again, and lines out of order ---- */

Test(maillog, takes_a_queue_id_used_again_for_a_new_message)
{
    read_text(LINE("01", "smtpd", CLIENT) LINE("01", "qmgr", ACTIVE) LINE("01", "qmgr", "removed")
                  LINE("02", "smtpd", CLIENT)
                      LINE("02", "qmgr", "from=<z@example.org>, size=1, nrcpt=1 (queue active)")
                          LINE("02", "qmgr", "removed"));

    cr_assert_eq(count, 2);
    cr_expect_str_eq(messages[0]->sender, "a@example.org");
    cr_expect_str_eq(messages[1]->sender, "z@example.org");
    cr_expect_eq(messages[1]->arrival, START + 2 * SIM_SECOND);
}

Test(maillog, begins_anew_when_a_live_id_is_born_again)
{
    read_text(LINE("01", "smtpd", CLIENT) LINE("01", "qmgr", ACTIVE)
                  LINE("02", "pickup", "uid=0 from=<root>") LINE("02", "qmgr", ACTIVE)
                      LINE("30", "cleanup", "message-id=<3@example.org>")
                          LINE("30", "qmgr", ACTIVE));

    cr_assert_eq(count, 3);
    cr_expect_eq(messages[0]->removed, SIM_NEVER);
    cr_expect_eq(messages[1]->arrival, START + 2 * SIM_SECOND);
    cr_expect_eq(messages[2]->arrival, START + 30 * SIM_SECOND);
}

Test(maillog, begins_anew_when_a_removed_id_is_active_again)
{
    read_text(LINE("01", "qmgr", ACTIVE) LINE("02", "qmgr", "removed") LINE("03", "qmgr", ACTIVE));
    cr_assert_eq(count, 2);
    cr_expect_eq(messages[0]->activation_count, 1);
    cr_expect_eq(messages[1]->activation_count, 1);
}

Test(maillog, joins_birth_lines_in_any_order)
{
    struct logged_message *message =
        read_one(LINE("03", "cleanup", "message-id=<1@example.org>") LINE("04", "qmgr", ACTIVE)
                     LINE("02", "smtpd", CLIENT));

    cr_expect(message->born_in_log);
    cr_expect_eq(message->arrival, START + 2 * SIM_SECOND);
    cr_expect_eq(message->activation_count, 1);
}

Test(maillog, waits_for_the_data_of_a_slow_client)
{
    struct logged_message *message = read_one(LINE("01", "smtpd", CLIENT) LINE(
        "55", "cleanup", "message-id=<1@example.org>") LINE("55", "qmgr", ACTIVE));

    cr_expect_eq(message->arrival, START + 1 * SIM_SECOND);
}

Test(maillog, adds_an_answer_that_comes_after_the_removal)
{
    struct logged_message *message =
        read_one(LINE("01", "qmgr", ACTIVE) LINE("03", "qmgr", "removed")
                     LINE("03", "smtp", TO "delay=2, delays=0/0/1/1, status=sent (ok)")
                         LINE("05", "qmgr", "removed"));

    cr_expect_eq(message->attempt_count, 1);
    cr_expect_eq(message->activation_count, 1);
    cr_expect_eq(message->removed, START + 3 * SIM_SECOND);
}

/* ---- memory follows the queue ---- */

Test(maillog, lets_go_of_a_message_soon_after_it_left)
{
    struct maillog *log = log_new();
    static const char one[] = LINE("01", "qmgr", ACTIVE) LINE("02", "qmgr", "removed");
    static const char five_seconds[] = OTHER("07", "qmgr", "8A1B2C3D4E: " ACTIVE);
    static const char six_seconds[] = OTHER("08", "qmgr", "8A1B2C3D4E: removed");

    maillog_feed(log, one, sizeof one - 1);
    maillog_feed(log, five_seconds, sizeof five_seconds - 1);
    cr_expect_eq(count, 0);
    maillog_feed(log, six_seconds, sizeof six_seconds - 1);
    cr_expect_eq(count, 1);
    cr_expect_eq(maillog_totals(log)->messages, 1);
    maillog_finish(log, NULL);
}

Test(maillog, forgets_births_that_lead_to_nothing)
{
    struct maillog *log = log_new();
    static const char text[] = "Nov  3 01:00:00 mta postfix/smtpd[1]: 7A1B2C3D4E: " CLIENT "\n"
                               "Nov  3 05:00:01 mta postfix/smtpd[1]: 8A1B2C3D4E: " CLIENT "\n";

    maillog_feed(log, text, sizeof text - 1);
    cr_expect_eq(maillog_totals(log)->unqueued, 1);
    maillog_finish(log, &totals);
    cr_expect_eq(totals.unqueued, 2);
}

Test(maillog, gives_up_on_mail_that_is_silent_for_a_month)
{
    struct maillog *log = log_new();
    static const char text[] = "Oct  1 00:00:00 mta postfix/qmgr[1]: 7A1B2C3D4E: " ACTIVE "\n"
                               "Oct 31 00:00:00 mta postfix/qmgr[1]: 8A1B2C3D4E: " ACTIVE "\n";
    static const char later[] = "Oct 31 00:00:01 mta postfix/qmgr[1]: 8A1B2C3D4E: removed\n";

    maillog_feed(log, text, sizeof text - 1);
    cr_expect_eq(count, 0);
    maillog_feed(log, later, sizeof later - 1);
    cr_expect_eq(count, 1);
    maillog_finish(log, NULL);
}

/* ---- files ---- */

static void write_file(const char *path, const char *text, time_t written)
{
    FILE *file = fopen(path, "w");
    struct timespec times[2] = {{.tv_sec = written}, {.tv_sec = written}};

    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
    cr_assert_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

Test(maillog, reads_rotated_files_as_one_log)
{
    char one[] = P_tmpdir "/tempfail-log-XXXXXX";
    char two[] = P_tmpdir "/tempfail-log-XXXXXX";
    close(mkstemp(one));
    close(mkstemp(two));
    write_file(one, "Dec 31 23:00:00 mta postfix/qmgr[1]: 7A1B2C3D4E: " ACTIVE "\n", 1767225600);
    write_file(two, "Jan  1 01:00:00 mta postfix/qmgr[1]: 7A1B2C3D4E: " ACTIVE "\n", 1767300000);

    struct maillog *log = log_new();
    struct err err = {0};
    cr_expect(maillog_read(log, one, &err), "%s", err.text);
    cr_expect(maillog_read(log, two, &err), "%s", err.text);
    maillog_finish(log, &totals);
    unlink(one);
    unlink(two);
    cr_assert_eq(count, 1);
    cr_assert_eq(messages[0]->activation_count, 2);
    cr_expect_eq(messages[0]->activations[0].at, (1767225600 - 3600) * SIM_SECOND);
    cr_expect_eq(messages[0]->activations[1].at, (1767225600 + 3600) * SIM_SECOND);
}

Test(maillog, says_which_file_it_cannot_read)
{
    struct maillog *log = log_new();
    struct err err;

    cr_expect_not(maillog_read(log, "no/such/mail.log", &err));
    cr_expect_str_eq(err.text, "no/such/mail.log: No such file or directory");
    cr_expect_eq(err.status, EX_NOINPUT);
    maillog_finish(log, NULL);
}

Test(maillog, reads_a_last_line_without_a_newline)
{
    static const char text[] = LINE("01", "qmgr", ACTIVE) LINE("02", "qmgr", "removed");

    read_bytes(text, sizeof text - 2);
    cr_assert_eq(count, 1);
    cr_expect_eq(messages[0]->removed, START + 2 * SIM_SECOND);
}
