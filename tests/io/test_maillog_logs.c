/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logs of real servers, in the folder that TEMPFAIL_LOGS names or beside the
 * project; they are not part of it. The counts are grep's:
 *
 *     attempts     ': to=<.*status='          removed   ': removed$'
 *     activations  '(queue active)$'          expired   'status=(force-)?expired'
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io/input.h"
#include "io/maillog.h"
#include "sim/alloc.h"

/* Messages as they were handed on, and what was found in them. */
struct reading {
    struct logged_message **messages;
    size_t count, room;
    struct maillog_totals totals;
};

static const char *folder(void)
{
    const char *named = getenv("TEMPFAIL_LOGS");
    const char *path = named != NULL ? named : SOURCE_DIR "/../shared/logs";

    if (access(path, R_OK) != 0)
        cr_skip_test("no folder of real logs");
    return path;
}

static void keep(void *user, struct logged_message *message)
{
    struct reading *reading = user;

    reading->messages = alloc_grow(reading->messages, &reading->room, reading->count + 1,
                                   sizeof(struct logged_message *));
    reading->messages[reading->count++] = message;
}

static struct reading read_log(const char *name)
{
    struct reading reading = {0};
    struct maillog *log = maillog_new((struct maillog_sink){keep, &reading});
    struct err err = {0};
    char *path = alloc_printf("%s/%s", folder(), name);

    cr_expect(maillog_read(log, path, &err), "%s", err.text);
    maillog_finish(log, &reading.totals);
    free(path);
    return reading;
}

static void forget(struct reading *reading)
{
    for (size_t i = 0; i < reading->count; i++)
        logged_message_free(reading->messages[i]);
    free(reading->messages);
}

static void use_utc(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
}

TestSuite(maillog_logs, .init = use_utc, .timeout = 120);

static uint64_t attempts(const struct maillog_totals *totals)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < LOGGED_STATUS_COUNT; i++)
        sum += totals->attempts[i];
    return sum;
}

struct counts {
    const char *name;
    uint64_t attempts, activations, removed, expired, lines;
};

static const struct counts counts[] = {
    {"case-14_reuse_of_queueid.log", 67, 72, 67, 0, 603},
    {"case-26_two_recipients.log", 2, 1, 1, 0, 9},
    {"case-2_multiple_recipients_some_bounces.log", 11, 3, 3, 0, 33},
    {"case-4_lost_queue.log", 8, 8, 8, 0, 66},
    {"case-8_weird_log_file.log", 2, 2, 2, 0, 17},
    {"case-9_mixed_messages.log", 14, 6, 6, 0, 61},
    {"colog.log", 4, 2, 2, 0, 20},
    {"deferred-retry.log", 7, 4, 6, 0, 56},
    {"dump-1.log", 51, 51, 25, 0, 13888},
    {"dump-2.log", 48, 48, 31, 0, 6747},
    {"expired-multi-instance.log", 7, 6, 3, 1, 29},
    {"fg-27h.log.gz", 17085, 16963, 8955, 11, 95365},
    {"iso-27k.log.bz2", 365, 365, 365, 0, 69861},
    {"iso-27k.log.xz", 365, 365, 365, 0, 69861},
    {"modoboa.log", 0, 0, 0, 0, 519}, /* its time stamps were never filled in */
    {"twin-iso8601.log", 4, 3, 3, 0, 22},
    {"twin-traditional.log", 4, 3, 3, 0, 22},
};

Test(maillog_logs, counts_as_grep_does)
{
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        const struct counts *want = &counts[i];
        struct reading got = read_log(want->name);
        const struct maillog_totals *totals = &got.totals;

        cr_expect_eq(attempts(totals), want->attempts, "%s: attempts", want->name);
        cr_expect_eq(totals->activations, want->activations, "%s: activations", want->name);
        cr_expect_eq(totals->removed, want->removed, "%s: removed", want->name);
        cr_expect_eq(totals->expired, want->expired, "%s: expired", want->name);
        cr_expect_geq(totals->postfix_lines + totals->foreign_lines + totals->unstamped_lines,
                      want->lines, "%s: lines", want->name);
        cr_expect_eq(totals->cut_lines, 0, "%s: cut lines", want->name);
        forget(&got);
    }
}

