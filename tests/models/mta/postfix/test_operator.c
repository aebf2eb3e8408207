/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What postqueue, postsuper and postfix reload do to all messages: the times are worked by hand
 * from flush.c, postsuper.c and qmgr.c. Each is deferred at 0, until 300; scans are at 0, 300 ...
 */
#include "models/mta/postfix/operator.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "models/mta/postfix/routes.h"
#include "tests/models/small_world.h"

static struct small_world world;

static void begin(void)
{
    small_world_init(&world);
    FAIL(&world, "greylisting.example", "reply", "text", "450 4.2.0 later", "stage", "rcpt");
    small_world_mail(&world, 0, "a@home.example", "u@greylisting.example");
    world.scenario.duration = 3000 * SIM_SECOND;
}

static void end(void)
{
    small_world_fini(&world);
}

TestSuite(operator, .init = begin, .fini = end);

/* 100: extra, time stamp 400; the grid stays where it is. */
Test(operator, a_flush_is_an_extra_attempt)
{
    small_world_operate(&world, 100, OPERATION_FLUSH);
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 100, 600, 1200, 2400));
}

Test(operator, a_flush_can_come_again_and_again)
{
    struct operation *flush = small_world_operate(&world, 100, OPERATION_FLUSH);

    flush->every = 50 * SIM_SECOND;
    flush->until = 210 * SIM_SECOND;
    small_world_run(&world);
    expect_starts(&world, 0, 0, SECONDS(0, 100, 150, 200, 600));
}

Test(operator, what_is_deleted_is_not_tried_again)
{
    small_world_operate(&world, 400, OPERATION_DELETE);
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 300));
    cr_expect_eq(world.diary.left, 0);
}

Test(operator, what_is_on_hold_is_there_at_the_end)
{
    small_world_operate(&world, 400, OPERATION_HOLD);
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 300));
    cr_expect_eq(world.diary.left, 1);
}

/* Its time stamp, 600, is kept: the next scan takes it. Age 1500: until 3000, when all ends. */
Test(operator, what_is_released_is_tried_by_the_next_scan)
{
    small_world_operate(&world, 400, OPERATION_HOLD);
    small_world_operate(&world, 1300, OPERATION_RELEASE);
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 300, 1500));
}

Test(operator, the_lifetime_goes_on_while_a_message_is_on_hold)
{
    world.settings.maximal_queue_lifetime = 1000;
    small_world_operate(&world, 400, OPERATION_HOLD);
    small_world_operate(&world, 1300, OPERATION_RELEASE);
    small_world_run(&world);
    cr_assert_not_null(trip_of(&world, 0, 0, 2));
    cr_expect_eq(trip_of(&world, 0, 0, 2)->fate, FATE_EXPIRED);
}

/* Age 0 at 650 again: until 950, scans at 1200 (550 old, until 1750) and 1800 (until 2950). */
Test(operator, what_is_queued_anew_is_young_again)
{
    small_world_operate(&world, 650, OPERATION_REQUEUE);
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 300, 600, 650, 1200, 1800));
    cr_expect_eq(trip_of(&world, 0, 0, 3)->message.requeues, 1);
    cr_expect_eq(trip_of(&world, 0, 0, 3)->message.arrival, 0);
}

/* Held mail too, and once: age 0 at 650, as above. */
Test(operator, held_mail_is_queued_anew_once)
{
    small_world_operate(&world, 400, OPERATION_HOLD);
    small_world_operate(&world, 650, OPERATION_REQUEUE);
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 300, 650, 1200, 1800));
    cr_expect_eq(trip_of(&world, 0, 0, 2)->message.requeues, 1);
}

/* At its scan, 600, untried. */
Test(operator, what_is_to_expire_does_so_when_it_is_read_again)
{
    small_world_operate(&world, 400, OPERATION_EXPIRE);
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 300, 600));
    cr_expect_eq(trip_of(&world, 0, 0, 2)->fate, FATE_EXPIRED);
    cr_expect_eq(trip_of(&world, 0, 0, 2)->attempts, 0);
    cr_expect_eq(world.diary.notice_count, 1);
}

