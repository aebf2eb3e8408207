/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the log of each recorded run must come the settings of its main.cf, or a
 * range that holds them. The table that is printed tells how narrow it is.
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/maillog.h"
#include "io/main_cf.h"
#include "models/infer/infer.h"
#include "sim/alloc.h"

static const char *run;
static struct postfix_settings settings;
static struct infers infers;
static struct infer_result result;

static void take(void *user, struct logged_message *message)
{
    infers_add(user, message);
    logged_message_free(message);
}

static void read_settings(void)
{
    char *path = alloc_printf(SOURCE_DIR "/tests/truth/%s/main.cf", run);
    struct main_cf cf = {0};
    struct err err = {0};

    cr_assert(main_cf_read_file(&cf, path, NULL, &err), "%s", err.text);
    cr_assert(main_cf_settings(&cf, &settings, NULL, &err), "%s", err.text);
    main_cf_fini(&cf);
    free(path);
}

static void read_run(const char *name)
{
    struct maillog *log = maillog_new((struct maillog_sink){take, &infers});
    char *path = alloc_printf(SOURCE_DIR "/tests/truth/%s/mail.log.gz", name);
    struct err err = {0};

    run = name;
    read_settings();
    cr_assert(maillog_read(log, path, &err), "%s", err.text);
    maillog_finish(log, NULL);
    cr_assert_eq(infers.count, 1);
    infer_finish(&infers.list[0], &result);
    free(path);
}

static void forget_run(void)
{
    infer_result_fini(&result);
    infers_fini(&infers);
    infers = (struct infers){0};
}

/* Where there is one value and where there is none, too. */
static bool holds(const struct infer_answer *answer, int64_t value)
{
    if (value == 0 && answer->value == 0)
        return true;
    return (answer->low == INFER_UNKNOWN || answer->low <= value)
           && (answer->high == INFER_UNKNOWN || value <= answer->high);
}

static const char *figure(int64_t seconds, char text[24])
{
    if (seconds == INFER_UNKNOWN)
        return "?";
    snprintf(text, 24, "%" PRId64, seconds);
    return text;
}

static void expect(enum infer_setting setting, long value)
{
    const struct infer_answer *answer = &result.answers[setting];
    char found[24], low[24], high[24];

    fprintf(stderr, "  %-23s %7ld  found %7s  from %7s to %7s\n", infer_name(setting), value,
            figure(answer->value, found), figure(answer->low, low), figure(answer->high, high));
    cr_expect(holds(answer, value), "%s: %s is not %ld", run, infer_name(setting), value);
}

static void expect_settings(void)
{
    fprintf(stderr, "%s: %" PRIu64 " of %" PRIu64 " retries\n", run, result.on_scan,
            result.retries);
    expect(INFER_QUEUE_RUN_DELAY, settings.queue_run_delay);
    expect(INFER_MINIMAL_BACKOFF_TIME, settings.minimal_backoff_time);
    expect(INFER_MAXIMAL_BACKOFF_TIME, settings.maximal_backoff_time);
    expect(INFER_MAXIMAL_QUEUE_LIFETIME, settings.maximal_queue_lifetime);
    expect(INFER_BOUNCE_QUEUE_LIFETIME, settings.bounce_queue_lifetime);
    expect(INFER_DELAY_WARNING_TIME, settings.delay_warning_time);
    cr_expect_eq(result.answers[INFER_QUEUE_RUN_DELAY].value, settings.queue_run_delay, "%s", run);
    cr_expect_eq(result.answers[INFER_MINIMAL_BACKOFF_TIME].value, settings.minimal_backoff_time,
                 "%s", run);
}

TestSuite(infer, .timeout = 120);

Test(infer, the_settings_of_a_recorded_run_show_in_its_log)
{
    static const struct {
        const char *name;
        double explained; /* at least */
        bool old;         /* whether mail got old enough to show the maximum */
    } runs[] = {
        {"02-always450-1d", 1, true},
        {"03-greylist", 0.997, false},
        {"04-outage-refused", 1, true},
        {"04b-outage-421", 1, true},
        {"05-null-sender-bounce-lifetime", 0.98, true},
        {"06a-run1000-min300", 0.98, true},
        {"06b-run60-min900-max3600", 1, true},
        {"07-capacity-conc2", 1, true},
        {"09-delay-warning", 0.998, true},
        {"10-mixed-multircpt", 0.996, true},
        {"14-feedback-debug", 1, false},
    };

    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        read_run(runs[i].name);
        expect_settings();
        cr_expect_eq(result.answers[INFER_MAXIMAL_BACKOFF_TIME].value,
                     runs[i].old ? settings.maximal_backoff_time : INFER_UNKNOWN, "%s", run);
        cr_expect_geq((double)result.on_scan, runs[i].explained * (double)result.retries, "%s",
                      run);
        cr_expect_eq(result.event_count, 0, "%s: %zu events", run, result.event_count);
        forget_run();
    }
}

/* At 848 s a scan met a full queue, with 100 messages that were due; room was at 1149 s. */
Test(infer, a_full_active_queue_is_found_and_explains_who_waited_for_room)
{
    read_run("12-active-queue-full");
    expect_settings();
    cr_expect_eq(result.answers[INFER_MAXIMAL_BACKOFF_TIME].value, 4000);
    cr_expect_eq(result.retries, 400);
    cr_expect_eq(result.on_scan, 350);
    cr_expect_eq(result.waited, 50);
    cr_expect_eq(result.timing.full.limit, 50);
    cr_assert_eq(result.event_count, 1);
    cr_expect_eq(result.events[0].kind, INFER_FULL);
    cr_expect_eq(result.events[0].retries, 50);
    cr_expect_eq(result.events[0].at - INT64_C(1780272000), 849);
    cr_expect_eq(result.events[0].span, 300);
    forget_run();
}

/* postqueue -f at 2010 and 12345 s, -s at 9050 s; -i and what postsuper did was of one message. */
Test(infer, an_operators_flushes_are_found_and_do_not_hide_the_settings)
{
    static const int64_t flushed[] = {2010, 9050, 12345};

    read_run("08-operator");
    expect_settings();
    cr_expect_eq(result.answers[INFER_MAXIMAL_BACKOFF_TIME].value, 4000);
    cr_assert_eq(result.event_count, 3);
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(result.events[i].kind, INFER_FLUSH);
        int64_t late = result.events[i].at - INT64_C(1780272000) - flushed[i];
        cr_expect(late >= 0 && late < 10, "%ld s late", (long)late);
    }
    cr_expect_geq(result.on_scan + result.events[0].retries + result.events[1].retries
                      + result.events[2].retries,
                  result.retries * 98 / 100);
    forget_run();
}
