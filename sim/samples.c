/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

#define LEVEL 0.95

void samples_init(struct samples *samples, size_t width)
{
    *samples = (struct samples){.width = width};
}

void samples_fini(struct samples *samples)
{
    free(samples->values);
}

void samples_add(struct samples *samples, const double *row)
{
    samples->values = alloc_grow(samples->values, &samples->room,
                                 (samples->count + 1) * samples->width, sizeof *samples->values);
    memcpy(samples->values + samples->count * samples->width, row, samples->width * sizeof *row);
    samples->count++;
}

/* Of those that are numbers. */
static struct interval interval_of_known(double *values, size_t count)
{
    size_t known = 0;

    for (size_t i = 0; i < count; i++) {
        if (!isnan(values[i]))
            values[known++] = values[i];
    }
    return known > 0 ? interval_of(values, known, LEVEL) : (struct interval){NAN, NAN, NAN};
}

struct interval samples_mean(const struct samples *samples, size_t column)
{
    double *values = alloc_zeroed((samples->count + 1) * sizeof *values);

    for (size_t row = 0; row < samples->count; row++)
        values[row] = samples->values[row * samples->width + column];
    struct interval mean = interval_of_known(values, samples->count);
    free(values);
    return mean;
}

struct interval samples_difference(const struct samples *samples, size_t column, size_t other)
{
    double *values = alloc_zeroed((samples->count + 1) * sizeof *values);

    for (size_t row = 0; row < samples->count; row++) {
        const double *figures = samples->values + row * samples->width;
        values[row] = figures[column] - figures[other];
    }
    struct interval difference = interval_of_known(values, samples->count);
    free(values);
    return difference;
}
