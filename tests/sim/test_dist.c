/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles against formulas and GSL's, fast draws against quantiles. */
#include "sim/dist.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "sim/check.h"
#include "sim/rng.h"

#define SECOND 1e6
#define HOUR 3600e6

static const double shares[] = {
    0x1p-53, 1e-9, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.875, 0.9, 0.999, 1 - 1e-9, 1 - 0x1p-53,
};

/* Rounded to the microsecond. */
static void expect_quantile(const struct dist *dist, double u, double want)
{
    sim_time got = dist_quantile(dist, u);

    cr_expect_leq(fabs((double)got - want), 0.5 + 1e-12 * want, "%lld at %g: not %g",
                  (long long)got, u, want);
}

Test(dist, zero_is_the_constant_0)
{
    struct dist dist = {0};

    cr_expect_eq(dist_quantile(&dist, 0.5), 0);
    cr_expect_eq(dist_draw(&dist, 12345), 0);
    cr_expect(dist_is_constant(&dist));
}

Test(dist, a_constant_is_the_same_at_every_share)
{
    struct dist dist = {.kind = DIST_CONSTANT, .a = 1234567};

    dist_prepare(&dist);
    cr_expect_eq(dist_quantile(&dist, 0x1p-53), 1234567);
    cr_expect_eq(dist_quantile(&dist, 1 - 0x1p-53), 1234567);
    cr_expect_eq(dist_draw(&dist, 0), 1234567);
    cr_expect_eq(dist_draw(&dist, UINT32_MAX), 1234567);
    cr_expect_null(dist.table);
}

Test(dist, never_is_never)
{
    struct dist dist = {.kind = DIST_NEVER};

    dist_prepare(&dist);
    cr_expect_eq(dist_quantile(&dist, 0.5), SIM_NEVER);
    cr_expect_eq(dist_draw(&dist, 0), SIM_NEVER);
    cr_expect(dist_is_constant(&dist));
}

Test(dist, only_constants_need_no_luck)
{
    cr_expect_not(dist_is_constant(&(struct dist){.kind = DIST_EXPONENTIAL}));
    cr_expect_not(dist_is_constant(&(struct dist){.kind = DIST_EMPIRICAL}));
    cr_expect_not(dist_is_constant(&(struct dist){.kind = DIST_MIXTURE}));
}

Test(dist, exponential_by_its_formula)
{
    struct dist dist = {.kind = DIST_EXPONENTIAL, .a = HOUR};

    for (size_t i = 0; i < COUNT_OF(shares); i++)
        expect_quantile(&dist, shares[i], -HOUR * log1p(-shares[i]));
    expect_quantile(&dist, 0.5, HOUR * 0.69314718055994531); /* ln 2 */
}

Test(dist, weibull_by_its_formula)
{
    struct dist dist = {.kind = DIST_WEIBULL, .a = HOUR, .b = 2};

    for (size_t i = 0; i < COUNT_OF(shares); i++)
        expect_quantile(&dist, shares[i], HOUR * sqrt(-log1p(-shares[i])));
    expect_quantile(&dist, 1 - exp(-1), HOUR); /* the scale, whatever the shape */
}

Test(dist, pareto_by_its_formula)
{
    struct dist dist = {.kind = DIST_PARETO, .a = SECOND, .b = 2};

    expect_quantile(&dist, 0x1p-53, SECOND);
    expect_quantile(&dist, 0.75, 2 * SECOND);
    expect_quantile(&dist, 0.99, 10 * SECOND);
    expect_quantile(&dist, 0.9999, 100 * SECOND);
}

Test(dist, uniform_by_its_formula)
{
    struct dist dist = {.kind = DIST_UNIFORM, .a = 60 * SECOND, .b = HOUR};

    for (size_t i = 0; i < COUNT_OF(shares); i++)
        expect_quantile(&dist, shares[i], 60 * SECOND + shares[i] * (HOUR - 60 * SECOND));
}

/* Half lie below the median a, 97.5 % below a exp(1.959964 b). */
Test(dist, lognormal_by_median_and_sigma)
{
    struct dist dist = {.kind = DIST_LOGNORMAL, .a = 200e3, .b = 0.5};

    expect_quantile(&dist, 0.5, 200e3);
    expect_quantile(&dist, 0.975, round(200e3 * exp(0.5 * 1.95996398454)));
    for (size_t i = 0; i < COUNT_OF(shares); i++)
        expect_quantile(&dist, shares[i], gsl_cdf_lognormal_Pinv(shares[i], log(200e3), 0.5));
}

Test(dist, empirical_picks_each_sample_as_often)
{
    struct dist dist = {
        .kind = DIST_EMPIRICAL, .samples = (double[]){10, 20, 20, 1000}, .count = 4};

    dist_prepare(&dist);
    cr_expect_eq(dist_quantile(&dist, 0x1p-53), 10);
    cr_expect_eq(dist_quantile(&dist, 0.2499), 10);
    cr_expect_eq(dist_quantile(&dist, 0.25), 20);
    cr_expect_eq(dist_quantile(&dist, 0.7499), 20);
    cr_expect_eq(dist_quantile(&dist, 0.75), 1000);
    cr_expect_eq(dist_quantile(&dist, 1 - 0x1p-53), 1000);
    cr_expect_eq(dist_draw(&dist, 0x3fffffff), 10);
    cr_expect_eq(dist_draw(&dist, 0x40000000), 20);
    cr_expect_eq(dist_draw(&dist, UINT32_MAX), 1000);
}