Test(operator, held_mail_expires_only_where_it_is_released_too)
{
    struct operation *expire = small_world_operate(&world, 650, OPERATION_EXPIRE);

    small_world_operate(&world, 400, OPERATION_HOLD);
    small_world_run(&world);
    cr_expect_eq(trips_of(&world, 0, 0), 2);
    cr_expect_eq(expire->release, false);
}

Test(operator, held_mail_that_is_released_to_expire_does_so_at_the_next_scan)
{
    small_world_operate(&world, 400, OPERATION_HOLD);
    small_world_operate(&world, 650, OPERATION_EXPIRE)->release = true;
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 300, 900));
    cr_expect_eq(trip_of(&world, 0, 0, 2)->fate, FATE_EXPIRED);
}

/* Asked for at 10, while an attempt lasts from 0 to 30: that trip ends as any other. */
Test(operator, an_active_message_expires_at_its_next_trip)
{
    small_world_hang(&world, "slow.example", 30);
    small_world_mail(&world, 0, "a@home.example", "u@slow.example");
    small_world_operate(&world, 10, OPERATION_EXPIRE);
    small_world_run(&world);
    expect_all_starts(&world, 1, 0, SECONDS(0, 600));
    cr_expect_eq(trip_of(&world, 1, 0, 0)->fate, FATE_DEFERRED);
    cr_expect_eq(trip_of(&world, 1, 0, 1)->fate, FATE_EXPIRED);
    cr_expect_eq(trip_of(&world, 1, 0, 1)->attempts, 0);
}

Test(operator, an_active_message_is_deleted_when_its_trip_is_over)
{
    small_world_hang(&world, "slow.example", 30);
    small_world_mail(&world, 0, "a@home.example", "u@slow.example");
    small_world_operate(&world, 10, OPERATION_DELETE);
    small_world_run(&world);
    expect_all_starts(&world, 1, 0, SECONDS(0));
    cr_expect_eq(world.diary.left, 0);
}

/* The active queue is full from 0 to 30. */
Test(operator, new_mail_that_waits_for_room_is_deleted_too)
{
    world.settings.qmgr_message_active_limit = 1;
    small_world_hang(&world, "slow.example", 30);
    small_world_mail(&world, 5, "a@home.example", "u@slow.example");
    small_world_mail(&world, 6, "a@home.example", "u@fine.example");
    small_world_operate(&world, 10, OPERATION_DELETE);
    small_world_run(&world);
    expect_all_starts(&world, 2, 0, ((const long[]){-1}));
    cr_expect_eq(world.diary.left, 0);
}

/* fast_flush_domains has domains and what is below them. */
Test(operator, a_site_that_flush_does_not_know_is_noted)
{
    static const char *const sites[] = {"b.example", "in.b.example", "ab.example", "c.example"};
    struct notes notes = {0};

    for (int i = 0; i < 4; i++) {
        struct operation *flush = small_world_operate(&world, 1, OPERATION_FLUSH_SITE);
        flush->site = scenario_add_domain(&world.scenario, sites[i]);
        flush->line = i + 1;
    }
    snprintf(world.settings.fast_flush_domains, POSTFIX_TEXT_ROOM, "a.example, b.example");
    postfix_operations_note(&world.scenario, &world.settings, &notes);
    cr_assert_eq(notes.count, 2);
    cr_expect_not_null(strstr(notes.text[0], "line 3: does nothing"));
    cr_expect_not_null(strstr(notes.text[0], "ab.example"));
    cr_expect_not_null(strstr(notes.text[1], "line 4"));
    notes_fini(&notes);
}

/* A message, and what "postqueue -i" calls it. */
static uint32_t mail_known(double seconds, const char *recipients)
{
    char id[40];

    snprintf(id, sizeof id, "mail/%zu", world.scenario.names.count);
    small_world_mail(&world, seconds, "a@home.example", recipients);
    return scenario_add_name(&world.scenario, id);
}

static void expect_untried(uint32_t number, const size_t *untried, size_t trips)
{
    for (size_t i = 0; i < trips; i++) {
        cr_assert_not_null(trip_of(&world, number, 0, i));
        cr_expect_eq(trip_of(&world, number, 0, i)->untried, untried[i], "message %u: trip %zu",
                     number, i);
    }
}

