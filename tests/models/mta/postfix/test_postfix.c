/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clocks, several recipients, notices: spec 2.1, 2.4, 2.5, 2.8, 3.2 and 6.7. Stock settings, scans
 * at 0, 300, 600 ... */
#include "tests/models/small_world.h"

#define FROM "sender@home.example"
#define DAY 86400

static struct small_world world;

static void begin(void)
{
    small_world_init(&world);
    FAIL(&world, "later.example", "reply", "text", "450 4.2.0 not now");
    FAIL(&world, "never.example", "reply", "text", "550 5.1.1 unknown");
}

static void end(void)
{
    small_world_fini(&world);
}

TestSuite(postfix, .init = begin, .fini = end);

/* Each attempt of `site` takes so long, whatever the answer. */
static void take_time(const char *site, const char *text)
{
    struct err err;

    cr_assert(dist_parse(&small_world_site(&world, site)->latency[STAGE_DNS], text,
                         &(struct text_context){0}, &err));
}

static void expect_tally(uint32_t number, size_t n, struct tally expected)
{
    const struct diary_trip *trip = trip_of(&world, number, 0, n);

    cr_assert_not_null(trip);
    cr_expect_eq(trip->tally.sent, expected.sent, "trip %zu: %u sent", n, trip->tally.sent);
    cr_expect_eq(trip->tally.bounced, expected.bounced, "trip %zu: %u bounced", n,
                 trip->tally.bounced);
    cr_expect_eq(trip->tally.expired, expected.expired, "trip %zu: %u expired", n,
                 trip->tally.expired);
    cr_expect_eq(trip->tally.queued, expected.queued, "trip %zu: %u queued", n, trip->tally.queued);
}

static void expect_notice(size_t i, enum notice_kind kind, long at, uint32_t recipients)
{
    cr_assert_lt(i, world.diary.notice_count);
    const struct diary_notice *notice = &world.diary.notices[i];

    cr_expect_eq(notice->kind, kind, "notice %zu", i);
    cr_expect_eq(notice->at, at * SIM_SECOND, "notice %zu at %.3f", i, (double)notice->at / 1e6);
    cr_expect_eq(notice->recipients, recipients, "notice %zu about %u", i, notice->recipients);
}

/* ------------------------------------------------------------ new mail, and clocks */

Test(postfix, new_mail_is_tried_at_once)
{
    small_world_mail(&world, 123.456, FROM, "to@ready.example");
    small_world_run(&world);
    cr_assert_eq(world.diary.trip_count, 1);
    cr_expect_eq(world.diary.trips[0].start, 123456000);
    cr_expect_eq(world.diary.trips[0].end, 123456000);
    cr_expect_eq(world.diary.trips[0].fate, FATE_REMOVED);
    cr_expect_eq(world.diary.notice_count, 0);
}

Test(postfix, the_time_stamp_is_that_of_the_failure_and_the_wait)
{
    take_time("later.example", "20s");
    small_world_mail(&world, 50, FROM, "to@later.example");
    small_world_run(&world);
    cr_expect_eq(trip_of(&world, 0, 0, 0)->message.mtime, 50 + 20 + 300);
    cr_expect_eq(trip_of(&world, 0, 0, 1)->start, 600 * SIM_SECOND);
    cr_expect_eq(trip_of(&world, 0, 0, 1)->message.mtime, 620 + 570);
}

/* Failed in second 1, so the stamp is 301; a scan at 300 takes that, one at 299 does not. */
Test(postfix, an_attempt_that_ends_in_the_next_second_may_miss_a_scan)
{
    take_time("later.example", "100ms");
    world.scenario.scan_phase = 299 * SIM_SECOND;
    small_world_mail(&world, 0.95, FROM, "to@later.example");
    small_world_mail(&world, 0.85, FROM, "to@later.example");
    small_world_run(&world);
    cr_expect_eq(trip_of(&world, 0, 0, 0)->message.mtime, 300);
    cr_expect_eq(trip_of(&world, 1, 0, 0)->message.mtime, 301);
    cr_expect_eq(trip_of(&world, 0, 0, 1)->start, 299 * SIM_SECOND);
    cr_expect_eq(trip_of(&world, 1, 0, 1)->start, 599 * SIM_SECOND);
}

/* smtp_helo_timeout 40 s: the first attempt ends at 40, the scan at 300 is too early for 40 + 300.
 */
