/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deferred queue against one that is searched from end to end. */
#include "models/mta/postfix/deferred.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "sim/alloc.h"
#include "sim/check.h"

static struct deferred queue;

static void begin(void)
{
    deferred_init(&queue, 0);
}

static void end(void)
{
    deferred_fini(&queue);
}

TestSuite(deferred, .init = begin, .fini = end);

static struct message numbered(uint32_t number)
{
    return (struct message){.number = number, .mtime = number + 7};
}

static void add(uint64_t scan, uint32_t number, uint32_t recipients)
{
    struct message message = numbered(number);

    deferred_add(&queue, scan, &message, recipients);
}

/* Takes all of a scan; returns how many there were. */
static size_t take_all(uint64_t scan)
{
    struct deferred_batch batch = deferred_take(&queue, scan);
    struct message message;
    size_t n = 0;

    while (deferred_next(&batch, &message))
        n++;
    return n;
}

Test(deferred, gives_each_message_to_its_scan)
{
    struct message message;

    add(2, 20, 1);
    add(1, 10, 1);
    struct deferred_batch batch = deferred_take(&queue, 1);
    cr_expect(deferred_next(&batch, &message));
    cr_expect_eq(message.number, 10);
    cr_expect_eq(message.mtime, 17);
    cr_expect_not(deferred_next(&batch, &message));

    batch = deferred_take(&queue, 2);
    cr_expect(deferred_next(&batch, &message));
    cr_expect_eq(message.number, 20);
    cr_expect_not(deferred_next(&batch, &message));
}

Test(deferred, counts_messages_and_recipients_by_scan)
{
    add(3, 1, 5);
    add(3, 2, 2);
    add(4, 3, 1);
    cr_expect_eq(queue.count, 3);
    cr_expect_eq(deferred_under(&queue, 3), 2);
    cr_expect_eq(deferred_under(&queue, 4), 1);
    cr_expect_eq(deferred_under(&queue, 5), 0);
    cr_expect_eq(deferred_under(&queue, 1000), 0);

    struct message message;
    struct deferred_batch batch = deferred_take(&queue, 3);
    cr_expect_eq(batch.count, 2);
    cr_expect_eq(batch.recipients, 7);
    cr_expect_eq(queue.count, 1);
    cr_expect_eq(deferred_under(&queue, 3), 0, "a scan that is over has none");
    while (deferred_next(&batch, &message))
        cr_expect_leq(message.number, 2);
}

Test(deferred, an_empty_scan_takes_nothing)
{
    cr_expect_eq(take_all(1), 0);
    add(40, 1, 1);
    cr_expect_eq(take_all(39), 0);
    cr_expect_eq(take_all(40), 1);
    cr_expect_eq(take_all(1000000), 0);
}

Test(deferred, a_scan_far_ahead_is_kept)
{
    for (uint32_t i = 0; i < 40; i++)
        add(1 + i * 37, i, 1);
    for (uint32_t i = 0; i < 40; i++) {
        for (uint64_t empty = i == 0 ? 1 : (i - 1) * 37 + 2; empty < 1 + i * 37; empty++)
            cr_expect_eq(take_all(empty), 0, "scan %llu", (unsigned long long)empty);
        cr_expect_eq(take_all(1 + i * 37), 1, "message %u", i);
    }
    cr_expect_eq(queue.count, 0);
}

Test(deferred, skipping_goes_ahead_over_scans_that_were_not_made)
{
    add(1, 1, 1);
    take_all(1);
    deferred_skip_to(&queue, 900);
    add(900, 2, 1);
    add(915, 3, 1);
    cr_expect_eq(take_all(900), 1);
    cr_expect_eq(take_all(915), 1);
}

Test(deferred, messages_filed_while_a_scan_goes_on_wait_for_theirs)
{
    struct message message;
    uint32_t count = 3 * DEFERRED_CHUNK;

    for (uint32_t i = 0; i < count; i++)
        add(1, i, 1);
    struct deferred_batch batch = deferred_take(&queue, 1);
    for (uint32_t i = 0; i < count; i++) {
        cr_assert(deferred_next(&batch, &message));
        deferred_add(&queue, 2, &message, 1);
    }
    cr_expect_not(deferred_next(&batch, &message));
    cr_expect_eq(take_all(2), count);
}

/* The numbers of the messages, in the order they are told. */
struct told {
    uint32_t numbers[300];
    size_t count;
};

static void note(void *user, const struct message *message)
{
    struct told *told = user;

    told->numbers[told->count++] = message->number;
}

Test(deferred, each_tells_by_scan_and_then_in_order_of_filing)
{
    struct told told = {.count = 0};

    add(9, 5, 1);
    add(2, 1, 1);
    add(9, 0, 1);
    add(2, 7, 1);
    deferred_each(&queue, note, &told);
    cr_assert_eq(told.count, 4);
    cr_expect_arr_eq(told.numbers, ((uint32_t[]){1, 7, 5, 0}), 4 * sizeof(uint32_t));
}

