/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One step ahead: given when a real Postfix deferred a message, the model must
 * name the time stamp that it gave the file, and the scan that took it.
 *
 * A scan reads the clock anew at each file, so where a file became eligible
 * while a scan was going on, that scan can take it, or the next. Such retries
 * are told apart and not counted as right.
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <stdio.h>

#include "models/mta/postfix/rules.h"
#include "tests/truth/recorded.h"

/* Retries by the scan that took them. */
struct scans_seen {
    size_t predicted;
    size_t meanwhile; /* became eligible during the scan before, which took it */
    size_t others;
};

/* Deferrals by the time stamp of the file. */
struct stamps_seen {
    size_t exact;
    size_t deferral_late;  /* right if the deferral was recorded a second late */
    size_t creation_early; /* right if the file was made a second after its arrival */
    size_t both;
    size_t others;
};

static bool became_eligible_in(const struct scan *scan, int64_t eligible)
{
    int64_t from = eligible - SCAN_TOLERANCE;

    return sim_second(scan->start) < from && from <= sim_second(scan->end);
}

static void see_scan(struct scans_seen *seen, const struct recorded_run *run,
                     const struct recorded_deferral *deferral, int64_t activation)
{
    uint64_t predicted =
        scan_taking(&run->clock, deferral->eligible, scan_after(&run->clock, deferral->at));
    uint64_t number = recorded_scan(run, activation);

    if (number == predicted)
        seen->predicted++;
    else if (number + 1 == predicted
             && became_eligible_in(&run->scans[number - 1], deferral->eligible))
        seen->meanwhile++;
    else
        seen->others++;
}

static void see_stamp(struct stamps_seen *seen, const struct postfix_settings *settings,
                      int64_t created, const struct recorded_deferral *deferral)
{
    int64_t at = sim_second(deferral->at), age = at - created;

    if (at + postfix_backoff(settings, age) == deferral->eligible)
        seen->exact++;
    else if (at - 1 + postfix_backoff(settings, age - 1) == deferral->eligible)
        seen->deferral_late++;
    else if (at + postfix_backoff(settings, age - 1) == deferral->eligible)
        seen->creation_early++;
    else if (at - 1 + postfix_backoff(settings, age - 2) == deferral->eligible)
        seen->both++;
    else
        seen->others++;
}

/* The percentage that must be on the predicted scan; 0: the run is not fit to tell. */
static void expect_run(const char *name, size_t at_least)
{
    struct recorded_run run;
    struct scans_seen scans = {0};
    struct stamps_seen stamps = {0};

    recorded_read(&run, name);
    size_t retries = 0;
    for (const struct recorded_mail *mail = run.mails; mail < run.mails + run.count; mail++) {
        for (size_t i = 0; i < mail->deferral_count; i++, retries++) {
            cr_assert_lt(i + 1, mail->activation_count, "%s: no retry %zu", mail->id, i);
            see_scan(&scans, &run, &mail->deferrals[i], mail->activations[i + 1]);
            see_stamp(&stamps, &run.settings, sim_second(mail->arrival), &mail->deferrals[i]);
        }
    }
    fprintf(stderr,
            "%-30s scan: %zu retries, %zu predicted, %zu became eligible during the scan "
            "before, %zu others; stamp: %zu exact, deferral late %zu, creation early %zu, "
            "both %zu, %zu others\n",
            name, retries, scans.predicted, scans.meanwhile, scans.others, stamps.exact,
            stamps.deferral_late, stamps.creation_early, stamps.both, stamps.others);
    cr_expect_eq(scans.others, 0);
    cr_expect_geq(scans.predicted * 100, retries * at_least, "%s", name);
    cr_expect_eq(stamps.others, 0);
    recorded_fini(&run);
}

TestSuite(one_step, .timeout = 120);

Test(one_step, names_the_scan_of_every_retry)
{
    expect_run("02-always450-1d", 99);
    expect_run("03-greylist", 99);
    expect_run("05-null-sender-bounce-lifetime", 99);
    expect_run("06b-run60-min900-max3600", 99);
    expect_run("09-delay-warning", 99);
}

/* Its scans take up to 4 s and its maximal_backoff_time is a multiple of their period: so more
 * files became eligible during one. */
Test(one_step, names_the_scan_or_one_that_was_going_on)
{
    expect_run("06a-run1000-min300", 0);
}