Test(postfix, waits_as_long_as_it_is_told_to_for_a_greeting)
{
    world.settings.smtp_helo_timeout = 40;
    world.scenario.duration = 700 * SIM_SECOND;
    FAIL(&world, "silent.example", "outage", "how", "silent", "for", "never");
    small_world_mail(&world, 0, FROM, "to@silent.example");
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 600));
    cr_expect_eq(trip_of(&world, 0, 0, 0)->end, 40 * SIM_SECOND);
}

/* Created in second 0 and failed at 400.05: the age is 400, not 399.15. */
Test(postfix, age_counts_whole_seconds)
{
    take_time("later.example", "399.15s");
    small_world_mail(&world, 0.9, FROM, "to@later.example");
    small_world_run(&world);
    cr_expect_eq(trip_of(&world, 0, 0, 0)->message.mtime, 800);
}

/* A scan at 0.5 is one of second 0, and takes stamps up to 1. */
Test(postfix, a_scan_meets_files_in_its_whole_second)
{
    world.settings.minimal_backoff_time = 301;
    world.scenario.scan_phase = SIM_SECOND / 2;
    small_world_mail(&world, 0, FROM, "to@later.example");
    small_world_mail(&world, 1, FROM, "to@later.example");
    small_world_run(&world);
    cr_expect_eq(trip_of(&world, 0, 0, 1)->start, 300 * SIM_SECOND + SIM_SECOND / 2);
    cr_expect_eq(trip_of(&world, 1, 0, 1)->start, 600 * SIM_SECOND + SIM_SECOND / 2);
}

Test(postfix, mail_that_fails_in_the_instant_of_a_scan_waits_for_the_next)
{
    world.settings.minimal_backoff_time = 1;
    small_world_mail(&world, 300, FROM, "to@later.example");
    small_world_run(&world);
    expect_starts(&world, 0, 0, SECONDS(300, 600, 900, 1500, 2700));
}

/* Even if it was not yet due when that mail was. */
Test(postfix, a_scan_comes_before_mail_of_the_same_instant)
{
    take_time("later.example", "1s");
    small_world_mail(&world, 0, FROM, "to@later.example");
    small_world_mail(&world, 300, FROM, "to@later.example");
    small_world_run(&world);
    cr_assert_geq(world.diary.trip_count, 3);
    cr_expect_eq(world.diary.trips[1].message.number, 0);
    cr_expect_eq(world.diary.trips[2].message.number, 1);
    cr_expect_eq(world.diary.trips[2].start, 300 * SIM_SECOND);
}

Test(postfix, the_grid_of_scans_goes_on_while_nothing_is_deferred)
{
    world.scenario.scan_phase = 70 * SIM_SECOND;
    FAIL(&world, "busy.example", "reply", "until", "10s");
    FAIL(&world, "busy.example", "reply", "from", "100000s", "until", "100100s");
    small_world_mail(&world, 0, FROM, "to@busy.example");
    small_world_mail(&world, 100000, FROM, "to@busy.example");
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 370));
    expect_all_starts(&world, 1, 0, SECONDS(100000, 100570)); /* 70 + 335 * 300 */
}

Test(postfix, recorded_scans_come_first_and_the_period_after_them)
{
    scenario_add_scan(&world.scenario, 123 * SIM_SECOND, 124 * SIM_SECOND);
    scenario_add_scan(&world.scenario, 310 * SIM_SECOND, 311 * SIM_SECOND);
    small_world_mail(&world, 0, FROM, "to@later.example");
    small_world_run(&world);
    expect_starts(&world, 0, 0, SECONDS(0, 310, 910, 2110)); /* due at 300, 620, 1820 */
}

Test(postfix, two_messages_to_one_site_soon_go_together)
{
    FAIL(&world, "dead.example", "outage", "how", "refused", "for", "never");
    small_world_mail(&world, 0, FROM, "one@dead.example");
    small_world_mail(&world, 10, FROM, "two@dead.example");
    small_world_run(&world);
    expect_starts(&world, 0, 0, SECONDS(0, 300, 600, 1200, 2400, 4800));
    expect_starts(&world, 1, 0, SECONDS(10, 600, 1200, 2400, 4800));
}

/* ------------------------------------------------------------ several recipients */

