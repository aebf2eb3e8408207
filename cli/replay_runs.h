/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/replay_runs.h - a log's mail, run again under some settings
 */
#ifndef CLI_REPLAY_RUNS_H
#define CLI_REPLAY_RUNS_H

#include "cli/policy.h"
#include "io/replay_report.h"
#include "models/lost.h"

/* All that the runs of one log have in common. */
struct replay_runs {
    const struct reconstruction *reconstruction; /* ready */
    const struct policies *policies;             /* under any of which it may be run */
    struct reconstruct_plan plan;                /* its recovery: the one that was asked for */
    sim_time first;                              /* stamp in the log, since 1970 */
    uint64_t source_hash;                        /* of replay.conf */
    bool quiet;
    struct scenario scenarios[RECOVERY_LATEST + 1]; /* each made when it is first wanted */
};

void replay_runs_fini(struct replay_runs *runs);

/*
 * Runs it under each recovery. Writes the files of a run, of the recovery that was asked for,
 * into `folder`, or none where that is NULL. Fills column->at and `fates`, of which there are
 * RECOVERY_LATEST + 1; they are the caller's to release, whether it fails or not.
 */
bool replay_runs_under(struct replay_runs *runs, const struct policy *policy, const char *folder,
                       struct replay_column *column, struct recipient_fates *fates,
                       struct err *err) WARN_UNUSED;

/* Fills column->lost: whom `fates` lose of those that `own`, by the log's own settings, deliver. */
void replay_runs_count_lost(const struct replay_runs *runs, const struct recipient_fates *own,
                            const struct recipient_fates *fates, struct replay_column *column);

#endif
