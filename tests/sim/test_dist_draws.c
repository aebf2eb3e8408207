/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fast draws are what the header says: within 0.1 % of the quantiles, tails too. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>

#include "sim/dist.h"
#include "sim/rng.h"

#define SECOND 1e6
#define HOUR 3600e6

ParameterizedTestParameters(dist_draws, are_within_a_thousandth_of_the_quantile)
{
    static struct dist dists[] = {
        {.kind = DIST_EXPONENTIAL, .a = HOUR},
        {.kind = DIST_EXPONENTIAL, .a = 1},
        {.kind = DIST_LOGNORMAL, .a = 200e3, .b = 0.5},
        {.kind = DIST_LOGNORMAL, .a = HOUR, .b = 1.9},
        {.kind = DIST_LOGNORMAL, .a = HOUR, .b = 5},
        {.kind = DIST_LOGNORMAL, .a = HOUR, .b = 100},
        {.kind = DIST_LOGNORMAL, .a = HOUR, .b = 0.001},
        {.kind = DIST_WEIBULL, .a = HOUR, .b = 0.2},
        {.kind = DIST_WEIBULL, .a = HOUR, .b = 0.5},
        {.kind = DIST_WEIBULL, .a = HOUR, .b = 1.05},
        {.kind = DIST_WEIBULL, .a = HOUR, .b = 4},
        {.kind = DIST_PARETO, .a = SECOND, .b = 0.1},
        {.kind = DIST_PARETO, .a = SECOND, .b = 1},
        {.kind = DIST_PARETO, .a = SECOND, .b = 1.5},
        {.kind = DIST_PARETO, .a = SECOND, .b = 3},
        {.kind = DIST_UNIFORM, .a = 0, .b = HOUR},
        {.kind = DIST_UNIFORM, .a = HOUR, .b = 2 * HOUR},
        {.kind = DIST_UNIFORM, .a = HOUR, .b = HOUR},
    };
    return cr_make_param_array(struct dist, dists, sizeof dists / sizeof dists[0]);
}

/* How far a draw is off, as a share; half a microsecond of rounding on either side is nothing. */
static double error_at(const struct dist *dist, uint32_t word)
{
    sim_time want = dist_quantile(dist, rng_unit(word));
    sim_time got = dist_draw(dist, word);

    if (want == got)
        return 0;
    if (want == SIM_NEVER || got == SIM_NEVER || got < 0)
        return INFINITY;
    return fmax(0, fabs((double)(got - want)) - 1) / (double)want;
}

/* Words 1/64 of a cell apart, and those at the ends. */
ParameterizedTest(struct dist *dist, dist_draws, are_within_a_thousandth_of_the_quantile)
{
    double worst = fmax(error_at(dist, 0), error_at(dist, UINT32_MAX));
    uint32_t step = UINT32_C(1) << 16, at = 0;

    dist_prepare(dist);
    for (uint32_t i = 0; i < UINT32_C(1) << 16; i++) {
        uint32_t word = i * step + (uint32_t)rng_mix(i) % step;
        double error = error_at(dist, word);
        at = error > worst ? word : at;
        worst = fmax(worst, error);
    }
    cr_expect_leq(worst, 0.001, "kind %d (%g, %g): off by %g at %g", (int)dist->kind, dist->a,
                  dist->b, worst, rng_unit(at));
    dist_fini(dist);
}

ParameterizedTestParameters(dist_draws, never_fall_as_luck_rises)
{
    static struct dist dists[] = {
        {.kind = DIST_EXPONENTIAL, .a = HOUR},       {.kind = DIST_LOGNORMAL, .a = HOUR, .b = 1.9},
        {.kind = DIST_WEIBULL, .a = HOUR, .b = 0.5}, {.kind = DIST_PARETO, .a = SECOND, .b = 1},
        {.kind = DIST_UNIFORM, .a = 0, .b = HOUR},   {.kind = DIST_LOGNORMAL, .a = HOUR, .b = 100},
    };
    return cr_make_param_array(struct dist, dists, sizeof dists / sizeof dists[0]);
}

ParameterizedTest(struct dist *dist, dist_draws, never_fall_as_luck_rises)
{
    sim_time last = 0, last_exact = 0;
    size_t falls = 0;

    dist_prepare(dist);
    for (uint32_t i = 0; i < UINT32_C(1) << 14; i++) {
        uint32_t word = i << 18;
        sim_time draw = dist_draw(dist, word), exact = dist_quantile(dist, rng_unit(word));
        falls += draw < last || exact < last_exact;
        last = draw;
        last_exact = exact;
    }
    cr_expect_eq(falls, 0);
    dist_fini(dist);
}

/* A rare part gets few words, but the luck left within it is no coarser for that. */
Test(dist_draws, of_a_mixture_are_within_a_thousandth_too)
{
    struct dist dist = {
        .kind = DIST_MIXTURE,
        .parts = (struct dist[]){{.kind = DIST_EXPONENTIAL, .a = SECOND},
                                 {.kind = DIST_PARETO, .a = HOUR, .b = 1}},
        .weights = (double[]){0.9, 0.1},
        .count = 2,
    };
    double worst = 0;

    dist_prepare(&dist);
    for (uint32_t i = 0; i < 20000; i++) {
        worst = fmax(worst, error_at(&dist, (uint32_t)rng_mix(i)));
        worst = fmax(worst, error_at(&dist, UINT32_MAX - i / 100));
        worst = fmax(worst, error_at(&dist, i / 100));
    }
    cr_expect_leq(worst, 0.001, "off by %g", worst);
    for (size_t i = 0; i < dist.count; i++)
        dist_fini(&dist.parts[i]);
}
