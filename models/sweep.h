/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/sweep.h - a grid of settings: each value of each axis with each of the others
 */
#ifndef MODELS_SWEEP_H
#define MODELS_SWEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/err.h"

#define SWEEP_MOST_AXES 8
#define SWEEP_MOST_POINTS 100000

struct sweep_axis {
    char *name;    /* of a parameter */
    char **values; /* as written */
    size_t count, room;
};

/* Zero is a valid sweep of no axis: one point. */
struct sweep {
    struct sweep_axis axes[SWEEP_MOST_AXES];
    size_t axis_count;
};

void sweep_fini(struct sweep *sweep);

/*
 * Adds the axis "NAME=VALUE,VALUE,...". Fails where that is none, where a value
 * or the name is there already, where a control character is in it, or where there
 * would be too many.
 */
bool sweep_add(struct sweep *sweep, const char *axis, struct err *err) WARN_UNUSED;

/* Adds an axis without values, or a value to the end of one. Requires that there is room. */
struct sweep_axis *sweep_add_axis(struct sweep *sweep, const char *name);
void sweep_add_value(struct sweep_axis *axis, const char *value, size_t length);

size_t sweep_points(const struct sweep *sweep);

/* The value of an axis at a point; the last axis varies fastest. */
const char *sweep_value(const struct sweep *sweep, size_t point, size_t axis);

#endif
