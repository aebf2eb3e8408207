/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/interval.h - how sure a mean is
 */
#ifndef SIM_INTERVAL_H
#define SIM_INTERVAL_H

#include <stddef.h>

struct interval {
    double mean, low, high; /* low and high are NAN for fewer than two values */
};

/*
 * The mean of `count` independent values and its confidence interval at
 * `level` (0.95), by Student's t. Requires count >= 1 and 0 < level < 1.
 */
struct interval interval_of(const double *values, size_t count, double level);

/* In another unit, or the other way round: times a number. */
struct interval interval_scaled(struct interval interval, double by);

#endif
