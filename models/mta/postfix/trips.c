/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/trips.h"

#include <stdlib.h>

#include "sim/alloc.h"

static void release(struct trip *trip)
{
    if (trip->attempts != &trip->one)
        free(trip->attempts);
    if (trip->deliveries != &trip->one_delivery)
        free(trip->deliveries);
    trip->attempts = &trip->one;
    trip->deliveries = &trip->one_delivery;
}

static void free_chain(struct trip *trip)
{
    while (trip != NULL) {
        struct trip *next = trip->next;
        release(trip);
        free(trip);
        trip = next;
    }
}

void trips_fini(struct trips *trips)
{
    free_chain(trips->active);
    free_chain(trips->spare);
    *trips = (struct trips){0};
}

static struct trip *unused(struct trips *trips)
{
    struct trip *trip = trips->spare;

    if (trip == NULL)
        return alloc_zeroed(sizeof *trip);
    trips->spare = trip->next;
    return trip;
}

struct trip *trips_add(struct trips *trips, const struct message *message, sim_time start,
                       size_t count)
{
    struct trip *trip = unused(trips);
    bool one = count <= 1;

    trip->message = *message;
    trip->start = start;
    trip->count = count;
    trip->delivery_count = trip->under_way = 0;
    trip->after = OPERATION_COUNT;
    trip->attempts = one ? &trip->one : alloc_zeroed(count * sizeof *trip->attempts);
    trip->deliveries = one ? &trip->one_delivery : alloc_zeroed(count * sizeof *trip->deliveries);
    trip->previous = NULL;
    trip->next = trips->active;
    if (trip->next != NULL)
        trip->next->previous = trip;
    trips->active = trip;
    return trip;
}

void trips_remove(struct trips *trips, struct trip *trip)
{
    if (trip->previous != NULL)
        trip->previous->next = trip->next;
    else
        trips->active = trip->next;
    if (trip->next != NULL)
        trip->next->previous = trip->previous;
    release(trip);
    trip->next = trips->spare;
    trips->spare = trip;
}
