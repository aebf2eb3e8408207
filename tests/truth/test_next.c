/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The listings of a real Postfix: the forecast of each message holds the scan
 * that then took it. From the listing alone, in a window; with the time stamps
 * of the files and the scan before, that scan and no other.
 *
 * What an operator moved is not foretold: messages that were touched before
 * their next activation are left out, and so are all that a flush reached.
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv.h"
#include "io/postqueue_reader.h"
#include "models/span.h"
#include "sim/alloc.h"
#include "tests/truth/recorded.h"

#define RUN "08-operator"
#define START INT64_C(1780272000) /* 2026-06-01 00:00 */

#define DRIFT 3 /* s, of the recorded scans against the settings' period over a backoff */
#define GRID 20 /* s, that they drifted off it over the whole run, at most */
#define SLOW 1  /* s, that one period may be longer */

struct operation_seen {
    double at;
    char command[16], arguments[64];
};

struct snapshot_seen {
    struct recorded_run run;
    struct operation_seen operations[64];
    size_t operation_count;
    struct forecast_plan blind, sharp; /* without and with the last scan */
    int64_t now;                       /* s since the start of the run */
    size_t listed, held, touched, judged, in_window, exact;
};

static bool add_operation(void *user, const char *const *cells, struct err *err)
{
    struct snapshot_seen *seen = user;
    struct operation_seen *operation = &seen->operations[seen->operation_count++];

    (void)err;
    cr_assert_leq(seen->operation_count, 64);
    operation->at = strtod(cells[0], NULL);
    snprintf(operation->command, sizeof operation->command, "%s", cells[1]);
    snprintf(operation->arguments, sizeof operation->arguments, "%s", cells[2]);
    return true;
}

/* Whether someone laid hands on the message, or on all, between now and its activation. */
static bool was_touched(const struct snapshot_seen *seen, const char *id, int64_t activation)
{
    for (size_t i = 0; i < seen->operation_count; i++) {
        const struct operation_seen *operation = &seen->operations[i];
        bool flush =
            strcmp(operation->arguments, "-f") == 0 || strncmp(operation->arguments, "-s", 2) == 0;
        bool meant = strcmp(operation->command, "snapshot") != 0
                     && (flush || strstr(operation->arguments, id) != NULL);
        if (meant && operation->at >= (double)seen->now && operation->at <= (double)activation + 1)
            return true;
    }
    return false;
}

static int64_t next_activation(const struct recorded_mail *mail, int64_t now)
{
    for (size_t i = 0; i < mail->activation_count; i++) {
        if (mail->activations[i] > now)
            return mail->activations[i];
    }
    return INT64_MAX - 1; /* it was deleted */
}

static int64_t stamp_at(const struct recorded_mail *mail, int64_t now)
{
    int64_t stamp = FORECAST_UNKNOWN;

    for (size_t i = 0; i < mail->deferral_count; i++) {
        if (sim_second(mail->deferrals[i].at) <= now)
            stamp = START + mail->deferrals[i].eligible;
    }
    return stamp;
}

static void judge(struct snapshot_seen *seen, const struct recorded_mail *mail,
                  struct forecast_message *message, int64_t scan)
{
    struct forecast blind = forecast_make(&seen->blind, message);

    message->mtime = stamp_at(mail, seen->now);
    cr_assert_neq(message->mtime, FORECAST_UNKNOWN, "%s", mail->id);
    struct forecast sharp = forecast_make(&seen->sharp, message);
    int64_t off = START + scan - sharp.next.low;
    seen->judged++;
    seen->in_window += blind.next.low <= START + scan && START + scan <= blind.next.high + SLOW;
    seen->exact += sharp.next.low == sharp.next.high && llabs(off) <= DRIFT;
    if (llabs(off) > DRIFT)
        fprintf(stderr, "%s: at %lld not %lld\n", mail->id, (long long)scan,
                (long long)(sharp.next.low - START));
}

