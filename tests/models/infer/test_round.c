/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "models/infer/round.h"

#define HOUR 3600

Test(round, takes_the_usual_value_where_it_fits)
{
    cr_expect_eq(round_within(3902, 4094, 4000), 4000);
    cr_expect_eq(round_within(4000, 4000, 4000), 4000);
    cr_expect_eq(round_within(431137, 432916, 432000), 432000);
}

Test(round, takes_the_roundest_elsewhere)
{
    cr_expect_eq(round_within(3554, 3600, 4000), 3600);
    cr_expect_eq(round_within(84933, 86740, 432000), 86400);
    cr_expect_eq(round_within(27893, 29711, 432000), 8 * HOUR);
    cr_expect_eq(round_within(900, 901, 300), 900);
    cr_expect_eq(round_within(1997, 2003, 300), 2000);
    cr_expect_eq(round_within(17, 17, 300), 17);
    cr_expect_eq(round_within(0, 3, 300), 0);
}

/* Nobody writes 17000s: 4h40m is said in minutes. */
Test(round, counts_long_times_in_minutes)
{
    cr_expect_eq(round_within(16293, 17072, 0), 280 * 60);
}

Test(round, is_nearest_the_middle_of_equally_round_ones)
{
    cr_expect_eq(round_within(3601, 5 * HOUR + 1, 0), 3 * HOUR);
    cr_expect_eq(round_within(2 * HOUR, 4 * HOUR, 0), 3 * HOUR);
    cr_expect_eq(round_within(1, 2 * HOUR + 10, 0), HOUR);
}

Test(round, ranks_days_before_hours_before_minutes)
{
    cr_expect_eq(roundness(5 * 86400), 0);
    cr_expect_lt(roundness(86400), roundness(12 * HOUR));
    cr_expect_lt(roundness(HOUR), roundness(1000));
    cr_expect_lt(roundness(1000), roundness(300));
    cr_expect_lt(roundness(300), roundness(60));
    cr_expect_lt(roundness(60), roundness(7));
}

Test(round, refuses_a_range_that_holds_nothing, .exit_code = 70)
{
    round_within(5, 4, 300);
}
