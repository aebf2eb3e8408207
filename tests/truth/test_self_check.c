/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Of each recorded run, by its log, its scans (they drift) and its settings: how
 * many retries are on the scan that the rules name. Figures: see README.md.
 *
 * In 08 an operator flushed three times: what models/infer finds flushed is
 * explained, and is none of those on a scan of the timer's, which are found as
 * flushes scan too. In 12 the active queue is full, and all others are late; that
 * each of them waited for room is not shown here.
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/maillog.h"
#include "models/infer/infer.h"
#include "models/self_check.h"
#include "sim/alloc.h"
#include "tests/truth/recorded.h"

#define START (INT64_C(1780272000) * SIM_SECOND) /* 2026-06-01 00:00 */

struct run {
    const char *name;
    double share; /* at least, in 100 */
    bool flushed, full;
};

struct reading {
    struct recorded_run run;
    struct self_check check;
    struct infer infer;
};

static void take(void *user, struct logged_message *message)
{
    struct reading *reading = user;

    self_check_add(&reading->check, message);
    infer_add(&reading->infer, message);
    logged_message_free(message);
}

/* Drifting, as recorded: from 1970 on. */
static void choose_scans(struct reading *reading, bool flushes)
{
    struct recorded_run *run = &reading->run;

    for (size_t i = 0; i < run->scan_count; i++) {
        run->scans[i].start += START;
        run->scans[i].end += START;
    }
    self_check_init(&reading->check, &run->settings);
    if (!flushes)
        self_check_use_scans(&reading->check, run->scans, run->scan_count);
}

static uint64_t flushed(struct infer *infer)
{
    struct infer_result result;
    uint64_t retries = 0;

    infer_finish(infer, &result);
    for (size_t i = 0; i < result.event_count; i++) {
        if (result.events[i].kind == INFER_FLUSH)
            retries += result.events[i].retries;
    }
    infer_result_fini(&result);
    return retries;
}

static void expect_share(const struct run *run)
{
    char *path = alloc_printf(SOURCE_DIR "/tests/truth/%s/mail.log.gz", run->name);
    struct reading reading = {0};
    struct maillog *log = maillog_new((struct maillog_sink){take, &reading});
    struct self_check_result result;
    struct err err = {0};

    recorded_read(&reading.run, run->name);
    choose_scans(&reading, run->flushed);
    cr_assert(maillog_read(log, path, &err), "%s", err.text);
    maillog_finish(log, NULL);
    self_check_finish(&reading.check, &result);
    uint64_t flushes = run->flushed ? flushed(&reading.infer) : 0;
    double share = 100.0 * (double)(result.on_scan + flushes) / (double)result.retries;
    fprintf(stderr,
            "%-31s %4" PRIu64 " of %4" PRIu64 " on their scan, flushed %2" PRIu64 ": %5.1f %%\n",
            run->name, result.on_scan, result.retries, flushes, share);
    cr_expect_geq(share, run->share, "%s: %.2f %%", run->name, share);
    cr_expect_leq(result.on_scan + flushes, result.retries);
    if (run->full)
        cr_expect_eq(result.on_scan + result.late_by_one + result.late, result.retries);
    self_check_fini(&reading.check);
    infer_fini(&reading.infer);
    recorded_fini(&reading.run);
    free(path);
}

TestSuite(self_check, .timeout = 120);

Test(self_check, recorded_retries_are_on_their_scans)
{
    static const struct run runs[] = {
        {"02-always450-1d", 99, false, false},
        {"03-greylist", 99, false, false},
        {"04-outage-refused", 99, false, false},
        {"05-null-sender-bounce-lifetime", 97.4, false, false},
        {"06a-run1000-min300", 95.7, false, false},
        {"06b-run60-min900-max3600", 99, false, false},
        {"07-capacity-conc2", 99, false, false},
        {"08-operator", 99, true, false},
        {"09-delay-warning", 99, false, false},
        {"10-mixed-multircpt", 97.8, false, false},
    };

    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        expect_share(&runs[i]);
    expect_share(&(struct run){"12-active-queue-full", 96.2, false, true});
}
