/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/dist.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "sim/alloc.h"
#include "sim/check.h"
#include "sim/rng.h"

static const double MOST = 1000.0 * 365.25 * 86400.0 * 1e6; /* a thousand years */
static const double MOST_ERROR = 0.001;                     /* of dist_draw() */

void dist_fini(struct dist *dist)
{
    if (dist->kind == DIST_MIXTURE) {
        for (size_t i = 0; i < dist->count; i++)
            dist_fini(&dist->parts[i]);
    }
    free(dist->samples);
    free(dist->parts);
    free(dist->weights);
    free(dist->table);
    *dist = (struct dist){0};
}

static sim_time as_time(double span)
{
    return span < MOST ? (sim_time)llround(span) : SIM_NEVER;
}

/* The part of a mixture that u falls into; u becomes the place within that part. */
static const struct dist *mixture_part(const struct dist *dist, double *u)
{
    double sum = 0;
    for (size_t i = 0; i < dist->count; i++)
        sum += dist->weights[i];

    double left = *u * sum;
    size_t i = 0;
    while (i + 1 < dist->count && left >= dist->weights[i])
        left -= dist->weights[i++];
    double place = left / dist->weights[i];
    *u = place <= 0 ? 0x1p-53 : place >= 1 ? 1 - 0x1p-53 : place;
    return &dist->parts[i];
}

static double empirical_quantile(const struct dist *dist, double u)
{
    size_t i = (size_t)(u * (double)dist->count);

    return dist->samples[i < dist->count ? i : dist->count - 1];
}

/* The span in microseconds; not for mixtures. */
static double quantile(const struct dist *dist, double u)
{
    switch (dist->kind) {
    case DIST_CONSTANT:
        return dist->a;
    case DIST_EXPONENTIAL:
        return gsl_cdf_exponential_Pinv(u, dist->a);
    case DIST_LOGNORMAL:
        return dist->a * exp(dist->b * gsl_cdf_ugaussian_Pinv(u));
    case DIST_WEIBULL:
        return gsl_cdf_weibull_Pinv(u, dist->a, dist->b);
    case DIST_PARETO:
        return gsl_cdf_pareto_Pinv(u, dist->b, dist->a);
    case DIST_UNIFORM:
        return gsl_cdf_flat_Pinv(u, dist->a, dist->b);
    case DIST_EMPIRICAL:
        return empirical_quantile(dist, u);
    case DIST_NEVER:
    case DIST_MIXTURE:
        break;
    }
    return INFINITY;
}

sim_time dist_quantile(const struct dist *dist, double u)
{
    REQUIRE(u > 0 && u < 1);
    if (dist->kind == DIST_MIXTURE) {
        const struct dist *part = mixture_part(dist, &u);
        return dist_quantile(part, u);
    }
    return as_time(quantile(dist, u));
}

static bool is_smooth(const struct dist *dist)
{
    return !dist_is_constant(dist) && dist->kind != DIST_EMPIRICAL && dist->kind != DIST_MIXTURE;
}

/* Looked at in the middle, and by half the error allowed: elsewhere it may be a little more. */
static bool is_straight(const struct dist *dist, unsigned cell)
{
    double line = ((double)dist->table[cell] + (double)dist->table[cell + 1]) / 2;
    double exact = quantile(dist, (cell + 0.5) / DIST_KNOTS);

    return fabs(line - exact) <= MOST_ERROR / 2 * exact;
}

/* Quantiles bend too much near 0 and 1, those of heavy tails sooner: there draws are exact. */
static void find_tails(struct dist *dist)
{
    dist->low_tail = dist->high_tail = DIST_KNOTS / 2;
    while (dist->low_tail > 8 && is_straight(dist, dist->low_tail - 1))
        dist->low_tail--;
    while (dist->high_tail < DIST_KNOTS - 8 && is_straight(dist, dist->high_tail))
        dist->high_tail++;
}

void dist_prepare(struct dist *dist)
{
    if (dist->kind == DIST_MIXTURE) {
        for (size_t i = 0; i < dist->count; i++)
            dist_prepare(&dist->parts[i]);
    }
    if (!is_smooth(dist) || dist->table != NULL)
        return;
    dist->table = alloc_zeroed((DIST_KNOTS + 1) * sizeof *dist->table);
    for (int i = 1; i < DIST_KNOTS; i++)
        dist->table[i] = (float)quantile(dist, (double)i / DIST_KNOTS);
    find_tails(dist);
}

static sim_time draw(const struct dist *dist, double u)
{
    if (dist->kind == DIST_MIXTURE) {
        const struct dist *part = mixture_part(dist, &u);
        return draw(part, u);
    }
    double place = u * DIST_KNOTS;
    unsigned cell = (unsigned)place;
    if (dist->table == NULL || cell < dist->low_tail || cell >= dist->high_tail)
        return dist_quantile(dist, u);
    double low = (double)dist->table[cell];
    return as_time(low + (place - cell) * ((double)dist->table[cell + 1] - low));
}

sim_time dist_draw(const struct dist *dist, uint32_t word)
{
    if (dist->kind == DIST_CONSTANT)
        return (sim_time)dist->a;
    if (dist->kind == DIST_NEVER)
        return SIM_NEVER;
    return draw(dist, rng_unit(word));
}
