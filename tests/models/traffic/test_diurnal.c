/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/models/traffic/source.h"

static struct source source;

static void end(void)
{
    source_fini(&source);
}

TestSuite(diurnal, .fini = end);

/* Those of the `hours` hours from `from` on, in `days` days. */
static long by_day(int from, int hours, int days)
{
    sim_time at;
    long count = 0;

    while ((at = source_next(&source)) < days * 24 * HOUR) {
        int hour = (int)(at / HOUR) % 24;
        count += (hour - from + 24) % 24 < hours;
    }
    return count;
}

/* Ten days at 1000 a day: deviation 100; the interval holds 99.99 % of all seeds. */
Test(diurnal, comes_at_its_rate_over_a_day)
{
    source_init(&source, "diurnal", 1, "rate", "1000/d", NULL);
    long count = source_count(&source, 0, 240 * HOUR);

    cr_expect(count >= 9611 && count <= 10389, "%ld", count);
}

/*
 * The six hours around the peak hold 1/4 + swing / (pi sqrt 2) of a day's mail,
 * with a swing of 0.8: 0.4301. Of 10000: 4301, deviation 65.6; 99.99 % within 256.
 */
Test(diurnal, is_busiest_around_its_peak)
{
    source_init(&source, "diurnal", 2, "rate", "1000/d", "peak", "14h", NULL);
    long count = by_day(11, 6, 10);

    cr_expect(count >= 4045 && count <= 4557, "%ld", count);
}

/* The six hours around 02:00 hold 1/4 - 0.1801, 699 of 10000: deviation 26.4; within 103. */
Test(diurnal, is_quietest_half_a_day_off)
{
    source_init(&source, "diurnal", 3, "rate", "1000/d", "peak", "14h", NULL);
    long count = by_day(23, 6, 10);

    cr_expect(count >= 596 && count <= 802, "%ld", count);
}

/* The run starts at 09:00 UTC: the peak is 5 hours away, from hour 2 to 8 of the run. */
Test(diurnal, knows_the_time_of_the_day)
{
    source_init(&source, "diurnal", 4, "rate", "1000/d", "peak", "14h", NULL);
    source.traffic.day = 9 * HOUR;
    long count = by_day(2, 6, 10);

    cr_expect(count >= 4045 && count <= 4557, "%ld", count);
}

/* `from` does not move the peak. */
Test(diurnal, begins_at_any_time_of_the_day)
{
    source_init(&source, "diurnal", 5, "rate", "1000/d", "peak", "14h", "from", "1d", NULL);
    sim_time first = source_next(&source);

    cr_expect(first >= 24 * HOUR && first < 48 * HOUR);
    source_fini(&source);
    source_init(&source, "diurnal", 5, "rate", "1000/d", "peak", "14h", "from", "7h", NULL);
    long count = by_day(11, 6, 10);
    cr_expect(count >= 4045 && count <= 4557, "%ld", count);
}

/* Without a swing it is a Poisson stream: a quarter in any six hours, 2500 +- 169. */
Test(diurnal, is_steady_without_a_swing)
{
    source_init(&source, "diurnal", 6, "rate", "1000/d", "swing", "0", NULL);
    long count = by_day(11, 6, 10);

    cr_expect(count >= 2305 && count <= 2695, "%ld", count);
}

Test(diurnal, ends_before_its_end)
{
    source_init(&source, "diurnal", 7, "rate", "1000/h", "until", "3h", NULL);

    cr_expect(source_count(&source, 0, 3 * HOUR) > 0);
    cr_expect_eq(source_next(&source), SIM_NEVER);
}

Test(diurnal, ends_where_time_ends)
{
    source_init(&source, "diurnal", 8, "rate", "0.001/w", NULL);

    cr_expect(source_count(&source, 0, SIM_NEVER) < 1000);
}
