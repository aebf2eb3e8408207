/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/infer/gaps.h"

#include <stdlib.h>

#include "models/mta/postfix/scans.h"
#include "sim/alloc.h"

static int32_t clamped(int64_t seconds)
{
    if (seconds < 0)
        return 0;
    return seconds > INT32_MAX ? INT32_MAX : (int32_t)seconds;
}

static int32_t predicted_wait(const struct timing *timing, const struct retry *retry,
                              enum verdict verdict)
{
    int64_t wait = backoff_wait(&timing->backoff, retry->age);
    int64_t after = wait - SCAN_TOLERANCE > 1 ? wait - SCAN_TOLERANCE : 1;
    struct grid_scan scan;

    if (timing->grid.count == 0)
        return GAP_UNKNOWN;
    if (verdict == VERDICT_ON_SCAN && grid_scan_at(&timing->grid, retry_start(retry), &scan))
        return clamped(scan.at - retry->deferred);
    return clamped(grid_scan_from(&timing->grid, retry->deferred + after) - retry->deferred);
}

struct gap gap_of(const struct timing *timing, const struct retry *retry)
{
    enum verdict verdict = timing_judge(timing, retry);

    return (struct gap){predicted_wait(timing, retry, verdict), retry->picked_up, verdict, 1};
}

static int in_order(const void *a, const void *b)
{
    const struct gap *x = a, *y = b;

    if (x->verdict != y->verdict)
        return x->verdict < y->verdict ? -1 : 1;
    if (x->predicted != y->predicted)
        return x->predicted < y->predicted ? -1 : 1;
    return (x->observed > y->observed) - (x->observed < y->observed);
}

void gaps_tell(const struct timing *timing, const struct retries *retries, gap_fn *tell, void *user)
{
    struct gap *gaps = alloc_zeroed((retries->count + 1) * sizeof *gaps);

    for (size_t i = 0; i < retries->count; i++)
        gaps[i] = gap_of(timing, &retries->list[i]);
    qsort(gaps, retries->count, sizeof *gaps, in_order);
    for (size_t i = 0, next; i < retries->count; i = next) {
        for (next = i + 1; next < retries->count && in_order(&gaps[i], &gaps[next]) == 0; next++)
            gaps[i].retries++;
        tell(user, &gaps[i]);
    }
    free(gaps);
}
