/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A queue of a few messages, added up by hand. */
#include "models/mta/postfix/outlook.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1780272000)
#define DAY 86400

static struct postfix_settings settings, one_day;
static struct outlook outlook;

/* Scans at NOW + 100 and every 300 s; and under a lifetime of a day, from NOW on. */
static void begin(void)
{
    postfix_settings_init(&settings);
    one_day = settings;
    one_day.maximal_queue_lifetime = DAY;
    struct forecast_plan present = forecast_present(&settings, NOW, NOW - 200);
    struct forecast_plan change = forecast_change(&present, &one_day);
    outlook = (struct outlook){0};
    outlook_add_policy(&outlook, "present", &present);
    outlook_add_policy(&outlook, "one-day", &change);
}

static void end(void)
{
    outlook_fini(&outlook);
}

TestSuite(outlook, .init = begin, .fini = end);

static void add(const char *id, const char *destination, const struct forecast_message *message)
{
    struct forecast forecasts[2];

    for (size_t i = 0; i < 2; i++)
        forecasts[i] = forecast_make(&outlook.policies[i].plan, message);
    outlook_add(&outlook, id, destination, message, forecasts);
}

/* In the deferred queue for `age`, and stamped so many seconds from now. */
static struct forecast_message deferred(int64_t age, int64_t stamp)
{
    return (struct forecast_message){
        .queue = LISTED_DEFERRED, .created = NOW - age, .mtime = NOW + stamp, .failed = true};
}

static void add_deferred(const char *id, const char *destination, int64_t age, int64_t stamp)
{
    struct forecast_message message = deferred(age, stamp);

    add(id, destination, &message);
}

/* At present tried at 100, 1000 and 10000; after the change at 0, 900 and 9900. */
Test(outlook, counts_who_bounces_at_the_next_retry_and_when)
{
    const struct outlook_policy *present = &outlook.policies[0], *change = &outlook.policies[1];

    add_deferred("A", "a.example", 2 * DAY, -50);
    add_deferred("B", "a.example", 3 * DAY, 900);
    add_deferred("C", "b.example", 3 * DAY, 9900);
    add_deferred("D", "b.example", 1000, 900);
    cr_expect_eq(present->expire, 0);
    cr_expect_eq(present->may_expire, 0);
    cr_expect_eq(change->expire, 3);
    cr_expect_eq(change->expire_soon, 2);
    cr_expect_eq(present->tried_within[0], 1);
    cr_expect_eq(present->tried_within[1], 3);
    cr_expect_eq(present->tried_within[2], 4);
    cr_expect_eq(change->expired_within[0], 1);
    cr_expect_eq(change->expired_within[1], 2);
    cr_expect_eq(change->expired_within[2], 3);
    cr_expect_eq(change->expired_within[3], 3);
    cr_expect_eq(change->expired_within[4], 4);
    cr_expect_eq(present->expired_within[4], 3); /* D: after five days and a bit */
}

Test(outlook, tells_apart_who_is_not_told)
{
    struct forecast_message bounce = deferred(6 * DAY, 0);

    bounce.null_sender = true;
    add("A", "a.example", &bounce);
    add_deferred("B", "a.example", 6 * DAY, 0);
    bounce = deferred(1000, 0);
    bounce.null_sender = true;
    add("C", "a.example", &bounce);
    cr_expect_eq(outlook.policies[0].expire, 2);
    cr_expect_eq(outlook.policies[0].unnoticed, 1);
}

/* A day less a second: at once or a second later. */
Test(outlook, counts_what_is_open)
{
    add_deferred("A", "a.example", DAY - 1, -50);
    add_deferred("B", "a.example", DAY, -50);
    add_deferred("C", "a.example", DAY + 1, -50);
    cr_expect_eq(outlook.policies[1].may_expire, 1);
    cr_expect_eq(outlook.policies[1].expire, 1);
    cr_expect_eq(outlook.destinations[0].may_expire, 1);
}

