/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Destinations: windows, dead sites, rate delays, the process limit. The runs are worked by hand
 * from qmgr_queue.c and qmgr_entry.c; scans are at 0, 300, 600 ... */
#include <criterion/criterion.h>

#include "models/mta/postfix/routes.h"
#include "tests/models/small_world.h"

static struct small_world world;

static void begin(void)
{
    small_world_init(&world);
}

static void end(void)
{
    small_world_fini(&world);
}

TestSuite(delivery, .init = begin, .fini = end);

static void mail_at(double seconds, int messages)
{
    for (int i = 0; i < messages; i++)
        small_world_mail(&world, seconds, "a@home.example", "u@dead.example");
}

/* Which of the `n`-th trips of the messages were made for nothing: how many recipients. */
static size_t untried(uint32_t messages, size_t n)
{
    size_t sum = 0;

    for (uint32_t i = 0; i < messages; i++) {
        const struct diary_trip *trip = trip_of(&world, i, 0, n);
        cr_assert_not_null(trip, "message %u, trip %zu", i, n);
        sum += trip->untried;
    }
    return sum;
}

/* The first trips of all messages begin their attempts at these seconds. */
static void expect_begun(const long *seconds)
{
    for (uint32_t i = 0; seconds[i] >= 0; i++) {
        const struct diary_trip *trip = trip_of(&world, i, 0, 0);
        cr_assert_not_null(trip, "message %u", i);
        cr_expect_eq(trip->begun, seconds[i] * SIM_SECOND, "message %u: %.3f", i,
                     (double)trip->begun / 1e6);
    }
}

/* ---------------------------------------------------------------- dead sites */

/* One failure in five leaves 0.2 cohorts, and then nothing keeps the queue. */
Test(delivery, two_messages_never_kill_a_site)
{
    FAIL(&world, "dead.example", "outage", "how", "refused", "for", "never");
    mail_at(0, 1);
    mail_at(10, 1);
    world.scenario.duration = 5000 * SIM_SECOND;
    small_world_run(&world);
    expect_starts(&world, 0, 0, SECONDS(0, 300, 600, 1200, 2400));
    expect_starts(&world, 1, 0, SECONDS(10, 600, 1200, 2400));
    for (size_t n = 0; n < 4; n++)
        cr_expect_eq(untried(2, n), 0);
}

/* mtimes 330; then 600 + 630 and 600 + 590: one real attempt a round. */
Test(delivery, with_a_window_of_1_each_round_has_one_attempt)
{
    world.settings.initial_destination_concurrency = 1;
    small_world_hang(&world, "dead.example", 30);
    mail_at(0, 1);
    mail_at(10, 1);
    world.scenario.duration = 2000 * SIM_SECOND;
    small_world_run(&world);
    expect_starts(&world, 0, 0, SECONDS(0, 600, 1500));
    expect_starts(&world, 1, 0, SECONDS(10, 600, 1500));
    cr_expect_eq(trip_of(&world, 0, 0, 0)->untried, 0);
    cr_expect_eq(trip_of(&world, 1, 0, 0)->untried, 1);
    cr_expect_eq(trip_of(&world, 1, 0, 0)->end, 30 * SIM_SECOND);
    cr_expect_eq(untried(2, 1), 1);
    cr_expect_eq(untried(2, 2), 1);
}

/* 0.2, 0.533, 1.033: the third failure kills, and five are deferred untried. */
Test(delivery, of_ten_at_once_five_are_tried)
{
    small_world_hang(&world, "dead.example", 30);
    mail_at(0, 10);
    world.scenario.duration = 1000 * SIM_SECOND;
    small_world_run(&world);
    cr_expect_eq(untried(10, 0), 5);
    cr_expect_eq(untried(10, 1), 5);
    for (uint32_t i = 0; i < 10; i++) {
        cr_expect_eq(trip_of(&world, i, 0, 0)->end, 30 * SIM_SECOND);
        cr_expect_eq(trip_of(&world, i, 0, 0)->message.mtime, 330);
        expect_starts(&world, i, 0, SECONDS(0, 600));
    }
}

Test(delivery, who_comes_to_a_dead_site_is_deferred_untried)
{
    small_world_hang(&world, "dead.example", 30);
    mail_at(0, 10);
    mail_at(100, 1);
    mail_at(329, 1);
    mail_at(330, 1);
    world.scenario.duration = 590 * SIM_SECOND;
    small_world_run(&world);
    cr_expect_eq(trip_of(&world, 10, 0, 0)->untried, 1);
    cr_expect_eq(trip_of(&world, 10, 0, 0)->end, 100 * SIM_SECOND);
    cr_expect_eq(trip_of(&world, 10, 0, 0)->message.mtime, 400);
    cr_expect_eq(trip_of(&world, 11, 0, 0)->untried, 1);
    cr_expect_eq(trip_of(&world, 12, 0, 0)->untried, 0);
}

