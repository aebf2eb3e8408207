/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/scans.h - when the deferred queue is scanned
 *
 * Scans are numbered from 1. The timer is re-armed where a scan starts, so the
 * period counts from start to start and does not depend on how long a scan
 * takes (qmgr/qmgr.c: qmgr_deferred_run_event). Recorded scans come first; after
 * the last of them the period goes on.
 *
 * A scan takes a file whose time stamp is at most one second ahead of the
 * whole second it is met in (qmgr/qmgr_active.c: qmgr_active_feed).
 */
#ifndef MODELS_MTA_POSTFIX_SCANS_H
#define MODELS_MTA_POSTFIX_SCANS_H

#include <stddef.h>
#include <stdint.h>

#include "models/scenario.h"
#include "sim/check.h"
#include "sim/time.h"

#define SCAN_TOLERANCE 1 /* second */

struct scan_clock {
    int64_t period;              /* queue_run_delay, whole seconds, at least 1 */
    uint64_t first_number;       /* of the first scan that is not recorded */
    sim_time first;              /* when it starts */
    int64_t first_second;        /* the second it starts in */
    const struct scan *recorded; /* ascending; NULL: none before the first */
};

/* A clock whose first scan starts at `phase`, and others every `period` seconds. */
struct scan_clock scan_clock_at(sim_time phase, int64_t period);

/* The same, but the first scan has number `number`: of a queue manager that was restarted. */
struct scan_clock scan_clock_from(sim_time phase, int64_t period, uint64_t number);

/* A clock of recorded scans, ascending. Requires count >= 1; they must outlive it. */
struct scan_clock scan_clock_recorded(const struct scan *recorded, size_t count, int64_t period);

/* When scan `number` starts. Requires number >= 1. */
sim_time scan_start(const struct scan_clock *clock, uint64_t number);

/* The first scan that starts after `at`. */
uint64_t scan_after(const struct scan_clock *clock, sim_time at);

/* The first scan that starts at or after `at`. */
uint64_t scan_from(const struct scan_clock *clock, sim_time at);

/*
 * The first scan from `number` on that takes a file of time stamp `mtime` (whole
 * seconds): the second it starts in reaches mtime - 1, and as that is whole, so
 * does its start.
 */
static inline uint64_t scan_taking(const struct scan_clock *clock, int64_t mtime, uint64_t number)
{
    int64_t since_first = mtime - SCAN_TOLERANCE - clock->first_second;
    uint64_t taking = 0;

    if (LIKELY(since_first > 0))
        taking =
            clock->first_number + (uint64_t)((since_first + clock->period - 1) / clock->period);
    else
        taking = scan_from(clock, (mtime - SCAN_TOLERANCE) * SIM_SECOND);
    return taking > number ? taking : number;
}

#endif
