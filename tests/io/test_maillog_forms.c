/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One life in every form in which a log may have it, and logs that mean harm. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/maillog.h"
#include "sim/alloc.h"
#include "sim/check.h"

#define MOST 16
#define START (1780272000 * SIM_SECOND) /* 2026-06-01 00:00 UTC */
#define SENT "status=sent (250 2.0.0 Ok: \"queued\" as 1\\2)"

static struct logged_message *messages[MOST];
static size_t count;
static struct maillog_totals totals;

static void keep(void *user, struct logged_message *message)
{
    (void)user;
    cr_assert_lt(count, MOST);
    messages[count++] = message;
}

static void forget(void)
{
    while (count > 0)
        logged_message_free(messages[--count]);
}

static void use_utc(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
}

TestSuite(maillog_forms, .init = use_utc, .fini = forget);

static void read_bytes(const char *text, size_t length)
{
    struct maillog *log = maillog_new((struct maillog_sink){keep, NULL});

    forget();
    maillog_begin(log, START + 86400 * SIM_SECOND);
    maillog_feed(log, text, length);
    maillog_finish(log, &totals);
}

/* What stands before the second, the program and the text, and what ends a line. */
struct form {
    const char *name, *second, *program, *text, *end;
};

static const struct form forms[] = {
    {"traditional", "Jun  1 00:00:", " mta postfix/", "[123]: ", "\n"},
    {"postlogd", "Jun 01 00:00:", " mta postfix/", "[123]: ", "\n"},
    {"with a year", "2026 Jun  1 00:00:", ".000 mta postfix/", "[123]: ", "\n"},
    {"RFC 3339", "2026-06-01T00:00:", ".000000+00:00 mta postfix/", "[123]: ", "\n"},
    {"RFC 5424", "<22>1 2026-06-01T00:00:", "Z mta postfix/", " 123 - - ", "\n"},
    {"RFC 5424 of rsyslog", "<22>1 2026-06-01T02:00:", "+02:00 mta postfix/", " 123 - -  ", "\n"},
    {"RFC 5424 with data", "<22>1 2026-06-01T00:00:", "Z mta postfix/",
     " 123 - [a@1 b=\"c\\]\"][d] \xef\xbb\xbf", "\n"},
    {"wire of RFC 3164", "<22>Jun  1 00:00:", " mta postfix/", "[123]: ", "\n"},
    {"short-iso", "2026-06-01T00:00:", "+0000 mta postfix/", "[123]: ", "\n"},
    {"short-iso-precise", "2026-05-31T21:30:", ".000000-0230 mta postfix/", "[123]: ", "\n"},
    {"short-precise", "Jun 01 00:00:", ".000000 mta postfix/", "[123]: ", "\n"},
    {"short-full", "Mon 2026-06-01 00:00:", " UTC mta postfix/", "[123]: ", "\n"},
    {"json", "{\"__REALTIME_TIMESTAMP\":\"17802720",
     "000000\",\"_HOSTNAME\":\"mta\",\"SYSLOG_IDENTIFIER\":\"postfix/", "\",\"MESSAGE\":\"",
     "\"}\n"},
};

static bool is_json(const struct form *form)
{
    return form->second[0] == '{';
}

struct said {
    int second;
    const char *program, *text;
};

static const struct said life[] = {
    {1, "smtpd", "7A1B2C3D4E: client=client.example.org[192.0.2.1]"},
    {2, "qmgr", "7A1B2C3D4E: from=<a@example.org>, size=345, nrcpt=1 (queue active)"},
    {3, "smtp",
     "7A1B2C3D4E: to=<b@example.net>, relay=none, delay=2, delays=1/0/1/0, "
     "dsn=4.4.1, status=deferred (Connection refused)"},
    {50, "qmgr", "7A1B2C3D4E: from=<a@example.org>, size=345, nrcpt=1 (queue active)"},
    {51, "smtp",
     "7A1B2C3D4E: to=<b@example.net>, relay=mx[192.0.2.2]:25, delay=50, "
     "delays=49/0/1/0, dsn=2.0.0, " SENT},
    {52, "qmgr", "7A1B2C3D4E: removed"},
};

/* JSON writes quotes and backslashes with a backslash before them. */
static char *escaped(const char *text)
{
    char *copy = alloc_zeroed(2 * strlen(text) + 1), *end = copy;

    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            *end++ = '\\';
        *end++ = *text;
    }
    return copy;
}

