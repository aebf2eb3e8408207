/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A full active queue, late scans, flushes and restarts, worked by hand from qmgr.c: qmgr_loop and
 * qmgr_scan.c. Scans are at 0, 300, 600 ... */
#include <criterion/criterion.h>

#include "tests/models/small_world.h"

static struct small_world world;

static void begin(void)
{
    small_world_init(&world);
    world.settings.qmgr_message_active_limit = 1;
    small_world_hang(&world, "slow.example", 30);
    FAIL(&world, "greylisting.example", "reply", "text", "450 4.2.0 later", "stage", "rcpt");
    world.scenario.duration = 1000 * SIM_SECOND;
}

static void end(void)
{
    small_world_fini(&world);
}

TestSuite(feed, .init = begin, .fini = end);

static void mail(double seconds, const char *recipient)
{
    small_world_mail(&world, seconds, "a@home.example", recipient);
}

/* Each attempt takes 30 s. */
Test(feed, new_mail_waits_for_room)
{
    mail(0, "u@slow.example");
    mail(1, "u@slow.example");
    mail(2, "u@fine.example");
    small_world_run(&world);
    expect_starts(&world, 0, 0, SECONDS(0));
    expect_starts(&world, 1, 0, SECONDS(30));
    expect_starts(&world, 2, 0, SECONDS(60));
}

/* At 300 the queue is full until 310; message 2 waits in incoming, message 0 for its scan. */
Test(feed, new_mail_gets_the_room_that_is_left_first)
{
    mail(0, "u@greylisting.example");
    mail(280, "u@slow.example");
    mail(290, "u@slow.example");
    small_world_run(&world);
    expect_starts(&world, 1, 0, SECONDS(280));
    expect_starts(&world, 2, 0, SECONDS(310));
    expect_starts(&world, 0, 0, SECONDS(0, 340));
}

/* Whatever it finds has the clock of then: 340 old, until 680. */
Test(feed, a_message_that_waited_for_room_is_older)
{
    mail(0, "u@greylisting.example");
    mail(280, "u@slow.example");
    mail(290, "u@slow.example");
    small_world_run(&world);
    cr_assert_not_null(trip_of(&world, 0, 0, 1));
    cr_expect_eq(trip_of(&world, 0, 0, 1)->message.mtime, 680);
}

/* As a log has it: whatever came first, and whatever the salt. */
Test(feed, a_scan_comes_to_files_in_their_order)
{
    static const uint32_t order[] = {3, 70, 0, 8, 1}, taken[] = {2, 4, 0, 3, 1};

    for (int i = 0; i < 5; i++) {
        mail(10 + i, "u@greylisting.example");
        trace_set_scan_order(world.scenario.traffics[0].settings, order[i]);
    }
    small_world_run(&world);
    cr_assert_geq(world.diary.trip_count, 10);
    for (int i = 0; i < 5; i++) {
        cr_expect_eq(world.diary.trips[5 + i].start, 600 * SIM_SECOND);
        cr_expect_eq(world.diary.trips[5 + i].message.number, taken[i], "%d", i);
    }
}

/* Messages 0 and 1 are taken at 300, and each has the one place for 400 s. So the scans due at 600
 * and 900 are one, at 1100, which takes message 2 by the clock of then. */
Test(feed, a_scan_begins_when_the_one_before_has_ended)
{
    FAIL(&world, "later.example", "reply", "text", "450 4.2.0 later", "stage", "rcpt", "until",
         "10s");
    FAIL(&world, "later.example", "outage", "how", "timeout", "at", "10s", "for", "never");
    world.settings.smtp_connect_timeout = 400;
    mail(0, "u@later.example");
    mail(0, "u@later.example");
    mail(5, "u@greylisting.example");
    world.scenario.duration = 1200 * SIM_SECOND;
    small_world_run(&world);
    cr_expect_eq(trip_of(&world, 0, 0, 1)->start + trip_of(&world, 1, 0, 1)->start,
                 1000 * SIM_SECOND);
    expect_starts(&world, 2, 0, SECONDS(5, 1100));
}

/* The age is 50100; the time stamp 54100. Regular scans stay where they were: 54300. */
Test(feed, a_flush_leaves_the_grid_of_scans_alone)
{
    mail(0, "u@greylisting.example");
    small_world_operate(&world, 50100, OPERATION_FLUSH);
    world.scenario.duration = 55000 * SIM_SECOND;
    small_world_run(&world);
    size_t n = 0;
    while (trip_of(&world, 0, 0, n) != NULL && trip_of(&world, 0, 0, n)->start < 50100 * SIM_SECOND)
        n++;
    cr_assert_eq(trips_of(&world, 0, 0), n + 2);
    cr_expect_eq(trip_of(&world, 0, 0, n)->start, 50100 * SIM_SECOND);
    cr_expect_eq(trip_of(&world, 0, 0, n)->message.mtime, 54100);
    cr_expect_eq(trip_of(&world, 0, 0, n + 1)->start, 54300 * SIM_SECOND);
}

/* Scans at 410, 710 ...: due since 600 at 710, 710 old, until 1420, and so at 1610. */
Test(feed, a_restart_begins_a_new_grid_of_scans)
{
    mail(0, "u@greylisting.example");
    small_world_operate(&world, 410, OPERATION_RESTART);
    world.scenario.duration = 2000 * SIM_SECOND;
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 300, 710, 1610));
}

/* At once: it takes what is due. */
Test(feed, a_restart_is_a_scan)
{
    mail(0, "u@greylisting.example");
    small_world_operate(&world, 620, OPERATION_RESTART);
    world.settings.minimal_backoff_time = 310;
    world.scenario.duration = 1000 * SIM_SECOND;
    small_world_run(&world);
    expect_starts(&world, 0, 0, SECONDS(0, 600));
}
