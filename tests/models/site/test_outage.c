/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/models/play.h"

static struct play play;

static void begin(void)
{
    play_init(&play);
}

static void end(void)
{
    play_fini(&play);
}

TestSuite(outage, .init = begin, .fini = end);

Test(outage, holds_from_its_beginning_and_not_at_its_end)
{
    play_failure(&play, "outage", "at", "10s", "for", "5s", NULL);

    cr_expect(play_accepts(&play, MADE, 0, 9.999999));
    cr_expect(!play_accepts(&play, MADE, 0, 10));
    cr_expect(!play_accepts(&play, MADE, 0, 14.999999));
    cr_expect(play_accepts(&play, MADE, 0, 15));
}

Test(outage, lasts_for_ever_if_it_never_ends)
{
    play_failure(&play, "outage", "at", "10s", "for", "never", NULL);

    cr_expect(play_accepts(&play, MADE, 0, 9.999999));
    cr_expect(!play_accepts(&play, MADE, 0, 10));
    cr_expect(!play_accepts(&play, MADE, 0, 1e11));
}

Test(outage, never_begins_if_that_is_when)
{
    play_failure(&play, "outage", "at", "never", "for", "1h", NULL);

    cr_expect(play_accepts(&play, MADE, 0, 0));
    cr_expect(play_accepts(&play, MADE, 0, 1e11));
}

/* t = 0 is 2026-01-01T00:00Z: an hour of it is left. */
Test(outage, may_have_begun_before_the_start)
{
    play_failure(&play, "outage", "at", "2025-12-31T00:00Z", "for", "25h", NULL);

    cr_expect(!play_accepts(&play, MADE, 0, 0));
    cr_expect(!play_accepts(&play, MADE, 0, 3599.999999));
    cr_expect(play_accepts(&play, MADE, 0, 3600));
}

Test(outage, that_began_before_the_start_may_never_end)
{
    play_failure(&play, "outage", "at", "2025-12-31T00:00Z", "for", "never", NULL);

    cr_expect(!play_accepts(&play, MADE, 0, 1e11));
}

Test(outage, refuses_at_no_cost)
{
    play_failure(&play, "outage", "for", "1h", NULL);

    struct met met = play_ask(&play, MADE, 0, 7);
    cr_expect_eq(met.stage, STAGE_CONNECT);
    cr_expect_eq(met.at, 7 * SIM_SECOND);
    cr_expect_eq(met.reply->outcome, OUTCOME_DEFERRED);
    cr_expect_str_eq(met.reply->dsn, "4.4.1");
    cr_expect_str_eq(met.reply->text, "Connection refused");
}

/* The connect time-out of the tests is 30 s. */
Test(outage, keeps_an_attempt_waiting_where_no_one_answers)
{
    play_failure(&play, "outage", "for", "1h", "how", "timeout", NULL);

    struct met met = play_ask(&play, MADE, 0, 7);
    cr_expect_eq(met.stage, STAGE_CONNECT);
    cr_expect_eq(met.at, 37 * SIM_SECOND);
    cr_expect_str_eq(met.reply->dsn, "4.4.1");
    cr_expect_str_eq(met.reply->text, "Connection timed out");
    cr_expect_eq(play_ask(&play, MADE, 0, 3600).at, 3600 * SIM_SECOND);
}

/* The time-out of the tests for the greeting is 300 s; the connection comes before. */
Test(outage, keeps_an_attempt_waiting_for_the_greeting_where_it_is_silent)
{
    play_latency(&play, STAGE_CONNECT, "2s");
    play_failure(&play, "outage", "for", "1h", "how", "silent", NULL);

    struct met met = play_ask(&play, MADE, 0, 7);
    cr_expect_eq(met.stage, STAGE_GREETING);
    cr_expect_eq(met.at, 309 * SIM_SECOND);
    cr_expect_eq(met.reply->outcome, OUTCOME_DEFERRED);
    cr_expect_str_eq(met.reply->dsn, "4.4.2");
    cr_expect_str_eq(met.reply->text, "timed out while receiving the initial server greeting");
    cr_expect_eq(play_ask(&play, MADE, 0, 3600).at, 3602 * SIM_SECOND);
}

