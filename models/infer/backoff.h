/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/infer/backoff.h - which backoff times put retries on their scans?
 *
 * A message waits as long as it is old, but at least minimal_backoff_time and at
 * most maximal_backoff_time (mta/postfix/rules.h). That the scan before did not
 * take it, and this one did, says between which seconds its wait was.
 */
#ifndef MODELS_INFER_BACKOFF_H
#define MODELS_INFER_BACKOFF_H

#include "models/infer/grid.h"
#include "models/infer/retry.h"
#include "models/infer/votes.h"

/* How long a message was made to wait: from `low` to `high` seconds. */
struct wait {
    int64_t low, high;
};

/* False for a retry that no scan made. `scan` gets the scan that took it. */
bool wait_of(const struct grid *grid, const struct retry *retry, struct wait *wait,
             struct grid_scan *scan);

/* Two backoff times, and what else explains as much. */
struct backoff {
    int64_t minimal, maximal;
    struct votes_range minimal_range, maximal_range;
    uint64_t minimal_told, maximal_told; /* retries that waited for so long, and as explained */
};

/* Every `stride`-th retry is looked at. */
struct backoff backoff_fit(const struct grid *grid, const struct retries *retries, size_t stride);

/* How long it makes a message wait that failed at `age`. */
int64_t backoff_wait(const struct backoff *backoff, int64_t age);

#endif
