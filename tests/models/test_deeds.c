/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What operators did, from logged messages made by hand, as operations of a scenario. */
#include "models/deeds.h"

#include <criterion/criterion.h>

#include "tests/models/made_log.h"

static struct deeds deeds;
static struct directory retries;

static void begin(void)
{
    deeds = (struct deeds){0};
    retries = (struct directory){0};
}

static void end(void)
{
    deeds_fini(&deeds);
    directory_fini(&retries);
}

TestSuite(deeds, .init = begin, .fini = end);

static void expect(size_t i, enum operation_kind kind, uint32_t label, double at)
{
    cr_assert_lt(i, deeds.count);
    cr_expect_eq(deeds.list[i].kind, kind, "%zu", i);
    cr_expect_eq(deeds.list[i].label, label, "%zu", i);
    cr_expect_eq(deeds.list[i].at, instant(at), "%zu", i);
}

Test(deeds, are_of_each_message_in_the_order_of_the_log)
{
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");

    logged_deed_add(message, OPERATION_HOLD, instant(10.2509));
    logged_deed_add(message, OPERATION_EXPIRE, instant(20));
    logged_deed_add(message, OPERATION_RELEASE, instant(20));
    deeds_add(&deeds, message, 7);
    logged_message_free(message);

    cr_expect_eq(deeds.count, 3);
    expect(0, OPERATION_HOLD, 7, 10.250);
    expect(1, OPERATION_EXPIRE, 7, 20);
    expect(2, OPERATION_RELEASE, 7, 20);
}

/* Scans are at 97, 397 ...: 427 may be the scan's, 428 is not. */
static void add_retries(size_t on_scans)
{
    for (size_t i = 0; i < on_scans; i++)
        directory_add(&retries, 1, instant(397), i + 1);
    directory_add(&retries, 2, instant(427), 100);
    directory_add(&retries, 3, instant(428.1239), 101);
}

Test(deeds, know_a_flush_by_retries_that_no_scan_took)
{
    add_retries(3);
    deeds_add_flushes(&deeds, &retries, 97, 300);
    cr_expect_eq(deeds.count, 1);
    expect(0, OPERATION_FLUSH_MESSAGE, 3, 428.123);
}

/* One of four. */
Test(deeds, do_not_know_a_flush_where_the_scans_are_in_doubt)
{
    add_retries(2);
    deeds_add_flushes(&deeds, &retries, 97, 300);
    cr_expect_eq(deeds.count, 0);
}

Test(deeds, know_no_flush_where_nothing_was_tried_again)
{
    deeds_add_flushes(&deeds, &retries, 97, 300);
    cr_expect_eq(deeds.count, 0);
}

Test(deeds, are_operations_on_messages_of_the_trace)
{
    struct scenario scenario;

    scenario_init(&scenario);
    scenario.start = MIDNIGHT;
    struct logged_message *message = made_mail("AAAAAA", 0, "s@a");
    logged_deed_add(message, OPERATION_HOLD, instant(10));
    deeds_add(&deeds, message, scenario_add_name(&scenario, "AAAAAA/2"));
    deeds_repeat(&deeds, "mail", &scenario);
    logged_message_free(message);

    cr_assert_eq(scenario.operation_count, 1);
    const struct operation *operation = &scenario.operations[0];
    cr_expect_eq(operation->kind, OPERATION_HOLD);
    cr_expect_eq(operation->at, 10 * SIM_SECOND);
    cr_expect_eq(operation->every, 0);
    cr_expect_str_eq(names_text(&scenario.names, operation->message), "mail/AAAAAA/2");
    scenario_fini(&scenario);
}
