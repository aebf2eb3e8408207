/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sim.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sysexits.h>

#include "sim/check.h"

/* An event that writes its letter and the time, and may make another due. */
struct mark {
    struct sim_event event;
    struct sim *sim;
    char letter;
    struct mark *next;
    sim_time wait; /* until `next` */
};

static char said[64];
static sim_time said_at[64];

static void say(struct sim_event *ev)
{
    struct mark *mark = CONTAINER_OF(ev, struct mark, event);
    size_t n = strlen(said);

    said[n] = mark->letter;
    said_at[n] = mark->sim->now;
    if (mark->next != NULL)
        sim_at(mark->sim, &mark->next->event, mark->sim->now + mark->wait, 0);
}

static struct mark mark(struct sim *sim, char letter)
{
    return (struct mark){{say}, sim, letter, NULL, 0};
}

Test(sim, fires_in_order_and_the_clock_goes_along)
{
    struct sim sim = {0};
    struct mark a = mark(&sim, 'a'), b = mark(&sim, 'b'), c = mark(&sim, 'c');

    sim_at(&sim, &c.event, 30, 0);
    sim_at(&sim, &a.event, 0, 0);
    sim_at(&sim, &b.event, 20, 0);
    sim_run(&sim, SIM_NEVER);
    cr_expect_str_eq(said, "abc");
    cr_expect(said_at[0] == 0 && said_at[1] == 20 && said_at[2] == 30);
    sim_fini(&sim);
}

Test(sim, without_an_end_the_clock_stands_at_the_last_event)
{
    struct sim sim = {0};
    struct mark a = mark(&sim, 'a');

    sim_at(&sim, &a.event, 17, 0);
    sim_run(&sim, SIM_NEVER);
    cr_expect_eq(sim.now, 17);
    sim_run(&sim, SIM_NEVER);
    cr_expect_eq(sim.now, 17);
    sim_fini(&sim);
}

Test(sim, the_end_itself_is_left_for_the_next_run)
{
    struct sim sim = {0};
    struct mark a = mark(&sim, 'a'), b = mark(&sim, 'b');

    sim_at(&sim, &a.event, 99, 0);
    sim_at(&sim, &b.event, 100, 0);
    sim_run(&sim, 100);
    cr_expect_str_eq(said, "a");
    cr_expect_eq(sim.now, 100);
    sim_run(&sim, 101);
    cr_expect_str_eq(said, "ab");
    cr_expect_eq(said_at[1], 100);
    cr_expect_eq(sim.now, 101);
    sim_fini(&sim);
}

Test(sim, the_clock_reaches_the_end_though_nothing_happens)
{
    struct sim sim = {0};

    sim_run(&sim, 5 * SIM_SECOND);
    cr_expect_eq(sim.now, 5 * SIM_SECOND);
    sim_fini(&sim);
}

Test(sim, an_event_makes_another_due)
{
    struct sim sim = {0};
    struct mark a = mark(&sim, 'a'), b = mark(&sim, 'b'), c = mark(&sim, 'c');

    a.next = &b;
    a.wait = 5;
    sim_at(&sim, &a.event, 10, 0);
    sim_at(&sim, &c.event, 12, 0);
    sim_run(&sim, SIM_NEVER);
    cr_expect_str_eq(said, "acb");
    cr_expect_eq(said_at[2], 15);
    sim_fini(&sim);
}

Test(sim, what_is_made_due_now_comes_behind_what_was_due_now)
{
    struct sim sim = {0};
    struct mark a = mark(&sim, 'a'), b = mark(&sim, 'b'), c = mark(&sim, 'c');

    a.next = &b;
    sim_at(&sim, &a.event, 10, 0);
    sim_at(&sim, &c.event, 10, 0);
    sim_run(&sim, SIM_NEVER);
    cr_expect_str_eq(said, "acb");
    cr_expect_eq(sim.now, 10);
    sim_fini(&sim);
}

Test(sim, phases_order_one_instant)
{
    struct sim sim = {0};
    struct mark a = mark(&sim, 'a'), b = mark(&sim, 'b'), c = mark(&sim, 'c');

    sim_at(&sim, &c.event, 10, 2);
    sim_at(&sim, &a.event, 10, 0);
    sim_at(&sim, &b.event, 10, 1);
    sim_run(&sim, SIM_NEVER);
    cr_expect_str_eq(said, "abc");
    sim_fini(&sim);
}

Test(sim, begins_before_its_start_if_told_so)
{
    struct sim sim = {.now = -SIM_SECOND};
    struct mark a = mark(&sim, 'a');

    sim_at(&sim, &a.event, -SIM_SECOND, 0);
    sim_run(&sim, 0);
    cr_expect_str_eq(said, "a");
    cr_expect_eq(said_at[0], -SIM_SECOND);
    cr_expect_eq(sim.now, 0);
    sim_fini(&sim);
}

Test(sim, forgets_what_is_pending)
{
    struct sim sim = {0};
    struct mark a = mark(&sim, 'a');

    sim_at(&sim, &a.event, 10, 0);
    sim_fini(&sim);
    sim_run(&sim, SIM_NEVER);
    cr_expect_str_empty(said);
}

Test(sim, takes_what_is_due_now)
{
    struct sim sim = {.now = 100};
    struct mark a = mark(&sim, 'a');

    sim_at(&sim, &a.event, 100, 0);
    sim_run(&sim, SIM_NEVER);
    cr_expect_str_eq(said, "a");
    sim_fini(&sim);
}

Test(sim, refuses_to_schedule_the_past, .exit_code = EX_SOFTWARE)
{
    struct sim sim = {.now = 100};
    struct mark a = mark(&sim, 'a');

    sim_at(&sim, &a.event, 99, 0);
}
