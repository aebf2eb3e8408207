/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/infer/timing.h - scans and backoff times that explain retries together
 */
#ifndef MODELS_INFER_TIMING_H
#define MODELS_INFER_TIMING_H

#include "models/infer/active.h"
#include "models/infer/backoff.h"
#include "models/infer/grid.h"
#include "models/mta/postfix/parameters.h"

/* Where a retry is, of where it should be. */
enum verdict {
    VERDICT_ON_SCAN,
    VERDICT_WAITED, /* its scan paused while the active queue was full, and took it then */
    VERDICT_EARLY,
    VERDICT_LATE,
    VERDICT_OFF_GRID, /* no scan made it */
    VERDICT_COUNT
};

struct timing {
    struct grid_starts starts;
    struct grid grid;
    struct backoff backoff;
    struct full_times full;
    int64_t period_low, period_high; /* the least and the greatest period that explains as much */
    uint64_t verdicts[VERDICT_COUNT];
};

/* The best timing; its grid is empty where the retries tell no period. */
void timing_find(struct timing *timing, const struct retries *retries);

/*
 * The timing of these settings, where the log has scans that far apart. Its grid begins with the
 * first burst, even if there is no second one.
 */
void timing_check(struct timing *timing, const struct retries *retries,
                  const struct postfix_settings *settings);

/*
 * Finds the retries that waited for room in the active queue. With a `limit` of 0 that is the most
 * that were ever in it, if it is plain that there was a limit: it was reached time and again, and
 * several retries waited.
 */
void timing_find_waits(struct timing *timing, const struct retries *retries, struct active *active,
                       int64_t limit);

void timing_fini(struct timing *timing);

enum verdict timing_judge(const struct timing *timing, const struct retry *retry);

#endif
