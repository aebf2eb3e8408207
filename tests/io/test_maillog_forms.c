/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One life in every form in which a log may have it, and logs that mean harm. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

Test(maillog_forms, refuse_a_name_beyond_reason)
{
    char *text = alloc_printf("{\"__REALTIME_TIMESTAMP\":\"1780272000000000\",\"_HOSTNAME\":"
                              "\"%0300d\",\"SYSLOG_IDENTIFIER\":\"postfix/qmgr\","
                              "\"MESSAGE\":\"7A1B2C3D4E: removed\"}\n",
                              1);
    read_bytes(text, strlen(text));
    cr_expect_eq(totals.foreign_lines, 1);
    free(text);
}

/* ---- logs that mean harm ---- */

/* What other readers of a log have obeyed: shells, gnuplot, spreadsheets, browsers, terminals. */
static const char *const harm[] = {
    "\"; rm -rf / #",
    "`id` $(id) ${IFS}",
    "system('id') @x\" | cat",
    "=HYPERLINK(\"http://example.net\",\"x\")",
    "<script>alert(1)</script>&amp;",
    "a,\"b\"\"c\",d",
    "%s%n%99999d",
    "\x1b]0;title\x07\x1b[2J",
    "\xff\xfe\xc0\x80 no UTF-8",
    "7A1B2C3D4E: removed",
    "status=sent (250 ok)",
    "{\"MESSAGE\":\"x\"}",
    "), relay=x, status=bounced (y",
};

static char *harmful_attempt(const char *text)
{
    return alloc_printf("7A1B2C3D4E: to=<b@example.net>, relay=none, delay=2, "
                        "status=deferred (host said: 450 %s)",
                        text);
}

static void expect_reason(const char *form, const char *harmful)
{
    char *want = alloc_printf("host said: 450 %s", harmful);

    cr_assert_eq(count, 1, "%s: %s", form, harmful);
    cr_assert_eq(messages[0]->attempt_count, 1, "%s: %s", form, harmful);
    cr_expect_eq(messages[0]->attempts[0].status, LOGGED_DEFERRED, "%s: %s", form, harmful);
    cr_expect_str_eq(messages[0]->attempts[0].text, want, "%s: %s", form, harmful);
    free(want);
}

/* A reader obeys nothing and loses nothing: who writes it out escapes it. */
Test(maillog_forms, keep_text_that_means_harm)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        for (size_t j = 0; j < COUNT_OF(harm); j++) {
            char *text = harmful_attempt(harm[j]);
            char *log = append(alloc_text("", 0), &forms[i], &(struct said){5, "smtp", text});
            read_bytes(log, strlen(log));
            expect_reason(forms[i].name, harm[j]);
            free(text);
            free(log);
        }
}

/* The same as bytes, as the journal has what is no text. */
Test(maillog_forms, keep_bytes_that_mean_harm)
{
    for (size_t j = 0; j < COUNT_OF(harm); j++) {
        char *text = harmful_attempt(harm[j]);
        char *bytes = alloc_printf("[ %u", (unsigned char)text[0]);
        for (const char *c = text + 1; *c != '\0'; c++) {
            char *more = alloc_printf("%s, %u", bytes, (unsigned char)*c);
            free(bytes);
            bytes = more;
        }
        char *log = alloc_printf("{\"__REALTIME_TIMESTAMP\":\"1780272000000000\",\"MESSAGE\":%s ],"
                                 "\"_HOSTNAME\":\"mta\",\"SYSLOG_IDENTIFIER\":\"postfix/smtp\"}",
                                 bytes);
        read_bytes(log, strlen(log));
        expect_reason("bytes", harm[j]);
        free(log);
        free(bytes);
        free(text);
    }
}

static void put_long(FILE *file, const char *before, const char *after)
{
    fputs(before, file);
    for (int i = 0; i < 1 << 20; i++)
        fputc('x', file);
    fputs(after, file);
}

/* A line of 1 MB is cut; what it told before is kept, and so are its neighbours. */
Test(maillog_forms, bear_nuls_and_lines_without_end)
{
    static const char nuls[] = "\0\0\0Jun  1 00:00:01 mta postfix/qmgr[1]: 7A1B2C3D4E: "
                               "from=<a\0@example.org>, size=345, nrcpt=1 (queue active)\n"
                               "\0\n";
    char path[] = P_tmpdir "/tempfail-forms-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    struct maillog *log = maillog_new((struct maillog_sink){keep, NULL});
    struct err err = {0};

    cr_assert_not_null(file);
    fwrite(nuls, 1, sizeof nuls - 1, file);
    put_long(file,
             "Jun  1 00:00:02 mta postfix/smtp[1]: 7A1B2C3D4E: to=<b@example.net>, "
             "relay=none, delay=2, status=deferred (",
             ")\n");
    put_long(file, "{\"MESSAGE\":\"", "\"}\n");
    put_long(file, "", "\n");
    fputs("Jun  1 00:00:03 mta postfix/qmgr[1]: 7A1B2C3D4E: removed\n", file);
    fclose(file);
    cr_expect(maillog_read(log, path, &err), "%s", err.text);
    maillog_finish(log, &totals);
    unlink(path);

    cr_assert_eq(count, 1);
    cr_expect_str_eq(messages[0]->sender, "a?@example.org");
    cr_assert_eq(messages[0]->attempt_count, 1);
    cr_expect_eq(messages[0]->attempts[0].text[0], 'x');
    cr_expect_neq(messages[0]->removed, SIM_NEVER);
    cr_expect_eq(totals.postfix_lines, 3);
    cr_expect_eq(totals.unstamped_lines, 3);
    cr_expect_eq(totals.cut_lines, 3);
}

/* ---------------------------------------------------------------- starts */

static struct logged_start starts[MOST];
static size_t start_count;

static void keep_start(void *user, const struct logged_start *start)
{
    cr_assert_lt(start_count, MOST);
    cr_expect_str_eq(start->host, "m?ta");
    cr_expect_str_eq(start->instance, start_count == 2 ? "postfix-out" : "postfix");
    cr_expect_eq(user, &totals);
    starts[start_count++] = *start;
}

/* By master alone: others quote it, and it says other things too. */
Test(maillog_forms, tell_of_starts_and_reloads)
{
    static const char text[] =
        "Jun  1 00:00:01 m\0ta postfix/master[1]: daemon started -- version 3.7.11, configuration "
        "/e\n"
        "Jun  1 00:00:02 m\0ta postfix/master[1]: reload -- version 3.7.11, configuration /e\n"
        "Jun  1 00:00:03 m\0ta postfix-out/master[1]: daemon started -- version 2.10.1, "
        "configuration /e\n"
        "Jun  1 00:00:04 m\0ta postfix/master[1]: terminating on signal 15\n"
        "Jun  1 00:00:05 m\0ta postfix/smtpd[1]: daemon started -- version 3.7.11, "
        "configuration /e\n"
        "Jun  1 00:00:06 m\0ta master[1]: daemon started -- version 3.7.11, configuration /e\n";
    struct maillog *log = maillog_new((struct maillog_sink){keep, NULL});

    maillog_tell_starts(log, (struct maillog_starts){keep_start, &totals});
    maillog_begin(log, START + 86400 * SIM_SECOND);
    maillog_feed(log, text, sizeof text - 1);
    maillog_finish(log, &totals);
    cr_assert_eq(start_count, 3);
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(starts[i].at, START + (sim_time)(i + 1) * SIM_SECOND);
        cr_expect_eq(starts[i].reloaded, i == 1);
    }
    cr_expect_eq(totals.postfix_lines, 5);
    cr_expect_eq(totals.messages, 0);
}
