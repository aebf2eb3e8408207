/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/refine.h - a finer grid around a point of one
 */
#ifndef MODELS_REFINE_H
#define MODELS_REFINE_H

#include "models/sweep.h"

/*
 * A grid of the point and, on each axis that is a time or a number, of what lies
 * half way to its neighbours there: times at the geometric mean, to the minute
 * above ten of them and to the hour above ten of those, numbers at the arithmetic one. Into
 * `finer`, which is empty. Returns whether there is anything new in it.
 */
bool refine(const struct sweep *sweep, size_t point, struct sweep *finer);

/* Whether a value of the axis at that point is the least (-1) or the greatest (1) there is on it;
 * 0: neither, or not known, or there is but one. */
int refine_edge(const struct sweep *sweep, size_t point, size_t axis);

#endif
