/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long an answer took, from stamps and delays= written by hand. */
#include "models/duration.h"

#include <criterion/criterion.h>

#include "tests/models/made_log.h"

#define MS INT64_C(1000)

/* One trip from `from` to `to`; b, c and d of delays= in seconds. */
struct made {
    double from, to;
    double b, c, d;
};

static sim_time span(double seconds)
{
    return (sim_time)(seconds * 1e6 + 0.5);
}

/* As a first trip, or as a retry: then one is before it. */
static struct duration of(bool retry, struct made made)
{
    struct logged_message *message = made_mail("AAAAAA", made.from, "s@a");

    if (retry)
        made_try(message, "u@d", made.from - 300, LOGGED_DEFERRED);
    made_trip(message, made.from);
    struct logged_attempt *attempt = made_deferred(message, "u@d", made.to);
    attempt->delays[1] = span(made.b);
    attempt->delays[2] = span(made.c);
    attempt->delays[3] = span(made.d);
    struct duration duration = duration_of(message, attempt, duration_lead(message));
    logged_message_free(message);
    return duration;
}

static void expect(struct duration duration, sim_time best, sim_time least, sim_time most)
{
    cr_expect_eq(duration.best, best * MS, "best %lld us", (long long)duration.best);
    cr_expect_eq(duration.least, least * MS, "least %lld us", (long long)duration.least);
    cr_expect_eq(duration.most, most * MS, "most %lld us", (long long)duration.most);
}

/* 123.4 s are logged as 123: the stamps tell. The replayed retry begins at 400.000. */
Test(duration, comes_from_stamps_where_they_have_fractions)
{
    expect(of(true, (struct made){400, 523.4, 0, 0, 123}), 123400, 123000, 123999);
    expect(of(true, (struct made){400.7, 524.1, 0, 0, 123}), 123400, 124000, 124999);
}

/* It came at 10.7, and must end between 134.000 and 134.999. */
Test(duration, of_a_first_trip_counts_from_the_arrival)
{
    expect(of(false, (struct made){10.7, 134.1, 0, 0, 123}), 123400, 123300, 124299);
}

static sim_time lead_of(double to, double d, double later)
{
    struct logged_message *message = made_mail("AAAAAA", 10, "s@a");

    made_trip(message, 10);
    made_deferred(message, "u@d", 10)->delays[3] = 0;
    made_deferred(message, "v@d", to)->delays[3] = span(d);
    made_trip(message, 400);
    made_deferred(message, "u@d", later)->delays[3] = 0;
    sim_time lead = duration_lead(message);
    logged_message_free(message);
    return lead;
}

/* From 10 to 11 in 0.4 s: it came at 10.6 or later. What retries tell is of no account. */
Test(duration, tells_how_far_into_its_second_a_message_came)
{
    cr_expect_eq(lead_of(11, 0.4, 400), 600 * MS);
    cr_expect_eq(lead_of(11, 0.4, 401), 600 * MS);
    cr_expect_eq(lead_of(11, 1.4, 400), 0);
    cr_expect_eq(lead_of(10.5, 0.4, 400), 0, "stamps have fractions");
    cr_expect_eq(lead_of(12, 0.4, 400), 0, "stamps are more than a second apart");
}

Test(duration, of_a_first_trip_counts_from_where_in_its_second_it_came)
{
    expect(of(false, (struct made){10, 11, 0, 0, 0.4}), 400, 400, 1399);
    expect(of(true, (struct made){310, 311, 0, 0, 0.4}), 400, 1000, 1999);
}

/* A wait of 40.4 s is logged as 40, and 1.3 as 1.3: delays= is the closer of the two. */
Test(duration, comes_from_delays_where_the_wait_is_less_known)
{
    expect(of(true, (struct made){400, 441.7, 40, 1.3, 0}), 1300, 1000, 1999);
}

/* The wait of 2 s is between the stamps, too. */
Test(duration, does_not_count_the_wait_for_an_agent)
{
    expect(of(true, (struct made){400, 432.5, 2, 0, 30}), 30500, 30000, 30999);
}

/* 31 by the stamps can be anything from 30.001; delays= says 30.4 or so. */
Test(duration, comes_from_delays_where_stamps_are_whole)
{
    expect(of(true, (struct made){400, 431, 0, 30, 0.44}), 30440, 31000, 31999);
}

/* Between two stamps of one second lies less than a second. */
Test(duration, is_nothing_or_more)
{
    expect(of(true, (struct made){400, 400, 0.5, 0.1, 0}), 100, 0, 499);
    expect(of(true, (struct made){400.5, 400.9, 0.9, 60, 0}), 60000, 59001, 60999);
}

/* Somebody set the clock on by ten seconds, or back. */
Test(duration, believes_delays_where_stamps_are_seconds_apart)
{
    expect(of(true, (struct made){400, 411.5, 0, 1.2, 0}), 1200, 201, 2199);
    expect(of(true, (struct made){400, 391.5, 0, 1.2, 0}), 1200, 201, 2199);
}

Test(duration, comes_from_delays_where_the_trip_has_no_begin)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    logged_activation_add(message, SIM_NEVER);
    struct logged_attempt *attempt = made_deferred(message, "u@d", 400);
    attempt->delays[2] = 7 * SIM_SECOND;
    expect(duration_of(message, attempt, 0), 7000, 6001, 7999);
    logged_message_free(message);
}

Test(duration, is_the_same_where_one_length_can_be_both)
{
    struct duration known = {30400 * MS, 30000 * MS, 30999 * MS};
    struct duration later = {31100 * MS, 30999 * MS, 31998 * MS};
    struct duration other = {31000 * MS, 31000 * MS, 31999 * MS};

    cr_expect_not(duration_join(&known, &other));
    expect(known, 30400, 30000, 30999);
    cr_expect(duration_join(&known, &later));
    expect(known, 30400, 30999, 30999);
}

Test(duration, is_likeliest_nearest_to_what_was_measured)
{
    cr_expect_eq(duration_likeliest(&(struct duration){5, 1, 9}), 5);
    cr_expect_eq(duration_likeliest(&(struct duration){0, 1, 9}), 1);
    cr_expect_eq(duration_likeliest(&(struct duration){10, 1, 9}), 9);
    struct duration exact = duration_exactly(7);
    cr_expect_eq(duration_likeliest(&exact), 7);
}
