/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/models/traffic/source.h"

static struct source source;

static void end(void)
{
    source_fini(&source);
}

TestSuite(poisson, .fini = end);

/* Poisson(10000), deviation 100: the interval holds 99.99 % of all seeds. */
Test(poisson, comes_at_its_rate)
{
    source_init(&source, "poisson", 1, "rate", "10000/h", NULL);
    long count = source_count(&source, 0, HOUR);

    cr_expect(count >= 9611 && count <= 10389, "%ld", count);
}

/*
 * Gaps are exponential with mean 1 s: a share 1/e of 10000 is longer than that,
 * 3679, deviation 48.2; 99.99 % within 188.
 */
Test(poisson, has_exponential_gaps)
{
    sim_time last = 0;
    int longer = 0;

    source_init(&source, "poisson", 2, "rate", "1/s", NULL);
    for (int i = 0; i < 10000; i++) {
        sim_time at = source_next(&source);
        longer += at - last > SIM_SECOND;
        last = at;
    }
    cr_expect(longer >= 3491 && longer <= 3867, "%d", longer);
}

/* 3600 are due, deviation 60; 99.99 % within 234. All of them in the hour. */
Test(poisson, keeps_to_its_span)
{
    source_init(&source, "poisson", 3, "rate", "1/s", "from", "5h", "until", "6h", NULL);
    sim_time first = source_next(&source);
    long count = 1 + source_count(&source, first, 6 * HOUR);

    cr_expect(first >= 5 * HOUR);
    cr_expect(count >= 3366 && count <= 3834, "%ld", count);
    cr_expect_eq(source_next(&source), SIM_NEVER);
}

/* How many of the first 100 come at the same time as with seed 4. */
static int same_as_with_4(uint64_t seed)
{
    struct source other;
    int same = 0;

    source_init(&source, "poisson", 4, "rate", "1/s", NULL);
    source_init(&other, "poisson", seed, "rate", "1/s", NULL);
    for (int i = 0; i < 100; i++)
        same += source_next(&source) == source_next(&other);
    source_fini(&other);
    return same;
}

Test(poisson, is_the_same_with_the_same_seed)
{
    cr_expect_eq(same_as_with_4(4), 100);
}

Test(poisson, is_another_with_another_seed)
{
    cr_expect(same_as_with_4(5) < 5);
}

Test(poisson, ends_where_time_ends)
{
    source_init(&source, "poisson", 1, "rate", "0.001/w", NULL);

    cr_expect(source_count(&source, 0, SIM_NEVER) < 1000);
}
