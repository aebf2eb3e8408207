/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/comparison.h"

#include <math.h>
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

void comparison_name_points(struct comparison *comparison, const struct sweep *sweep, size_t first)
{
    size_t axes = sweep->axis_count, points = sweep_points(sweep);
    const char **names = alloc_zeroed((axes + 1) * sizeof *names);
    const char **keys = alloc_zeroed(((first + points) * axes + 1) * sizeof *keys);

    for (size_t i = 0; i < axes; i++)
        names[i] = sweep->axes[i].name;
    for (size_t i = 0; i < points * axes; i++)
        keys[first * axes + i] = sweep_value(sweep, i / axes, i % axes);
    comparison->key_names = names;
    comparison->keys = keys;
    comparison->key_count = axes;
}

void comparison_forget_names(struct comparison *comparison)
{
    free((void *)comparison->key_names);
    free((void *)comparison->keys);
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

/* ------------------------------------------------------------------ shares */

const struct comparison_share comparison_shares[] = {
    {"given_up_share", {"bounced", "expired"}, "recipients"},
    {"delivered_share", {"delivered"}, "recipients"},
    {"delivered_at_once_share", {"delivered_at_once"}, "recipients"},
    {"bounced_share", {"bounced"}, "recipients"},
    {"expired_share", {"expired"}, "recipients"},
    {"deleted_share", {"deleted"}, "recipients"},
    {"queued_share", {"queued"}, "recipients"},
    {"warned_share", {"warnings"}, "messages"},
    {"unneeded_share", {"warnings_unneeded"}, "warnings"},
    {0},
};

static const struct comparison_share *const given_up = &comparison_shares[0];

/* Of a point in one replication; NAN where there is less than one of them. */
static double share_in(const double *row, size_t point, const struct comparison_share *share)
{
    const double *figures = row + point * metric_count();
    double part = figures[number_of(share->parts[0])], whole = figures[number_of(share->of)];

    if (share->parts[1] != NULL)
        part += figures[number_of(share->parts[1])];
    return whole >= 1 ? part / whole : (double)NAN;
}

/* Columns: the share at the first point, and at `point`. */
static struct samples both_shares(const struct comparison *comparison, size_t point,
                                  const struct comparison_share *share)
{
    const struct samples *samples = &comparison->samples;
    struct samples both;

    samples_init(&both, 2);
    for (size_t i = 0; i < samples->count; i++) {
        const double *row = samples->values + i * samples->width;
        samples_add(&both, (double[]){share_in(row, 0, share), share_in(row, point, share)});
    }
    return both;
}

struct interval comparison_share(const struct comparison *comparison, size_t point,
                                 const struct comparison_share *share)
{
    struct samples both = both_shares(comparison, point, share);
    struct interval mean = samples_mean(&both, 1);

    samples_fini(&both);
    return mean;
}

struct interval comparison_share_difference(const struct comparison *comparison, size_t point,
                                            const struct comparison_share *share)
{
    struct samples both = both_shares(comparison, point, share);
    struct interval more = samples_difference(&both, 1, 0);

    samples_fini(&both);
    return more;
}

struct interval comparison_given_up(const struct comparison *comparison, size_t point)
{
    return comparison_share(comparison, point, given_up);
}

struct interval comparison_more_given_up(const struct comparison *comparison, size_t point)
{
    return comparison_share_difference(comparison, point, given_up);
}
