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
    double sum[CURE_PARAMETERS];
    size_t messages, spells, late;
};

static void count(struct tally_of_fits *tally, const struct cure *truth,
                  const struct fit_found *found)
{
    const struct cure_fit *fit = &found->fits[truth->family];
    const struct cure_fit *other = &found->fits[1 - truth->family];

    tally->messages += found->messages;
    tally->spells += found->spells;
    tally->late += found->late;
    if (fit->verdict != CURE_FITTED)
        return;
    tally->fitted++;
    tally->chosen += other->verdict != CURE_FITTED || fit->aic < other->aic;
    for (int i = 0; i < CURE_PARAMETERS; i++) {
        tally->held[i] += fit->low[i] <= truth->value[i] && truth->value[i] <= fit->high[i];
        tally->sum[i] += fit->cure.value[i];
    }
}

static bool print(const struct tally_of_fits *tally, const struct cure *truth, int seeds)
{
    bool good = true;

    printf("%d seeds, %d fitted; mean %.0f messages, %.0f spells, %.0f of them older than the log; "
           "AIC chose %s in %d\n",
           seeds, tally->fitted, (double)tally->messages / seeds, (double)tally->spells / seeds,
           (double)tally->late / seeds, cure_family_names[truth->family], tally->chosen);
    for (int i = 0; i < CURE_PARAMETERS; i++) {
        printf("  %-7s true %8g, mean %10.4f, held in %d\n", cure_parameter_names[truth->family][i],
               truth->value[i], tally->sum[i] / tally->fitted, tally->held[i]);
        good = good && tally->held[i] * 100 >= 90 * seeds;
    }
    return good;
}

static bool recover(enum fit_world_kind kind, const struct cure *truth, int seeds)
{
    struct tally_of_fits tally = {0};

    for (int seed = 1; seed <= seeds; seed++) {
        struct fit_found found;
        fit_world(kind, truth, (uint64_t)seed, &found);
        count(&tally, truth, &found);
    }
    printf("%s: ", kind == FIT_OUTAGES ? "outages" : "mailboxes, log cut");
    return print(&tally, truth, seeds);
}

int main(int argc, char **argv)
{
    static const struct {
        enum fit_world_kind kind;
        struct cure truth;
    } worlds[] = {
        {FIT_OUTAGES, {CURE_LOGNORMAL, {0.3, 4 * 3600, 1.3}}},
        {FIT_OUTAGES, {CURE_WEIBULL, {0.2, 6 * 3600, 0.7}}},
        {FIT_MAILBOXES, {CURE_LOGNORMAL, {0.3, 4 * 3600, 1.3}}},
        {FIT_MAILBOXES, {CURE_WEIBULL, {0.2, 6 * 3600, 0.7}}},
    };
    int seeds = argc > 1 ? atoi(argv[1]) : 100;
    bool good = seeds > 0;

    for (size_t i = 0; seeds > 0 && i < COUNT_OF(worlds); i++)
        good = recover(worlds[i].kind, &worlds[i].truth, seeds) && good;
    return good ? 0 : 1;
}
