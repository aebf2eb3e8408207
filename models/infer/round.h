/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/infer/round.h - the number that a person would have written
 */
#ifndef MODELS_INFER_ROUND_H
#define MODELS_INFER_ROUND_H

#include <stdint.h>

/* How round a number of seconds is: 0 for whole days, more for less round ones. */
int roundness(int64_t seconds);

/*
 * `usual` if it is from `low` to `high`, else the roundest there; of equally round ones that
 * nearest the middle. Requires 0 <= low <= high.
 */
int64_t round_within(int64_t low, int64_t high, int64_t usual);

#endif
