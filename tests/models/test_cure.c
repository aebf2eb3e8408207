/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The likelihood of spells, and what is found of them. Numbers that are not said
 * to be worked out here come from sums over 20,000 slices in double precision,
 * with an error function of another library.
 */
#include "models/cure.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/dist.h"

static const struct cure lognormal = {CURE_LOGNORMAL, {0.3, 3600, 1.5}};
static const struct cure weibull = {CURE_WEIBULL, {0.3, 3600, 0.7}};

static double of_one(const struct cure *cure, struct cure_spell spell)
{
    return cure_log_likelihood(cure, &spell, 1);
}

/* At the median half of the 0.7 that end have ended: 0.3 + 0.35. At the scale of a Weibull 1/e have
 * not. */
Test(cure, leaves_at_the_median_half_of_those_that_end)
{
    cr_expect_float_eq(cure_away(&lognormal, 3600), 0.65, 1e-12);
    cr_expect_float_eq(cure_away(&weibull, 3600), 0.3 + 0.7 * exp(-1), 1e-12);
    cr_expect_float_eq(cure_away(&lognormal, 0), 1, 1e-12);
    cr_expect_float_eq(cure_away(&lognormal, 1e15), 0.3, 1e-9);
}

/* From the median to one sigma above it: 0.7 (Phi(1) - Phi(0)) = 0.7 * 0.3413447461. */
Test(cure, takes_an_end_between_two_attempts_for_what_it_is)
{
    double high = 3600 * exp(1.5);

    cr_expect_float_eq(of_one(&lognormal, (struct cure_spell){0, 0, 3600, high}),
                       log(0.7 * 0.3413447461), 1e-9);
    cr_expect_float_eq(of_one(&lognormal, (struct cure_spell){0, 0, 3600, 7200}),
                       -2.0826774541430355, 1e-9);
    cr_expect_float_eq(of_one(&weibull, (struct cure_spell){0, 0, 3600, 7200}), -2.123525845033949,
                       1e-9);
}

/* From ten sigma to eleven above the median, and as far below it: Q(10) = 7.619853e-24, beside
 * which Q(11) = 1.91e-28 is little. */
Test(cure, is_exact_in_both_tails)
{
    double expected = log(0.7 * (7.61985302416e-24 - 1.91065957e-28));
    double near = exp(15), far = exp(16.5);

    cr_expect_float_eq(of_one(&lognormal, (struct cure_spell){0, 0, 3600 / far, 3600 / near}),
                       expected, 1e-6);
    cr_expect_float_eq(of_one(&lognormal, (struct cure_spell){0, 0, 3600 * near, 3600 * far}),
                       expected, 1e-6);
}

/* log(0.3 + 0.7 / 2). */
Test(cure, takes_what_was_not_seen_to_end_for_longer)
{
    cr_expect_float_eq(of_one(&lognormal, (struct cure_spell){0, 0, 3600, INFINITY}), log(0.65),
                       1e-12);
}

Test(cure, asks_only_what_follows_the_entry)
{
    cr_expect_float_eq(of_one(&lognormal, (struct cure_spell){0, 1800, 3600, 7200}),
                       -1.8272639908767916, 1e-9);
    cr_expect_float_eq(of_one(&lognormal, (struct cure_spell){0, 3600, 3600, INFINITY}), 0, 1e-12);
}

Test(cure, averages_over_when_a_spell_may_have_begun)
{
    cr_expect_float_eq(of_one(&lognormal, (struct cure_spell){1000, 0, 3600, 7200}),
                       -2.1227375982984102, 1e-7);
    cr_expect_float_eq(of_one(&lognormal, (struct cure_spell){1000, 500, 3600, INFINITY}),
                       -0.3225316694026673, 1e-7);
    cr_expect_float_eq(of_one(&weibull, (struct cure_spell){1000, 0, 3600, 7200}),
                       -2.07811022080604, 1e-7);
    cr_expect_float_eq(of_one(&weibull, (struct cure_spell){1000, 500, 3600, INFINITY}),
                       -0.3634514292428027, 1e-7);
}

/* What has no memory is the same whenever it began: e^-1 - e^-2. */
Test(cure, does_not_mind_the_begin_of_what_has_no_memory)
{
    const struct cure exponential = {CURE_WEIBULL, {0, 3600, 1}};

    for (double slack = 0; slack < 1e5; slack = 10 * slack + 7)
        cr_expect_float_eq(of_one(&exponential, (struct cure_spell){slack, 0, 3600, 7200}),
                           log(exp(-1) - exp(-2)), 1e-9, "slack %g", slack);
}

