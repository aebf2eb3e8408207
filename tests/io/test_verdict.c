/* SPDX-License-Identifier: GPL-3.0-or-later */
/* io/verdict - a comparison in a sentence */
#include "io/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "tests/models/compared.h"

static void expect_verdict(const struct figures_by_hand *trials, size_t replications,
                           const char *want)
{
    struct comparison comparison = two_policies(trials, replications);
    struct verdict verdict = verdict_of(&comparison, 1);
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    verdict_print(out, &verdict);
    fclose(out);
    cr_expect_str_eq(text, want, "%s", text);
    free(text);
    comparison_fini(&comparison);
}

/* One more of a hundred, and two more; t(0.975, 1 degree) = 12.7062, so 1.5 -+ 6.4 %. Of 500
 * attempts 375 fewer, both times. */
Test(verdict, has_the_interval_of_the_difference)
{
    static const struct figures_by_hand trials[] = {{100, 1, 0, 432000, 500},
                                                    {100, 2, 0, 90000, 125},
                                                    {100, 0, 1, 432000, 500},
                                                    {100, 0, 3, 90000, 125}};

    expect_verdict(trials, 2,
                   "one-day instead of stock: 1.5 % more of all recipients bounce (-4.9 to 7.9, "
                   "which may be chance), senders learn of failures 3 d 23 h earlier, 75.0 % fewer "
                   "attempts (75.0 to 75.0).");
}

Test(verdict, of_one_replication_has_none)
{
    static const struct figures_by_hand trials[] = {{100, 3, 0, 600, 100}, {100, 1, 0, 4200, 150}};

    expect_verdict(trials, 1,
                   "one-day instead of stock: 2.0 % fewer of all recipients bounce, senders learn "
                   "of failures 1 h 00 later, 50.0 % more attempts.");
}

Test(verdict, says_where_nothing_changes)
{
    static const struct figures_by_hand trials[] = {
        {100, 3, 0, 600, 100}, {100, 3, 0, 630, 100}, {100, 3, 0, 600, 100}, {100, 3, 0, 630, 100}};

    expect_verdict(trials, 2,
                   "one-day instead of stock: as many recipients bounce, senders learn of failures "
                   "as soon, as many attempts.");
}

Test(verdict, leaves_out_what_was_not_measured)
{
    static const struct figures_by_hand nothing_failed[] = {{100, 0, 0, NAN, 100},
                                                            {100, 0, 0, NAN, 100}};
    static const struct figures_by_hand no_mail[] = {{0, 0, 0, NAN, 0}, {0, 0, 0, NAN, 0}};

    expect_verdict(nothing_failed, 1,
                   "one-day instead of stock: as many recipients bounce, as many attempts.");
    expect_verdict(no_mail, 1, "one-day instead of stock: nothing to compare, as no mail came.");
}

Test(verdict, tells_small_shares_too)
{
    static const struct figures_by_hand trials[] = {{100000, 0, 0, NAN, 10},
                                                    {100000, 0, 12, NAN, 10}};

    expect_verdict(
        trials, 1,
        "one-day instead of stock: 0.01 % more of all recipients bounce, as many attempts.");
}
