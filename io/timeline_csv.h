/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/timeline_csv.h - an observer that writes timeline.csv
 *
 * One row a bin of time: what happened in it, and how full the queues are at its
 * end. Columns: docs/tempfail.1.
 */
#ifndef IO_TIMELINE_CSV_H
#define IO_TIMELINE_CSV_H

#include "io/output.h"
#include "models/observer.h"

/* What happened in one bin of time. */
struct timeline_bin {
    uint64_t arrived, outcomes[OUTCOME_COUNT], expired;
    uint64_t busy_max; /* delivery agents, at its beginning at least */
};

/* What there is. */
struct timeline_level {
    uint64_t incoming, active, deferred, hold; /* messages */
    uint64_t busy;                             /* delivery agents */
    uint64_t dead_sites;
};

struct timeline_csv {
    struct observer observer;
    struct output output;
    uint32_t replication;
    sim_time width, start; /* of the bin under way */
    struct timeline_bin bin;
    struct timeline_level level;
};

/* Requires width > 0. */
bool timeline_csv_open(struct timeline_csv *csv, const char *folder, sim_time width,
                       struct err *err) WARN_UNUSED;

/* The run whose events come next. */
void timeline_csv_begin(struct timeline_csv *csv, uint32_t replication);

#endif
