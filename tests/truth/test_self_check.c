/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Of each recorded run, by its log and its settings: how many retries are on the
 * scan that the rules name. Figures: see README.md.
 *
 * In 08 an operator flushed three times: what models/infer finds flushed is
 * explained. In 12 a scan found the active queue full, and took what it had to
 * when there was room again.
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

struct run {
    const char *name;
    double share; /* at least, in 100 */
    uint64_t flushed, waited;
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

static uint64_t flushed(const struct infer_result *result)
{
    uint64_t retries = 0;

    for (size_t i = 0; i < result->event_count; i++) {
        if (result->events[i].kind == INFER_FLUSH)
            retries += result->events[i].retries;
    }
    return retries;
}

static double percent(uint64_t part, uint64_t all)
{
    return 100.0 * (double)part / (double)all;
}

static void read_run(struct reading *reading, const char *name)
{
    char *path = alloc_printf(SOURCE_DIR "/tests/truth/%s/mail.log.gz", name);
    struct maillog *log = maillog_new((struct maillog_sink){take, reading});
    struct err err = {0};

    recorded_read(&reading->run, name);
    self_check_init(&reading->check, &reading->run.settings);
    cr_assert(maillog_read(log, path, &err), "%s", err.text);
    maillog_finish(log, NULL);
    free(path);
}

static void expect_share(const struct run *run)
{
    struct reading reading = {0};
    struct self_check_result result;
    struct infer_result inferred;

    read_run(&reading, run->name);
    self_check_finish(&reading.check, &result);
    infer_finish(&reading.infer, &inferred);
    uint64_t flushes = flushed(&inferred), explained = result.on_scan + result.waited + flushes;
    fprintf(stderr,
            "%-31s %4" PRIu64 " of %4" PRIu64 " on their scan, waited %2" PRIu64
            ", flushed %2" PRIu64 ": %6.2f %%\n",
            run->name, result.on_scan, result.retries, result.waited, flushes,
            percent(explained, result.retries));
    cr_expect_geq(percent(explained, result.retries), run->share, "%s", run->name);
    cr_expect_leq(explained, result.retries, "%s", run->name);
    cr_expect_eq(flushes, run->flushed, "%s: %" PRIu64 " flushed", run->name, flushes);
    cr_expect_eq(result.waited, run->waited, "%s: %" PRIu64 " waited", run->name, result.waited);
    cr_expect_eq(inferred.on_scan, result.on_scan, "%s: infer has %" PRIu64, run->name,
                 inferred.on_scan);
    cr_expect_eq(inferred.waited, result.waited, "%s", run->name);
    infer_result_fini(&inferred);
    self_check_fini(&reading.check);
    infer_fini(&reading.infer);
    recorded_fini(&reading.run);
}

TestSuite(self_check, .timeout = 120);

Test(self_check, recorded_retries_are_on_their_scans)
{
    static const struct run runs[] = {
        {"02-always450-1d", 100, 0, 0},
        {"03-greylist", 99.75, 0, 0},
        {"04-outage-refused", 100, 0, 0},
        {"04b-outage-421", 100, 0, 0},
        {"05-null-sender-bounce-lifetime", 98.7, 0, 0},
        {"06a-run1000-min300", 98.9, 0, 0},
        {"06b-run60-min900-max3600", 100, 0, 0},
        {"07-capacity-conc2", 100, 0, 0},
        {"08-operator", 99, 74, 0},
        {"09-delay-warning", 99.8, 0, 0},
        {"10-mixed-multircpt", 99.6, 0, 0},
        {"12-active-queue-full", 99, 0, 50},
    };

    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        expect_share(&runs[i]);
}
