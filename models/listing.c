/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/listing.c - what is in the queues, at some moments of a run
 *
 * Source of what becomes of the reasons: Postfix 3.7, qmgr/qmgr_active.c (the
 * defer log is removed when a message becomes active), showq/showq.c.
 */
#include "models/listing.h"

#include <stdlib.h>
#include <uthash.h>

#include "sim/alloc.h"

struct listing_entry {
    uint64_t key; /* message_key() */
    struct listed listed;
    UT_hash_handle hh; /* goes round in the order of insertion */
};

const char *const mail_queue_names[] = {"active", "incoming", "deferred", "hold", NULL};

static struct listed *find(const struct listing *listing, const struct message *message)
{
    uint64_t key = message_key(message);
    struct listing_entry *entry;

    HASH_FIND(hh, listing->index, &key, sizeof key, entry);
    return entry == NULL ? NULL : &entry->listed;
}

static struct listed *add(struct listing *listing, const struct message *message,
                          uint32_t recipients)
{
    struct listing_entry *entry = alloc_zeroed(sizeof *entry);

    entry->key = message_key(message);
    entry->listed.count = recipients;
    entry->listed.recipients = alloc_zeroed(recipients * sizeof *entry->listed.recipients);
    HASH_ADD(hh, listing->index, key, sizeof entry->key, entry);
    return &entry->listed;
}

static void drop(struct listing *listing, struct listed *listed)
{
    struct listing_entry *entry = CONTAINER_OF(listed, struct listing_entry, listed);

    HASH_DEL(listing->index, entry);
    free(entry->listed.recipients);
    free(entry);
}

static void forget_reasons(struct listed *listed)
{
    for (uint32_t i = 0; i < listed->count; i++) {
        if (listed->recipients[i].state == RECIPIENT_DEFERRED)
            listed->recipients[i].state = RECIPIENT_WAITS;
    }
}

static void note_attempt(struct listed *listed, const struct attempt *attempt)
{
    bool over = attempt->outcome == OUTCOME_SENT || attempt->outcome == OUTCOME_BOUNCED;

    EXPECT(attempt->recipient < listed->count);
    listed->recipients[attempt->recipient] =
        (struct listed_recipient){over ? RECIPIENT_DONE : RECIPIENT_DEFERRED, *attempt};
}

/* ------------------------------------------------------- what it is told of */

/* Things have come to `at`: all moments before that are over. */
static struct listing *come_to(struct observer *self, sim_time at)
{
    struct listing *listing = CONTAINER_OF(self, struct listing, observer);

    while (listing->next < listing->moment_count && listing->moments[listing->next] < at) {
        listing->look(listing, listing->next, listing->moments[listing->next]);
        listing->next++;
    }
    return listing;
}

static void arrived(struct observer *self, const struct message *message, uint32_t recipients)
{
    struct listing *listing = come_to(self, message->arrival);
    struct listed *listed = find(listing, message);

    if (listed != NULL) /* a notice too many, models/message.h: they share their number */
        drop(listing, listed);
    listed = add(listing, message, recipients);
    listed->message = *message;
    listed->queue = QUEUE_INCOMING;
}

static void scanned(struct observer *self, sim_time at, uint64_t scan, uint32_t messages,
                    uint64_t recipients)
{
    (void)scan, (void)messages, (void)recipients;
    come_to(self, at);
}

static void activated(struct observer *self, sim_time at, const struct message *message,
                      uint32_t recipients, uint64_t scan)
{
    struct listed *listed = find(come_to(self, at), message);

    (void)recipients, (void)scan;
    if (listed == NULL)
        return;
    listed->message = *message;
    listed->queue = QUEUE_ACTIVE;
    forget_reasons(listed);
}

static void attempted(struct observer *self, const struct message *message, sim_time since,
                      const struct attempt *attempt)
{
    struct listed *listed = find(come_to(self, attempt->end), message);

    (void)since;
    if (listed != NULL)
        note_attempt(listed, attempt);
}

static void ended(struct observer *self, const struct activation *activation)
{
    struct listing *listing = come_to(self, activation->end);
    struct listed *listed = find(listing, activation->message);

    if (listed == NULL) /* deleted while it was active */
        return;
    if (activation->fate != FATE_DEFERRED) {
        drop(listing, listed);
        return;
    }
    listed->message = *activation->message;
    if (listed->queue != QUEUE_HOLD) /* where it was put while it was active */
        listed->queue = QUEUE_DEFERRED;
    for (size_t i = 0; i < activation->count; i++)
        note_attempt(listed, &activation->attempts[i]);
}

/* Postfix's commands by what they do to the queue file (postsuper/postsuper.c, flush/flush.c). */
static void change(struct listed *listed, enum operation_kind kind)
{
    switch (kind) {
    case OPERATION_FLUSH_SITE:
    case OPERATION_FLUSH_MESSAGE:
        if (listed->queue == QUEUE_DEFERRED)
            listed->queue = QUEUE_INCOMING;
        break;
    case OPERATION_HOLD:
        listed->queue = QUEUE_HOLD;
        break;
    case OPERATION_RELEASE:
        listed->queue = QUEUE_DEFERRED;
        break;
    case OPERATION_REQUEUE:
        listed->queue = QUEUE_INCOMING;
        forget_reasons(listed);
        break;
    case OPERATION_EXPIRE:
        listed->message.forced = 1;
        break;
    default:
        break;
    }
}

static void operated(struct observer *self, sim_time at, enum operation_kind kind,
                     const struct message *message, const struct tally *tally)
{
    struct listing *listing = come_to(self, at);
    struct listed *listed = message == NULL ? NULL : find(listing, message);

    (void)tally;
    if (listed == NULL)
        return;
    if (kind == OPERATION_DELETE) {
        drop(listing, listed);
        return;
    }
    listed->message = *message;
    change(listed, kind);
}

static void notified(struct observer *self, sim_time at, const struct message *message,
                     enum notice_kind kind, uint32_t recipients)
{
    (void)message, (void)kind, (void)recipients;
    come_to(self, at);
}

static void site_changed(struct observer *self, sim_time at, uint32_t site, bool dead)
{
    (void)site, (void)dead;
    come_to(self, at);
}

static void finished(struct observer *self, sim_time at)
{
    struct listing *listing = CONTAINER_OF(self, struct listing, observer);

    for (; listing->next < listing->moment_count; listing->next++) {
        sim_time moment = listing->moments[listing->next];
        listing->look(listing, listing->next, moment == SIM_NEVER ? at : moment);
    }
}

static const struct observer_ops listing_ops = {
    .arrived = arrived,
    .scanned = scanned,
    .activated = activated,
    .attempted = attempted,
    .ended = ended,
    .notified = notified,
    .operated = operated,
    .site_changed = site_changed,
    .finished = finished,
};

/* ------------------------------------------------------------ its own life */

void listing_init(struct listing *listing, const sim_time *moments, size_t count,
                  void (*look)(struct listing *self, size_t number, sim_time at))
{
    *listing = (struct listing){
        .observer.ops = &listing_ops,
        .moments = moments,
        .moment_count = count,
        .look = look,
    };
}

void listing_fini(struct listing *listing)
{
    struct listing_entry *entry, *next;

    HASH_ITER(hh, listing->index, entry, next)
    {
        drop(listing, &entry->listed);
    }
}

void listing_each(const struct listing *listing, enum mail_queue queue, listing_visit *visit,
                  void *user)
{
    for (const struct listing_entry *e = listing->index; e != NULL; e = e->hh.next) {
        if (e->listed.queue == queue)
            visit(user, &e->listed);
    }
}
