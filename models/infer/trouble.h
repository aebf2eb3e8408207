/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/infer/trouble.h - what the settings do not explain: restarts, flushes, clocks
 */
#ifndef MODELS_INFER_TROUBLE_H
#define MODELS_INFER_TROUBLE_H

#include "models/infer/infer.h"
#include "models/infer/timing.h"

/* Adds the events of a log to result->events, in order of time. Sorts the starts, and marks them.
 */
void trouble_find(const struct timing *timing, const struct retries *retries,
                  struct infer_starts *starts, struct infer_result *result);

#endif
