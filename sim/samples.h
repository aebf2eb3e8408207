/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/samples.h - what replications found: rows of the same figures
 */
#ifndef SIM_SAMPLES_H
#define SIM_SAMPLES_H

#include "sim/interval.h"

struct samples {
    size_t width;       /* figures of a row */
    size_t count, room; /* rows; of values */
    double *values;     /* row after row; NAN where there was nothing to measure */
};

/* Each row has `width` figures. */
void samples_init(struct samples *samples, size_t width);
void samples_fini(struct samples *samples);

/* Adds a row; add them in their order. */
void samples_add(struct samples *samples, const double *row);

/*
 * The mean of a column over the rows that have it, with its 95 % interval (NAN
 * with fewer than two); all NAN if none has it.
 */
struct interval samples_mean(const struct samples *samples, size_t column);

/*
 * The same of how much a column exceeds another, row by row: what both owe to the
 * same luck cancels out.
 */
struct interval samples_difference(const struct samples *samples, size_t column, size_t other);

#endif
