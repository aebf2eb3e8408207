/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/mta.h - a whole queue manager
 *
 * It is given messages, asks sites for answers, and tells observers. To add
 * one: write models/mta/NAME.c and name it in mtas[].
 */
#ifndef MODELS_MTA_MTA_H
#define MODELS_MTA_MTA_H

#include "models/catalogue.h"
#include "models/observer.h"
#include "models/site/sites.h"
#include "sim/sim.h"

/* What happens first of all that happens at one instant: timers, by which sites revive; scans;
 * completions; then mail (util/events.c: event_loop). */
enum phase { PHASE_TIMER, PHASE_SCAN, PHASE_END, PHASE_ARRIVAL };

/* The world, as an MTA sees it. */
struct mta_port {
    struct sim *sim;
    struct sites *sites;
    const struct catalogue *catalogue;
    const struct observers *observers;
    const struct scenario *scenario;
    const struct rng *rng;
};

struct mta {
    const struct mta_ops *ops;
    struct mta_port port;
};

struct mta_ops {
    const char *name, *summary;

    /* Starts at time 0. `settings` are of the MTA's own type, and outlive it. */
    struct mta *(*start)(const struct mta_port *port, const void *settings);

    /* Takes a new message, now. */
    void (*submit)(struct mta *self, struct message_id id);

    /* Does what an operator asks for, now. */
    void (*operate)(struct mta *self, const struct operation *operation);

    /* Tells the observers of every message that is still there. */
    void (*close)(struct mta *self);
    void (*free)(struct mta *self);
};

/* Ends with NULL. */
extern const struct mta_ops *const mtas[];

/* NULL if there is none of that name. */
const struct mta_ops *mta_find(const char *name);

#endif