Test(cure, adds_up_over_spells)
{
    const struct cure_spell spells[] = {{0, 0, 3600, INFINITY}, {0, 0, 3600, 7200}};

    cr_expect_float_eq(cure_log_likelihood(&lognormal, spells, 2), log(0.65) - 2.0826774541430355,
                       1e-9);
    cr_expect_eq(cure_log_likelihood(&lognormal, spells, 0), 0);
}

/* ------------------------------------------------------------ what is found */

/* Evenly spread quantiles, seen to a tenth; a share of them never ended within ten days. */
static struct cure_spell *even_spells(enum dist_kind kind, double scale, double shape, size_t count,
                                      size_t endless)
{
    struct cure_spell *spells = calloc(count, sizeof *spells);
    struct dist dist = {.kind = kind, .a = scale * 1e6, .b = shape};

    for (size_t i = 0; i < count; i++) {
        double u = ((double)i + 0.5) / (double)(count - endless);
        double length = u < 1 ? (double)dist_quantile(&dist, u) / 1e6 : INFINITY;
        bool ends = length < 864000;
        spells[i] = (struct cure_spell){.last = ends ? length * 0.95 : 864000,
                                        .recovered = ends ? length * 1.05 : INFINITY};
    }
    return spells;
}

static void expect_near(const struct cure_fit *fit, enum cure_parameter which, double value,
                        double within)
{
    cr_expect_float_eq(fit->cure.value[which], value, within, "%s is %g, not %g",
                       cure_parameter_names[fit->cure.family][which], fit->cure.value[which],
                       value);
    cr_expect(fit->low[which] < fit->cure.value[which] && fit->cure.value[which] < fit->high[which],
              "%s is not within %g to %g", cure_parameter_names[fit->cure.family][which],
              fit->low[which], fit->high[which]);
}

/* A share of n has the error sqrt(p (1 - p) / n) where all the others are seen to end. */
Test(cure, finds_a_lognormal_that_is_there)
{
    struct cure_spell *spells = even_spells(DIST_LOGNORMAL, 3600, 1.2, 1000, 300);
    struct cure_fit fit = cure_fit(CURE_LOGNORMAL, spells, 1000);

    cr_assert_eq(fit.verdict, CURE_FITTED);
    expect_near(&fit, CURE_SHARE, 0.3, 1e-3);
    expect_near(&fit, CURE_SCALE, 3600, 20);
    expect_near(&fit, CURE_SHAPE, 1.2, 0.01);
    cr_expect_float_eq(fit.high[CURE_SHARE] - fit.low[CURE_SHARE],
                       2 * 1.96 * sqrt(0.3 * 0.7 / 1000), 2e-4);
    /* The error of a mean of logarithms, and of a standard deviation. */
    cr_expect_float_eq(log(fit.high[CURE_SCALE] / fit.low[CURE_SCALE]), 2 * 1.96 * 1.2 / sqrt(700),
                       0.005);
    cr_expect_float_eq(log(fit.high[CURE_SHAPE] / fit.low[CURE_SHAPE]), 2 * 1.96 / sqrt(1400),
                       0.005);
    free(spells);
}

Test(cure, finds_a_weibull_that_is_there_and_that_it_is_none_of_the_other)
{
    struct cure_spell *spells = even_spells(DIST_WEIBULL, 7200, 0.6, 1000, 100);
    struct cure_fit fit = cure_fit(CURE_WEIBULL, spells, 1000);

    cr_assert_eq(fit.verdict, CURE_FITTED);
    expect_near(&fit, CURE_SHARE, 0.1, 1e-3);
    expect_near(&fit, CURE_SCALE, 7200, 70);
    expect_near(&fit, CURE_SHAPE, 0.6, 0.01);
    cr_expect_lt(fit.aic, cure_fit(CURE_LOGNORMAL, spells, 1000).aic - 10);
    cr_expect_float_eq(fit.aic, 6 - 2 * fit.log_likelihood, 1e-9);
    free(spells);
}

