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

static long between(long a, long b, bool time)
{
    if (!time || a == 0 || b == 0)
        return a + (b - a) / 2;
    long middle = lround(sqrt((double)a * (double)b));
    long step = middle > 10 * HOUR ? HOUR : middle > 10 * MINUTE ? MINUTE : 1;
    return (middle + step / 2) / step * step;
}

static bool add_between(struct sweep_axis *finer, const struct sweep_axis *axis, long number,
                        bool above)
{
    long other;
    char text[32];

    if (!neighbour(axis, number, above, &other))
        return false;
    long middle = between(number, other, is_time(axis));
    if (middle == number || middle == other)
        return false;
    if (is_time(axis))
        snprintf(text, sizeof text, "%s", postfix_time_text(middle).text);
    else
        snprintf(text, sizeof text, "%ld", middle);
    sweep_add_value(finer, text, strlen(text));
    return true;
}

bool refine(const struct sweep *sweep, size_t point, struct sweep *finer)
{
    bool any = false;

    for (size_t i = 0; i < sweep->axis_count; i++) {
        const struct sweep_axis *axis = &sweep->axes[i];
        const char *value = sweep_value(sweep, point, i);
        struct sweep_axis *into = sweep_add_axis(finer, axis->name);
        long number;
        bool is_number = number_of(axis, value, &number);

        any |= is_number && add_between(into, axis, number, false);
        sweep_add_value(into, value, strlen(value));
        any |= is_number && add_between(into, axis, number, true);
    }
    return any;
}

int refine_edge(const struct sweep *sweep, size_t point, size_t axis)
{
    const struct sweep_axis *of = &sweep->axes[axis];
    long number, other;

    if (of->count < 2 || !number_of(of, sweep_value(sweep, point, axis), &number))
        return 0;
    if (!neighbour(of, number, false, &other))
        return -1;
    return neighbour(of, number, true, &other) ? 0 : 1;
}