/* It alone, and once: at 600 its mode is an ordinary file's again (qmgr_active.c:239-252). */
Test(operator, a_flushed_message_goes_by_a_deferred_transport_too)
{
    snprintf(world.settings.defer_transports, POSTFIX_TEXT_ROOM, "relay, smtp");
    uint32_t known = mail_known(1, "u@greylisting.example");
    small_world_operate(&world, 100, OPERATION_FLUSH_MESSAGE)->message = known;
    small_world_run(&world);
    expect_all_starts(&world, 1, 0, SECONDS(1, 100, 600, 1200, 2400));
    expect_untried(1, (const size_t[]){1, 0, 1, 1, 1}, 5);
    expect_all_starts(&world, 0, 0, SECONDS(0, 300, 600, 1200, 2400));
    expect_untried(0, (const size_t[]){1, 1, 1, 1, 1}, 5);
}

Test(operator, a_message_that_is_queued_anew_is_flushed_no_more)
{
    snprintf(world.settings.defer_transports, POSTFIX_TEXT_ROOM, "smtp");
    world.settings.qmgr_message_active_limit = 1;
    world.scenario.duration = 60 * SIM_SECOND;
    scenario_add_transport(&world.scenario, "slow.example", "lmtp", "[slow.example]");
    postfix_routes_ready(&world.scenario, &world.settings);
    small_world_hang(&world, "slow.example", 40);
    uint32_t known = mail_known(1, "u@greylisting.example");
    small_world_mail(&world, 5, "a@home.example", "u@slow.example");
    small_world_operate(&world, 20, OPERATION_FLUSH_MESSAGE)->message = known;
    small_world_operate(&world, 25, OPERATION_REQUEUE)->message = known;
    small_world_run(&world);
    expect_all_starts(&world, 1, 0, SECONDS(1, 45));
    expect_untried(1, (const size_t[]){1, 1}, 2);
}

/* "postqueue -s" has the scan of incoming override defer_transports. */
Test(operator, a_flushed_site_is_reached_by_a_deferred_transport_too)
{
    snprintf(world.settings.defer_transports, POSTFIX_TEXT_ROOM, "smtp");
    snprintf(world.settings.fast_flush_domains, POSTFIX_TEXT_ROOM, "greylisting.example");
    small_world_mail(&world, 150, "a@home.example", "u@greylisting.example");
    small_world_operate(&world, 100, OPERATION_FLUSH_SITE)->site =
        scenario_add_domain(&world.scenario, "greylisting.example");
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 100, 600, 1200, 2400));
    expect_untried(0, (const size_t[]){1, 0, 1, 1, 1}, 5);
    expect_untried(1, (const size_t[]){1}, 1);
}

/*
 * Message 1 is deferred at 0 and flushed at 20, when 2 (6 to 36) and 3 (7 to 67) fill the active
 * queue. Its site dies of 2 at 36: only then is 1 read, and revives it, and is tried, until 66.
 */
Test(operator, a_flushed_message_revives_its_site_when_it_is_read)
{
    world.settings.qmgr_message_active_limit = 2;
    world.settings.initial_destination_concurrency = 1;
    FAIL(&world, "d.example", "reply", "text", "450 4.2.0 later", "stage", "rcpt");
    FAIL(&world, "d.example", "outage", "how", "timeout", "at", "5s", "for", "200s");
    FAIL(&world, "slow.example", "outage", "how", "timeout", "for", "never");
    small_world_site(&world, "slow.example")->addresses = 2;
    uint32_t known = mail_known(0, "u@d.example");
    small_world_mail(&world, 6, "a@home.example", "u@d.example");
    small_world_mail(&world, 7, "a@home.example", "u@slow.example");
    small_world_operate(&world, 20, OPERATION_FLUSH_MESSAGE)->message = known;
    small_world_run(&world);
    expect_starts(&world, 1, 0, SECONDS(0, 36));
    expect_untried(1, (const size_t[]){0, 0}, 2);
    cr_expect_eq(trip_of(&world, 1, 0, 1)->end, 66 * SIM_SECOND);
}
