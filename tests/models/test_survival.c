/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Product-limit estimates, worked by hand. */
#include "models/survival.h"

#include <criterion/criterion.h>
#include <math.h>

#define NEAR 1e-9

/*
 * The 6-MP group of Freireich et al. (1963), remission in weeks, as in Klein and
 * Moeschberger, table 4.1B: S(6) = 18/21, S(7) = S(6) 16/17, S(10) = S(7) 14/15,
 * S(13) = 0.690, S(16) = 0.627, S(22) = 0.538, S(23) = 0.448.
 */
static const struct survival_subject remissions[] = {
    {0, 6, true},   {0, 6, true},   {0, 6, true},   {0, 6, false}, {0, 7, true},   {0, 9, false},
    {0, 10, true},  {0, 10, false}, {0, 11, false}, {0, 13, true}, {0, 16, true},  {0, 17, false},
    {0, 19, false}, {0, 20, false}, {0, 22, true},  {0, 23, true}, {0, 25, false}, {0, 32, false},
    {0, 32, false}, {0, 34, false}, {0, 35, false},
};

Test(survival, is_that_of_the_textbook)
{
    const double ages[] = {6, 7, 10, 13, 16, 22, 23};
    const size_t at_risk[] = {21, 17, 15, 12, 11, 7, 6};
    const double away[] = {0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448};
    struct survival survival;

    survival_init(&survival, remissions, sizeof remissions / sizeof *remissions);
    cr_assert_eq(survival.count, 7);
    for (size_t i = 0; i < 7; i++) {
        cr_expect_eq(survival.points[i].age, ages[i]);
        cr_expect_eq(survival.points[i].at_risk, at_risk[i]);
        cr_expect_float_eq(survival.points[i].away, away[i], 0.0005);
    }
    cr_expect_eq(survival_last(&survival), 35);
    survival_fini(&survival);
}

/* At 6: variance of log S is 3 / (21 18) = 0.0079365; log(6/7) = -0.1541507; exp(1.959964 *
 * 0.0890871 / -0.1541507) = 0.322160; (6/7)^(1/0.322160) = 0.619718, (6/7)^0.322160 = 0.951552. */
Test(survival, has_greenwoods_interval_on_the_log_log_scale)
{
    struct survival survival;

    survival_init(&survival, remissions, sizeof remissions / sizeof *remissions);
    cr_expect_float_eq(survival.points[0].low, 0.619718, 2e-5);
    cr_expect_float_eq(survival.points[0].high, 0.951552, 2e-5);
    survival_fini(&survival);
}

/* Entries 0, 0, 3, 5: at 2 two are at risk, at 4 two, at 6 two. */
Test(survival, counts_who_came_late_from_when_he_came)
{
    const struct survival_subject subjects[] = {
        {0, 2, true}, {0, 6, true}, {3, 4, true}, {5, 8, false}};
    struct survival survival;

    survival_init(&survival, subjects, 4);
    cr_assert_eq(survival.count, 3);
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(survival.points[i].at_risk, 2, "point %zu: %zu", i,
                     survival.points[i].at_risk);
    cr_expect_float_eq(survival.points[0].away, 0.5, NEAR);
    cr_expect_float_eq(survival.points[1].away, 0.25, NEAR);
    cr_expect_float_eq(survival.points[2].away, 0.125, NEAR);
    survival_fini(&survival);
}

/* Who enters at 3 is not yet at risk at 3; who leaves at 6 still is at 6. */
Test(survival, counts_after_the_entry_and_until_the_exit)
{
    const struct survival_subject subjects[] = {{3, 6, false}, {0, 3, true}};
    struct survival survival;

    survival_init(&survival, subjects, 2);
    cr_expect_eq(survival_at_risk(&survival, 3), 1);
    cr_expect_eq(survival_at_risk(&survival, 6), 1);
    cr_expect_eq(survival_at_risk(&survival, 6.5), 0);
    survival_fini(&survival);
}

Test(survival, is_a_step_that_holds_until_the_next)
{
    const struct survival_subject subjects[] = {{0, 2, true}, {0, 4, true}, {0, 9, false}};
    struct survival survival;

    survival_init(&survival, subjects, 3);
    cr_expect_null(survival_at(&survival, 1.9));
    cr_expect_float_eq(survival_at(&survival, 2)->away, 2.0 / 3, NEAR);
    cr_expect_float_eq(survival_at(&survival, 3.9)->away, 2.0 / 3, NEAR);
    cr_expect_float_eq(survival_at(&survival, 100)->away, 1.0 / 3, NEAR);
    survival_fini(&survival);
}

Test(survival, has_no_interval_where_all_have_recovered)
{
    const struct survival_subject subjects[] = {{0, 2, true}, {0, 2, true}};
    struct survival survival;

    survival_init(&survival, subjects, 2);
    cr_assert_eq(survival.count, 1);
    cr_expect_eq(survival.points[0].away, 0);
    cr_expect(isnan(survival.points[0].low) && isnan(survival.points[0].high));
    survival_fini(&survival);
}

Test(survival, of_nobody_is_nothing)
{
    const struct survival_subject seen_once = {5, 5, false};
    struct survival survival;

    survival_init(&survival, &seen_once, 1);
    cr_expect_eq(survival.count, 0);
    cr_expect_eq(survival.subjects, 0);
    cr_expect_eq(survival_at_risk(&survival, 5), 0);
    cr_expect_eq(survival_last(&survival), 0);
    survival_fini(&survival);
    survival_init(&survival, NULL, 0);
    cr_expect_null(survival_at(&survival, 1));
    survival_fini(&survival);
}
