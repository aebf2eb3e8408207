/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/sim/test_samples.c - means and differences over replications
 *
 * Worked by hand: of 1, 2, 3 the mean is 2, the standard deviation 1, and
 * t(0.975, 2 degrees) = 4.30265, so the interval is 2 -+ 4.30265 / sqrt(3).
 */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/samples.h"

static const double rows[][2] = {{1, 11}, {2, 13}, {3, 12}};

static struct samples three_rows(void)
{
    struct samples samples;

    samples_init(&samples, 2);
    for (size_t i = 0; i < 3; i++)
        samples_add(&samples, rows[i]);
    return samples;
}

Test(samples, a_mean_has_students_interval)
{
    struct samples samples = three_rows();
    struct interval mean = samples_mean(&samples, 0);

    cr_expect_float_eq(mean.mean, 2, 1e-12);
    cr_expect_float_eq(mean.low, 2 - 4.302653 / sqrt(3), 1e-6);
    cr_expect_float_eq(mean.high, 2 + 4.302653 / sqrt(3), 1e-6);
    samples_fini(&samples);
}

/* 10, 11, 9: the mean is 10, the standard deviation 1. */
Test(samples, a_difference_is_taken_row_by_row)
{
    struct samples samples = three_rows();
    struct interval difference = samples_difference(&samples, 1, 0);

    cr_expect_float_eq(difference.mean, 10, 1e-12);
    cr_expect_float_eq(difference.low, 10 - 4.302653 / sqrt(3), 1e-6);
    cr_expect_float_eq(difference.high, 10 + 4.302653 / sqrt(3), 1e-6);
    samples_fini(&samples);
}

Test(samples, of_a_thing_and_itself_the_difference_is_nought_for_sure)
{
    struct samples samples = three_rows();
    struct interval difference = samples_difference(&samples, 1, 1);

    cr_expect_eq(difference.mean, 0);
    cr_expect_eq(difference.low, 0);
    cr_expect_eq(difference.high, 0);
    samples_fini(&samples);
}

Test(samples, what_was_not_measured_does_not_count)
{
    struct samples samples = three_rows();

    samples_add(&samples, (double[]){NAN, 40});
    cr_expect_float_eq(samples_mean(&samples, 0).mean, 2, 1e-12);
    cr_expect_float_eq(samples_mean(&samples, 1).mean, 19, 1e-12);
    cr_expect_float_eq(samples_difference(&samples, 1, 0).mean, 10, 1e-12);
    samples_fini(&samples);
}

Test(samples, one_row_tells_no_interval_and_none_no_mean)
{
    struct samples samples;

    samples_init(&samples, 1);
    cr_expect(isnan(samples_mean(&samples, 0).mean));
    samples_add(&samples, (double[]){5});
    cr_expect_eq(samples_mean(&samples, 0).mean, 5);
    cr_expect(isnan(samples_mean(&samples, 0).low));
    samples_fini(&samples);
}