Test(outage, of_dns_comes_before_any_connection)
{
    play_latency(&play, STAGE_DNS, "2s");
    play_latency(&play, STAGE_CONNECT, "5s");
    play_failure(&play, "outage", "for", "1h", "how", "dns", NULL);

    struct met met = play_ask(&play, MADE, 0, 0);
    cr_expect_eq(met.stage, STAGE_DNS);
    cr_expect_eq(met.at, 2 * SIM_SECOND);
    cr_expect_str_eq(met.reply->dsn, "4.4.3");
    cr_expect_eq(met.reply->outcome, OUTCOME_DEFERRED);
}

Test(outage, greets_with_its_own_text)
{
    play_failure(&play, "outage", "for", "1h", "how", "greeting", "text", "554 5.3.2 closed", NULL);

    struct met met = play_ask(&play, MADE, 0, 0);
    cr_expect_eq(met.stage, STAGE_GREETING);
    cr_expect_str_eq(met.reply->text, "554 5.3.2 closed");
    cr_expect_eq(met.reply->outcome, OUTCOME_BOUNCED);
}

/* Two of a day at most, a week apart: each has a length of its own. */
Test(outage, has_luck_of_its_own)
{
    int lengths[2] = {0, 0};

    play_failure(&play, "outage", "for", "uniform(0s, 1d)", NULL);
    play_failure(&play, "outage", "at", "1w", "for", "uniform(0s, 1d)", NULL);
    for (int i = 0; i < 2; i++)
        while (!play_accepts(&play, MADE, 0, 604800.0 * i + lengths[i]))
            lengths[i]++;
    cr_expect_neq(lengths[0], lengths[1]);
}

/* When it first accepts, in half hours. */
static int length_of(struct play *of, uint32_t number)
{
    int half_hours = 0;

    while (!play_accepts(of, MADE, number, 1800.0 * half_hours))
        half_hours++;
    return half_hours;
}

/* Drawn once a run: not by attempt, and in the bounds it was given. */
Test(outage, draws_its_length_once)
{
    play_failure(&play, "outage", "for", "uniform(2h, 20h)", NULL);
    int length = length_of(&play, 0);

    cr_expect(length > 4 && length <= 40, "%d", length);
    for (uint32_t i = 1; i < 20; i++)
        cr_expect_eq(length_of(&play, i), length);
}

/* ---------------------------------------------------- sites of several addresses */

static void addresses_of_the_site(uint32_t count)
{
    play.scenario.sites[0].addresses = count;
}

Test(outage, of_some_addresses_only_takes_time_from_those_that_reach_the_next)
{
    addresses_of_the_site(3);
    play_failure(&play, "outage", "for", "1h", "how", "timeout", "addresses", "2", NULL);

    struct met met = play_ask(&play, MADE, 0, 7);
    cr_expect_eq(met.reply->outcome, OUTCOME_SENT);
    cr_expect_eq(met.at, 67 * SIM_SECOND);
}

Test(outage, of_some_addresses_costs_nothing_where_they_refuse)
{
    addresses_of_the_site(2);
    play_failure(&play, "outage", "for", "1h", "addresses", "1", NULL);

    struct met met = play_ask(&play, MADE, 0, 7);
    cr_expect_eq(met.reply->outcome, OUTCOME_SENT);
    cr_expect_eq(met.at, 7 * SIM_SECOND);
}

Test(outage, concerns_all_addresses_if_it_does_not_say)
{
    addresses_of_the_site(2);
    play_failure(&play, "outage", "for", "1h", "how", "timeout", NULL);

    struct met met = play_ask(&play, MADE, 0, 7);
    cr_expect_eq(met.reply->outcome, OUTCOME_DEFERRED);
    cr_expect_eq(met.stage, STAGE_CONNECT);
    cr_expect_eq(met.at, 67 * SIM_SECOND);
}

