/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a fit finds what was put in: of many seeds, how often each 95 %
 * interval holds the true value. It takes minutes: run by hand, its result is in
 * docs/fit.md. usage: fit_recovery [SEEDS]; exit status 1 where an interval
 * holds it in fewer than 90 of 100.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/models/fit_world.h"

struct tally_of_fits {
    int fitted, chosen, held[CURE_PARAMETERS];
    double sum[CURE_PARAMETERS], width[CURE_PARAMETERS];
    size_t spells, messages;
};

static void count(struct tally_of_fits *tally, const struct cure *truth,
                  const struct cure_fit fits[CURE_FAMILIES])
{
    const struct cure_fit *fit = &fits[truth->family], *other = &fits[1 - truth->family];

    if (fit->verdict != CURE_FITTED)
        return;
    tally->fitted++;
    tally->chosen += other->verdict != CURE_FITTED || fit->aic < other->aic;
    for (int i = 0; i < CURE_PARAMETERS; i++) {
        tally->held[i] += fit->low[i] <= truth->value[i] && truth->value[i] <= fit->high[i];
        tally->sum[i] += fit->cure.value[i];
        tally->width[i] += fit->high[i] - fit->low[i];
    }
}

static bool recover(const struct cure *truth, int seeds)
{
    struct tally_of_fits tally = {0};
    bool good = true;

    for (int seed = 1; seed <= seeds; seed++) {
        struct cure_fit fits[CURE_FAMILIES];
        size_t spells;
        tally.messages += fit_world(truth, (uint64_t)seed, fits, &spells);
        tally.spells += spells;
        count(&tally, truth, fits);
    }
    printf("%s: %d seeds, %d fitted, mean %.0f messages, %.0f spells; chosen by AIC in %d\n",
           cure_family_names[truth->family], seeds, tally.fitted, (double)tally.messages / seeds,
           (double)tally.spells / seeds, tally.chosen);
    for (int i = 0; i < CURE_PARAMETERS; i++) {
        printf("  %-7s true %8g, mean %10.4f, interval's mean width %10.4f, held in %d\n",
               cure_parameter_names[truth->family][i], truth->value[i], tally.sum[i] / tally.fitted,
               tally.width[i] / tally.fitted, tally.held[i]);
        good = good && tally.held[i] * 100 >= 90 * seeds;
    }
    return good;
}

int main(int argc, char **argv)
{
    static const struct cure truths[] = {{CURE_LOGNORMAL, {0.3, 4 * 3600, 1.3}},
                                         {CURE_WEIBULL, {0.2, 6 * 3600, 0.7}}};
    int seeds = argc > 1 ? atoi(argv[1]) : 100;
    bool good = seeds > 0;

    for (size_t i = 0; seeds > 0 && i < COUNT_OF(truths); i++)
        good = recover(&truths[i], seeds) && good;
    return good ? 0 : 1;
}
