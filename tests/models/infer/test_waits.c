/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A queue manager of stock settings that scans at 97, 397 ..., whose active queue
 * twice holds as many as ever. Is that a limit, and does it explain who was late?
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "models/infer/infer.h"
#include "sim/alloc.h"
#include "tests/models/made_log.h"

#define PHASE 97

static struct infer infer;
static struct infer_result result;

static void end(void)
{
    infer_result_fini(&result);
    infer_fini(&infer);
}

TestSuite(waits, .fini = end);

/* Of an old message, that was deferred at the one second and tried again at the other. */
static void add_retry(double deferred, double again)
{
    struct logged_message *message = made_mail("AAAAAA", deferred - 420, NULL);

    made_try(message, "u@d", deferred, LOGGED_DEFERRED);
    made_trip(message, again);
    infer_add(&infer, message);
    logged_message_free(message);
}

/* All of them in the active queue from the one second to the other. */
static void add_active(int count, double from, double until)
{
    for (int i = 0; i < count; i++) {
        struct logged_message *message = made_mail("BBBBBB", from, NULL);
        made_trip(message, from);
        made_deferred(message, "u@d", until);
        infer_add(&infer, message);
        logged_message_free(message);
    }
}

/* Each scan takes some; but not those at 9097 and 18097, for which there is no room. */
static void run(int first, int second)
{
    for (double scan = PHASE; scan < 30000; scan += 300)
        if (scan != 9097 && scan != 18097)
            for (int i = 0; i < 3; i++)
                add_retry(scan - 430 - i, scan);
    add_active(first, 9090, 9290);
    add_active(second, 18090, 18290);
}

static void finish(uint64_t waited)
{
    infer_finish(&infer, &result);
    cr_expect_eq(result.answers[INFER_QUEUE_RUN_DELAY].value, 300);
    cr_expect_eq(result.waited, waited, "%lu waited", (unsigned long)result.waited);
    cr_expect_eq(result.on_scan + result.waited + result.early + result.late + result.off_grid,
                 result.retries);
}

/* Due at 9089: at 9097 there was no room until 9290. */
static void add_late(int count, double second)
{
    for (int i = 0; i < count; i++)
        add_retry(8667 - i, second);
}

Test(waits, are_for_a_queue_that_is_full_time_and_again)
{
    run(20, 20);
    add_late(4, 9291);
    finish(4);
    cr_expect_eq(result.timing.full.limit, 20);
    cr_assert_eq(result.event_count, 1);
    cr_expect_eq(result.events[0].kind, INFER_FULL);
    cr_expect_eq(result.events[0].at, sim_second(instant(9090)));
    cr_expect_eq(result.events[0].retries, 4);
    cr_expect_eq(result.events[0].span, 200);
}

/* The most that there were, once, may be chance: it is told as it was before. */
Test(waits, are_for_no_queue_that_was_fuller_at_another_time)
{
    run(20, 21);
    add_late(4, 9291);
    finish(0);
    cr_expect_eq(result.off_grid, 4);
    cr_expect_eq(result.timing.full.limit, 0);
}

Test(waits, are_for_no_queue_of_a_few)
{
    run(9, 9);
    add_late(4, 9291);
    finish(0);
}

Test(waits, are_of_more_than_one_or_two_messages)
{
    run(20, 20);
    add_late(2, 9291);
    finish(0);
    cr_expect_eq(result.off_grid, 2);
}

/* Those that come while there is room, or long after there was, are not explained. */
Test(waits, end_when_there_is_room)
{
    run(20, 20);
    add_late(4, 9291);
    add_late(3, 9397); /* had room for 107 seconds */
    for (int i = 0; i < 3; i++)
        add_retry(11667 - i, 12397); /* and here all the time */
    finish(4);
    cr_expect_eq(result.late, 6);
}
