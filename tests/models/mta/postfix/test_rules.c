/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is decided after a failed attempt: spec 2.9, 3.1, 3.3. */
#include "models/mta/postfix/rules.h"

#include <criterion/criterion.h>

Test(rules, a_message_waits_as_long_as_it_is_old)
{
    static const struct {
        long min, max, age, wait;
    } rows[] = {
        {300, 4000, 0, 300},      {300, 4000, 299, 300},      {300, 4000, 300, 300},
        {300, 4000, 301, 301},    {300, 4000, 3999, 3999},    {300, 4000, 4000, 4000},
        {300, 4000, 4001, 4000},  {300, 4000, 432000, 4000},  {1, 1, 0, 1},
        {5000, 4000, 0, 5000}, /* where they cross, the minimum wins */
        {5000, 4000, 4500, 5000}, {5000, 4000, 100000, 5000},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct postfix_settings settings = {.minimal_backoff_time = rows[i].min,
                                            .maximal_backoff_time = rows[i].max};
        cr_expect_eq(postfix_backoff(&settings, rows[i].age), rows[i].wait, "row %zu", i);
    }
}

/* Lifetimes of five days and of one. */
static const struct postfix_settings five = {
    .maximal_queue_lifetime = 432000, .bounce_queue_lifetime = 86400, .delay_warning_time = 14400};

Test(rules, a_message_expires_at_exactly_its_lifetime)
{
    struct message message = {.created = 1000};

    cr_expect_not(postfix_expires(&five, &message, 1000));
    cr_expect_not(postfix_expires(&five, &message, 432999));
    cr_expect(postfix_expires(&five, &message, 433000));
    cr_expect(postfix_expires(&five, &message, 500000));
}

Test(rules, one_from_nobody_expires_by_the_lifetime_of_bounces)
{
    struct message message = {.created = 1000, .null_sender = 1};

    cr_expect_not(postfix_expires(&five, &message, 87399));
    cr_expect(postfix_expires(&five, &message, 87400));
}

Test(rules, a_lifetime_of_zero_is_over_at_once)
{
    struct postfix_settings settings = {.maximal_queue_lifetime = 0};
    struct message message = {.created = 1000};

    cr_expect(postfix_expires(&settings, &message, 1000));
}

Test(rules, lifetime_counts_from_create_time)
{
    struct message message = {.arrival = 0, .created = 60};

    cr_expect_not(postfix_expires(&five, &message, 432000));
    cr_expect(postfix_expires(&five, &message, 432060));
}

Test(rules, the_sender_is_warned_one_second_early)
{
    struct message message = {.created = 0};

    cr_expect_not(postfix_warns(&five, &message, 14398));
    cr_expect(postfix_warns(&five, &message, 14399));
    cr_expect(postfix_warns(&five, &message, 100000));
}

Test(rules, warnings_count_from_arrival_time_in_whole_seconds)
{
    struct message message = {.arrival = 10 * SIM_SECOND + 999999, .created = 60};

    cr_expect_not(postfix_warns(&five, &message, 14408));
    cr_expect(postfix_warns(&five, &message, 14409));
}

Test(rules, there_is_one_warning_a_message)
{
    struct message message = {.warned = 1};

    cr_expect_not(postfix_warns(&five, &message, 14400));
}

Test(rules, nobody_is_not_warned)
{
    struct message message = {.null_sender = 1};

    cr_expect_not(postfix_warns(&five, &message, 14400));
}

Test(rules, a_warning_time_of_zero_is_off)
{
    struct postfix_settings settings = {.delay_warning_time = 0};
    struct message message = {.created = 0};

    cr_expect_not(postfix_warns(&settings, &message, 0));
    cr_expect_not(postfix_warns(&settings, &message, 1000000));
}
