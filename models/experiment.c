/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/experiment.h"

#include <math.h>
#include <stdlib.h>

#include "sim/alloc.h"

static size_t metric_count(void)
{
    size_t n = 0;

    while (metrics[n].name != NULL)
        n++;
    return n;
}

void experiment_init(struct experiment *experiment)
{
    *experiment = (struct experiment){0};
    results_init(&experiment->total);
}

void experiment_fini(struct experiment *experiment)
{
    results_fini(&experiment->total);
    free(experiment->values);
}

void experiment_add(struct experiment *experiment, const struct results *results)
{
    size_t n = metric_count();

    experiment->values = alloc_grow(experiment->values, &experiment->room,
                                    (experiment->count + 1) * n, sizeof *experiment->values);
    for (size_t i = 0; i < n; i++)
        experiment->values[experiment->count * n + i] = metrics[i].value(results);
    experiment->count++;
    results_merge(&experiment->total, results);
}

struct interval experiment_figure(const struct experiment *experiment, size_t i)
{
    size_t n = metric_count(), known = 0;
    double *values = alloc_zeroed((experiment->count + 1) * sizeof *values);

    for (size_t r = 0; r < experiment->count; r++) {
        double value = experiment->values[r * n + i];
        if (!isnan(value))
            values[known++] = value;
    }
    struct interval figure = {NAN, NAN, NAN};
    if (known > 0)
        figure = interval_of(values, known, 0.95);
    free(values);
    return figure;
}