/* Killed at 30 it is dead until 330, when a scan comes: timers run before it. */
Test(delivery, a_scan_at_the_end_of_the_dead_time_finds_the_site_alive)
{
    small_world_hang(&world, "dead.example", 30);
    mail_at(0, 10);
    world.scenario.scan_phase = 30 * SIM_SECOND;
    world.scenario.duration = 500 * SIM_SECOND;
    small_world_run(&world);
    expect_starts(&world, 0, 0, SECONDS(0, 330));
    cr_expect_eq(untried(10, 1), 5);
}

/* 4xx to RCPT is no fault of the site. */
Test(delivery, a_site_that_answers_never_dies)
{
    FAIL(&world, "dead.example", "reply", "text", "450 4.2.0 later", "stage", "rcpt");
    mail_at(0, 30);
    world.scenario.duration = 400 * SIM_SECOND;
    small_world_run(&world);
    cr_expect_eq(untried(30, 0), 0);
    cr_expect_eq(untried(30, 1), 0);
}

/* Two more agents are asked for before the first refusal is told: 4 connections, not 3. */
Test(delivery, refused_at_once_four_connect_before_the_rest_is_suspended)
{
    FAIL(&world, "dead.example", "outage", "how", "refused", "for", "never");
    world.scenario.handover = SIM_SECOND / 1000;
    mail_at(0, 10);
    world.scenario.duration = 290 * SIM_SECOND;
    small_world_run(&world);
    cr_expect_eq(untried(10, 0), 6, "%zu", untried(10, 0));
}

/* ------------------------------------------------------------ windows that have shrunk */

/* Five are under way from 10 on, the first of them from 0. Its failure at 30 leaves a window of 3
 * to four; the others' at 40 one of 2 to three, and then a dead site. */
static void shrink_a_window_at_30(void)
{
    small_world_hang(&world, "dead.example", 30);
    mail_at(0, 1);
    mail_at(10, 4);
}

/* qmgr_transport_select: 3 - 4 + 1 is no need for an agent, 3 - 4 + 1 + 1 is one for one. */
Test(delivery, a_window_below_what_is_under_way_keeps_others_waiting)
{
    shrink_a_window_at_30();
    small_world_mail(&world, 31, "a@home.example", "u@one.example");
    small_world_mail(&world, 32, "a@home.example", "u@two.example");
    small_world_mail(&world, 41, "a@home.example", "u@one.example");
    world.scenario.duration = 200 * SIM_SECOND;
    small_world_run(&world);
    expect_begun(SECONDS(0, 10, 10, 10, 10, 32, 40, 41));
}

/* What is counted before it is enough; the agent then takes what waits longest. */
Test(delivery, a_window_that_has_shrunk_keeps_older_next_hops_from_nothing)
{
    struct site_spec *site = small_world_site(&world, "old.example");

    site->latency[STAGE_RCPT] = (struct dist){.kind = DIST_CONSTANT, .a = 100 * SIM_SECOND};
    small_world_mail(&world, 0, "a@home.example", "u@old.example");
    shrink_a_window_at_30();
    small_world_mail(&world, 31, "a@home.example", "u@one.example");
    small_world_mail(&world, 32, "a@home.example", "u@two.example");
    small_world_mail(&world, 33, "a@home.example", "u@old.example");
    small_world_mail(&world, 34, "a@home.example", "u@old.example");
    world.scenario.duration = 200 * SIM_SECOND;
    small_world_run(&world);
    expect_begun(SECONDS(0, 0, 10, 10, 10, 10, 32, 33, 33, 34));
}

/* ---------------------------------------------------------------- rates and limits */

Test(delivery, after_each_delivery_a_site_rests_for_the_rate_delay)
{
    world.settings.default_destination_rate_delay = 10;
    scenario_add_site(&world.scenario, "dead.example");
    mail_at(0, 4);
    small_world_run(&world);
    expect_begun(SECONDS(0, 10, 20, 30));
}

Test(delivery, the_rest_counts_from_the_end_of_a_delivery)
{
    struct site_spec *site = small_world_site(&world, "dead.example");
    struct err err;

    world.settings.default_destination_rate_delay = 10;
    cr_assert(dist_parse(&site->latency[STAGE_RCPT], "5s", &(struct text_context){0}, &err));
    mail_at(0, 3);
    small_world_run(&world);
    expect_begun(SECONDS(0, 15, 30));
}

/* One cohort fails; it is alive again at once, but rests: 30 + 10. */
Test(delivery, with_a_rate_delay_one_failure_defers_all_that_waits)
{
    small_world_hang(&world, "dead.example", 30);
    world.settings.default_destination_rate_delay = 10;
    mail_at(0, 3);
    mail_at(35, 1);
    world.scenario.duration = 200 * SIM_SECOND;
    small_world_run(&world);
    cr_expect_eq(untried(3, 0), 2);
    cr_expect_eq(trip_of(&world, 3, 0, 0)->untried, 0);
    cr_expect_eq(trip_of(&world, 3, 0, 0)->begun, 40 * SIM_SECOND);
}

