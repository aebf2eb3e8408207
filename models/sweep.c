/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"
#include "sim/printable.h"

void sweep_fini(struct sweep *sweep)
{
    for (size_t i = 0; i < sweep->axis_count; i++) {
        for (size_t v = 0; v < sweep->axes[i].count; v++)
            free(sweep->axes[i].values[v]);
        free(sweep->axes[i].values);
        free(sweep->axes[i].name);
    }
}

void sweep_add_value(struct sweep_axis *axis, const char *value, size_t length)
{
    axis->values = alloc_grow(axis->values, &axis->room, axis->count + 1, sizeof *axis->values);
    axis->values[axis->count++] = alloc_text(value, length);
}

struct sweep_axis *sweep_add_axis(struct sweep *sweep, const char *name)
{
    REQUIRE(sweep->axis_count < SWEEP_MOST_AXES);
    struct sweep_axis *axis = &sweep->axes[sweep->axis_count++];

    *axis = (struct sweep_axis){.name = alloc_text(name, strlen(name))};
    return axis;
}

static bool has_value(const struct sweep_axis *axis, const char *value, size_t length)
{
    for (size_t i = 0; i < axis->count; i++) {
        if (strlen(axis->values[i]) == length && memcmp(axis->values[i], value, length) == 0)
            return true;
    }
    return false;
}

/* Blanks around a value mean nothing. */
static bool add_value(struct sweep_axis *axis, const char *value, size_t length, struct err *err)
{
    for (; length > 0 && *value == ' '; length--)
        value++;
    while (length > 0 && value[length - 1] == ' ')
        length--;
    if (length == 0)
        return err_set(err, "%.80s: a value is empty; %.80s=VALUE,VALUE was expected", axis->name,
                       axis->name);
    if (has_value(axis, value, length))
        return err_set(err, "%.80s: the value '%.*s' is there twice", axis->name,
                       length < 80 ? (int)length : 80, value);
    sweep_add_value(axis, value, length);
    return true;
}

static bool add_values(struct sweep_axis *axis, const char *list, struct err *err)
{
    for (const char *value = list;; value++) {
        size_t length = strcspn(value, ",");
        if (!add_value(axis, value, length, err))
            return false;
        value += length;
        if (*value == '\0')
            return true;
    }
}

/* They stand in files, and on terminals. */
static bool has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        if (is_control(*text))
            return true;
    }
    return false;
}

static bool has_axis(const struct sweep *sweep, const char *name, size_t length)
{
    for (size_t i = 0; i < sweep->axis_count; i++) {
        const char *other = sweep->axes[i].name;
        if (strlen(other) == length && memcmp(other, name, length) == 0)
            return true;
    }
    return false;
}

bool sweep_add(struct sweep *sweep, const char *text, struct err *err)
{
    size_t length = strcspn(text, "=");

    if (has_control(text))
        return err_set(err, "%.*s: a control character is in it", length < 80 ? (int)length : 80,
                       text);
    if (length == 0 || text[length] == '\0')
        return err_set(err, "'%.80s': NAME=VALUE,VALUE was expected", text);
    if (has_axis(sweep, text, length))
        return err_set(err, "%.*s is varied twice", length < 80 ? (int)length : 80, text);
    if (sweep->axis_count == SWEEP_MOST_AXES)
        return err_set(err, "at most %d parameters can be varied", SWEEP_MOST_AXES);
    struct sweep_axis *axis = &sweep->axes[sweep->axis_count++];

    *axis = (struct sweep_axis){.name = alloc_text(text, length)};
    if (!add_values(axis, text + length + 1, err))
        return false;
    if (sweep_points(sweep) > SWEEP_MOST_POINTS)
        return err_set(err, "at most %d points can be run", SWEEP_MOST_POINTS);
    return true;
}

/* Saturates, so that it can be asked whether they are too many. */
size_t sweep_points(const struct sweep *sweep)
{
    size_t points = 1;

    for (size_t i = 0; i < sweep->axis_count; i++) {
        if (points > SWEEP_MOST_POINTS)
            break;
        points *= sweep->axes[i].count;
    }
    return points;
}

const char *sweep_value(const struct sweep *sweep, size_t point, size_t axis)
{
    for (size_t i = sweep->axis_count - 1; i > axis; i--)
        point /= sweep->axes[i].count;
    return sweep->axes[axis].values[point % sweep->axes[axis].count];
}
