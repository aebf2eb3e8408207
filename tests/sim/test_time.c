/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/time.h"

#include <criterion/criterion.h>

Test(time, a_second_holds_all_its_microseconds)
{
    cr_expect_eq(sim_second(0), 0);
    cr_expect_eq(sim_second(999999), 0);
    cr_expect_eq(sim_second(1000000), 1);
    cr_expect_eq(sim_second(1999999), 1);
}

Test(time, seconds_round_down_before_the_start_too)
{
    cr_expect_eq(sim_second(-1), -1);
    cr_expect_eq(sim_second(-999999), -1);
    cr_expect_eq(sim_second(-1000000), -1);
    cr_expect_eq(sim_second(-1000001), -2);
}

Test(time, a_whole_second_is_itself)
{
    for (int64_t s = -1000; s <= 1000; s++)
        if (sim_second(s * SIM_SECOND) != s)
            cr_expect_fail("second %lld", (long long)s);
}

Test(time, never_is_later_than_everything)
{
    cr_expect_gt(SIM_NEVER, INT64_C(292000) * 365 * 86400 * SIM_SECOND);
    cr_expect_eq(sim_second(SIM_NEVER), INT64_C(9223372036854));
}