/* It comes before each delivery, the first too. */
Test(delivery, a_transport_rate_delay_makes_one_delivery_at_a_time)
{
    world.settings.default_transport_rate_delay = 10;
    small_world_mail(&world, 0, "a@home.example", "u@one.example");
    small_world_mail(&world, 0, "a@home.example", "u@two.example");
    small_world_mail(&world, 0, "a@home.example", "u@one.example");
    small_world_run(&world);
    expect_begun(SECONDS(10, 20, 30));
}

/* Two agents and three sites: who became active first is served first. */
Test(delivery, agents_serve_in_the_order_of_activation)
{
    world.settings.default_process_limit = 2;
    small_world_hang(&world, "*", 30);
    small_world_mail(&world, 0, "a@home.example", "u@one.example");
    small_world_mail(&world, 1, "a@home.example", "u@one.example");
    small_world_mail(&world, 2, "a@home.example", "u@two.example");
    small_world_mail(&world, 3, "a@home.example", "u@one.example");
    small_world_mail(&world, 4, "a@home.example", "u@three.example");
    world.scenario.duration = 200 * SIM_SECOND;
    small_world_run(&world);
    expect_begun(SECONDS(0, 1, 30, 31, 60));
}

/* No agent at 0: so until 60 nobody asks for one, though there are some from 5 on. */
Test(delivery, a_transport_that_is_down_is_left_alone_for_transport_retry_time)
{
    struct operation *down = small_world_operate(&world, 0, OPERATION_TRANSPORT_DOWN);

    down->transport = alloc_text("smtp", 4);
    down->length = 5 * SIM_SECOND;
    scenario_add_site(&world.scenario, "dead.example");
    mail_at(1, 2);
    mail_at(50, 1);
    mail_at(61, 1);
    world.scenario.duration = 290 * SIM_SECOND;
    small_world_run(&world);
    cr_expect_eq(untried(4, 0), 3);
    cr_expect_eq(trip_of(&world, 3, 0, 0)->untried, 0);
    cr_expect_eq(trip_of(&world, 2, 0, 0)->message.mtime, 350);
}

/* ------------------------------------------------------- several recipients, routes */

/* Whether the greeting or MAIL FROM is refused is the session's luck, not each recipient's. */
static void expect_shared_fates(const char *stage)
{
    FAIL(&world, "fickle.example", "random", "p", "0.5", "stage", stage);
    for (int i = 0; i < 40; i++)
        small_world_mail(&world, 1000 * i, "a@home.example",
                         "u@fickle.example v@fickle.example w@fickle.example");
    world.settings.initial_destination_concurrency = 20; /* so that none dies */
    world.scenario.duration = 40000 * SIM_SECOND;
    small_world_run(&world);
    size_t sent = 0;
    for (uint32_t i = 0; i < 40; i++) {
        const struct diary_trip *trip = trip_of(&world, i, 0, 0);
        cr_assert_not_null(trip);
        cr_expect(trip->tally.sent == 0 || trip->tally.sent == 3, "message %u: %u", i,
                  trip->tally.sent);
        sent += trip->tally.sent;
    }
    cr_expect(sent > 0 && sent < 120);
}

Test(delivery, recipients_of_one_session_share_its_greeting)
{
    expect_shared_fates("greeting");
}

Test(delivery, recipients_of_one_session_share_the_answer_to_its_sender)
{
    expect_shared_fates("mail");
}

/* The connection is made once: 10 s to connect, then each recipient has an answer of its own. */
Test(delivery, a_session_is_set_up_once)
{
    struct site_spec *site = small_world_site(&world, "far.example");

    site->latency[STAGE_CONNECT] = (struct dist){.kind = DIST_CONSTANT, .a = 10 * SIM_SECOND};
    small_world_mail(&world, 0, "a@home.example", "u@far.example v@far.example");
    world.scenario.duration = 100 * SIM_SECOND;
    small_world_run(&world);
    cr_expect_eq(trip_of(&world, 0, 0, 0)->end, 10 * SIM_SECOND);
}

/* One host by two transports, one of which is deferred. */
Test(delivery, one_site_by_two_transports_is_two_next_hops)
{
    scenario_add_transport(&world.scenario, "a.example", "smtp", "[hub.example]");
    scenario_add_transport(&world.scenario, "b.example", "relay", "[hub.example]");
    snprintf(world.settings.defer_transports, POSTFIX_TEXT_ROOM, "relay");
    postfix_routes_ready(&world.scenario, &world.settings);
    small_world_mail(&world, 0, "a@home.example", "u@a.example u@b.example v@a.example");
    world.scenario.duration = 100 * SIM_SECOND;
    small_world_run(&world);
    const struct diary_trip *trip = trip_of(&world, 0, 0, 0);
    cr_assert_not_null(trip);
    cr_expect_eq(trip->tally.sent, 2);
    cr_expect_eq(trip->untried, 1);
}
