/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/infer/timing.h - scans and backoff times that explain retries together
 */
#ifndef MODELS_INFER_TIMING_H
#define MODELS_INFER_TIMING_H

#include "models/infer/backoff.h"
#include "models/infer/grid.h"

/* Where a retry is, of where it should be. */
enum verdict {
    VERDICT_ON_SCAN,
    VERDICT_EARLY,
    VERDICT_LATE,
    VERDICT_OFF_GRID, /* no scan made it */
    VERDICT_COUNT
};

struct timing {
    struct grid_starts starts;
    struct grid grid;
    struct backoff backoff;
    int64_t period_low, period_high; /* the least and the greatest period that explains as much */
    uint64_t verdicts[VERDICT_COUNT];
};

/* The best timing; its grid is empty where the retries tell no period. */
void timing_find(struct timing *timing, const struct retries *retries);
void timing_fini(struct timing *timing);

enum verdict timing_judge(const struct timing *timing, const struct retry *retry);

#endif
