/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/infer/fit.h - scans and backoff times that explain retries together
 */
#ifndef MODELS_INFER_FIT_H
#define MODELS_INFER_FIT_H

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

struct fit {
    struct grid_starts starts;
    struct grid grid;
    struct backoff backoff;
    int64_t period_low, period_high; /* the least and the greatest period that explains as much */
    uint64_t verdicts[VERDICT_COUNT];
};

/* The best fit; its grid is empty where the retries tell no period. */
void fit_find(struct fit *fit, const struct retries *retries);
void fit_fini(struct fit *fit);

enum verdict fit_judge(const struct fit *fit, const struct retry *retry);

#endif