/* All of n ended, which happens by (1 - share)^n: exp(-1.92) at a share of 0.0095 for n = 200. */
Test(cure, bounds_the_share_of_which_there_is_no_sign)
{
    struct cure_spell *spells = even_spells(DIST_LOGNORMAL, 600, 0.8, 200, 0);
    struct cure_fit fit = cure_fit(CURE_LOGNORMAL, spells, 200);

    cr_assert_eq(fit.verdict, CURE_FITTED);
    cr_expect(fit.share_at_zero);
    cr_expect_eq(fit.cure.value[CURE_SHARE], 0);
    cr_expect_eq(fit.low[CURE_SHARE], 0);
    cr_expect_float_eq(fit.high[CURE_SHARE], 1 - exp(-1.9207 / 200), 5e-4);
    expect_near(&fit, CURE_SCALE, 600, 5);
    free(spells);
}

Test(cure, says_that_nothing_is_known_of_nothing)
{
    const struct cure_spell open = {0, 0, 3600, INFINITY};
    const struct cure_spell ended[4] = {
        {0, 0, 60, 120}, {0, 0, 60, 120}, {0, 0, 100, 120}, {0, 0, 600, 1200}};

    cr_expect_eq(cure_fit(CURE_LOGNORMAL, NULL, 0).verdict, CURE_NO_SPELLS);
    cr_expect_eq(cure_fit(CURE_LOGNORMAL, &open, 1).verdict, CURE_TOO_FEW);
    cr_expect_eq(cure_fit(CURE_WEIBULL, ended, 4).verdict, CURE_TOO_FEW);
    cr_expect_str_eq(cure_verdict_text(CURE_FITTED), "");
    for (int i = CURE_NO_SPELLS; i <= CURE_FLAT; i++)
        cr_expect_eq(strncmp(cure_verdict_text((enum cure_verdict)i), "the log cannot say: ", 20),
                     0);
}

/* All ended somewhere between one second and a year. */
Test(cure, says_that_it_cannot_tell_where_all_explains_it)
{
    struct cure_spell spells[10];

    for (size_t i = 0; i < 10; i++)
        spells[i] = (struct cure_spell){0, 0, 1, 3e7};
    cr_expect_geq(cure_fit(CURE_LOGNORMAL, spells, 10).verdict, CURE_EQUAL, "equal, or flat");
    cr_expect_geq(cure_fit(CURE_WEIBULL, spells, 10).verdict, CURE_EQUAL);
}

/* Half are known to be over in an instant, half after years, and nothing in between: a scale of
 * whatever length explains them. */
Test(cure, says_that_it_cannot_tell_where_lengths_are_anything)
{
    struct cure_spell spells[10];

    for (size_t i = 0; i < 10; i++)
        spells[i] =
            i % 2 == 0 ? (struct cure_spell){0, 0, 0, 1e-2} : (struct cure_spell){0, 0, 1e8, 1e9};
    cr_expect_eq(cure_fit(CURE_LOGNORMAL, spells, 10).verdict, CURE_FLAT);
}

/* All were on after 280 s or less and over after 320 s or more: 300 s explain every one. */
Test(cure, says_that_all_may_last_equally_long)
{
    struct cure_spell spells[30];

    for (size_t i = 0; i < 30; i++)
        spells[i] = (struct cure_spell){0, 0, 280 - (double)i, 320 + (double)i};
    cr_expect_eq(cure_fit(CURE_LOGNORMAL, spells, 30).verdict, CURE_EQUAL);
    cr_expect_eq(cure_fit(CURE_WEIBULL, spells, 30).verdict, CURE_EQUAL);
}

/* Beyond all that was seen what is left is the share: its interval is the share's. */
Test(cure, is_as_sure_of_an_age_as_of_what_it_hangs_on)
{
    struct cure_spell *spells = even_spells(DIST_LOGNORMAL, 3600, 1.2, 1000, 300);
    struct cure_fit fit = cure_fit(CURE_LOGNORMAL, spells, 1000);
    double low, high;

    cure_away_interval(&fit, 1e13, &low, &high);
    cr_expect_float_eq(low, fit.low[CURE_SHARE], 1e-5);
    cr_expect_float_eq(high, fit.high[CURE_SHARE], 1e-5);
    cure_away_interval(&fit, 3600, &low, &high);
    cr_expect(low < 0.65 && 0.65 < high && high - low < 0.08, "%g to %g", low, high);
    free(spells);
}
