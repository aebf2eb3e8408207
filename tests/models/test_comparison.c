/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/comparison - figures and paired differences
 *
 * Worked by hand; t(0.975, 1 degree) = 12.7062, t(0.975, 2) = 4.30265.
 */
#include "models/comparison.h"

#include <string.h>

#include "tests/models/compared.h"

/* Given up: 1, 2, 3 of 100 against 2, 4, 6 of 100. */
static const struct figures_by_hand trials[] = {
    {100, 1, 0, 1000, 500}, {100, 1, 1, 400, 250},  {100, 1, 1, 1000, 600},
    {100, 2, 2, 400, 300},  {100, 0, 3, 1000, 700}, {100, 3, 3, 400, 350},
};

Test(comparison, has_the_mean_of_each_point)
{
    struct comparison comparison = two_policies(trials, 3);

    cr_expect_eq(comparison_replications(&comparison), 3);
    cr_expect_float_eq(comparison_figure_of(&comparison, 0, "attempts").mean, 600, 1e-9);
    cr_expect_float_eq(comparison_figure_of(&comparison, 1, "attempts").mean, 300, 1e-9);
    cr_expect(isnan(comparison_figure_of(&comparison, 0, "delay_p50").mean));
    comparison_fini(&comparison);
}

/* -250, -300, -350: the mean is -300, the deviation 50. */
Test(comparison, measures_each_point_against_the_first)
{
    struct comparison comparison = two_policies(trials, 3);
    struct interval more = comparison_difference_of(&comparison, 1, "attempts");

    cr_expect_float_eq(more.mean, -300, 1e-9);
    cr_expect_float_eq(more.high, -300 + 4.302653 * 50 / sqrt(3), 1e-4);
    cr_expect_eq(comparison_difference_of(&comparison, 0, "attempts").mean, 0);
    comparison_fini(&comparison);
}

/* Shares 0.01, 0.02, 0.03 and 0.02, 0.04, 0.06; more by 0.01, 0.02, 0.03. */
Test(comparison, takes_what_is_refused_and_what_expires_as_given_up)
{
    struct comparison comparison = two_policies(trials, 3);
    struct interval more = comparison_more_given_up(&comparison, 1);

    cr_expect_float_eq(comparison_given_up(&comparison, 0).mean, 0.02, 1e-12);
    cr_expect_float_eq(comparison_given_up(&comparison, 1).mean, 0.04, 1e-12);
    cr_expect_float_eq(more.mean, 0.02, 1e-12);
    cr_expect_float_eq(more.low, 0.02 - 4.302653 * 0.01 / sqrt(3), 1e-8);
    cr_expect_float_eq(more.high, 0.02 + 4.302653 * 0.01 / sqrt(3), 1e-8);
    comparison_fini(&comparison);
}

/* A replication without mail has no share; it does not count. */
Test(comparison, leaves_out_a_replication_without_mail)
{
    struct figures_by_hand some[4] = {trials[0], trials[1]};
    struct comparison comparison = two_policies(some, 2);

    cr_expect_float_eq(comparison_more_given_up(&comparison, 1).mean, 0.01, 1e-12);
    comparison_fini(&comparison);
}

static const struct comparison_share *share_named(const char *name)
{
    const struct comparison_share *share = comparison_shares;

    while (strcmp(share->name, name) != 0)
        share++;
    return share;
}

/* Ten times the mail, ten times the bounces: 1 % each time, and of that there is no doubt. */
/* As only a damaged file has it: parts of nothing are no share. */
Test(comparison, has_no_share_of_nothing)
{
    static const struct figures_by_hand nothing[] = {{0, 1, 2, 0, 0}, {1e-300, 1, 2, 0, 0}};
    struct comparison comparison = two_policies(nothing, 1);

    cr_expect(isnan(comparison_given_up(&comparison, 0).mean));
    cr_expect(isnan(comparison_given_up(&comparison, 1).mean));
    comparison_fini(&comparison);
}

Test(comparison, averages_shares_of_replications_and_not_their_counts)
{
    static const struct figures_by_hand twice[] = {
        {100, 1, 0, 10, 10}, {100, 3, 2, 10, 10}, {1000, 10, 0, 10, 10}, {1000, 30, 20, 10, 10}};
    struct comparison comparison = two_policies(twice, 2);
    struct interval more =
        comparison_share_difference(&comparison, 1, share_named("bounced_share"));
    struct interval expired = comparison_share(&comparison, 1, share_named("expired_share"));

    cr_expect_float_eq(more.mean, 0.02, 1e-12);
    cr_expect_float_eq(more.high - more.low, 0, 1e-12);
    cr_expect_float_eq(expired.mean, 0.02, 1e-12);
    cr_expect_float_eq(comparison_share(&comparison, 0, share_named("delivered_share")).mean, 0.99,
                       1e-12);
    comparison_fini(&comparison);
}

/* What is configured may be a point before those of the sweep. */
Test(comparison, has_the_names_of_a_sweep)
{
    struct comparison comparison;
    struct sweep sweep = {0};
    struct err err;

    cr_assert(sweep_add(&sweep, "lifetime=1d,5d", &err) && sweep_add(&sweep, "backoff=1h", &err));
    comparison_init(&comparison, 3);
    comparison_name_points(&comparison, &sweep, 1);
    cr_assert_eq(comparison.key_count, 2);
    cr_expect_str_eq(comparison.key_names[1], "backoff");
    cr_expect_null(comparison.keys[0]);
    cr_expect_str_eq(comparison.keys[2], "1d");
    cr_expect_str_eq(comparison.keys[3], "1h");
    cr_expect_str_eq(comparison.keys[4], "5d");
    comparison_forget_names(&comparison);
    comparison_fini(&comparison);
    sweep_fini(&sweep);
}