Test(deferred, each_tells_across_chunks)
{
    struct told told = {.count = 0};

    for (uint32_t i = 0; i < 2 * DEFERRED_CHUNK + 1; i++)
        add(3, i, 1);
    deferred_each(&queue, note, &told);
    cr_assert_eq(told.count, 2 * DEFERRED_CHUNK + 1);
    for (uint32_t i = 0; i < told.count; i++)
        cr_expect_eq(told.numbers[i], i);
}

Test(deferred, nothing_is_filed_under_a_scan_that_is_over, .exit_code = 70)
{
    take_all(5);
    add(5, 1, 1);
}

Test(deferred, a_scan_is_taken_once, .exit_code = 70)
{
    take_all(5);
    take_all(5);
}

Test(deferred, a_scan_with_messages_is_not_passed_over, .exit_code = 70)
{
    add(5, 1, 1);
    take_all(6);
}

Test(deferred, skipping_needs_an_empty_queue, .exit_code = 70)
{
    add(5, 1, 1);
    deferred_skip_to(&queue, 6);
}

Test(deferred, skipping_never_goes_back, .exit_code = 70)
{
    take_all(5);
    deferred_skip_to(&queue, 5);
}

/* ------------------------------------------------------------ the directory's order */

static size_t take_in_order(uint64_t scan, uint32_t *numbers)
{
    struct deferred_batch batch = deferred_take(&queue, scan);
    struct message message;
    size_t n = 0;

    while (deferred_next(&batch, &message))
        numbers[n++] = message.number;
    return n;
}

Test(deferred, the_order_of_a_scan_does_not_depend_on_that_of_filing)
{
    enum { COUNT = 2 * DEFERRED_CHUNK + 5 };
    uint32_t up[COUNT], down[COUNT];

    for (uint32_t i = 0; i < COUNT; i++) {
        add(1, i, 1);
        add(2, COUNT - 1 - i, 1);
    }
    cr_assert_eq(take_in_order(1, up), COUNT);
    cr_assert_eq(take_in_order(2, down), COUNT);
    cr_expect_arr_eq(up, down, sizeof up);
}

Test(deferred, another_salt_is_another_order)
{
    enum { COUNT = 50 };
    uint32_t one[COUNT], other[COUNT];

    for (uint32_t i = 0; i < COUNT; i++)
        add(1, i, 1);
    take_in_order(1, one);
    deferred_fini(&queue);
    deferred_init(&queue, 99);
    for (uint32_t i = 0; i < COUNT; i++)
        add(1, i, 1);
    take_in_order(1, other);
    cr_expect_arr_neq(one, other, sizeof one);
}

Test(deferred, order_is_no_order_of_arrival)
{
    enum { COUNT = 50 };
    uint32_t numbers[COUNT];
    size_t ascents = 0;

    for (uint32_t i = 0; i < COUNT; i++)
        add(1, i, 1);
    take_in_order(1, numbers);
    for (size_t i = 1; i < COUNT; i++)
        ascents += numbers[i] > numbers[i - 1];
    cr_expect(ascents > 10 && ascents < 39, "%zu of 49 steps go up", ascents);
}

/* ------------------------------------------------------------ any sequence at all */

struct filed {
    uint64_t scan;
    uint32_t key, serial; /* serial: in order of filing */
    struct message message;
};

static struct filed *naive;
static size_t naive_count, naive_room;
static uint32_t serial;

static uint64_t seed;

static uint32_t below(uint32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % n);
}

static void file_one(uint64_t scan)
{
    struct message message = {.number = below(5000), .traffic = below(3) & 0xffff};

    message.notice = below(2) & 0xfff; /* a notice has its message's key: a tie */
    naive = alloc_grow(naive, &naive_room, naive_count + 1, sizeof *naive);
    naive[naive_count++] = (struct filed){scan, deferred_key(&queue, &message), serial++, message};
    deferred_add(&queue, scan, &message, 1 + message.number % 3);
}

/* The one of `scan` that comes first in the directory; SIZE_MAX if there is none. */
static size_t naive_first(uint64_t scan)
{
    size_t first = SIZE_MAX;

    for (size_t i = 0; i < naive_count; i++) {
        if (naive[i].scan != scan)
            continue;
        if (first == SIZE_MAX || naive[i].key < naive[first].key
            || (naive[i].key == naive[first].key && naive[i].serial < naive[first].serial))
            first = i;
    }
    return first;
}

static void expect_scan_as_naive(uint64_t scan, uint64_t run)
{
    struct deferred_batch batch = deferred_take(&queue, scan);
    struct message message;
    uint64_t recipients = 0;
    size_t first;

    while ((first = naive_first(scan)) != SIZE_MAX) {
        cr_assert(deferred_next(&batch, &message), "run %llu", (unsigned long long)run);
        cr_assert_eq(message_key(&message), message_key(&naive[first].message),
                     "run %llu scan %llu", (unsigned long long)run, (unsigned long long)scan);
        recipients += 1 + message.number % 3;
        naive[first] = naive[--naive_count];
    }
    cr_assert_not(deferred_next(&batch, &message), "run %llu", (unsigned long long)run);
    cr_assert_eq(batch.recipients, recipients);
    cr_assert_eq(queue.count, naive_count);
}

