/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/deferred.h"

#include <stdlib.h>

#include "models/scenario.h"
#include "sim/alloc.h"
#include "sim/check.h"
#include "sim/radix.h"

#define FIRST_ROOM 16

void deferred_init(struct deferred *queue, uint64_t salt)
{
    *queue = (struct deferred){
        .salt = salt,
        .ring = alloc_zeroed(FIRST_ROOM * sizeof *queue->ring),
        .room = FIRST_ROOM,
        .base = 1,
    };
}

uint32_t deferred_traced(const struct deferred *queue, const struct message *message)
{
    const struct traffic_spec *traffic = &queue->traced->traffics[message->traffic];
    uint32_t scan_order =
        traffic->ops->envelope == NULL
            ? SCAN_ORDER_NONE
            : traffic->ops->envelope(traffic->settings, message->number).scan_order;

    return scan_order != SCAN_ORDER_NONE ? scan_order : deferred_salted(queue, message);
}

static void free_chain(struct deferred_chunk *chunk)
{
    while (chunk != NULL) {
        struct deferred_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
}

void deferred_fini(struct deferred *queue)
{
    for (size_t i = 0; i < queue->room; i++)
        free_chain(queue->ring[i].first);
    free_chain(queue->spare);
    free(queue->ring);
}

static struct deferred_bucket *bucket_of(const struct deferred *queue, uint64_t number)
{
    return &queue->ring[number & (queue->room - 1)];
}

void deferred_ring_grow(struct deferred *queue, uint64_t number)
{
    REQUIRE(number >= queue->base);
    size_t room = queue->room;
    while (room <= number - queue->base)
        room *= 2;

    struct deferred_bucket *ring = alloc_zeroed(room * sizeof *ring);
    for (uint64_t n = queue->base; n < queue->base + queue->room; n++)
        ring[n & (room - 1)] = *bucket_of(queue, n);
    free(queue->ring);
    queue->ring = ring;
    queue->room = room;
}

static struct deferred_chunk *chunk_get(struct deferred *queue)
{
    struct deferred_chunk *chunk = queue->spare;

    if (chunk == NULL)
        return alloc_zeroed(sizeof *chunk);
    queue->spare = chunk->next;
    chunk->next = NULL;
    return chunk;
}

static void chunk_put(struct deferred *queue, struct deferred_chunk *chunk)
{
    chunk->next = queue->spare;
    queue->spare = chunk;
}

void deferred_chunk_begin(struct deferred *queue, struct deferred_bucket *bucket)
{
    struct deferred_chunk *chunk = chunk_get(queue);

    if (bucket->first == NULL)
        bucket->first = chunk;
    else
        bucket->last->next = chunk;
    bucket->last = chunk;
}

void deferred_skip_to(struct deferred *queue, uint64_t number)
{
    REQUIRE(queue->count == 0 && number >= queue->base);
    queue->base = number;
}

uint32_t deferred_under(const struct deferred *queue, uint64_t number)
{
    if (number < queue->base || number - queue->base >= queue->room)
        return 0;
    return bucket_of(queue, number)->count;
}

static struct message *message_at(struct deferred_chunk *const *chunks, size_t place)
{
    return &chunks[place / DEFERRED_CHUNK]->messages[place % DEFERRED_CHUNK];
}

/* The chunks of a bucket by number; to be freed. */
static struct deferred_chunk **list_chunks(const struct deferred_bucket *bucket)
{
    struct deferred_chunk **chunks =
        alloc_zeroed((bucket->count / DEFERRED_CHUNK + 1) * sizeof(struct deferred_chunk *));
    size_t n = 0;

    for (struct deferred_chunk *chunk = bucket->first; chunk != NULL; chunk = chunk->next)
        chunks[n++] = chunk;
    return chunks;
}

/* Moves each message to its place, cycle by cycle: order[i] tells where the message of place i
 * lies. */
static void permute(struct deferred_chunk *const *chunks, uint64_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct message first = *message_at(chunks, i);
        size_t hole = i;
        for (;;) {
            size_t from = (uint32_t)order[hole];
            order[hole] = hole;
            if (from == i)
                break;
            *message_at(chunks, hole) = *message_at(chunks, from);
            hole = from;
        }
        *message_at(chunks, hole) = first;
    }
}

