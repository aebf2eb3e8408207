/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/comparison.h - what several settings do to the same mail
 *
 * Points are told apart by keys: the policy's name, or the values of what a sweep
 * varies. Each is measured against the first, replication by replication.
 */
#ifndef MODELS_COMPARISON_H
#define MODELS_COMPARISON_H

#include "models/results.h"
#include "models/sweep.h"
#include "sim/samples.h"

struct comparison {
    const char *const *key_names; /* "policy" */
    size_t key_count;
    const char **keys; /* of each point, key_count together */
    size_t points;
    struct samples samples; /* a row a replication: all metrics of each point */
    double *row;            /* under way */
};

/* The keys stay the caller's, and must outlive it. */
void comparison_init(struct comparison *comparison, size_t points);
void comparison_fini(struct comparison *comparison);

/* What each point of a sweep is called, from point `first` on; the names stay the sweep's. Release
 * key_names and keys with comparison_forget_names(). */
void comparison_name_points(struct comparison *comparison, const struct sweep *sweep, size_t first);
void comparison_forget_names(struct comparison *comparison);

/* Adds the figures of a trial (models/trials.h); all points of a replication, then the next. */
void comparison_add(struct comparison *comparison, size_t point, const double *figures);

static inline size_t comparison_replications(const struct comparison *comparison)
{
    return comparison->samples.count;
}

/* The mean of metric number `metric`, and how much it exceeds that of the first point; with 95 %
 * intervals (sim/samples.h). */
struct interval comparison_figure(const struct comparison *comparison, size_t point, size_t metric);
struct interval comparison_difference(const struct comparison *comparison, size_t point,
                                      size_t metric);

/* The same by name. Requires that there is such a metric. */
struct interval comparison_figure_of(const struct comparison *comparison, size_t point,
                                     const char *metric);
struct interval comparison_difference_of(const struct comparison *comparison, size_t point,
                                         const char *metric);

/*
 * Recipients as a share of all, made in each replication and then averaged: a
 * count's interval divided by a mean number of recipients would be too wide, as
 * a replication with more mail has more of everything. As fractions; NAN where
 * there was no mail.
 */
struct comparison_share {
    const char *name;     /* NULL ends the table */
    const char *parts[2]; /* metrics that are summed; the second may be NULL */
    const char *of;       /* the metric that they are a part of */
};

extern const struct comparison_share comparison_shares[];

struct interval comparison_share(const struct comparison *comparison, size_t point,
                                 const struct comparison_share *share);
struct interval comparison_share_difference(const struct comparison *comparison, size_t point,
                                            const struct comparison_share *share);

/*
 * The share of recipients that are not delivered to but given up, refused or
 * expired; and how much greater it is than at the first point.
 */
struct interval comparison_given_up(const struct comparison *comparison, size_t point);
struct interval comparison_more_given_up(const struct comparison *comparison, size_t point);

#endif