Test(postfix, sent_deferred_and_bounced_in_one_activation)
{
    world.settings.maximal_queue_lifetime = 600;
    small_world_mail(&world, 0, FROM, "a@ready.example b@later.example c@never.example");
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 300, 600));
    expect_tally(0, 0, (struct tally){.sent = 1, .bounced = 1, .queued = 1});
    expect_tally(0, 2, (struct tally){.sent = 1, .bounced = 1, .expired = 1});
    cr_assert_eq(world.diary.notice_count, 2);
    expect_notice(0, NOTICE_NON_DELIVERY, 0, 1); /* the one refused for good: at once */
    expect_notice(1, NOTICE_NON_DELIVERY, 600, 1);
    expect_all_starts(&world, 0, 1, SECONDS(0));
    expect_all_starts(&world, 0, 2, SECONDS(600));
}

Test(postfix, the_next_attempt_covers_only_those_that_are_left)
{
    FAIL(&world, "soon.example", "reply", "until", "400s");
    small_world_mail(&world, 0, FROM,
                     "a@ready.example b@later.example c@soon.example d@later.example");
    small_world_run(&world);
    cr_expect_eq(trip_of(&world, 0, 0, 0)->attempts, 4);
    cr_expect_eq(trip_of(&world, 0, 0, 1)->attempts, 3);
    cr_expect_eq(trip_of(&world, 0, 0, 2)->attempts, 3); /* at 600 c is accepted */
    cr_expect_eq(trip_of(&world, 0, 0, 3)->attempts, 2);
    expect_tally(0, 2, (struct tally){.sent = 2, .queued = 2});
    expect_tally(0, 107, (struct tally){.sent = 2, .expired = 2});
}

/* a fails at 0 and b at 30: both are stamped 330, and miss the scan at 300. */
Test(postfix, the_clock_is_that_of_the_slowest_recipient)
{
    take_time("slow.example", "30s");
    FAIL(&world, "slow.example", "reply", "text", "450 4.2.0 not now");
    small_world_mail(&world, 0, FROM, "a@later.example b@slow.example");
    small_world_run(&world);
    cr_expect_eq(trip_of(&world, 0, 0, 0)->end, 30 * SIM_SECOND);
    cr_expect_eq(trip_of(&world, 0, 0, 0)->message.mtime, 330);
    expect_starts(&world, 0, 0, SECONDS(0, 600, 1500, 3300));
}

Test(postfix, a_slow_delivery_holds_up_the_others_clock_too)
{
    take_time("slow.example", "30s");
    small_world_mail(&world, 0, FROM, "a@slow.example b@later.example");
    small_world_run(&world);
    cr_expect_eq(trip_of(&world, 0, 0, 0)->message.mtime, 330);
    expect_tally(0, 0, (struct tally){.sent = 1, .queued = 1});
    expect_starts(&world, 0, 0, SECONDS(0, 600, 1200, 2400)); /* then on its own: 600 + 600 */
}

Test(postfix, a_fast_bounce_waits_for_the_slowest_recipient)
{
    take_time("slow.example", "30s");
    small_world_mail(&world, 0, FROM, "a@never.example b@slow.example");
    small_world_run(&world);
    expect_notice(0, NOTICE_NON_DELIVERY, 30, 1);
    expect_all_starts(&world, 0, 1, SECONDS(30));
}

Test(postfix, expiry_is_one_notice_about_all_who_are_left)
{
    world.settings.maximal_queue_lifetime = 1000;
    small_world_mail(&world, 0, FROM, "a@later.example b@later.example c@ready.example");
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 300, 600, 1200));
    cr_expect_eq(world.diary.notice_count, 1);
    expect_notice(0, NOTICE_NON_DELIVERY, 1200, 2);
}

Test(postfix, bounced_and_expired_at_once_are_two_notices)
{
    world.settings.maximal_queue_lifetime = 0;
    small_world_mail(&world, 0, FROM, "a@later.example b@never.example c@never.example");
    small_world_run(&world);
    cr_assert_eq(world.diary.notice_count, 2);
    expect_notice(0, NOTICE_NON_DELIVERY, 0, 2); /* the bounce log comes first */
    expect_notice(1, NOTICE_NON_DELIVERY, 0, 1);
}

Test(postfix, a_warning_is_about_those_that_are_left)
{
    world.settings.delay_warning_time = 500;
    world.settings.maximal_queue_lifetime = 1000;
    small_world_mail(&world, 0, FROM, "a@later.example b@ready.example c@later.example");
    small_world_run(&world);
    cr_assert_eq(world.diary.notice_count, 2);
    expect_notice(0, NOTICE_DELAY, 600, 2);
    expect_notice(1, NOTICE_NON_DELIVERY, 1200, 2);
    expect_all_starts(&world, 0, NOTICE_WARNING | 1, SECONDS(600));
    expect_all_starts(&world, 0, 1, SECONDS(1200));
}

