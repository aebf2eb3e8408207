/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/comparison_csv.h - a comparison, a row a point and metric or share
 *
 * Columns: the keys, then metric, unit, value, ci95_low, ci95_high, diff,
 * diff_low, diff_high. The differences are to the first point.
 */
#ifndef IO_COMPARISON_CSV_H
#define IO_COMPARISON_CSV_H

#include "io/output.h"
#include "models/comparison.h"

void comparison_put(struct output *output, const struct comparison *comparison);

/* Into the file `name` of the folder, which must be there. */
bool comparison_write(const struct comparison *comparison, const char *folder, const char *name,
                      struct err *err) WARN_UNUSED;

#endif
