/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/fit.h"

#include <math.h>
#include <stdlib.h>

#include "sim/alloc.h"

static void count(struct cause_fit *fit, const struct episode *episode)
{
    struct cure_spell spell = episode_spell(episode);

    fit->spells++;
    fit->recovered += isfinite(spell.recovered) ? 1 : 0;
    fit->begins += spell.slack > 0;
    fit->late += spell.entered > 0;
}

/* The verdict of the one that came further: enough spells, but no interval. */
static void choose(struct cause_fit *fit)
{
    for (int i = 0; i < CURE_FAMILIES; i++) {
        const struct cure_fit *one = &fit->of_family[i];
        fit->verdict = one->verdict;
        if (one->verdict == CURE_FITTED && (fit->best == NULL || one->aic < fit->best->aic))
            fit->best = one;
    }
    if (fit->best != NULL)
        fit->verdict = CURE_FITTED;
}

static void fit_cause(struct cause_fit *fit, const struct episode *list, size_t number)
{
    struct cure_spell *spells = alloc_zeroed((number + 1) * sizeof *spells);
    struct survival_subject *subjects = alloc_zeroed((number + 1) * sizeof *subjects);

    for (size_t i = 0; i < number; i++) {
        count(fit, &list[i]);
        spells[i] = episode_spell(&list[i]);
        subjects[i] = episode_subject(&list[i]);
    }
    survival_init(&fit->survival, subjects, number);
    fit->last = survival_last(&fit->survival);
    for (int i = 0; i < CURE_FAMILIES; i++)
        fit->of_family[i] = cure_fit((enum cure_family)i, spells, number);
    choose(fit);
    free(subjects);
    free(spells);
}

void fit_init(struct fit *fit, const struct episodes *episodes, double length)
{
    *fit = (struct fit){.length = length};
    for (int cause = 0; cause < CAUSE_COUNT; cause++) {
        size_t number;
        const struct episode *list = episodes_of(episodes, (enum cause)cause, &number);
        fit_cause(&fit->causes[cause], list, number);
    }
}

void fit_fini(struct fit *fit)
{
    for (int cause = 0; cause < CAUSE_COUNT; cause++)
        survival_fini(&fit->causes[cause].survival);
}

bool fit_is_extrapolated(const struct fit *fit, double age)
{
    return age > fit->length;
}

bool fit_is_beyond(const struct fit *fit, const struct cure_fit *of, enum cure_parameter which)
{
    return which == CURE_SHARE
           || (which == CURE_SCALE && fit_is_extrapolated(fit, of->high[CURE_SCALE]));
}
