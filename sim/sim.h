/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/sim.h - the clock and the run loop
 *
 * Zero is a valid simulation at time 0. An event may make others due, now or
 * later; never in the past.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "sim/equeue.h"

struct sim {
    sim_time now;
    struct equeue pending;
};

void sim_fini(struct sim *sim);

/* Makes `ev` due at `at`, in `phase` of that instant. Requires at >= sim->now. */
void sim_at(struct sim *sim, struct sim_event *ev, sim_time at, unsigned phase);

/*
 * Fires every event due before `until`, in order; the clock then stands at
 * `until`, or at the last event where `until` is SIM_NEVER.
 */
void sim_run(struct sim *sim, sim_time until);

#endif
