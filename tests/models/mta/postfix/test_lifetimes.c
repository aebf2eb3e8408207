/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which lifetimes a log is replayed under, and which of them it can tell of. */
#include "models/mta/postfix/lifetimes.h"

#include <criterion/criterion.h>

#define HOUR 3600L
#define DAY (24 * HOUR)

static void expect_list(long own, const long *want, size_t count)
{
    struct lifetimes found = lifetimes_with(own);

    cr_assert_eq(found.count, count, "%zu for %ld", found.count, own);
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(found.list[i], want[i], "%zu of %ld: %ld", i, own, found.list[i]);
}

#define STEPS HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY

Test(lifetimes, go_from_an_hour_to_a_week_and_have_each_once)
{
    const long want[] = {STEPS, 7 * DAY};

    expect_list(5 * DAY, want, COUNT_OF(want));
    expect_list(HOUR, want, COUNT_OF(want));
    expect_list(7 * DAY, want, COUNT_OF(want));
}

Test(lifetimes, have_the_own_one_in_its_place)
{
    const long within[] = {HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 57600,
                           DAY,  2 * DAY,  3 * DAY,  4 * DAY,  5 * DAY,   7 * DAY};
    const long before[] = {0, STEPS, 7 * DAY};
    const long behind[] = {STEPS, 7 * DAY, 7 * DAY + 1};

    expect_list(57600, within, LIFETIMES_MOST);
    expect_list(0, before, LIFETIMES_MOST);
    expect_list(7 * DAY + 1, behind, LIFETIMES_MOST);
}

/* As the queue manager has it: "bounce_queue_lifetime is larger than ...". */
Test(lifetimes, take_that_of_bounces_down_and_not_up)
{
    struct postfix_settings own;

    postfix_settings_init(&own);
    own.bounce_queue_lifetime = 2 * DAY;
    struct postfix_settings shorter = lifetime_settings(&own, DAY);
    struct postfix_settings same = lifetime_settings(&own, 2 * DAY);
    struct postfix_settings longer = lifetime_settings(&own, 7 * DAY);

    cr_expect_eq(shorter.maximal_queue_lifetime, DAY);
    cr_expect_eq(shorter.bounce_queue_lifetime, DAY);
    cr_expect_eq(same.bounce_queue_lifetime, 2 * DAY);
    cr_expect_eq(longer.maximal_queue_lifetime, 7 * DAY);
    cr_expect_eq(longer.bounce_queue_lifetime, 2 * DAY);
    cr_expect_eq(longer.queue_run_delay, own.queue_run_delay);
    cr_expect_eq(own.maximal_queue_lifetime, 5 * DAY);
}

Test(lifetimes, are_extrapolated_beyond_the_log_and_beyond_its_own)
{
    const sim_time span = DAY * SIM_SECOND;

    cr_expect_not(lifetime_is_extrapolated(DAY, 5 * DAY, span)); /* as long as the log */
    cr_expect(lifetime_is_extrapolated(DAY, 5 * DAY, span - 1));
    cr_expect(lifetime_is_extrapolated(5 * DAY, 5 * DAY, span)); /* even the log's own */
    cr_expect_not(lifetime_is_extrapolated(HOUR, HOUR, span));
    cr_expect(lifetime_is_extrapolated(HOUR + 1, HOUR, span));
}
