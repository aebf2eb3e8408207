/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/compared.h - a comparison of two policies, made by hand
 */
#ifndef TESTS_MODELS_COMPARED_H
#define TESTS_MODELS_COMPARED_H

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "models/comparison.h"
#include "sim/alloc.h"

/* Of one trial; all other metrics are 0, but medians of nothing are NAN. */
struct figures_by_hand {
    double recipients, bounced, expired, bad_news, attempts;
};

static inline void compare_one(struct comparison *comparison, size_t point,
                               struct figures_by_hand by_hand)
{
    double *figures = alloc_zeroed(metric_count() * sizeof *figures);

    figures[metric_find("recipients") - metrics] = by_hand.recipients;
    figures[metric_find("bounced") - metrics] = by_hand.bounced;
    figures[metric_find("expired") - metrics] = by_hand.expired;
    figures[metric_find("delivered") - metrics] =
        by_hand.recipients - by_hand.bounced - by_hand.expired;
    figures[metric_find("bad_news_p50") - metrics] = by_hand.bad_news;
    figures[metric_find("delay_p50") - metrics] = NAN;
    figures[metric_find("attempts") - metrics] = by_hand.attempts;
    figures[metric_find("utility") - metrics] = NAN; /* there are no classes */
    comparison_add(comparison, point, figures);
    free(figures);
}

/* Policies "stock" and "one-day"; release with comparison_fini(). */
static inline struct comparison two_policies(const struct figures_by_hand *trials,
                                             size_t replications)
{
    static const char *names[] = {"stock", "one-day"};
    static const char *const key_names[] = {"policy"};
    struct comparison comparison;

    comparison_init(&comparison, 2);
    comparison.key_names = key_names;
    comparison.keys = names;
    comparison.key_count = 1;
    for (size_t i = 0; i < 2 * replications; i++)
        compare_one(&comparison, i % 2, trials[i]);
    return comparison;
}

#endif
