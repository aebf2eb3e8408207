/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/comparison.h"

#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"
#include "sim/check.h"

void comparison_init(struct comparison *comparison, size_t points)
{
    *comparison = (struct comparison){.points = points};
    samples_init(&comparison->samples, points * metric_count());
    comparison->row = alloc_zeroed(points * metric_count() * sizeof *comparison->row);
}

void comparison_fini(struct comparison *comparison)
{
    samples_fini(&comparison->samples);
    free(comparison->row);
}

void comparison_add(struct comparison *comparison, size_t point, const double *figures)
{
    size_t n = metric_count();

    memcpy(comparison->row + point * n, figures, n * sizeof *figures);
    if (point == comparison->points - 1)
        samples_add(&comparison->samples, comparison->row);
}

struct interval comparison_figure(const struct comparison *comparison, size_t point, size_t metric)
{
    return samples_mean(&comparison->samples, point * metric_count() + metric);
}

struct interval comparison_difference(const struct comparison *comparison, size_t point,
                                      size_t metric)
{
    return samples_difference(&comparison->samples, point * metric_count() + metric, metric);
}

static size_t number_of(const char *name)
{
    const struct metric *metric = metric_find(name);

    REQUIRE(metric != NULL);
    return (size_t)(metric - metrics);
}

struct interval comparison_figure_of(const struct comparison *comparison, size_t point,
                                     const char *metric)
{
    return comparison_figure(comparison, point, number_of(metric));
}

struct interval comparison_difference_of(const struct comparison *comparison, size_t point,
                                         const char *metric)
{
    return comparison_difference(comparison, point, number_of(metric));
}

/* The share of a point in one replication; NAN where there was no mail. */
static double share_given_up(const double *row, size_t point)
{
    const double *figures = row + point * metric_count();

    return (figures[number_of("bounced")] + figures[number_of("expired")])
           / figures[number_of("recipients")];
}

/* Columns: the share at the first point, and at `point`. */
static struct samples shares_given_up(const struct comparison *comparison, size_t point)
{
    const struct samples *samples = &comparison->samples;
    struct samples shares;

    samples_init(&shares, 2);
    for (size_t i = 0; i < samples->count; i++) {
        const double *row = samples->values + i * samples->width;
        samples_add(&shares, (double[]){share_given_up(row, 0), share_given_up(row, point)});
    }
    return shares;
}

struct interval comparison_given_up(const struct comparison *comparison, size_t point)
{
    struct samples shares = shares_given_up(comparison, point);
    struct interval share = samples_mean(&shares, 1);

    samples_fini(&shares);
    return share;
}

struct interval comparison_more_given_up(const struct comparison *comparison, size_t point)
{
    struct samples shares = shares_given_up(comparison, point);
    struct interval more = samples_difference(&shares, 1, 0);

    samples_fini(&shares);
    return more;
}
