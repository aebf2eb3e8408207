/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Student's t from the printed tables. */
#include "sim/interval.h"

#include <criterion/criterion.h>
#include <math.h>
#include <sysexits.h>

/* Standard deviation sqrt(2.5), error sqrt(2.5 / 5), t(0.975; 4) = 2.776445. */
Test(interval, of_one_to_five)
{
    struct interval it = interval_of((double[]){1, 2, 3, 4, 5}, 5, 0.95);

    cr_expect_float_eq(it.mean, 3, 1e-12);
    cr_expect_float_eq(it.low, 3 - 2.776445 * sqrt(0.5), 1e-6);
    cr_expect_float_eq(it.high, 3 + 2.776445 * sqrt(0.5), 1e-6);
}

/* With one degree of freedom t is a tangent: t(p; 1) = tan(pi (p - 1/2)). The error is 1. */
Test(interval, of_two_values_is_wide)
{
    struct interval it = interval_of((double[]){0, 2}, 2, 0.95);

    cr_expect_float_eq(it.mean, 1, 1e-12);
    cr_expect_float_eq(it.high, 1 + tan(3.14159265358979 * 0.475), 1e-9);
    cr_expect_float_eq(it.low, 1 - 12.706205, 1e-6);
}

/* t(0.95; 4) = 2.131847, t(0.995; 4) = 4.604095. */
Test(interval, is_wider_where_more_certainty_is_asked)
{
    const double values[] = {1, 2, 3, 4, 5};

    cr_expect_float_eq(interval_of(values, 5, 0.90).high, 3 + 2.131847 * sqrt(0.5), 1e-6);
    cr_expect_float_eq(interval_of(values, 5, 0.99).high, 3 + 4.604095 * sqrt(0.5), 1e-6);
}

Test(interval, of_equal_values_is_a_point)
{
    struct interval it = interval_of((double[]){-7, -7, -7}, 3, 0.95);

    cr_expect(it.low == -7 && it.mean == -7 && it.high == -7);
}

Test(interval, of_one_value_is_unknown)
{
    struct interval it = interval_of((double[]){42}, 1, 0.95);

    cr_expect_eq(it.mean, 42);
    cr_expect(isnan(it.low) && isnan(it.high));
}

Test(interval, refuses_no_values, .exit_code = EX_SOFTWARE)
{
    double none = 0;

    interval_of(&none, 0, 0.95);
}

Test(interval, refuses_certainty, .exit_code = EX_SOFTWARE)
{
    interval_of((double[]){1, 2}, 2, 1);
}

Test(interval, refuses_no_certainty_at_all, .exit_code = EX_SOFTWARE)
{
    interval_of((double[]){1, 2}, 2, 0);
}

Test(interval, is_turned_round_by_a_negative_number)
{
    struct interval is = interval_scaled((struct interval){2, 1, 4}, -10);

    cr_expect_eq(is.mean, -20);
    cr_expect_eq(is.low, -40);
    cr_expect_eq(is.high, -10);
    is = interval_scaled((struct interval){2, 1, 4}, 100);
    cr_expect_eq(is.low, 100);
    cr_expect_eq(is.high, 400);
}
