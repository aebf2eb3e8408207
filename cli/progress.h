/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/progress.h - how far a long run has come, on a terminal
 *
 * An observer that writes one line on stderr, over and over, and wipes it at
 * the end. It looks at the wall clock, and nothing that is simulated looks at it.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>

#include "models/observer.h"

struct progress {
    struct observer observer;
    sim_time duration;        /* of one replication; SIM_NEVER: not known */
    uint32_t replication, of; /* the one under way, from 0 */
    double began, started;    /* wall clock, seconds: all of it, this replication */
    double said;              /* when it last spoke */
    uint64_t arrivals;
    bool shown;
};

/* Whether it is of use: stderr is a terminal. */
bool progress_is_seen(void);

/* Before the first replication, and before each. */
void progress_init(struct progress *progress, sim_time duration, uint32_t replications);
void progress_begin(struct progress *progress, uint32_t replication);

/* Of trials that run side by side, and are counted instead. */
void progress_trials(struct progress *progress, uint64_t done, uint64_t of);

/* Wipes the line. */
void progress_end(struct progress *progress);

#endif
