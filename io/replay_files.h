/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/replay_files.h - a replay as a scenario that can be run, changed and shared
 */
#ifndef IO_REPLAY_FILES_H
#define IO_REPLAY_FILES_H

#include "io/main_cf.h"
#include "io/output.h"
#include "models/reconstruct.h"

/*
 * Writes arrivals.csv, evidence.csv and replay.conf into `folder`, which is
 * made. Running replay.conf repeats the replay: settings that `config` has
 * beside Postfix's defaults stand in its mta {}.
 */
bool replay_files_write(const char *folder, const struct reconstruction *r,
                        const struct reconstruct_plan *plan, const struct main_cf *config,
                        struct err *err) WARN_UNUSED;

/* The hash of the scenario that was written there, as a reader of it has it (models/scenario.h). */
uint64_t replay_files_hash(const char *folder);

/* arrivals.csv alone: the mail that came, since `start`. */
void replay_files_put_arrivals(struct output *output, const struct reconstruction *r,
                               sim_time start);

#endif
