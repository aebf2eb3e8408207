/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/results.h - a run in numbers
 *
 * An observer that sums up. All of it is integers, so that merging is exact in
 * any order. Recipients of notices are not counted among the mail; attempts to
 * deliver notices are counted among the attempts.
 */
#ifndef MODELS_RESULTS_H
#define MODELS_RESULTS_H

#include "models/classes.h"
#include "models/observer.h"
#include "sim/histogram.h"

struct results {
    struct observer observer;

    sim_time since; /* attempts and notices before it are not counted */

    uint64_t messages, recipients, notices, warnings;
    uint64_t warnings_unneeded; /* of messages that arrived since, and reached all in the end */
    uint64_t outcomes[OUTCOME_COUNT]; /* of attempts, those to deliver notices too */
    struct tally_sum fates;
    struct classes classes; /* the same of each, where the scenario has some */

    struct histogram delay;    /* ms from arrival to delivery, per recipient */
    struct histogram bad_news; /* ms from arrival until the sender is told of a failure */
    struct histogram attempts_per_message;
    struct histogram attempts_per_scan;
    uint64_t active_max, deferred_max; /* messages, notices too */
    uint64_t flushed;                  /* attempts by scans that somebody asked for */
    uint64_t deaths;                   /* of sites: how often mail for one was no longer tried */
};

void results_init(struct results *results);
void results_fini(struct results *results);

/* Adds what another run found; its queues count as if they had stood beside. */
void results_merge(struct results *into, const struct results *from);

uint64_t results_attempts(const struct results *results);

/*
 * One figure of a run. `value` is NAN where there is nothing to measure (no
 * delay when nothing was delivered).
 */
struct metric {
    const char *name; /* NULL ends the table */
    const char *unit; /* "messages" ...: a name of what is counted; or "s", or "value" */
    double (*value)(const struct results *results);
};

extern const struct metric metrics[];

size_t metric_count(void);

/* All of them, in their order. */
void metrics_measure(const struct results *results, double *figures);

/* NULL if there is none of that name. */
const struct metric *metric_find(const char *name);

#endif
