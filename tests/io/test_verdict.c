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

/* Nothing is told before the end under one of them: a difference there is none. */
Test(verdict, tells_where_only_one_tells_of_failures)
{
    static const struct figures_by_hand later[] = {{100, 0, 0, NAN, 10}, {100, 0, 2, 88500, 10}};
    static const struct figures_by_hand never[] = {{100, 0, 2, 88500, 10}, {100, 0, 0, NAN, 10}};

    expect_verdict(
        later, 1,
        "one-day instead of stock: 2.0 % more of all recipients bounce, senders learn of "
        "failures after 24 h 35, under stock of none, as many attempts.");
    expect_verdict(never, 1,
                   "one-day instead of stock: 2.0 % fewer of all recipients bounce, senders learn "
                   "of no failure, under stock after 24 h 35, as many attempts.");
}

/* 20 and 80 fewer of 100, so 50 -+ 12.7 * 30. */
Test(verdict, saves_no_more_than_all)
{
    static const struct figures_by_hand trials[] = {
        {100, 0, 0, NAN, 100}, {100, 0, 0, NAN, 80}, {100, 0, 0, NAN, 100}, {100, 0, 0, NAN, 20}};

    expect_verdict(trials, 2,
                   "one-day instead of stock: as many recipients bounce, 50.0 % fewer attempts "
                   "(-331.2 to 100.0, which may be chance).");
}

static void expect_queued(const char *policy, double queued, const char *want)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    bool any = verdict_print_queued(out, policy, queued, 1000);

    fclose(out);
    cr_expect_str_eq(text, want, "%s", text);
    cr_expect_eq(any, *want != '\0');
    free(text);
}

#define COUNT_AS                                                                                   \
    ") still waited at the end: they count neither as delivered nor as bounced, and how long "     \
    "they would have waited is in no delay."

Test(verdict, tells_who_still_waits)
{
    expect_queued("stock", 500, "stock: 500 recipients (50.0 %" COUNT_AS);
    expect_queued(NULL, 0.5, "1 recipients (0.05 %" COUNT_AS);
    expect_queued("stock", 0.4, "");
    expect_queued("stock", NAN, "");
}
