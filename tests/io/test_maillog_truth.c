/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recorded runs of a real Postfix: what is read from mail.log.gz must be what
 * attempts.csv has, in the same order. The folder is tests/truth, or what
 * TEMPFAIL_TRUTH names.
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <uthash.h>

#include "io/input.h"
#include "io/maillog.h"
#include "sim/alloc.h"

/* The columns of attempts.csv up to agent; of these none is quoted. */
enum column {
    QUEUE_ID,
    SENDER,
    RCPT,
    T_ATTEMPT,
    STATUS,
    DSN,
    DELAY,
    DELAYS,
    RELAY,
    CLASS,
    T_ARRIVAL,
    ATTEMPT_NO,
    AGENT,
    COLUMNS
};

/* The start of a run in its log: 2026-06-01 00:00 UTC, or as the run's clock had it. */
#define SIMULATED_START 1780272000

struct seen {
    struct logged_message *message;
    size_t checked; /* attempts found in the table */
    UT_hash_handle hh;
};

static struct seen *by_id;

static void keep(void *user, struct logged_message *message)
{
    struct seen *seen = alloc_zeroed(sizeof *seen);

    (void)user;
    seen->message = message;
    HASH_ADD_KEYPTR(hh, by_id, message->queue_id, strlen(message->queue_id), seen);
}

static void forget(void)
{
    struct seen *seen, *next;

    HASH_ITER(hh, by_id, seen, next)
    {
        HASH_DEL(by_id, seen);
        logged_message_free(seen->message);
        free(seen);
    }
}

static void split(char *row, char *column[COLUMNS])
{
    for (int i = 0; i < COLUMNS; i++) {
        column[i] = row;
        char *comma = strchr(row, ',');
        cr_assert_not_null(comma);
        *comma = '\0';
        row = comma + 1;
    }
}

static sim_time seconds(const char *text)
{
    return (sim_time)llround(strtod(text, NULL) * (double)SIM_SECOND);
}

static void expect_delays(const sim_time delays[4], const char *text)
{
    char *end = NULL;

    for (int i = 0; i < 4; i++, text = end + 1) {
        cr_expect_eq(delays[i], (sim_time)llround(strtod(text, &end) * (double)SIM_SECOND));
        cr_expect_eq(*end, i < 3 ? '/' : '\0');
    }
}

static enum logged_status status_of(char *column[COLUMNS])
{
    if (strcmp(column[STATUS], "sent") == 0)
        return LOGGED_SENT;
    if (strcmp(column[STATUS], "bounced") == 0)
        return LOGGED_BOUNCED;
    return strcmp(column[AGENT], "error") == 0 ? LOGGED_SUSPENDED : LOGGED_DEFERRED;
}

static void expect_row(char *row)
{
    char *column[COLUMNS];
    struct seen *seen;

    split(row, column);
    HASH_FIND_STR(by_id, column[QUEUE_ID], seen);
    cr_assert_not_null(seen, "%s is not in the log", column[QUEUE_ID]);
    const struct logged_message *message = seen->message;
    cr_assert_lt(seen->checked, message->attempt_count, "%s", column[QUEUE_ID]);
    const struct logged_attempt *attempt = &message->attempts[seen->checked++];

    cr_expect_str_eq(message->sender, column[SENDER]);
    cr_expect_str_eq(message->recipients[attempt->recipient].address, column[RCPT]);
    cr_expect_eq(attempt->at, (SIMULATED_START + atol(column[T_ATTEMPT])) * SIM_SECOND);
    cr_expect_eq(attempt->status, status_of(column), "%s %s", column[QUEUE_ID], column[T_ATTEMPT]);
    cr_expect_str_eq(attempt->dsn, column[DSN]);
    cr_expect_eq(attempt->delay, seconds(column[DELAY]));
    expect_delays(attempt->delays, column[DELAYS]);
    cr_expect_str_eq(attempt->relay, column[RELAY]);
    cr_expect_neq(message->activations[attempt->activation].at, SIM_NEVER);
}

/* Only what was sent before the run began is in the log alone. */
static void expect_nothing_more(void)
{
    for (struct seen *seen = by_id; seen != NULL; seen = seen->hh.next)
        if (seen->checked != seen->message->attempt_count)
            cr_expect(seen->checked == 0 && seen->message->arrival < SIMULATED_START * SIM_SECOND,
                      "%s: %zu of %zu attempts", seen->message->queue_id, seen->checked,
                      seen->message->attempt_count);
}

static void expect_table(const char *path)
{
    struct err err = {0};
    struct input *input = input_open(path, &err);
    cr_assert_not_null(input, "%s", err.text);

    const char *line;
    size_t length;
    cr_assert(input_line(input, &line, &length));
    while (input_line(input, &line, &length)) {
        char *row = alloc_text(line, length);
        expect_row(row);
        free(row);
    }
    cr_expect(input_close(input, &err));
}

/* Beside the log, compressed or not. */
static char *table_of(const char *log)
{
    char *table = alloc_printf("%.*s/attempts.csv.gz", (int)(strrchr(log, '/') - log), log);

    if (access(table, R_OK) != 0)
        table[strlen(table) - strlen(".gz")] = '\0';
    return table;
}

/* What was recorded for its feedback only has no table. */
static bool has_table(const char *path)
{
    char *table = table_of(path);
    bool there = access(table, R_OK) == 0;

    free(table);
    return there;
}

static void expect_run(const char *path)
{
    struct maillog *log = maillog_new((struct maillog_sink){keep, NULL});
    struct err err = {0};
    char *table = table_of(path);

    cr_assert(maillog_read(log, path, &err), "%s", err.text);
    maillog_finish(log, NULL);
    expect_table(table);
    expect_nothing_more();
    forget();
    free(table);
}

static void use_utc(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
}

TestSuite(maillog_truth, .init = use_utc, .timeout = 120);

Test(maillog_truth, reads_the_attempts_that_were_recorded)
{
    const char *named = getenv("TEMPFAIL_TRUTH");
    char *pattern =
        alloc_printf("%s/*/mail.log.gz", named != NULL ? named : SOURCE_DIR "/tests/truth");
    glob_t runs;

    if (glob(pattern, 0, NULL, &runs) != 0)
        cr_skip_test("no recorded runs");
    for (size_t i = 0; i < runs.gl_pathc; i++) {
        if (has_table(runs.gl_pathv[i]))
            expect_run(runs.gl_pathv[i]);
    }
    globfree(&runs);
    free(pattern);
}
