/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/models/traffic/source.h"

static struct source source;

static void end(void)
{
    source_fini(&source);
}

TestSuite(burst, .fini = end);

Test(burst, comes_all_at_once)
{
    source_init(&source, "burst", 1, "count", "1000", "at", "2h", NULL);

    for (int i = 0; i < 1000; i++)
        cr_assert_eq(source_next(&source), 2 * HOUR);
    cr_expect_eq(source_next(&source), SIM_NEVER);
    cr_expect_eq(source_next(&source), SIM_NEVER);
}

/* Four in 10 s: at 0, 2.5, 5, 7.5. */
Test(burst, comes_equally_far_apart_within_a_span)
{
    source_init(&source, "burst", 1, "count", "4", "at", "1h", "within", "10s", NULL);

    for (int i = 0; i < 4; i++)
        cr_expect_eq(source_next(&source), HOUR + i * 2500000);
    cr_expect_eq(source_next(&source), SIM_NEVER);
}

Test(burst, may_be_one_message)
{
    source_init(&source, "burst", 1, "count", "1", "within", "1d", NULL);

    cr_expect_eq(source_next(&source), 0);
    cr_expect_eq(source_next(&source), SIM_NEVER);
}

Test(burst, is_of_at_least_one)
{
    struct err err;

    source_init(&source, "burst", 1, NULL);
    cr_expect(!source_set(&source, "count", "0", &err));
}
