/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is left of the checks in a release build. */
#ifndef NDEBUG
#define NDEBUG
#endif
#include "sim/check.h"

#include <criterion/criterion.h>
#include <sysexits.h>

Test(check_release, a_slow_expectation_is_not_looked_at)
{
    int times = 0;

    SLOW_EXPECT(++times == 3);
    cr_expect_eq(times, 0);
}

Test(check_release, a_requirement_is_kept, .exit_code = EX_SOFTWARE)
{
    REQUIRE(1 + 1 == 3);
}

Test(check_release, an_expectation_is_kept, .exit_code = EX_SOFTWARE)
{
    EXPECT(1 + 1 == 3);
}
