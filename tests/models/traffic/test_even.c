/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/models/traffic/source.h"

static struct source source;

static void end(void)
{
    source_fini(&source);
}

TestSuite(even, .fini = end);

Test(even, comes_equally_far_apart)
{
    source_init(&source, "even", 1, "rate", "4/min", "from", "10s", NULL);

    for (int i = 0; i < 1000; i++)
        cr_assert_eq(source_next(&source), (10 + 15 * i) * SIM_SECOND);
}

/* Rounded to microseconds, but never summed up: 1/3 s, 2/3 s, 1 s. */
Test(even, does_not_drift)
{
    source_init(&source, "even", 1, "rate", "3/s", NULL);

    cr_expect_eq(source_next(&source), 0);
    cr_expect_eq(source_next(&source), 333333);
    cr_expect_eq(source_next(&source), 666667);
    for (int i = 3; i < 300000; i++)
        source_next(&source);
    cr_expect_eq(source_next(&source), 100000 * SIM_SECOND);
}

Test(even, ends_before_its_end)
{
    source_init(&source, "even", 1, "rate", "1/min", "from", "1h", "until", "2h", NULL);

    cr_expect_eq(source_count(&source, HOUR, SIM_NEVER), 60);
    cr_expect_eq(source_next(&source), SIM_NEVER);
}

Test(even, does_not_come_where_the_end_is_the_beginning)
{
    source_init(&source, "even", 1, "rate", "1/s", "from", "1h", "until", "1h", NULL);

    cr_expect_eq(source_next(&source), SIM_NEVER);
}

Test(even, is_bounded_where_time_ends)
{
    source_init(&source, "even", 1, "rate", "0.001/w", NULL);

    cr_expect(source_count(&source, 0, SIM_NEVER) < 1000);
}