Test(postfix, a_delivery_does_not_warn)
{
    world.settings.delay_warning_time = 500;
    FAIL(&world, "soon.example", "reply", "until", "400s");
    small_world_mail(&world, 0, FROM, "a@soon.example");
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(0, 300, 600));
    cr_expect_eq(world.diary.notice_count, 0);
}

/* ------------------------------------------------------------ notices */

Test(postfix, a_refusal_for_good_does_not_wait_for_the_lifetime)
{
    small_world_mail(&world, 7, FROM, "to@never.example");
    small_world_run(&world);
    expect_all_starts(&world, 0, 0, SECONDS(7));
    expect_tally(0, 0, (struct tally){.bounced = 1});
    cr_expect_eq(world.diary.notice_count, 1);
    expect_notice(0, NOTICE_NON_DELIVERY, 7, 1);
    expect_all_starts(&world, 0, 1, SECONDS(7));
}

Test(postfix, soft_bounce_makes_it_wait)
{
    world.settings.soft_bounce = true;
    small_world_mail(&world, 0, FROM, "to@never.example");
    small_world_run(&world);
    expect_starts(&world, 0, 0, SECONDS(0, 300, 600, 1200));
    cr_expect_eq(trips_of(&world, 0, 0), 108);
    expect_tally(0, 107, (struct tally){.expired = 1});
}

Test(postfix, nobody_is_not_told_of_a_refusal)
{
    small_world_mail(&world, 0, "", "to@never.example");
    small_world_run(&world);
    expect_tally(0, 0, (struct tally){.bounced = 1});
    cr_expect_eq(world.diary.notice_count, 0);
    cr_expect_eq(world.diary.arrived, 1);
}

/* Made at 88800, it is retried from its own birth on, and dropped a day later. */
Test(postfix, a_notice_is_a_message_with_a_life_of_its_own)
{
    world.settings.maximal_queue_lifetime = DAY;
    world.settings.bounce_queue_lifetime = DAY;
    FAIL(&world, "home.example", "reply", "text", "450 4.2.0 not now");
    small_world_mail(&world, 0, FROM, "to@later.example");
    small_world_run(&world);
    expect_starts(&world, 0, 1, SECONDS(88800, 89100, 89400, 90000, 91200, 93600, 97800));
    cr_assert_eq(trips_of(&world, 0, 1), 26);
    const struct diary_trip *last = trip_of(&world, 0, 1, 25);
    cr_expect_eq(last->end, (88800 + 88800) * SIM_SECOND);
    cr_expect_eq(last->fate, FATE_EXPIRED);
    cr_expect_eq(world.diary.notice_count, 1);
}

Test(postfix, a_notice_lives_as_long_as_bounces_do)
{
    world.settings.bounce_queue_lifetime = 1000;
    FAIL(&world, "home.example", "reply", "text", "450 4.2.0 not now");
    small_world_mail(&world, 0, FROM, "to@never.example");
    small_world_run(&world);
    expect_all_starts(&world, 0, 1, SECONDS(0, 300, 600, 1200));
}

Test(postfix, a_refused_notice_is_dropped)
{
    FAIL(&world, "home.example", "reply", "text", "550 5.1.1 unknown");
    small_world_mail(&world, 0, FROM, "to@never.example");
    small_world_run(&world);
    expect_all_starts(&world, 0, 1, SECONDS(0));
    cr_expect_eq(world.diary.notice_count, 1);
    cr_expect_eq(world.diary.arrived, 2);
}

/* ------------------------------------------------------------ the end of a run */

Test(postfix, what_is_deferred_or_under_way_at_the_end_is_left)
{
    take_time("slow.example", "30s");
    world.scenario.duration = 1000 * SIM_SECOND;
    small_world_mail(&world, 0, FROM, "to@later.example");
    small_world_mail(&world, 10, FROM, "to@ready.example");
    small_world_mail(&world, 980, FROM, "to@slow.example");
    small_world_run(&world);
    cr_expect_eq(world.diary.arrived, 3);
    cr_expect_eq(world.diary.left, 2);
    expect_all_starts(&world, 0, 0, SECONDS(0, 300, 600));
    cr_expect_eq(trips_of(&world, 2, 0), 0);
}

Test(postfix, nothing_is_left_of_a_run_without_end)
{
    small_world_mail(&world, 0, FROM, "a@later.example b@never.example");
    small_world_mail(&world, 10, FROM, "to@ready.example");
    small_world_run(&world);
    cr_expect_eq(world.diary.left, 0);
}
