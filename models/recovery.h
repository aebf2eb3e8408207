/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/recovery.h - when a site changed its mind between two instants at which it was asked
 *
 * Instants are since 1970. Files hold milliseconds; what is run from memory shall be the same.
 */
#ifndef MODELS_RECOVERY_H
#define MODELS_RECOVERY_H

#include <stdint.h>

#include "sim/time.h"

enum recovery { RECOVERY_EARLIEST, RECOVERY_MIDDLE, RECOVERY_LATEST };

/* "earliest", "middle", "latest"; ends with NULL. */
extern const char *const recovery_names[];

/* How a reconstruction is to be read. */
struct reconstruct_plan {
    enum recovery recovery;
    sim_time start;  /* what t = 0 is: reconstruct_start() */
    sim_time end;    /* of the log, since 1970: nothing is known after it */
    int64_t phase_s; /* scans begin at this + k period since 1970 (self_check.h); -1: not known */
    int64_t period;  /* queue_run_delay of the log, seconds */
};

sim_time whole_milliseconds(sim_time at);

/* When the first scan is, since the start; SIM_NEVER if that is not known. */
sim_time reconstruct_scan_phase(const struct reconstruct_plan *plan);

/*
 * When the scan began that came to a file at `at`, or `at`. A scan comes to a file some time after
 * it began (self_check.h); a replayed one comes to all at once.
 */
sim_time start_of_scan(const struct reconstruct_plan *plan, sim_time at);

/* When a site recovered that refused at `before`, and did not at `after`, which is no earlier. */
sim_time recovered_at(const struct reconstruct_plan *plan, sim_time before, sim_time after);

/*
 * When a site fell ill that was well at `before`, and refused at `after`: as late as may be where
 * it recovered as early, for then it was away for the shortest time.
 */
sim_time fell_ill_at(const struct reconstruct_plan *plan, sim_time before, sim_time after);

#endif
