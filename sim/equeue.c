/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/equeue.h"

#include <stdlib.h>

#include "sim/alloc.h"
#include "sim/check.h"

#define PHASE_SHIFT 56
#define ARITY 4

void equeue_fini(struct equeue *q)
{
    free(q->ring);
    free(q->heap);
    *q = (struct equeue){0};
}

/* A total order: no two pushes share a number. */
static bool before(const struct equeue_entry *a, const struct equeue_entry *b)
{
    if (a->at != b->at)
        return a->at < b->at;
    return a->order < b->order;
}

static struct equeue_entry *ring_at(const struct equeue *q, size_t i)
{
    return &q->ring[(q->first + i) & (q->ring_room - 1)];
}

static void ring_grow(struct equeue *q)
{
    size_t room = q->ring_room == 0 ? 16 : 2 * q->ring_room;
    struct equeue_entry *ring = alloc_zeroed(room * sizeof *ring);

    for (size_t i = 0; i < q->ring_count; i++)
        ring[i] = *ring_at(q, i);
    free(q->ring);
    q->ring = ring;
    q->ring_room = room;
    q->first = 0;
}

static void ring_append(struct equeue *q, const struct equeue_entry *entry)
{
    if (q->ring_count == q->ring_room)
        ring_grow(q);
    *ring_at(q, q->ring_count++) = *entry;
}

static void sift_up(struct equeue *q, size_t hole, const struct equeue_entry *entry)
{
    while (hole > 0) {
        size_t parent = (hole - 1) / ARITY;
        if (!before(entry, &q->heap[parent]))
            break;
        q->heap[hole] = q->heap[parent];
        hole = parent;
    }
    q->heap[hole] = *entry;
}

static size_t first_child(const struct equeue *q, size_t parent)
{
    size_t best = ARITY * parent + 1;
    size_t end = best + ARITY < q->heap_count ? best + ARITY : q->heap_count;

    for (size_t child = best + 1; child < end; child++) {
        if (before(&q->heap[child], &q->heap[best]))
            best = child;
    }
    return best;
}

static void sift_down(struct equeue *q, const struct equeue_entry *entry)
{
    size_t hole = 0;

    while (ARITY * hole + 1 < q->heap_count) {
        size_t child = first_child(q, hole);
        if (!before(&q->heap[child], entry))
            break;
        q->heap[hole] = q->heap[child];
        hole = child;
    }
    q->heap[hole] = *entry;
}

static void heap_push(struct equeue *q, const struct equeue_entry *entry)
{
    q->heap = alloc_grow(q->heap, &q->heap_room, q->heap_count + 1, sizeof *q->heap);
    sift_up(q, q->heap_count++, entry);
}

static struct equeue_entry heap_pop(struct equeue *q)
{
    struct equeue_entry top = q->heap[0];
    struct equeue_entry last = q->heap[--q->heap_count];

    if (q->heap_count > 0)
        sift_down(q, &last);
    return top;
}

static struct equeue_entry ring_pop(struct equeue *q)
{
    struct equeue_entry entry = *ring_at(q, 0);

    q->first = (q->first + 1) & (q->ring_room - 1);
    q->ring_count--;
    return entry;
}

void equeue_push(struct equeue *q, struct sim_event *ev, sim_time at, unsigned phase)
{
    REQUIRE(ev->fire != NULL && phase < 256 && at < SIM_NEVER);
    struct equeue_entry entry = {at, (uint64_t)phase << PHASE_SHIFT | q->pushes++, ev};

    if (q->ring_count == 0 || before(ring_at(q, q->ring_count - 1), &entry))
        ring_append(q, &entry);
    else
        heap_push(q, &entry);
}

static bool ring_is_next(const struct equeue *q)
{
    if (q->ring_count == 0 || q->heap_count == 0)
        return q->heap_count == 0;
    return before(ring_at(q, 0), &q->heap[0]);
}

sim_time equeue_next(const struct equeue *q)
{
    if (q->ring_count + q->heap_count == 0)
        return SIM_NEVER;
    return ring_is_next(q) ? ring_at(q, 0)->at : q->heap[0].at;
}

struct equeue_entry equeue_pop(struct equeue *q)
{
    REQUIRE(q->ring_count + q->heap_count > 0);
    return ring_is_next(q) ? ring_pop(q) : heap_pop(q);
}
