/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings of real servers, from their logs alone: 27 hours with Postfix's
 * stock settings, in the folder that TEMPFAIL_LOGS names or beside the project;
 * it is not part of it.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "io/maillog.h"
#include "models/infer/infer.h"
#include "sim/alloc.h"

static struct infers infers;
static struct infer_result result;

static void take(void *user, struct logged_message *message)
{
    infers_add(user, message);
    logged_message_free(message);
}

static void read_log(const char *name)
{
    const char *named = getenv("TEMPFAIL_LOGS");
    char *path = alloc_printf("%s/%s", named != NULL ? named : SOURCE_DIR "/../shared/logs", name);
    struct err err = {0};

    setenv("TZ", "UTC", 1);
    tzset();
    if (access(path, R_OK) == 0) {
        struct maillog *log = maillog_new((struct maillog_sink){take, &infers});
        cr_expect(maillog_read(log, path, &err), "%s", err.text);
        maillog_finish(log, NULL);
    }
    free(path);
    if (infers.count == 0)
        cr_skip_test("no folder of real logs");
}

static void forget(void)
{
    infer_result_fini(&result);
    infers_fini(&infers);
}

TestSuite(infer_logs, .fini = forget, .timeout = 120);

static void expect(enum infer_setting setting, int64_t value, int64_t low, int64_t high)
{
    const struct infer_answer *answer = &result.answers[setting];

    cr_expect_eq(answer->value, value, "%s: %ld", infer_name(setting), (long)answer->value);
    cr_expect_eq(answer->low, low, "%s: from %ld", infer_name(setting), (long)answer->low);
    cr_expect_eq(answer->high, high, "%s: to %ld", infer_name(setting), (long)answer->high);
}

/* A maximum from 3902 to 4094 s leads to the same scans; so does any lifetime between the ages at
 * which messages were kept last and were given up first. */
Test(infer_logs, stock_settings_show_in_a_day_of_mail)
{
    read_log("fg-27h.log.gz");
    cr_assert_eq(infers.count, 1);
    infer_finish(&infers.list[0], &result);
    cr_expect_eq(result.retries, 7817);
    cr_expect_eq(result.on_scan, 7817);
    cr_expect_eq(result.event_count, 0);
    expect(INFER_QUEUE_RUN_DELAY, 300, 300, 300);
    expect(INFER_MINIMAL_BACKOFF_TIME, 300, 300, 300);
    expect(INFER_MAXIMAL_BACKOFF_TIME, 4000, 3902, 4094);
    expect(INFER_MAXIMAL_QUEUE_LIFETIME, 432000, 431137, 432916);
    expect(INFER_BOUNCE_QUEUE_LIFETIME, INFER_UNKNOWN, 25733, 432916);
    expect(INFER_DELAY_WARNING_TIME, 0, 431138, INFER_UNKNOWN);
    expect(INFER_SCAN_PHASE, 197, 197, 197);
}

/* A mailbox server was away: a handful of messages, the same ones all the time. */
Test(infer_logs, stock_settings_show_in_a_few_retries)
{
    read_log("dump-1.log");
    for (size_t i = 0; i < infers.count; i++) {
        if (infers.list[i].retries.count < 10)
            continue;
        infer_finish(&infers.list[i], &result);
        cr_expect_eq(result.answers[INFER_QUEUE_RUN_DELAY].value, 300);
        cr_expect_eq(result.answers[INFER_MINIMAL_BACKOFF_TIME].value, 300);
        cr_expect_eq(result.answers[INFER_MAXIMAL_BACKOFF_TIME].value, 4000);
    }
}
