/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/trips.h - messages in the active queue while deliveries take time
 */
#ifndef MODELS_MTA_POSTFIX_TRIPS_H
#define MODELS_MTA_POSTFIX_TRIPS_H

#include "models/message.h"
#include "models/operation.h"
#include "sim/equeue.h"

struct nexthop;

/* A delivery request: some recipients of one message, to one next hop, one agent (struct
 * qmgr_entry). */
struct delivery {
    struct sim_event end;  /* when the agent is done */
    struct delivery *next; /* behind it in the next hop's line */
    struct nexthop *nexthop;
    struct trip *trip;
    int64_t turn;               /* earlier ones go first, within a transport */
    const struct reply *reason; /* suspended for this; NULL: to be delivered */
    enum smtp_stage reason_stage;
    uint32_t first, count; /* its attempts, of the trip's */
};

struct trip {
    struct trip *next, *previous;
    struct message message;
    sim_time start;
    struct attempt one; /* where there is one recipient */
    struct delivery one_delivery;
    struct attempt *attempts;    /* &one, or owned */
    struct delivery *deliveries; /* &one_delivery, or owned; at most `count` */
    size_t count, delivery_count;
    size_t under_way;          /* deliveries that are not done */
    enum operation_kind after; /* what an operator asked for meanwhile; OPERATION_COUNT: nothing */
};

/* Zero is a valid empty set. Trips do not move; used ones are kept for reuse. */
struct trips {
    struct trip *active, *spare;
};

void trips_fini(struct trips *trips);

/* A trip with room for `count` attempts, none of them made. */
struct trip *trips_add(struct trips *trips, const struct message *message, sim_time start,
                       size_t count);
void trips_remove(struct trips *trips, struct trip *trip);

#endif
