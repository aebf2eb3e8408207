/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scans at 0, 300, 600 ... for two days. Ages and waits are worked out by hand. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "models/infer/backoff.h"
#include "sim/alloc.h"

#define SCANS 600

static struct grid grid;
static struct retries retries;
static struct backoff found;

static void begin(void)
{
    int64_t *scans = alloc_zeroed(SCANS * sizeof *scans);

    for (int i = 0; i < SCANS; i++)
        scans[i] = i * 300;
    grid_trace(&grid, &(struct grid_starts){scans, SCANS}, 300);
    free(scans);
}

static void end(void)
{
    grid_fini(&grid);
    free(retries.list);
}

TestSuite(backoff, .init = begin, .fini = end);

static void add(int64_t deferred, int32_t age, int64_t again)
{
    retries.list = alloc_grow(retries.list, &retries.room, retries.count + 1, sizeof *retries.list);
    retries.list[retries.count++] = (struct retry){deferred, age, (int32_t)(again - deferred)};
}

static void fit(void)
{
    found = backoff_fit(&grid, &retries, 1);
}

static void expect_wait(int64_t deferred, int64_t again, int64_t low, int64_t high)
{
    struct retry retry = {deferred, 0, (int32_t)(again - deferred)};
    struct grid_scan scan;
    struct wait wait;

    cr_assert(wait_of(&grid, &retry, &wait, &scan));
    cr_expect_eq(wait.low, low, "low %ld", (long)wait.low);
    cr_expect_eq(wait.high, high, "high %ld", (long)wait.high);
}

/* Deferred at 10; the scan at 300 left the file: its stamp is 302 or more. That at 600 took it: it
 * is 601 or less. */
Test(backoff, knows_a_wait_by_two_scans)
{
    expect_wait(10, 600, 292, 591);
    expect_wait(10, 603, 292, 594);
}

Test(backoff, knows_no_least_wait_where_no_scan_was_between)
{
    expect_wait(10, 300, 0, 291);
    expect_wait(300, 600, 2, 301); /* that scan was the one that it was deferred in */
}

Test(backoff, knows_nothing_of_what_is_on_no_scan)
{
    struct retry off = {10, 0, 390}, back = {310, 0, -10};
    struct grid_scan scan;
    struct wait wait;

    cr_expect_not(wait_of(&grid, &off, &wait, &scan));
    cr_expect_not(wait_of(&grid, &back, &wait, &scan));
}

Test(backoff, knows_nothing_without_retries)
{
    fit();
    cr_expect_eq(found.minimal_range.votes, 0);
    cr_expect_eq(found.maximal_range.votes, 0);
}

/* 700 s: first tries at age 0 at 100, 200 and 198: taken at 900, 900 and 900. */
Test(backoff, finds_the_minimum)
{
    add(100, 0, 900);  /* 502 to 801 */
    add(200, 0, 900);  /* 402 to 701 */
    add(201, 0, 900);  /* 401 to 700 */
    add(203, 0, 1200); /* 699 to 998 */
    fit();
    cr_expect_eq(found.minimal_range.low, 699);
    cr_expect_eq(found.minimal_range.high, 700);
    cr_expect_eq(found.minimal, 700);
    cr_expect_eq(found.minimal_told, 4);
    cr_expect_eq(found.maximal_range.high, VOTES_NO_END);
}

/* A message of 1000 s waits for 1000 s: the minimum is not above, the maximum not below. */
Test(backoff, learns_bounds_from_what_waits_for_its_age)
{
    add(100, 1000, 1200); /* 802 to 1101 */
    fit();
    cr_expect_eq(found.minimal_range.low, 1);
    cr_expect_eq(found.minimal_range.high, 1101);
    cr_expect_eq(found.minimal, 300);
    cr_expect_eq(found.minimal_told, 0);
    cr_expect_eq(found.maximal_range.low, 802);
    cr_expect_eq(found.maximal_range.high, VOTES_NO_END);
    cr_expect_eq(found.maximal_told, 0);
}

/* Old mail, deferred at a scan: from 3900 to 4200 s, and one that was deferred 110 s later. */
Test(backoff, finds_the_maximum)
{
    add(0, 9000, 4200);   /* 3902 to 4201 */
    add(410, 9000, 4500); /* 3792 to 4091 */
    fit();
    cr_expect_eq(found.maximal_range.low, 3902);
    cr_expect_eq(found.maximal_range.high, 4091);
    cr_expect_eq(found.maximal, 4000);
    cr_expect_eq(found.maximal_told, 2);
}

Test(backoff, is_not_led_astray_by_a_flush)
{
    for (int i = 0; i < 10; i++)
        add(i * 300, 9000, i * 300 + 4200);
    for (int i = 0; i < 9; i++)
        add(4200, 9000, 6000); /* all at once, on a scan */
    fit();
    cr_expect_eq(found.maximal_range.low, 3902);
    cr_expect_eq(found.maximal_range.high, 4201);
}

/* minimal_backoff_time 5000 above maximal_backoff_time: all wait alike, the floor wins. */
Test(backoff, tells_no_maximum_below_the_minimum)
{
    add(0, 0, 5100);    /* 4802 to 5101 */
    add(0, 9000, 5100); /* the same */
    add(0, 90000, 5100);
    fit();
    cr_expect_eq(found.minimal, 5000);
    cr_expect_eq(found.maximal_range.low, 1);
    cr_expect_eq(found.maximal_range.high, 5101);
}

/* The next scan takes what waits for minimal_backoff_time, however low the maximum is. */
Test(backoff, tells_no_maximum_where_the_minimum_explains_all)
{
    add(300, 9000, 600); /* 2 to 301 */
    fit();
    cr_expect_eq(found.minimal, 300);
    cr_expect_eq(found.minimal_range.low, 1);
    cr_expect_eq(found.maximal_range.low, 1);
    cr_expect_eq(found.maximal_range.high, 301);
}

Test(backoff, caps_first_and_floors_second)
{
    struct backoff backoff = {.minimal = 300, .maximal = 4000};

    cr_expect_eq(backoff_wait(&backoff, 0), 300);
    cr_expect_eq(backoff_wait(&backoff, 301), 301);
    cr_expect_eq(backoff_wait(&backoff, 4001), 4000);
    backoff.minimal = 5000;
    cr_expect_eq(backoff_wait(&backoff, 9000), 5000);
}
