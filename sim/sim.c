/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sim.h"

#include "sim/check.h"

void sim_fini(struct sim *sim)
{
    equeue_fini(&sim->pending);
}

void sim_at(struct sim *sim, struct sim_event *ev, sim_time at, unsigned phase)
{
    REQUIRE(at >= sim->now);
    equeue_push(&sim->pending, ev, at, phase);
}

void sim_run(struct sim *sim, sim_time until)
{
    while (equeue_next(&sim->pending) < until) {
        struct equeue_entry next = equeue_pop(&sim->pending);

        EXPECT(next.at >= sim->now);
        sim->now = next.at;
        next.event->fire(next.event);
    }
    if (until != SIM_NEVER)
        sim->now = until;
}
