/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/infer/trouble.h - what the settings do not explain: restarts, flushes, clocks
 */
#ifndef MODELS_INFER_TROUBLE_H
#define MODELS_INFER_TROUBLE_H

#include "models/infer/fit.h"
#include "models/infer/infer.h"

/* Adds the events of a log to result->events, in order of time. */
void trouble_find(const struct fit *fit, const struct retries *retries,
                  struct infer_result *result);

#endif