static char *append(char *log, const struct form *form, const struct said *said)
{
    char *text = is_json(form) ? escaped(said->text) : alloc_text(said->text, strlen(said->text));
    char *longer = alloc_printf("%s%s%02d%s%s%s%s%s", log, form->second, said->second,
                                form->program, said->program, form->text, text, form->end);

    free(text);
    free(log);
    return longer;
}

static char *life_in(const struct form *form)
{
    char *log = alloc_text("", 0);

    for (size_t i = 0; i < COUNT_OF(life); i++)
        log = append(log, form, &life[i]);
    return log;
}

static void expect_life(const char *form)
{
    cr_assert_eq(count, 1, "%s: %zu messages", form, count);
    const struct logged_message *message = messages[0];

    cr_expect_str_eq(message->host, "mta", "%s", form);
    cr_expect_str_eq(message->queue_id, "7A1B2C3D4E", "%s", form);
    cr_expect_eq(message->arrival, START + 1 * SIM_SECOND, "%s", form);
    cr_expect_eq(message->removed, START + 52 * SIM_SECOND, "%s", form);
    cr_expect_eq(message->activation_count, 2, "%s", form);
    cr_assert_eq(message->attempt_count, 2, "%s", form);
    cr_expect_eq(message->attempts[1].at, START + 51 * SIM_SECOND, "%s", form);
    cr_expect_eq(message->attempts[1].status, LOGGED_SENT, "%s", form);
    cr_expect_str_eq(message->attempts[1].text, "250 2.0.0 Ok: \"queued\" as 1\\2", "%s", form);
    cr_expect_eq(totals.postfix_lines, COUNT_OF(life), "%s", form);
}

Test(maillog_forms, tell_the_same_life)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        char *log = life_in(&forms[i]);
        read_bytes(log, strlen(log));
        expect_life(forms[i].name);
        free(log);
    }
}

/* Each line in another form: what one remembers must not mislead the next. */
Test(maillog_forms, may_be_mixed)
{
    for (size_t first = 0; first < COUNT_OF(forms); first++) {
        char *log = alloc_text("", 0);
        for (size_t i = 0; i < COUNT_OF(life); i++)
            log = append(log, &forms[(first + i * 5) % COUNT_OF(forms)], &life[i]);
        read_bytes(log, strlen(log));
        expect_life(forms[first].name);
        free(log);
    }
}

/* What journalctl prints beside entries, and goes on with where one has several lines. */
Test(maillog_forms, leave_out_what_is_no_entry)
{
    static const char text[] =
        "-- Logs begin at Mon 2026-06-01 00:00:00 UTC, end at Mon 2026-06-01 10:00:00 UTC. --\n"
        "-- Boot 66ee14b0da5a4ac9bd1a8f5ef3ac9c4d --\n"
        "Jun 01 00:00:01 mta postfix/smtp[1]: [2.1K blob data]\n"
        "                                     second line\n"
        "{\"__REALTIME_TIMESTAMP\":\"1780272000000000\",\"_HOSTNAME\":\"mta\","
        "\"SYSLOG_IDENTIFIER\":\"postfix/smtp\",\"MESSAGE\":null}\n"
        "{\"__REALTIME_TIMESTAMP\":\"1780272000000000\",\"_HOSTNAME\":\"mta\","
        "\"SYSLOG_IDENTIFIER\":\"dovecot\",\"MESSAGE\":\"7A1B2C3D4E: removed\"}\n"
        "{\"__REALTIME_TIMESTAMP\":\"1780272000000000\",\"MESSAGE\":\"a kernel's\"}\n"
        "{\"SYSLOG_IDENTIFIER\":\"postfix/smtp\",\"MESSAGE\":\"of no time\"}\n";

    read_bytes(text, sizeof text - 1);
    cr_expect_eq(count, 0);
    cr_expect_eq(totals.postfix_lines, 2);
    cr_expect_eq(totals.foreign_lines, 2);
    cr_expect_eq(totals.unstamped_lines, 4);
}

static void expect_one_attempt(const char *json)
{
    read_bytes(json, strlen(json));
    cr_assert_eq(count, 1);
    cr_assert_eq(messages[0]->attempt_count, 1);
}

Test(maillog_forms, take_json_of_any_host)
{
    expect_one_attempt("{\"__REALTIME_TIMESTAMP\":\"1780272000000000\","
                       "\"SYSLOG_IDENTIFIER\":\"postfix-out/smtp\",\"MESSAGE\":\"7A1B2C3D4E: "
                       "to=<b@example.net>, relay=x, delay=1, "
                       "status=sent (ok)\"}");
    cr_expect_str_eq(messages[0]->host, "");
    cr_expect_str_eq(messages[0]->instance, "postfix-out");
}