/* Two of the 9,146 ids are others whose pseudonym was made twice ("XXXX" twice): no attempts. */
Test(maillog_logs, reads_a_day_of_retries)
{
    struct reading got = read_log("fg-27h.log.gz");
    size_t tried = 0, retried = 0, most = 0;

    for (size_t i = 0; i < got.count; i++) {
        const struct logged_message *message = got.messages[i];
        tried += message->attempt_count > 0 ? 1 : 0;
        retried += message->activation_count > 1 ? 1 : 0;
        if (message->activation_count > most)
            most = message->activation_count;
    }
    cr_expect_eq(got.count, 9146);
    cr_expect_eq(tried, 9144);
    cr_expect_eq(retried, 1182);
    cr_expect_eq(most, 25);
    forget(&got);
}

Test(maillog_logs, makes_a_new_message_of_a_queue_id_used_again)
{
    struct reading got = read_log("case-14_reuse_of_queueid.log");
    size_t same = 0;

    for (size_t i = 0; i < got.count; i++)
        same += strcmp(got.messages[i]->queue_id, "BABABABABA") == 0 ? 1 : 0;
    cr_expect_eq(same, 2);
    forget(&got);
}

static void expect_same_texts(const struct logged_message *a, const struct logged_message *b)
{
    cr_expect_str_eq(a->queue_id, b->queue_id);
    cr_expect_str_eq(a->instance, b->instance);
    cr_expect_str_eq(a->sender, b->sender);
    cr_expect_eq(a->size_bytes, b->size_bytes);
    cr_expect_eq(a->nrcpt, b->nrcpt);
    cr_assert_eq(a->attempt_count, b->attempt_count);
    cr_assert_eq(a->recipient_count, b->recipient_count);
    for (size_t i = 0; i < a->recipient_count; i++)
        cr_expect_str_eq(a->recipients[i].address, b->recipients[i].address);
    for (size_t i = 0; i < a->attempt_count; i++) {
        cr_expect_str_eq(a->attempts[i].text, b->attempts[i].text);
        cr_expect_str_eq(a->attempts[i].relay, b->attempts[i].relay);
        cr_expect_str_eq(a->attempts[i].dsn, b->attempts[i].dsn);
        cr_expect_eq(a->attempts[i].status, b->attempts[i].status);
        cr_expect_eq(a->attempts[i].delay, b->attempts[i].delay);
    }
}

/* `from` are the first stamps of the logs. */
static void expect_same_times(const struct logged_message *a, sim_time from_a,
                              const struct logged_message *b, sim_time from_b)
{
    cr_expect_eq(a->arrival - from_a, b->arrival - from_b);
    cr_expect_eq(a->removed - from_a, b->removed - from_b);
    cr_assert_eq(a->activation_count, b->activation_count);
    for (size_t i = 0; i < a->activation_count; i++)
        cr_expect_eq(a->activations[i].at - from_a, b->activations[i].at - from_b);
    for (size_t i = 0; i < a->attempt_count; i++)
        cr_expect_eq(a->attempts[i].at - from_a, b->attempts[i].at - from_b);
}

static void expect_same(const char *one, const char *two)
{
    struct reading a = read_log(one);
    struct reading b = read_log(two);

    cr_assert_eq(a.count, b.count);
    for (size_t i = 0; i < a.count; i++) {
        expect_same_texts(a.messages[i], b.messages[i]);
        expect_same_times(a.messages[i], a.totals.first, b.messages[i], b.totals.first);
    }
    forget(&a);
    forget(&b);
}

Test(maillog_logs, reads_both_forms_of_stamps_alike)
{
    expect_same("twin-traditional.log", "twin-iso8601.log");
}

Test(maillog_logs, reads_both_compressions_alike)
{
    expect_same("iso-27k.log.xz", "iso-27k.log.bz2");
}
