/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What 95 % means: of 10,000 experiments some 9,500 have an interval that holds the truth. Each is
 * of a few replications, and what they give are means over many messages: here over 200 exponential
 * times, whose sum is gamma distributed.
 */
#include <criterion/criterion.h>
#include <gsl/gsl_randist.h>

#include "sim/interval.h"
#include "sim/rng.h"

#define EXPERIMENTS 10000
#define MOST_REPLICATIONS 20
#define MESSAGES 200

/* A figure of one replication: the mean of exponential times of mean 1. */
static double mean_time(gsl_rng *luck)
{
    return gsl_ran_gamma(luck, MESSAGES, 1.0 / MESSAGES);
}

/* Of 10,000 experiments it is outside of 94 to 96 % once in a hundred thousand by chance. */
static void expect_95_percent(int held, size_t replications)
{
    cr_expect(held >= 9400 && held <= 9600, "%d of 10,000, with %zu replications", held,
              replications);
}

static gsl_rng *luck_of(uint32_t experiment)
{
    return rng_gsl(&(struct rng){.seed = 1, .replication = experiment}, 0, 0);
}

static int count_held(size_t replications)
{
    double values[MOST_REPLICATIONS];
    int held = 0;

    for (uint32_t i = 0; i < EXPERIMENTS; i++) {
        gsl_rng *luck = luck_of(i);
        for (size_t k = 0; k < replications; k++)
            values[k] = mean_time(luck);
        gsl_rng_free(luck);
        struct interval it = interval_of(values, replications, 0.95);
        held += it.low <= 1 && 1 <= it.high;
    }
    return held;
}

Test(interval_coverage, of_two_replications_is_95_percent)
{
    expect_95_percent(count_held(2), 2);
}

Test(interval_coverage, of_five_replications_is_95_percent)
{
    expect_95_percent(count_held(5), 5);
}

Test(interval_coverage, of_twenty_replications_is_95_percent)
{
    expect_95_percent(count_held(20), 20);
}

/* Policy a meets a luck, policy b nine tenths of the same, and 0.1 more: their difference. */
static void draw_pair(gsl_rng *luck, double *a, double *b)
{
    double common = mean_time(luck);

    *a = 0.9 * common + 0.1 * mean_time(luck);
    *b = 0.9 * common + 0.1 * mean_time(luck) + 0.1;
}

/* Differences, replication by replication, as comparing does. */
Test(interval_coverage, of_paired_differences_is_95_percent_and_narrower)
{
    enum { REPLICATIONS = 10 };
    double a[REPLICATIONS], b[REPLICATIONS], difference[REPLICATIONS];
    int held = 0, narrower = 0;

    for (uint32_t i = 0; i < EXPERIMENTS; i++) {
        gsl_rng *luck = luck_of(i);
        for (size_t k = 0; k < REPLICATIONS; k++) {
            draw_pair(luck, &a[k], &b[k]);
            difference[k] = b[k] - a[k];
        }
        gsl_rng_free(luck);
        struct interval it = interval_of(difference, REPLICATIONS, 0.95);
        struct interval alone = interval_of(b, REPLICATIONS, 0.95);
        held += it.low <= 0.1 && 0.1 <= it.high;
        narrower += it.high - it.low < (alone.high - alone.low) / 2;
    }
    expect_95_percent(held, REPLICATIONS);
    cr_expect_geq(narrower, EXPERIMENTS * 99 / 100, "%d", narrower);
}