Test(outlook, what_is_on_hold_has_no_next_retry)
{
    struct forecast_message held = {.queue = LISTED_HOLD, .created = NOW - 6 * DAY};

    add("A", "a.example", &held);
    held.created = NOW - 2 * DAY; /* past that of the change only */
    add("B", "a.example", &held);
    cr_expect_eq(outlook.messages, 2);
    cr_expect_eq(outlook.queues[LISTED_HOLD], 2);
    cr_expect_eq(outlook.held_past, 1);
    cr_expect_eq(outlook.policies[0].expire, 0);
    cr_expect_eq(outlook.destination_count, 0);
    cr_expect_eq(outlook.urgent_count, 0);
}

Test(outlook, counts_the_forced_and_those_from_the_future)
{
    struct forecast_message message = deferred(100, 200);

    message.forced = true;
    add("A", "a.example", &message);
    add_deferred("B", "a.example", -1, 200);
    add_deferred("C", "a.example", 0, 200);
    cr_expect_eq(outlook.forced, 1);
    cr_expect_eq(outlook.future, 1);
    cr_expect_eq(outlook.policies[0].expire, 1);
}

static void expect_destination(size_t place, const char *name, uint64_t messages, uint64_t expire,
                               int64_t oldest)
{
    const struct outlook_destination *destination = &outlook.destinations[place];

    cr_expect_str_eq(names_text(&outlook.names, destination->name), name);
    cr_expect_eq(destination->messages, messages);
    cr_expect_eq(destination->expire, expire);
    cr_expect_eq(destination->oldest, oldest);
}

Test(outlook, ranks_destinations_by_what_they_lose_to_the_change)
{
    add_deferred("A", "d.example", 100, 300);
    add_deferred("B", "c.example", 100, 300);
    add_deferred("C", "b.example", 100, 300);
    add_deferred("D", "b.example", 200, 300);
    add_deferred("E", "a.example", 100, 300);
    add_deferred("F", "a.example", 2 * DAY, 0);
    add_deferred("G", "z.example", 3 * DAY, 0);
    outlook_rank(&outlook);
    expect_destination(0, "a.example", 2, 1, 2 * DAY);
    expect_destination(1, "z.example", 1, 1, 3 * DAY);
    expect_destination(2, "b.example", 2, 0, 200);
    expect_destination(3, "c.example", 1, 0, 100);
    expect_destination(4, "d.example", 1, 0, 100);
    cr_expect_eq(outlook.destination_count, 5);
}

/* Two are as urgent: the older comes first, then by id. */
Test(outlook, keeps_the_first_that_will_be_given_up)
{
    char id[20];

    for (int i = 0; i < 20; i++) {
        snprintf(id, sizeof id, "N%02d", i);
        add_deferred(id, "a.example", DAY / 2 + (i * 7 % 20) * 600, 0);
    }
    add_deferred("Y", "a.example", 2 * DAY, 0);
    add_deferred("Z", "a.example", 3 * DAY, 0);
    add_deferred("X", "a.example", 2 * DAY, 0);
    cr_assert_eq(outlook.urgent_count, OUTLOOK_URGENT);
    cr_expect_str_eq(outlook.urgent[0].id, "Z");
    cr_expect_eq(outlook.urgent[0].age, 3 * DAY);
    cr_expect_str_eq(outlook.urgent[1].id, "X");
    cr_expect_str_eq(outlook.urgent[2].id, "Y");
    cr_expect_str_eq(outlook.urgent[3].id, "N17"); /* 17 * 7 = 119 is 19 */
    cr_expect_str_eq(outlook.urgent[9].id, "N19"); /* 13 */
}

Test(outlook, looks_closely_at_the_present_where_nothing_changes)
{
    struct forecast_plan third = outlook.policies[1].plan;

    outlook_add_policy(&outlook, "third", &third);
    cr_expect_str_eq(outlook_focus(&outlook)->name, "one-day");
    outlook.policy_count = 1;
    cr_expect_str_eq(outlook_focus(&outlook)->name, "present");
}
