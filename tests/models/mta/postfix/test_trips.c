/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/trips.h"

#include <criterion/criterion.h>

static struct trip *add(struct trips *trips, size_t count)
{
    return trips_add(trips, &(struct message){.number = 1}, 0, count);
}

static struct trips trips;

static void end(void)
{
    trips_fini(&trips);
}

TestSuite(trips, .fini = end);

/* The trips under way, the youngest first, are these; and back again. */
static void expect_active(struct trip *const *expected, size_t count)
{
    const struct trip *trip = trips.active, *previous = NULL;

    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(trip, expected[i], "trip %zu", i);
        cr_expect_eq(trip->previous, previous, "before trip %zu", i);
        previous = trip;
        trip = trip->next;
    }
    cr_expect_null(trip);
}

#define EXPECT_ACTIVE(...)                                                                         \
    expect_active((struct trip *const[]){__VA_ARGS__},                                             \
                  sizeof(struct trip *const[]){__VA_ARGS__} / sizeof(struct trip *))

Test(trips, one_attempt_needs_no_room_of_its_own)
{
    struct trip *trip = add(&trips, 1);

    cr_expect_eq(trip->count, 1);
    cr_expect_eq(trip->attempts, &trip->one);
}

Test(trips, several_attempts_have_room)
{
    struct trip *trip = add(&trips, 50);

    cr_expect_eq(trip->count, 50);
    for (uint32_t i = 0; i < 50; i++)
        trip->attempts[i].recipient = i;
    cr_expect_eq(trip->attempts[49].recipient, 49);
}

Test(trips, are_listed_the_youngest_first)
{
    struct trip *a = add(&trips, 1), *b = add(&trips, 2), *c = add(&trips, 1);

    EXPECT_ACTIVE(c, b, a);
}

Test(trips, leave_from_the_middle_and_both_ends)
{
    struct trip *a = add(&trips, 1), *b = add(&trips, 2), *c = add(&trips, 1), *d = add(&trips, 3);

    trips_remove(&trips, b);
    EXPECT_ACTIVE(d, c, a);
    trips_remove(&trips, d);
    EXPECT_ACTIVE(c, a);
    trips_remove(&trips, a);
    EXPECT_ACTIVE(c);
    trips_remove(&trips, c);
    cr_expect_null(trips.active);
}

Test(trips, are_used_again)
{
    struct trip *a = add(&trips, 4);

    trips_remove(&trips, a);
    struct trip *b = add(&trips, 1);
    cr_expect_eq(b, a);
    cr_expect_eq(b->attempts, &b->one);
    EXPECT_ACTIVE(b);
    cr_expect_null(trips.spare);
}

Test(trips, do_not_move)
{
    struct trip *first = add(&trips, 2);

    first->start = 42;
    for (int i = 0; i < 1000; i++)
        add(&trips, 1);
    cr_expect_eq(first->start, 42);
    trips_remove(&trips, first);
    cr_expect_eq(trips.spare, first);
}
