/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/survival.h"

#include <math.h>
#include <stdlib.h>

#include "sim/alloc.h"

#define Z95 1.959963984540054 /* of the normal distribution */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void sort(double *values, size_t count)
{
    if (count > 0)
        qsort(values, count, sizeof *values, ascending);
}

/* How many of the ascending values are less than `limit`. */
static size_t count_below(const double *values, size_t count, double limit)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (values[middle] < limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t survival_at_risk(const struct survival *survival, double age)
{
    return count_below(survival->entries, survival->subjects, age)
           - count_below(survival->exits, survival->subjects, age);
}

static void set_interval(struct survival_point *point, double variance)
{
    bool bounded = point->away > 0 && point->away < 1;
    double spread = bounded ? exp(Z95 * sqrt(variance) / log(point->away)) : NAN;

    point->low = pow(point->away, 1 / spread);
    point->high = pow(point->away, spread);
}

/* `ages`: of all recoveries, ascending. */
static void add_points(struct survival *survival, const double *ages, size_t count)
{
    double away = 1, variance = 0; /* of the logarithm of `away` */

    survival->points = alloc_zeroed((count + 1) * sizeof *survival->points);
    for (size_t i = 0, next; i < count; i = next) {
        next = i + count_below(ages + i, count - i, nextafter(ages[i], INFINITY));
        struct survival_point *point = &survival->points[survival->count++];
        double left = (double)survival_at_risk(survival, ages[i]), gone = (double)(next - i);
        away *= 1 - gone / left;
        variance += gone / (left * (left - gone));
        *point = (struct survival_point){
            .age = ages[i], .at_risk = (size_t)left, .recovered = next - i, .away = away};
        set_interval(point, variance);
    }
}

void survival_init(struct survival *survival, const struct survival_subject *subjects, size_t count)
{
    double *ages = alloc_zeroed((count + 1) * sizeof *ages);
    size_t recovered = 0;

    *survival = (struct survival){
        .entries = alloc_zeroed((count + 1) * sizeof *survival->entries),
        .exits = alloc_zeroed((count + 1) * sizeof *survival->exits),
    };
    for (size_t i = 0; i < count; i++) {
        const struct survival_subject *subject = &subjects[i];
        if (!(subject->exit > subject->entry))
            continue;
        survival->entries[survival->subjects] = subject->entry;
        survival->exits[survival->subjects++] = subject->exit;
        if (subject->recovered)
            ages[recovered++] = subject->exit;
    }
    sort(survival->entries, survival->subjects);
    sort(survival->exits, survival->subjects);
    sort(ages, recovered);
    add_points(survival, ages, recovered);
    free(ages);
}

void survival_fini(struct survival *survival)
{
    free(survival->points);
    free(survival->entries);
    free(survival->exits);
}

const struct survival_point *survival_at(const struct survival *survival, double age)
{
    const struct survival_point *found = NULL;

    for (size_t i = 0; i < survival->count && survival->points[i].age <= age; i++)
        found = &survival->points[i];
    return found;
}

double survival_last(const struct survival *survival)
{
    return survival->subjects == 0 ? 0 : survival->exits[survival->subjects - 1];
}
