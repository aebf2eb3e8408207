/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/equeue.h - pending events, soonest first
 *
 * The order is total: by time, then phase, then the order of the pushes; it
 * never depends on an address. Events pushed in that order already (the common
 * case: deliveries that all take equally long) wait in a ring and cost O(1);
 * the others wait in a 4-ary heap and cost O(log n). Nothing is allocated per
 * event: they belong to the caller.
 */
#ifndef SIM_EQUEUE_H
#define SIM_EQUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/time.h"

struct sim_event;
typedef void sim_event_fn(struct sim_event *ev);

/*
 * One thing that will happen. Embed it in the object it concerns: fire() gets
 * the object back with CONTAINER_OF(). A pending event must neither move nor
 * be freed.
 */
struct sim_event {
    sim_event_fn *fire;
};

struct equeue_entry {
    sim_time at;
    uint64_t order; /* phase in the top byte, then the number of the push */
    struct sim_event *event;
};

/* Zero is a valid empty queue. */
struct equeue {
    struct equeue_entry *ring; /* already in order, from `first` on; `room` is a power of two */
    size_t ring_room, first, ring_count;
    struct equeue_entry *heap;
    size_t heap_room, heap_count;
    uint64_t pushes;
};

void equeue_fini(struct equeue *q);

/* Makes `ev` due at `at`; of those due together, a lower `phase` comes first. */
void equeue_push(struct equeue *q, struct sim_event *ev, sim_time at, unsigned phase);

/* When the next event is due; SIM_NEVER if there is none. */
sim_time equeue_next(const struct equeue *q);

/* Takes out the next event. Requires that there is one. */
struct equeue_entry equeue_pop(struct equeue *q);

#endif
