/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/infer/gaps.h - how long retries waited, and how long they should have
 *
 * From the end of one trip to the start of the next. It should have been until
 * the first scan that could take the message, by the backoff times that were
 * found. All in whole seconds.
 */
#ifndef MODELS_INFER_GAPS_H
#define MODELS_INFER_GAPS_H

#include "models/infer/timing.h"

#define GAP_UNKNOWN (-1)

struct gap {
    int32_t predicted; /* GAP_UNKNOWN: no scans are known */
    int32_t observed;  /* negative where time stamps went back */
    enum verdict verdict;
    uint32_t retries; /* that are alike in all this */
};

/*
 * The gap of one retry. What is on its scan waited as predicted, up to the time
 * that a scan takes to come to a file: at most SELF_CHECK_FEED.
 */
struct gap gap_of(const struct timing *timing, const struct retry *retry);

/* Tells each gap once, by verdict, then predicted, then observed. 16 bytes a retry while it does.
 */
typedef void gap_fn(void *user, const struct gap *gap);
void gaps_tell(const struct timing *timing, const struct retries *retries, gap_fn *tell,
               void *user);

#endif
