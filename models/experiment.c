/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/experiment.h"

#include <stdlib.h>

#include "sim/alloc.h"

void experiment_init(struct experiment *experiment)
{
    *experiment = (struct experiment){0};
    results_init(&experiment->total);
    samples_init(&experiment->figures, metric_count());
}

void experiment_fini(struct experiment *experiment)
{
    results_fini(&experiment->total);
    samples_fini(&experiment->figures);
}

void experiment_add(struct experiment *experiment, const struct results *results)
{
    double *figures = alloc_zeroed(metric_count() * sizeof *figures);

    metrics_measure(results, figures);
    samples_add(&experiment->figures, figures);
    free(figures);
    results_merge(&experiment->total, results);
}

struct interval experiment_figure(const struct experiment *experiment, size_t i)
{
    return samples_mean(&experiment->figures, i);
}
