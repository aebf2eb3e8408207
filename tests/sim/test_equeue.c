/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue against the plainest one there is: a list that is kept in order. */
#include "sim/equeue.h"

#include <criterion/criterion.h>
#include <sysexits.h>

#include "sim/rng.h"

#define MOST 4096

static void nothing(struct sim_event *ev)
{
    (void)ev;
}

struct listed {
    sim_time at;
    unsigned phase;
    struct sim_event *event;
};

/* In order of time and phase; of equals, the one pushed first stands first. */
struct list {
    struct listed item[MOST];
    size_t count;
};

static void list_push(struct list *list, struct sim_event *ev, sim_time at, unsigned phase)
{
    size_t i = list->count++;

    while (i > 0
           && (list->item[i - 1].at > at
               || (list->item[i - 1].at == at && list->item[i - 1].phase > phase))) {
        list->item[i] = list->item[i - 1];
        i--;
    }
    list->item[i] = (struct listed){at, phase, ev};
}

static struct listed list_pop(struct list *list)
{
    struct listed first = list->item[0];

    list->count--;
    for (size_t i = 0; i < list->count; i++)
        list->item[i] = list->item[i + 1];
    return first;
}

/* What is pushed: the time and the phase are drawn from so many, the time ahead of the last pop. */
struct mix {
    uint64_t times, phases;
    unsigned pushes_in_8; /* steps that push; the others pop */
};

struct both {
    struct equeue queue;
    struct list list;
    struct sim_event event[MOST];
    size_t pushed, differences;
    sim_time now;
};

static void push_both(struct both *both, const struct mix *mix, uint64_t luck)
{
    struct sim_event *ev = &both->event[both->pushed++];
    sim_time at = both->now + (sim_time)(luck % mix->times);
    unsigned phase = (unsigned)((luck >> 32) % mix->phases);

    ev->fire = nothing;
    equeue_push(&both->queue, ev, at, phase);
    list_push(&both->list, ev, at, phase);
}

static void pop_both(struct both *both)
{
    sim_time next = equeue_next(&both->queue);
    struct equeue_entry got = equeue_pop(&both->queue);
    struct listed want = list_pop(&both->list);

    both->now = want.at;
    both->differences += next != want.at || got.at != want.at || got.event != want.event
                         || got.order >> 56 != want.phase;
}

static void expect_the_same_order(const struct mix *mix)
{
    static struct both both;

    for (uint64_t i = 1; both.pushed < MOST; i++) {
        uint64_t luck = rng_mix(i);
        if (both.list.count == 0 || (luck >> 8) % 8 < mix->pushes_in_8)
            push_both(&both, mix, luck >> 16);
        else
            pop_both(&both);
    }
    while (both.list.count > 0)
        pop_both(&both);
    cr_expect_eq(both.differences, 0, "%zu pops differ", both.differences);
    cr_expect_eq(equeue_next(&both.queue), SIM_NEVER);
    equeue_fini(&both.queue);
}

Test(equeue, agrees_with_a_list_where_times_are_scattered)
{
    expect_the_same_order(&(struct mix){.times = 1000000, .phases = 4, .pushes_in_8 = 5});
}

Test(equeue, agrees_with_a_list_where_most_tie)
{
    expect_the_same_order(&(struct mix){.times = 3, .phases = 2, .pushes_in_8 = 5});
}

Test(equeue, agrees_with_a_list_where_all_tie)
{
    expect_the_same_order(&(struct mix){.times = 1, .phases = 1, .pushes_in_8 = 6});
}

Test(equeue, agrees_with_a_list_that_is_often_empty)
{
    expect_the_same_order(&(struct mix){.times = 20, .phases = 3, .pushes_in_8 = 4});
}

Test(equeue, agrees_with_a_list_that_only_grows)
{
    expect_the_same_order(&(struct mix){.times = 1000000, .phases = 256, .pushes_in_8 = 8});
}

static struct sim_event event(void)
{
    return (struct sim_event){nothing};
}

Test(equeue, begins_empty)
{
    struct equeue q = {0};

    cr_expect_eq(equeue_next(&q), SIM_NEVER);
    equeue_fini(&q);
}

Test(equeue, of_those_due_together_the_lower_phase_comes_first)
{
    struct equeue q = {0};
    struct sim_event a = event(), b = event(), c = event();

    equeue_push(&q, &a, 5, 255);
    equeue_push(&q, &b, 5, 0);
    equeue_push(&q, &c, 5, 128);
    cr_expect_eq(equeue_pop(&q).event, &b);
    cr_expect_eq(equeue_pop(&q).event, &c);
    cr_expect_eq(equeue_pop(&q).event, &a);
    equeue_fini(&q);
}