Test(outage, of_more_addresses_than_there_are_concerns_all)
{
    addresses_of_the_site(2);
    play_failure(&play, "outage", "for", "1h", "how", "timeout", "addresses", "3", NULL);

    cr_expect_eq(play_ask(&play, MADE, 0, 0).at, 60 * SIM_SECOND);
    cr_expect(!play_accepts(&play, MADE, 0, 0));
}

/* smtp_mx_address_limit = 2: the third, which is alive, is never tried. */
Test(outage, of_the_addresses_that_are_tried_is_enough)
{
    addresses_of_the_site(3);
    play.address_limit = 2;
    play_failure(&play, "outage", "for", "1h", "how", "timeout", "addresses", "2", NULL);

    struct met met = play_ask(&play, MADE, 0, 0);
    cr_expect_eq(met.reply->outcome, OUTCOME_DEFERRED);
    cr_expect_eq(met.at, 60 * SIM_SECOND);
}

Test(outage, leaves_an_attempt_the_addresses_that_it_may_try)
{
    addresses_of_the_site(3);
    play.address_limit = 3;
    play_failure(&play, "outage", "for", "1h", "how", "timeout", "addresses", "2", NULL);

    cr_expect(play_accepts(&play, MADE, 0, 0));
}

/* It ends 10 s before the second address is tried, at 30 s. */
Test(outage, that_ends_meanwhile_lets_the_next_address_answer)
{
    addresses_of_the_site(2);
    play_failure(&play, "outage", "for", "20s", "how", "timeout", NULL);

    struct met met = play_ask(&play, MADE, 0, 0);
    cr_expect_eq(met.reply->outcome, OUTCOME_SENT);
    cr_expect_eq(met.at, 30 * SIM_SECOND);
}

/* The first is silent, and both refuse: one time-out, and no address that answers. */
Test(outage, passes_over_an_address_that_another_has_found_dead)
{
    addresses_of_the_site(2);
    play_failure(&play, "outage", "for", "1h", "how", "timeout", "addresses", "1", NULL);
    play_failure(&play, "outage", "for", "1h", "how", "refused", NULL);

    struct met met = play_ask(&play, MADE, 0, 0);
    cr_expect_str_eq(met.reply->text, "Connection refused");
    cr_expect_eq(met.at, 30 * SIM_SECOND);
}

/* Of three hosts the first has no address: the limit of two is for the others. */
Test(outage, of_dns_leaves_no_address_to_be_counted)
{
    addresses_of_the_site(3);
    play.address_limit = 2;
    play_failure(&play, "outage", "for", "1h", "how", "dns", "addresses", "1", NULL);
    play_failure(&play, "outage", "for", "1h", "how", "timeout", "addresses", "2", NULL);

    struct met met = play_ask(&play, MADE, 0, 0);
    cr_expect_eq(met.reply->outcome, OUTCOME_SENT);
    cr_expect_eq(met.at, 30 * SIM_SECOND);
}

Test(outage, of_dns_is_one_of_all_hosts_only)
{
    addresses_of_the_site(3);
    play.address_limit = 2;
    play_failure(&play, "outage", "for", "1h", "how", "dns", NULL);

    cr_expect_eq(play_ask(&play, MADE, 0, 0).stage, STAGE_DNS);
}

Test(outage, counts_the_addresses_of_each_attempt_anew)
{
    addresses_of_the_site(2);
    play_failure(&play, "outage", "for", "1h", "how", "timeout", "addresses", "1", NULL);

    cr_expect_eq(play_ask(&play, MADE, 0, 0).at, 30 * SIM_SECOND);
    cr_expect_eq(play_ask(&play, MADE, 1, 0).at, 30 * SIM_SECOND);
}
