/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/refine.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/mta/postfix/parameters.h"

#define MINUTE 60
#define HOUR 3600

/* The value of an axis as a number; false where it is none. */
static bool number_of(const struct sweep_axis *axis, const char *text, long *number)
{
    const struct postfix_parameter *parameter = postfix_parameter_find(axis->name);
    struct err err;

    if (parameter == NULL || (parameter->type != POSTFIX_TIME && parameter->type != POSTFIX_INT))
        return false;
    return postfix_value_set(number, parameter, text, NULL, &err);
}

/* The next value of the axis above (or below) `number`; false if there is none. */
static bool neighbour(const struct sweep_axis *axis, long number, bool above, long *found)
{
    bool any = false;

    for (size_t i = 0; i < axis->count; i++) {
        long other;
        if (!number_of(axis, axis->values[i], &other) || other == number
            || (other > number) != above)
            continue;
        if (!any || (other < *found) == above)
            *found = other;
        any = true;
    }
    return any;
}

static bool is_time(const struct sweep_axis *axis)
{
    return postfix_parameter_find(axis->name)->type == POSTFIX_TIME;
}

static bool is_between(long number, long a, long b)
{
    return (a < number && number < b) || (b < number && number < a);
}

/* As people would write it: whole hours above four, whole minutes above ten, where there is room.
 */
static long between_times(long a, long b)
{
    static const struct {
        long step, above;
    } steps[] = {{HOUR, 4 * HOUR}, {MINUTE, 10 * MINUTE}};
    long middle = lround(sqrt((double)a * (double)b));

    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        long step = steps[i].step, rounded = (middle + step / 2) / step * step;
        if (middle > steps[i].above && is_between(rounded, a, b))
            return rounded;
    }
    return middle;
}

static long between(long a, long b, bool time)
{
    return time && a > 0 && b > 0 ? between_times(a, b) : a + (b - a) / 2;
}

/* Adds what lies between two numbers, if there is room. */
static bool add_middle(struct sweep_axis *finer, long a, long b)
{
    long middle = between(a, b, is_time(finer));
    char text[32];

    if (!is_between(middle, a, b))
        return false;
    if (is_time(finer))
        snprintf(text, sizeof text, "%s", postfix_time_text(middle).text);
    else
        snprintf(text, sizeof text, "%ld", middle);
    sweep_add_value(finer, text, strlen(text));
    return true;
}

static bool add_between(struct sweep_axis *finer, const struct sweep_axis *axis, long number,
                        bool above)
{
    long other;

    return neighbour(axis, number, above, &other) && add_middle(finer, number, other);
}

static bool has_value(const struct sweep_axis *axis, const char *value)
{
    for (size_t i = 0; i < axis->count; i++) {
        if (strcmp(axis->values[i], value) == 0)
            return true;
    }
    return false;
}

void refine_keep(struct sweep *tried, const struct sweep *more)
{
    for (size_t i = 0; i < more->axis_count; i++) {
        const struct sweep_axis *from = &more->axes[i];
        struct sweep_axis *into =
            i < tried->axis_count ? &tried->axes[i] : sweep_add_axis(tried, from->name);

        for (size_t v = 0; v < from->count; v++) {
            if (!has_value(into, from->values[v]))
                sweep_add_value(into, from->values[v], strlen(from->values[v]));
        }
    }
}

bool refine(const struct sweep *tried, const char *const *values, struct sweep *finer)
{
    bool any = false;

    for (size_t i = 0; i < tried->axis_count; i++) {
        const struct sweep_axis *axis = &tried->axes[i];
        struct sweep_axis *into = sweep_add_axis(finer, axis->name);
        long number;
        bool is_number = number_of(axis, values[i], &number);

        any |= is_number && add_between(into, axis, number, false);
        sweep_add_value(into, values[i], strlen(values[i]));
        any |= is_number && add_between(into, axis, number, true);
    }
    return any;
}

/* ---------------------------------------------------- where nothing is good */

/* Two points on a line along an axis. */
struct gap {
    const struct refine_point *low, *high;
    size_t axis;
    long from, to;
};

static bool differ_on_one(const struct sweep *tried, const struct refine_point *a,
                          const struct refine_point *b, size_t axis)
{
    for (size_t i = 0; i < tried->axis_count; i++) {
        if ((strcmp(a->values[i], b->values[i]) == 0) == (i == axis))
            return false;
    }
    return true;
}

/* From gap->low along gap->axis to the nearest point above it; false if there is none. */
static bool find_high(struct gap *gap, const struct sweep *tried, const struct refine_point *points,
                      size_t count)
{
    const struct sweep_axis *axis = &tried->axes[gap->axis];

    gap->high = NULL;
    if (!number_of(axis, gap->low->values[gap->axis], &gap->from))
        return false;
    for (size_t i = 0; i < count; i++) {
        long number;
        if (!differ_on_one(tried, gap->low, &points[i], gap->axis)
            || !number_of(axis, points[i].values[gap->axis], &number) || number <= gap->from
            || (gap->high != NULL && number >= gap->to))
            continue;
        gap->high = &points[i];
        gap->to = number;
    }
    return gap->high != NULL;
}

/* Each meets what the other fails; one that fails nothing has no gap beside it. */
static bool is_promising(const struct gap *gap)
{
    return gap->low->failed != 0 && gap->high->failed != 0
           && (gap->low->failed & gap->high->failed) == 0;
}

static double gap_cost(const struct gap *gap)
{
    double cost = gap->low->cost + gap->high->cost;

    return isnan(cost) ? INFINITY : cost;
}

/* The middle of a gap alone. */
static bool fill(const struct gap *gap, const struct sweep *tried, struct sweep *finer)
{
    bool good = true;

    for (size_t i = 0; i < tried->axis_count; i++) {
        const char *value = gap->low->values[i];
        struct sweep_axis *into = sweep_add_axis(finer, tried->axes[i].name);
        if (i == gap->axis)
            good = add_middle(into, gap->from, gap->to);
        else
            sweep_add_value(into, value, strlen(value));
    }
    return good;
}

bool refine_gap(const struct sweep *tried, const struct refine_point *points, size_t count,
                struct sweep *finer)
{
    struct gap best = {0};

    for (size_t i = 0; i < count; i++) {
        for (size_t axis = 0; axis < tried->axis_count; axis++) {
            struct gap gap = {.low = &points[i], .axis = axis};
            if (find_high(&gap, tried, points, count) && is_promising(&gap)
                && (best.low == NULL || gap_cost(&gap) < gap_cost(&best)))
                best = gap;
        }
    }
    return best.low != NULL && fill(&best, tried, finer);
}

/* --------------------------------------------------------------------- edges */

int refine_edge(const struct sweep_axis *tried, const char *value)
{
    long number, other;

    if (tried->count < 2 || !number_of(tried, value, &number))
        return 0;
    if (!neighbour(tried, number, false, &other))
        return -1;
    return neighbour(tried, number, true, &other) ? 0 : 1;
}
