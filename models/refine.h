/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/refine.h - a finer grid around a point of one
 */
#ifndef MODELS_REFINE_H
#define MODELS_REFINE_H

#include <stdint.h>

#include "models/sweep.h"

/* Adds to `tried` the values of `more` that are not on its axes yet, and the axes, where it has
 * none. */
void refine_keep(struct sweep *tried, const struct sweep *more);

/*
 * A grid of a point, given by its value on each axis, and on each axis that is a time or a number
 * of what lies half way to the nearest values that were tried there: times at the geometric mean,
 * in whole hours above four and whole minutes above ten, where there is room, numbers at the
 * arithmetic one. Into `finer`, which is empty. Returns whether there is anything new in it.
 */
bool refine(const struct sweep *tried, const char *const *values, struct sweep *finer);

/* A point that was tried. */
struct refine_point {
    const char *const *values; /* on each axis */
    uint64_t failed;           /* conditions, as goal_failed() has them */
    double cost;               /* the less, the better; NAN: not known */
};

/*
 * Where no point meets all conditions: what lies half way between two that are next to each other
 * on one axis, alike on all others, and of which each meets what the other fails. There both may
 * hold, as figures mostly go one way along an axis. Of several such pairs the one that costs least,
 * of equals the first. Into `finer`, which is empty. Returns whether there is such a pair, and
 * room between the two.
 */
bool refine_gap(const struct sweep *tried, const struct refine_point *points, size_t count,
                struct sweep *finer);

/* Whether a value is the least (-1) or the greatest (1) that was tried on an axis; 0: neither, or
 * not known, or there is but one. */
int refine_edge(const struct sweep_axis *tried, const char *value);

#endif
