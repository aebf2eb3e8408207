/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/trips.h - messages in the active queue while deliveries take time
 */
#ifndef MODELS_MTA_POSTFIX_TRIPS_H
#define MODELS_MTA_POSTFIX_TRIPS_H

#include "models/message.h"
#include "sim/equeue.h"

struct trip {
    struct sim_event end; /* when its last attempt ends */
    void *owner;
    struct trip *next, *previous;
    struct message message;
    sim_time start;
    struct attempt one;       /* where there is one recipient */
    struct attempt *attempts; /* &one, or owned */
    size_t count;
};

/* Zero is a valid empty set. Trips do not move; used ones are kept for reuse. */
struct trips {
    struct trip *active, *spare;
};

void trips_fini(struct trips *trips);

/* A trip with room for `count` attempts. */
struct trip *trips_add(struct trips *trips, size_t count);
void trips_remove(struct trips *trips, struct trip *trip);

#endif
