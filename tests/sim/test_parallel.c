/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/sim/test_parallel.c - done in any order, taken in theirs
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

#include "sim/parallel.h"

struct piece {
    size_t square;
    char *owned;
    bool was_zero;
};

struct log {
    size_t taken[1000], count, enough;
    size_t dropped;
    bool all_squares, all_zero;
};

/* The first of each few takes longest, so that those behind it are done sooner. */
static void work(void *user, size_t number, void *piece)
{
    struct piece *mine = piece;

    (void)user;
    if (number % 4 == 0)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    mine->was_zero = mine->square == 0 && mine->owned == NULL;
    mine->square = number * number;
    mine->owned = malloc(1);
}

static bool take(void *user, size_t number, void *piece)
{
    struct log *log = user;
    struct piece *mine = piece;

    log->all_squares = log->all_squares && mine->square == number * number;
    log->all_zero = log->all_zero && mine->was_zero;
    log->taken[log->count++] = number;
    free(mine->owned);
    return log->count < log->enough;
}

static void drop(void *user, void *piece)
{
    ((struct log *)user)->dropped++;
    free(((struct piece *)piece)->owned);
}

static bool run(struct log *log, size_t count, size_t enough, unsigned threads)
{
    *log = (struct log){.enough = enough, .all_squares = true, .all_zero = true};
    return parallel_run(&(struct parallel_work){work, take, drop, log, sizeof(struct piece)}, count,
                        threads);
}

static void expect_in_order(const struct log *log, size_t count)
{
    cr_assert_eq(log->count, count, "%zu were taken", log->count);
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(log->taken[i], i);
    cr_expect(log->all_squares);
    cr_expect(log->all_zero, "a piece was not zero before its work");
}

Test(parallel, pieces_are_taken_in_their_order_on_any_number_of_threads)
{
    for (unsigned threads = 1; threads <= 8; threads++) {
        struct log log;
        cr_expect(run(&log, 100, 1000, threads));
        expect_in_order(&log, 100);
        cr_expect_eq(log.dropped, 0);
    }
}

Test(parallel, nothing_more_is_taken_when_it_is_enough)
{
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct log log;
        cr_expect_not(run(&log, 1000, 37, threads));
        expect_in_order(&log, 37);
        cr_expect_leq(log.dropped, threads * PARALLEL_WINDOW, "%zu were begun too many",
                      log.dropped);
    }
}

Test(parallel, no_pieces_are_no_work)
{
    struct log log;

    cr_expect(run(&log, 0, 1000, 3));
    cr_expect_eq(log.count, 0);
}

Test(parallel, a_machine_has_a_thread_at_least)
{
    cr_expect_geq(parallel_threads(), 1);
}