Test(deferred, any_sequence_comes_out_as_from_a_searched_list)
{
    for (uint64_t run = 1; run <= 30; run++) {
        seed = run;
        deferred_fini(&queue);
        deferred_init(&queue, run * 77);
        for (uint64_t scan = 1; scan < 60; scan++) {
            for (uint32_t n = below(9); n > 0; n--)
                file_one(scan + below(below(4) == 0 ? 200 : 6));
            uint64_t crowded = scan + below(3);
            for (uint32_t n = below(9) == 0 ? below(4 * DEFERRED_CHUNK) : 0; n > 0; n--)
                file_one(crowded);
            expect_scan_as_naive(scan, run);
        }
        naive_count = 0;
    }
    free(naive);
}

/* ---------------------------------------------------------------- picking some */

static bool is_even(void *user, const struct message *message)
{
    ++*(size_t *)user;
    return message->number % 2 == 0;
}

static uint32_t number_of(void *user, const struct message *message)
{
    (void)user;
    return message->number;
}

static size_t asked;
static const struct deferred_filter even = {is_even, &asked, number_of, NULL};

/* What is left of a batch: how many, and the sum of their numbers. */
static size_t drain(struct deferred_batch *batch, uint64_t *sum)
{
    struct message message;
    size_t n = 0;

    for (*sum = 0; deferred_next(batch, &message); n++)
        *sum += message.number;
    return n;
}

Test(deferred, gives_out_those_that_are_wanted_of_several_scans)
{
    uint64_t sum;

    for (uint32_t i = 1; i <= 4; i++)
        add(i, i, i);
    struct deferred_batch batch = deferred_extract(&queue, &even, 3);
    cr_expect_eq(batch.count, 1);
    cr_expect_eq(batch.recipients, 2);
    cr_expect_eq(drain(&batch, &sum), 1);
    cr_expect_eq(sum, 2);
    cr_expect_eq(queue.count, 3);
    cr_expect_eq(asked, 3, "scan 4 is not looked at");
}

Test(deferred, keeps_the_others_where_they_are)
{
    uint64_t sum;

    for (uint32_t i = 0; i < 3 * DEFERRED_CHUNK; i++)
        add(1 + i % 2, i, i);
    for (uint32_t i = 0; i < 10; i++)
        add(1, 1001, 1001);
    struct deferred_batch all = deferred_extract(&queue, &even, UINT64_MAX);
    cr_expect_eq(drain(&all, &sum), 3 * DEFERRED_CHUNK / 2);
    cr_expect_eq(take_all(1), 10);
    cr_expect_eq(take_all(2), 3 * DEFERRED_CHUNK / 2);
    cr_expect_eq(queue.count, 0);
}

/* The order of the directory holds across scans. */
Test(deferred, gives_them_out_in_the_order_of_their_keys)
{
    struct message message;
    uint32_t last = 0;

    for (uint32_t i = 0; i < 1000; i++)
        add(1 + i % 7, i, 1);
    struct deferred_batch all = deferred_extract(&queue, &even, UINT64_MAX);
    for (size_t n = 0; n < 500; n++) {
        cr_assert(deferred_next(&all, &message));
        cr_assert_geq(deferred_key(&queue, &message), last);
        last = deferred_key(&queue, &message);
    }
    cr_expect_not(deferred_next(&all, &message));
}

Test(deferred, gives_out_part_of_a_batch_that_is_under_way)
{
    struct message message;
    uint64_t sum, gone, expected = 299 * 300 / 2;

    for (uint32_t i = 0; i < 300; i++)
        add(1, i, i);
    struct deferred_batch batch = deferred_take(&queue, 1);
    for (int i = 0; i < 130; i++) {
        cr_assert(deferred_next(&batch, &message));
        expected -= message.number;
    }
    struct deferred_batch some = deferred_batch_extract(&batch, &even);
    cr_expect_eq(some.count + batch.count - batch.next, 170);
    cr_expect_eq(some.recipients + batch.recipients, expected);
    drain(&some, &gone);
    cr_expect_eq(gone % 2, 0);
    drain(&batch, &sum);
    cr_expect_eq(gone + sum, expected);
}

Test(deferred, has_nothing_to_give_of_a_batch_that_is_out)
{
    struct deferred_batch nothing = {0};
    uint64_t sum;

    struct deferred_batch none = deferred_batch_extract(&nothing, &even);
    cr_expect_eq(drain(&none, &sum), 0);
    none = deferred_extract(&queue, &even, UINT64_MAX);
    cr_expect_eq(drain(&none, &sum), 0);
}