/* In place: a queue of millions is not to be held twice. */
static void sort_bucket(const struct deferred *queue, const struct deferred_bucket *bucket)
{
    struct deferred_chunk **chunks = list_chunks(bucket);
    uint64_t *order = alloc_zeroed(bucket->count * sizeof *order);
    uint64_t *scratch = alloc_zeroed(bucket->count * sizeof *scratch);

    for (uint32_t i = 0; i < bucket->count; i++)
        order[i] = (uint64_t)deferred_key(queue, message_at(chunks, i)) << 32 | i;
    radix_sort(order, scratch, bucket->count);
    free(scratch);
    permute(chunks, order, bucket->count);
    free(order);
    free(chunks);
}

/* Empties the bucket of scan `number`, and returns what was in it. */
static struct deferred_bucket take_bucket(struct deferred *queue, uint64_t number)
{
    struct deferred_bucket taken = {0};

    if (number - queue->base < queue->room) {
        taken = *bucket_of(queue, number);
        *bucket_of(queue, number) = (struct deferred_bucket){0};
    }
    queue->base = number + 1;
    queue->count -= taken.count;
    return taken;
}

static struct deferred_batch batch_of(struct deferred *queue, const struct deferred_bucket *taken)
{
    if (taken->jumbled)
        sort_bucket(queue, taken);
    return (struct deferred_batch){
        .queue = queue,
        .chunk = taken->first,
        .count = taken->count,
        .recipients = taken->recipients,
    };
}

struct deferred_batch deferred_take(struct deferred *queue, uint64_t number)
{
    REQUIRE(number >= queue->base);
    for (uint64_t n = queue->base; n < number && n - queue->base < queue->room; n++)
        EXPECT(bucket_of(queue, n)->count == 0);

    struct deferred_bucket taken = take_bucket(queue, number);
    return batch_of(queue, &taken);
}

/* Empties a batch into two buckets. */
static void split(struct deferred_batch *all, const struct deferred_filter *filter,
                  struct deferred_bucket *taken, struct deferred_bucket *kept)
{
    struct deferred *queue = all->queue;
    struct message message;

    while (deferred_next(all, &message)) {
        struct deferred_bucket *into = filter->wanted(filter->user, &message) ? taken : kept;
        deferred_bucket_add(queue, into, &message,
                            filter->recipients(filter->recipients_user, &message));
    }
}

static void split_bucket(struct deferred *queue, struct deferred_bucket *bucket,
                         const struct deferred_filter *filter, struct deferred_bucket *taken)
{
    struct deferred_batch all = {queue, bucket->first, 0, bucket->count, bucket->recipients};
    struct deferred_bucket kept = {0};

    split(&all, filter, taken, &kept);
    *bucket = kept;
}

struct deferred_batch deferred_batch_extract(struct deferred_batch *batch,
                                             const struct deferred_filter *filter)
{
    struct deferred_bucket taken = {0}, kept = {0};
    struct deferred *queue = batch->queue;

    if (batch->next == batch->count)
        return (struct deferred_batch){0};
    split(batch, filter, &taken, &kept);
    *batch = batch_of(queue, &kept);
    return batch_of(queue, &taken);
}

struct deferred_batch deferred_extract(struct deferred *queue, const struct deferred_filter *filter,
                                       uint64_t through)
{
    struct deferred_bucket taken = {0};

    for (uint64_t n = queue->base; n < queue->base + queue->room && n <= through; n++)
        split_bucket(queue, bucket_of(queue, n), filter, &taken);
    queue->count -= taken.count;
    return batch_of(queue, &taken);
}

void deferred_chunk_done(struct deferred_batch *batch)
{
    struct deferred_chunk *done = batch->chunk;

    batch->chunk = done->next;
    chunk_put(batch->queue, done);
}

static void tell_bucket(const struct deferred_bucket *bucket,
                        void (*tell)(void *user, const struct message *message), void *user)
{
    const struct deferred_chunk *chunk = bucket->first;

    for (uint32_t i = 0; i < bucket->count; i++) {
        tell(user, &chunk->messages[i % DEFERRED_CHUNK]);
        if (i % DEFERRED_CHUNK == DEFERRED_CHUNK - 1)
            chunk = chunk->next;
    }
}

void deferred_each(const struct deferred *queue,
                   void (*tell)(void *user, const struct message *message), void *user)
{
    for (uint64_t n = queue->base; n < queue->base + queue->room; n++)
        tell_bucket(bucket_of(queue, n), tell, user);
}