/* Three times as often an hour as never: the weights need not sum up to 1. */
Test(dist, a_mixture_picks_its_parts_by_weight)
{
    struct dist dist = {
        .kind = DIST_MIXTURE,
        .parts = (struct dist[]){{.kind = DIST_CONSTANT, .a = HOUR}, {.kind = DIST_NEVER}},
        .weights = (double[]){6, 2},
        .count = 2,
    };

    cr_expect_eq(dist_quantile(&dist, 0x1p-53), (sim_time)HOUR);
    cr_expect_eq(dist_quantile(&dist, 0.7499), (sim_time)HOUR);
    cr_expect_eq(dist_quantile(&dist, 0.75), SIM_NEVER);
    cr_expect_eq(dist_quantile(&dist, 1 - 0x1p-53), SIM_NEVER);
    cr_expect_eq(dist_draw(&dist, 0xbfffffff), (sim_time)HOUR);
    cr_expect_eq(dist_draw(&dist, 0xc0000000), SIM_NEVER);
}

/* 0 to 100 s and 100 to 200 s, half each, are 0 to 200 s. */
Test(dist, what_is_left_of_the_luck_is_the_place_within_the_part)
{
    struct dist dist = {
        .kind = DIST_MIXTURE,
        .parts = (struct dist[]){{.kind = DIST_UNIFORM, .a = 0, .b = 100 * SECOND},
                                 {.kind = DIST_UNIFORM, .a = 100 * SECOND, .b = 200 * SECOND}},
        .weights = (double[]){0.5, 0.5},
        .count = 2,
    };

    for (double u = 0x1p-5; u < 1; u += 0x1p-5)
        expect_quantile(&dist, u, 200 * SECOND * u);
}

Test(dist, a_mixture_may_hold_a_mixture)
{
    struct dist inner = {
        .kind = DIST_MIXTURE,
        .parts = (struct dist[]){{.a = 1}, {.a = 2}},
        .weights = (double[]){1, 1},
        .count = 2,
    };
    struct dist dist = {
        .kind = DIST_MIXTURE,
        .parts = (struct dist[]){inner, {.a = 3}},
        .weights = (double[]){1, 1},
        .count = 2,
    };

    cr_expect_eq(dist_quantile(&dist, 0.2), 1);
    cr_expect_eq(dist_quantile(&dist, 0.3), 2);
    cr_expect_eq(dist_quantile(&dist, 0.7), 3);
    cr_expect_eq(dist_draw(&dist, UINT32_C(0x40000000)), 2);
}

/* The sum of the weights is rounded, so that the place within the last part may come out as 1. */
Test(dist, a_mixture_of_any_weights_has_an_answer_at_the_ends)
{
    struct dist parts[3];
    double weights[3];
    const struct dist dist = {.kind = DIST_MIXTURE, .parts = parts, .weights = weights, .count = 3};

    for (uint64_t i = 0; i < 1000; i++) {
        for (uint64_t k = 0; k < 3; k++) {
            parts[k] = (struct dist){.kind = DIST_UNIFORM, .a = 1, .b = 2};
            weights[k] = 1 / rng_unit((uint32_t)rng_mix(3 * i + k));
        }
        if (dist_quantile(&dist, 1 - 0x1p-53) != 2 || dist_quantile(&dist, 0x1p-53) != 1)
            cr_expect_fail("weights %g %g %g", weights[0], weights[1], weights[2]);
    }
}

Test(dist, a_thousand_years_are_never)
{
    double year = 365.25 * 86400 * SECOND;

    cr_expect_eq(dist_quantile(&(struct dist){.a = 1000 * year}, 0.5), SIM_NEVER);
    cr_expect_eq(dist_quantile(&(struct dist){.a = 999 * year}, 0.5), (sim_time)(999 * year));
}

Test(dist, refuses_the_share_0, .exit_code = EX_SOFTWARE)
{
    dist_quantile(&(struct dist){0}, 0);
}

Test(dist, refuses_the_share_1, .exit_code = EX_SOFTWARE)
{
    dist_quantile(&(struct dist){0}, 1);
}

Test(dist, refuses_a_share_that_is_no_number, .exit_code = EX_SOFTWARE)
{
    dist_quantile(&(struct dist){0}, NAN);
}

Test(dist, unprepared_draws_are_quantiles)
{
    struct dist dist = {.kind = DIST_LOGNORMAL, .a = HOUR, .b = 1.9};
    size_t wrong = 0;

    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t word = (uint32_t)rng_mix(i);
        wrong += dist_draw(&dist, word) != dist_quantile(&dist, rng_unit(word));
    }
    cr_expect_eq(wrong, 0);
}

Test(dist, preparing_twice_is_preparing_once)
{
    struct dist dist = {.kind = DIST_EXPONENTIAL, .a = HOUR};

    dist_prepare(&dist);
    const float *table = dist.table;
    cr_assert_not_null(table);
    dist_prepare(&dist);
    cr_expect_eq(dist.table, table);
    dist_fini(&dist);
}

Test(dist, fini_releases_all_and_leaves_the_constant_0)
{
    struct dist dist = {.kind = DIST_MIXTURE, .count = 2};

    dist.parts = calloc(2, sizeof *dist.parts);
    dist.weights = calloc(2, sizeof *dist.weights);
    dist.weights[0] = dist.weights[1] = 1;
    dist.parts[0] = (struct dist){.kind = DIST_EXPONENTIAL, .a = HOUR};
    dist.parts[1] = (struct dist){.kind = DIST_EMPIRICAL, .count = 1};
    dist.parts[1].samples = calloc(1, sizeof(double));
    dist_prepare(&dist);
    cr_expect_not_null(dist.parts[0].table);
    dist_fini(&dist);
    cr_expect(dist.kind == DIST_CONSTANT && dist.parts == NULL && dist.count == 0);
    dist_fini(&dist);
}
