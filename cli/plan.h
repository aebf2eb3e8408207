/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/plan.h - a scenario under one set of settings, run
 */
#ifndef CLI_PLAN_H
#define CLI_PLAN_H

#include "io/main_cf.h"
#include "models/experiment.h"
#include "models/scenario.h"

struct plan {
    const struct scenario *scenario;
    const char *source;   /* the scenario's file, by the name that the manifest gives it */
    uint64_t source_hash; /* models/scenario.h */
    const struct main_cf *config;
    const struct postfix_settings *settings;
    uint64_t seed;
    uint32_t replications;
    sim_time bin;                 /* of the time line; 0: queue_run_delay */
    bool quiet;                   /* no progress on the terminal */
    struct observer *guest;       /* is told all that happens, too; NULL: nobody */
    struct observer *first_guest; /* ... in the first replication only */
};

/*
 * Runs all replications. Writes the files of a run into `folder`, or none where
 * that is NULL. `experiment` is empty and initialised.
 */
bool plan_run(const struct plan *plan, const char *folder, struct experiment *experiment,
              struct err *err) WARN_UNUSED;

#endif