Test(equeue, time_comes_before_phase)
{
    struct equeue q = {0};
    struct sim_event a = event(), b = event();

    equeue_push(&q, &a, 6, 0);
    equeue_push(&q, &b, 5, 255);
    cr_expect_eq(equeue_pop(&q).event, &b);
    cr_expect_eq(equeue_pop(&q).event, &a);
    equeue_fini(&q);
}

Test(equeue, takes_times_before_the_start)
{
    struct equeue q = {0};
    struct sim_event a = event(), b = event(), c = event();

    equeue_push(&q, &a, 0, 0);
    equeue_push(&q, &b, INT64_MIN, 0);
    equeue_push(&q, &c, -1, 0);
    cr_expect_eq(equeue_pop(&q).event, &b);
    cr_expect_eq(equeue_pop(&q).event, &c);
    cr_expect_eq(equeue_pop(&q).event, &a);
    equeue_fini(&q);
}

Test(equeue, one_event_may_wait_twice)
{
    struct equeue q = {0};
    struct sim_event a = event();

    equeue_push(&q, &a, 7, 0);
    equeue_push(&q, &a, 3, 0);
    cr_expect_eq(equeue_pop(&q).at, 3);
    cr_expect_eq(equeue_pop(&q).at, 7);
    cr_expect_eq(equeue_next(&q), SIM_NEVER);
    equeue_fini(&q);
}

/* Equal times are in order too: it is the order of the pushes. */
Test(equeue, what_comes_in_order_never_enters_the_heap)
{
    struct equeue q = {0};
    struct sim_event a = event();

    for (sim_time i = 0; i < 1000; i++)
        equeue_push(&q, &a, i / 3, 1);
    cr_expect_eq(q.ring_count, 1000);
    cr_expect_eq(q.heap_count, 0);
    equeue_fini(&q);
}

Test(equeue, of_ring_and_heap_the_sooner_is_next)
{
    struct equeue q = {0};
    struct sim_event ring = event(), heap = event(), tie = event();

    equeue_push(&q, &ring, 10, 1);
    equeue_push(&q, &heap, 9, 2);
    equeue_push(&q, &tie, 10, 0);
    cr_assert(q.ring_count == 1 && q.heap_count == 2);
    cr_expect_eq(equeue_next(&q), 9);
    cr_expect_eq(equeue_pop(&q).event, &heap);
    cr_expect_eq(equeue_next(&q), 10);
    cr_expect_eq(equeue_pop(&q).event, &tie, "the lower phase, though it waits in the heap");
    cr_expect_eq(equeue_pop(&q).event, &ring);
    equeue_fini(&q);
}

Test(equeue, the_ring_keeps_its_order_when_it_grows_while_wrapped)
{
    struct equeue q = {0};
    struct sim_event a = event();
    sim_time pushed = 0, popped = 0;

    while (pushed < 12)
        equeue_push(&q, &a, pushed++, 0);
    while (popped < 10)
        cr_expect_eq(equeue_pop(&q).at, popped++);
    while (pushed < 100)
        equeue_push(&q, &a, pushed++, 0);
    while (popped < 100)
        cr_expect_eq(equeue_pop(&q).at, popped++);
    cr_expect_eq(q.heap_count, 0);
    equeue_fini(&q);
}

Test(equeue, a_steady_ring_takes_no_more_room)
{
    struct equeue q = {0};
    struct sim_event a = event();

    for (sim_time i = 0; i < 1000; i++) {
        equeue_push(&q, &a, i, 0);
        equeue_pop(&q);
    }
    cr_expect_eq(q.ring_room, 16);
    equeue_fini(&q);
}

Test(equeue, is_empty_again_after_fini)
{
    struct equeue q = {0};
    struct sim_event a = event();

    equeue_push(&q, &a, 2, 0);
    equeue_push(&q, &a, 1, 0);
    equeue_fini(&q);
    cr_expect_eq(equeue_next(&q), SIM_NEVER);
    cr_expect_null(q.ring);
    cr_expect_null(q.heap);
    equeue_fini(&q);
}

Test(equeue, refuses_to_pop_from_an_empty_queue, .exit_code = EX_SOFTWARE)
{
    struct equeue q = {0};

    equeue_pop(&q);
}

Test(equeue, refuses_what_never_happens, .exit_code = EX_SOFTWARE)
{
    struct equeue q = {0};
    struct sim_event a = event();

    equeue_push(&q, &a, SIM_NEVER, 0);
}

Test(equeue, refuses_a_phase_that_has_no_room, .exit_code = EX_SOFTWARE)
{
    struct equeue q = {0};
    struct sim_event a = event();

    equeue_push(&q, &a, 0, 256);
}

Test(equeue, refuses_an_event_that_does_nothing, .exit_code = EX_SOFTWARE)
{
    struct equeue q = {0};
    struct sim_event a = {0};

    equeue_push(&q, &a, 0, 0);
}
