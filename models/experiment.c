/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/experiment.h"

#include <math.h>
#include <stdlib.h>

#include "sim/alloc.h"
#include "sim/check.h"

#define PER_DECADE 24

void experiment_init(struct experiment *experiment)
{
    *experiment = (struct experiment){0};
    results_init(&experiment->total);
    samples_init(&experiment->figures, metric_count());
    samples_init(&experiment->shares, 2 * EXPERIMENT_AGES);
}

void experiment_fini(struct experiment *experiment)
{
    results_fini(&experiment->total);
    samples_fini(&experiment->figures);
    samples_fini(&experiment->shares);
}

uint64_t experiment_age(size_t i)
{
    /* Steps of about a tenth, as IEC 60063 rounds them. */
    static const uint64_t steps[PER_DECADE] = {10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30,
                                               33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91};
    uint64_t unit = 10;

    REQUIRE(i < EXPERIMENT_AGES);
    for (size_t decade = i / PER_DECADE; decade > 0; decade--)
        unit *= 10;
    return steps[i % PER_DECADE] * unit;
}

static double share(uint64_t part, uint64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : NAN;
}

static void add_shares(struct samples *shares, const struct results *results)
{
    double row[2 * EXPERIMENT_AGES];

    for (size_t i = 0; i < EXPERIMENT_AGES; i++) {
        uint64_t delivered = histogram_count_to(&results->delay, experiment_age(i));
        row[i] = share(delivered, results->recipients);
        row[EXPERIMENT_AGES + i] = share(delivered, results->delay.count);
    }
    samples_add(shares, row);
}

void experiment_add(struct experiment *experiment, const struct results *results)
{
    double *figures = alloc_zeroed(metric_count() * sizeof *figures);

    metrics_measure(results, figures);
    samples_add(&experiment->figures, figures);
    free(figures);
    add_shares(&experiment->shares, results);
    results_merge(&experiment->total, results);
}

struct interval experiment_figure(const struct experiment *experiment, size_t i)
{
    return samples_mean(&experiment->figures, i);
}

struct experiment_share experiment_share(const struct experiment *experiment, size_t i)
{
    REQUIRE(i < EXPERIMENT_AGES);
    return (struct experiment_share){samples_mean(&experiment->shares, i),
                                     samples_mean(&experiment->shares, EXPERIMENT_AGES + i)};
}
