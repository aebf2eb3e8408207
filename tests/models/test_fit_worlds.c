/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A known cure model is found again in the log of its run. Some seeds only: that
 * the intervals are as wide as they say is tests/slow/fit_recovery.c, by hand.
 */
#include <criterion/criterion.h>

#include "models/fit.h"
#include "tests/models/fit_world.h"

/* None of these seeds is chosen. Of nine intervals three or more fail to hold in one of a hundred.
 */
static void expect_recovery(enum fit_world_kind kind, const struct cure *truth)
{
    int held = 0, all = 0;

    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct fit_found found;
        fit_world(kind, truth, seed, &found);
        const struct cure_fit *fit = &found.fits[truth->family];
        cr_expect_gt(found.messages, 19000);
        cr_expect_eq(found.late > 0, kind == FIT_MAILBOXES);
        cr_assert_eq(fit->verdict, CURE_FITTED);
        for (int i = 0; i < CURE_PARAMETERS; i++) {
            held += fit->low[i] <= truth->value[i] && truth->value[i] <= fit->high[i];
            all++;
            cr_expect_float_eq(fit->cure.value[i], truth->value[i], truth->value[i] / 2);
        }
    }
    cr_expect_geq(held, all - 2, "%d of %d", held, all);
}

Test(fit_worlds, lognormal_outages_are_found)
{
    expect_recovery(FIT_OUTAGES, &(struct cure){CURE_LOGNORMAL, {0.3, 4 * 3600, 1.3}});
}

Test(fit_worlds, weibull_outages_are_found)
{
    expect_recovery(FIT_OUTAGES, &(struct cure){CURE_WEIBULL, {0.2, 6 * 3600, 0.7}});
}

Test(fit_worlds, lengths_are_found_in_a_log_that_begins_within_them)
{
    expect_recovery(FIT_MAILBOXES, &(struct cure){CURE_LOGNORMAL, {0.3, 4 * 3600, 1.3}});
}
