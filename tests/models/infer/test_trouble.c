/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days of stock settings, made by the rules, and what went wrong in them. */
#include "models/infer/trouble.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "sim/alloc.h"

#define PHASE 97

static struct retries retries;
static struct timing timing;
static struct infer_starts starts;
static struct infer_result result;

static void end(void)
{
    timing_fini(&timing);
    infer_result_fini(&result);
    free(retries.list);
    free(starts.list);
}

TestSuite(trouble, .fini = end);

static void add(int64_t deferred, int32_t age, int64_t again)
{
    retries.list = alloc_grow(retries.list, &retries.room, retries.count + 1, sizeof *retries.list);
    retries.list[retries.count++] = (struct retry){deferred, age, (int32_t)(again - deferred)};
}

/* Each scan from `first` until `until` takes new mail, and mail that is old. */
static void run(int64_t first, int64_t until)
{
    for (int64_t scan = first; scan < until; scan += 300) {
        if (scan - 420 >= first)
            add(scan - 420, 0, scan);
        if (scan - 4200 >= first)
            add(scan - 4200, 100000, scan);
    }
}

static void find(void)
{
    timing_find(&timing, &retries);
    trouble_find(&timing, &retries, &starts, &result);
}

static void expect_event(size_t i, int64_t at, enum infer_kind kind, uint64_t count, int64_t span)
{
    cr_assert_lt(i, result.event_count);
    cr_expect_eq(result.events[i].at, at, "at %ld", (long)result.events[i].at);
    cr_expect_eq(result.events[i].kind, kind, "kind %d", (int)result.events[i].kind);
    cr_expect_eq(result.events[i].retries, count, "%ld retries", (long)result.events[i].retries);
    cr_expect_eq(result.events[i].span, span, "span %ld", (long)result.events[i].span);
}

Test(trouble, is_not_where_all_is_explained)
{
    run(PHASE, 40000);
    find();
    cr_expect_eq(timing.verdicts[VERDICT_ON_SCAN], retries.count);
    cr_expect_eq(result.event_count, 0);
}

Test(trouble, is_not_found_without_scans)
{
    add(0, 0, 500);
    find();
    cr_expect_eq(result.event_count, 0);
}

Test(trouble, is_a_flush_where_much_is_early_at_once)
{
    run(PHASE, 40000);
    for (int i = 0; i < 3; i++)
        add(20000 + i, 50000, 20500 + i);
    for (int i = 0; i < 2; i++)
        add(21000, 50000, 21500); /* of single messages */
    find();
    cr_assert_eq(result.event_count, 1);
    expect_event(0, 20500, INFER_FLUSH, 3, 0);
}

/* At a scan's own second: what is taken is too young for it. */
Test(trouble, is_a_flush_on_a_scan_too)
{
    run(PHASE, 40000);
    for (int i = 0; i < 3; i++)
        add(PHASE + 19500, 50000, PHASE + 20700);
    find();
    cr_assert_eq(result.event_count, 1);
    expect_event(0, PHASE + 20700, INFER_FLUSH, 3, 0);
}

Test(trouble, is_a_restart_where_scans_have_another_phase)
{
    run(PHASE, 30000);
    run(PHASE + 30120, 60000);
    find();
    cr_assert_eq(result.event_count, 1);
    expect_event(0, PHASE + 30120 + 600, INFER_RESTART, 0, 120);
}

/* A laptop is shut at 30000 and opened 15 h 26 later. */
Test(trouble, is_a_clock_where_mail_was_due_and_nothing_was_done)
{
    int64_t woken = 29797 + 55583;

    run(PHASE, 30000);
    add(29797, 100000, woken);
    add(29797, 0, woken);
    run(woken, woken + 30000);
    find();
    cr_assert_eq(result.event_count, 1);
    expect_event(0, woken, INFER_CLOCK, 2, 55583);
}

static void add_start(int64_t at, bool reloaded)
{
    starts.list = alloc_grow(starts.list, &starts.room, starts.count + 1, sizeof *starts.list);
    starts.list[starts.count++] = (struct infer_start){at, reloaded, false};
}

