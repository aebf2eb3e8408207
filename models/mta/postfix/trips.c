/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/trips.h"

#include <stdlib.h>

#include "sim/alloc.h"

static void free_chain(struct trip *trip)
{
    while (trip != NULL) {
        struct trip *next = trip->next;
        if (trip->attempts != &trip->one)
            free(trip->attempts);
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

struct trip *trips_add(struct trips *trips, size_t count)
{
    struct trip *trip = unused(trips);

    trip->count = count;
    trip->attempts = count == 1 ? &trip->one : alloc_zeroed(count * sizeof *trip->attempts);
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
    if (trip->attempts != &trip->one)
        free(trip->attempts);
    trip->attempts = &trip->one;
    trip->next = trips->spare;
    trips->spare = trip;
}