static bool see_entry(void *user, const struct queue_entry *entry, struct err *err)
{
    struct snapshot_seen *seen = user;
    uint32_t number = names_find(&seen->run.ids, entry->id, strlen(entry->id));
    struct forecast_message message = {
        .queue = entry->queue,
        .created = entry->created,
        .mtime = FORECAST_UNKNOWN,
        .null_sender = entry->sender[0] == '\0',
        .failed = entry->failed,
        .forced = entry->forced,
    };

    (void)err;
    seen->listed++;
    cr_assert_neq(number, NAMES_NONE, "%s", entry->id);
    if (entry->queue != LISTED_DEFERRED) {
        cr_assert_not(forecast_make(&seen->blind, &message).scheduled);
        seen->held++;
        return true;
    }
    const struct recorded_mail *mail = &seen->run.mails[number];
    int64_t activation = next_activation(mail, seen->now);
    if (was_touched(seen, entry->id, activation))
        seen->touched++;
    else
        judge(seen, mail, &message,
              sim_second(scan_start(&seen->run.clock, recorded_scan(&seen->run, activation))));
    return true;
}

/* The last scan before now that was not a flush's: those are no multiple of the period apart. */
static int64_t last_scan(const struct snapshot_seen *seen)
{
    const struct recorded_run *run = &seen->run;
    int64_t period = run->settings.queue_run_delay;

    for (uint64_t number = scan_after(&run->clock, seen->now * SIM_SECOND) - 1; number > 1;
         number--) {
        int64_t start = sim_second(scan_start(&run->clock, number));
        int64_t beside = (start - sim_second(run->scans[0].start)) % period;
        if (beside <= GRID || beside >= period - GRID)
            return start;
    }
    cr_assert_fail("no scan");
    return 0;
}

static void read_operations(struct snapshot_seen *seen)
{
    static const char *const columns[] = {"t_started", "command", "args", NULL};
    struct csv_rows rows = {columns, 0, add_operation, seen};
    struct err err = {0};

    cr_assert(csv_read(SOURCE_DIR "/tests/truth/" RUN "/actions.csv", &rows, &err), "%s", err.text);
}

/* `judged` of the messages can be. */
static void expect_snapshot(const char *name, int64_t now, size_t judged)
{
    struct snapshot_seen seen = {.now = now};
    struct postqueue_sink sink = {see_entry, &seen};
    struct err err = {0};
    char *path =
        alloc_printf("%s/tests/truth/" RUN "/snapshots/%s-postqueue-j.txt.gz", SOURCE_DIR, name);

    recorded_read(&seen.run, RUN);
    read_operations(&seen);
    seen.blind = forecast_present(&seen.run.settings, START + now, FORECAST_UNKNOWN);
    seen.sharp = forecast_present(&seen.run.settings, START + now, START + last_scan(&seen));
    cr_assert(postqueue_read(path, &sink, &err), "%s", err.text);
    fprintf(stderr,
            "%-28s %zu listed, %zu held, %zu touched; of %zu in their windows %zu, exact %zu\n",
            name, seen.listed, seen.held, seen.touched, seen.judged, seen.in_window, seen.exact);
    cr_expect_eq(seen.judged, judged, "%s", name);
    cr_expect_eq(seen.in_window, seen.judged, "%s", name);
    cr_expect_eq(seen.exact, seen.judged, "%s", name);
    recorded_fini(&seen.run);
    free(path);
}

TestSuite(next, .timeout = 120);

Test(next, foretells_the_recorded_retries)
{
    expect_snapshot("t0001900-before-flush", 1900, 9);
    expect_snapshot("t0002060-after-flush", 2060, 36);
    expect_snapshot("t0003700-two-held", 3700, 37);
    expect_snapshot("t0007300-one-held", 7300, 19);
    expect_snapshot("t0009100-after-site-flush", 9100, 17);
    expect_snapshot("t0015100-none-held", 15100, 27);
    expect_snapshot("t0019000-before-up", 19000, 27);
}