/* The same, but it was Postfix that was started, or only told to read its settings again. */
Test(trouble, is_a_postfix_that_was_down_where_the_log_tells_of_a_start)
{
    int64_t woken = 29797 + 55583;

    run(PHASE, 30000);
    add(29797, 100000, woken);
    run(woken, woken + 30000);
    add_start(woken - 1, false);
    find();
    cr_assert_eq(result.event_count, 1);
    expect_event(0, woken, INFER_DOWN, 1, 55583);
    cr_expect(result.events[0].logged);
}

Test(trouble, is_a_clock_where_the_log_tells_of_a_reload_or_another_time)
{
    int64_t woken = 29797 + 55583;

    run(PHASE, 30000);
    add(29797, 100000, woken);
    run(woken, woken + 30000);
    add_start(woken + 10000, false);
    add_start(woken, true);
    add_start(20000, false);
    find();
    cr_assert_eq(result.event_count, 4);
    expect_event(0, 20000, INFER_RESTART, 0, 0);
    cr_expect_eq(result.events[1].kind + result.events[2].kind, INFER_CLOCK + INFER_RESTART);
    cr_expect_neq(result.events[1].kind, result.events[2].kind);
    expect_event(3, woken + 10000, INFER_RESTART, 0, 0);
}

/* Of several the last: it is that which set the phase. */
Test(trouble, is_a_restart_at_the_second_that_the_log_tells)
{
    run(PHASE, 30000);
    run(PHASE + 30120, 60000);
    add_start(PHASE + 30120, true);
    add_start(PHASE + 30060, true);
    find();
    cr_assert_eq(result.event_count, 1);
    expect_event(0, PHASE + 30120, INFER_RESTART, 0, 120);
    cr_expect(result.events[0].logged);
}

Test(trouble, is_a_restart_that_is_not_logged_where_the_log_tells_of_another)
{
    run(PHASE, 30000);
    run(PHASE + 30120, 60000);
    add_start(PHASE + 20000, false);
    find();
    cr_assert_eq(result.event_count, 2);
    expect_event(0, PHASE + 20000, INFER_RESTART, 0, 0);
    expect_event(1, PHASE + 30120 + 600, INFER_RESTART, 0, 120);
    cr_expect(result.events[0].logged && !result.events[1].logged);
}

/* A log that begins with a start tells of no trouble. */
Test(trouble, is_not_the_start_that_a_log_begins_with)
{
    run(PHASE, 40000);
    add_start(PHASE, false);
    find();
    cr_expect_eq(result.event_count, 0);
}

/* With nothing in the queue there is nothing to do. */
Test(trouble, is_not_where_no_mail_was_due)
{
    run(PHASE, 30000);
    run(PHASE + 90000, 120000);
    find();
    cr_expect_eq(result.event_count, 0);
}

/* The scans took others: it was not the clock that kept this one. */
Test(trouble, is_not_a_clock_where_others_were_tried)
{
    run(PHASE, 40000);
    add(PHASE + 9000, 0, PHASE + 12000);
    find();
    cr_expect_eq(timing.verdicts[VERDICT_LATE], 1);
    cr_expect_eq(result.event_count, 0);
}

/* So it was when it was due, though later there was nothing to do for a long time. */
Test(trouble, is_not_a_clock_where_scans_had_left_it_alone_before)
{
    run(PHASE, 30000);
    add(PHASE + 9000, 0, PHASE + 90600);
    run(PHASE + 90600, 120000);
    find();
    cr_expect_eq(timing.verdicts[VERDICT_LATE], 1);
    cr_expect_eq(result.event_count, 0);
}

/* Summer time ends, in a log of local time. */
Test(trouble, is_a_clock_where_stamps_go_back)
{
    run(PHASE, 40000);
    add(20900, 0, 20900 - 3180);
    add(20930, 0, 20930 - 3210);
    add(20000, 0, 20000 - 9); /* lines out of order */
    find();
    cr_assert_eq(result.event_count, 1);
    expect_event(0, 17720, INFER_CLOCK, 2, -3210);
}

Test(trouble, is_told_in_order_of_time)
{
    run(PHASE, 30000);
    run(PHASE + 30120, 60000);
    for (int i = 0; i < 4; i++)
        add(20000, 50000, 20500);
    find();
    cr_assert_eq(result.event_count, 2);
    cr_expect_eq(result.events[0].kind, INFER_FLUSH);
    cr_expect_eq(result.events[1].kind, INFER_RESTART);
}
