/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/deferred.h - the deferred queue, filed by the scan to come
 *
 * Which scan will take a file is known when it is deferred, so the scan is the
 * bucket: messages lie in chunks, in the order they were put there, and are
 * streamed out again when their scan comes. Nothing is searched or moved in
 * between, and nothing is allocated per message.
 *
 * A scan follows the directory, whose order does not change from scan to scan:
 * messages come out by a key of each message that depends on the salt alone, or
 * that is known, as of a log that is replayed.
 */
#ifndef MODELS_MTA_POSTFIX_DEFERRED_H
#define MODELS_MTA_POSTFIX_DEFERRED_H

#include <stdbool.h>
#include <stddef.h>

#include "models/message.h"

struct scenario;

#define DEFERRED_CHUNK 128 /* messages */

struct deferred_chunk {
    struct deferred_chunk *next;
    struct message messages[DEFERRED_CHUNK];
};

struct deferred_bucket {
    struct deferred_chunk *first, *last;
    uint32_t count; /* messages */
    uint32_t last_key;
    uint64_t recipients; /* of them, still to be delivered */
    bool jumbled;        /* not in the order of the keys */
};

struct deferred {
    uint64_t salt;
    const struct scenario *traced; /* its messages may have a scan_order; NULL: they have none */
    struct deferred_bucket *ring;  /* one a scan, `base` being the next */
    size_t room;                   /* a power of two */
    uint64_t base;
    uint64_t count; /* messages in all */
    struct deferred_chunk *spare;
};

/* Empty; the next scan is number 1. */
void deferred_init(struct deferred *queue, uint64_t salt);
void deferred_fini(struct deferred *queue);

/* Of deferred_add(): what it needs now and then. */
COLD void deferred_ring_grow(struct deferred *queue, uint64_t number);
COLD void deferred_chunk_begin(struct deferred *queue, struct deferred_bucket *bucket);

/* Spreads neighbours far apart; a notice goes with its message (the multiplier is 2^64 divided by
 * the golden ratio). */
static inline uint32_t deferred_salted(const struct deferred *queue, const struct message *message)
{
    uint64_t x = (uint64_t)message->traffic << 32 | message->number;

    x = (x ^ queue->salt) * UINT64_C(0x9e3779b97f4a7c15);

    return (uint32_t)((x ^ x >> 29) * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

/* Its scan_order, or the same as above. */
COLD uint32_t deferred_traced(const struct deferred *queue, const struct message *message);

static inline uint32_t deferred_key(const struct deferred *queue, const struct message *message)
{
    return LIKELY(queue->traced == NULL) ? deferred_salted(queue, message)
                                         : deferred_traced(queue, message);
}

/* The next scan will be `number`. Requires that the queue is empty, and never goes back. */
void deferred_skip_to(struct deferred *queue, uint64_t number);

/* Of the others: behind those that are in the bucket. */
static inline void deferred_bucket_add(struct deferred *queue, struct deferred_bucket *bucket,
                                       const struct message *message, uint32_t recipients)
{
    uint32_t key = deferred_key(queue, message);
    uint32_t place = bucket->count % DEFERRED_CHUNK;

    if (place == 0)
        deferred_chunk_begin(queue, bucket);
    bucket->last->messages[place] = *message;
    bucket->jumbled |= key < bucket->last_key;
    bucket->last_key = key;
    bucket->count++;
    bucket->recipients += recipients;
}

/*
 * Files a copy of `message`, which has so many recipients left, under scan
 * `number`. Requires that this is still to come.
 */
static inline void deferred_add(struct deferred *queue, uint64_t number,
                                const struct message *message, uint32_t recipients)
{
    if (number - queue->base >= queue->room)
        deferred_ring_grow(queue, number);

    deferred_bucket_add(queue, &queue->ring[number & (queue->room - 1)], message, recipients);
    queue->count++;
}

/* The messages of one scan, on their way out. */
struct deferred_batch {
    struct deferred *queue;
    struct deferred_chunk *chunk; /* the rest */
    uint32_t next, count;         /* messages */
    uint64_t recipients;
};

/*
 * Begins to take out the messages of scan `number`, in the order of the
 * directory; those of earlier scans must be out. While this goes on others may
 * be added, under later scans.
 */
struct deferred_batch deferred_take(struct deferred *queue, uint64_t number);

/* Of deferred_next(): a chunk is empty, and goes back. */
void deferred_chunk_done(struct deferred_batch *batch);

/* The next one. False when all are out. */
static inline bool deferred_next(struct deferred_batch *batch, struct message *message)
{
    if (batch->next == batch->count)
        return false;
    uint32_t place = batch->next++ % DEFERRED_CHUNK;
    *message = batch->chunk->messages[place];
    if (place == DEFERRED_CHUNK - 1 || batch->next == batch->count)
        deferred_chunk_done(batch);
    return true;
}

/* Which messages are wanted, and how many recipients a message has left. */
struct deferred_filter {
    bool (*wanted)(void *user, const struct message *message);
    void *user;
    uint32_t (*recipients)(void *user, const struct message *message);
    void *recipients_user;
};

/*
 * Takes out the messages that are wanted of all that lie under scans up to
 * `through`, in the order of the directory. Walks through all of these.
 */
struct deferred_batch deferred_extract(struct deferred *queue, const struct deferred_filter *filter,
                                       uint64_t through);

/* The same from the rest of a batch, which keeps the others. */
struct deferred_batch deferred_batch_extract(struct deferred_batch *batch,
                                             const struct deferred_filter *filter);

/* How many lie under scan `number`. */
uint32_t deferred_under(const struct deferred *queue, uint64_t number);

/* Calls `tell` for each message there is, by scan and then as they were put there. */
void deferred_each(const struct deferred *queue,
                   void (*tell)(void *user, const struct message *message), void *user);

#endif
