/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/report.h - what a report is about: the runs in some folders, against the first
 */
#ifndef IO_REPORT_H
#define IO_REPORT_H

#include "io/report_run.h"

#define REPORT_MOST_RUNS 8

struct report {
    struct report_run runs[REPORT_MOST_RUNS]; /* the first is what the others are measured by */
    size_t count;
    char *parent;          /* the one folder that they lie in; owned; NULL: there is none */
    uint64_t replications; /* of compare.csv, by its compare.json; 0: not known */
    bool paired;           /* differences are those of compare.csv, replication by replication */
    bool leaves_out_comparison; /* a compare.csv lies beside a run, which is not of it */
};

/*
 * Each folder is that of a run, or one with those of several below it: in the
 * order of its compare.csv, else `replayed`, then `stock`, then by their names.
 * Of a single folder, compare.csv tells the figures and their differences; else these are
 * taken from the figures of the runs, and the interval of one reaches from end to end of both,
 * which is never too narrow, however the two hang together. Fails with
 * EX_NOINPUT where there is no run (nor, in a single folder, a compare.csv), EX_USAGE where there
 * are too many, EX_DATAERR where a run and compare.csv do not go together, and as
 * report_run_read(). report_fini() is due in any case.
 */
bool report_read(struct report *report, const char *const *folders, size_t count,
                 struct err *err) WARN_UNUSED;

void report_fini(struct report *report);

/* Whether all runs are of one scenario, seed and number of replications. */
bool report_is_of_one_experiment(const struct report *report);

#endif
