/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/truth/sample.h"

#include <math.h>
#include <stdlib.h>

#include "sim/alloc.h"

void sample_add(struct sample *sample, double value)
{
    sample->list = alloc_grow(sample->list, &sample->room, sample->count + 1, sizeof *sample->list);
    sample->list[sample->count++] = value;
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

void sample_sort(struct sample *sample)
{
    if (sample->count > 0)
        qsort(sample->list, sample->count, sizeof *sample->list, ascending);
}

void sample_fini(struct sample *sample)
{
    free(sample->list);
    *sample = (struct sample){0};
}

double sample_median(const struct sample *sample)
{
    return sample->count == 0 ? NAN : sample->list[(sample->count - 1) / 2];
}

double sample_distance(const struct sample *a, const struct sample *b)
{
    double most = 0;

    if (a->count == 0 || b->count == 0)
        return a->count == b->count ? 0 : 1;
    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        double value = fmin(a->list[i], b->list[j]);
        while (i < a->count && a->list[i] <= value)
            i++;
        while (j < b->count && b->list[j] <= value)
            j++;
        most = fmax(most, fabs((double)i / (double)a->count - (double)j / (double)b->count));
    }
    return most;
}
