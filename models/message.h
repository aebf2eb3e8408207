/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/message.h - a message in the queue, and what happens to it
 *
 * Plain structs, no behaviour but what tells one message from another.
 */
#ifndef MODELS_MESSAGE_H
#define MODELS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/reply.h"
#include "sim/rng.h"
#include "sim/time.h"

/* Which message: the `number`-th (from 0) of a traffic, or a notice about that one. */
struct message_id {
    uint32_t number;
    uint16_t traffic;
    uint16_t notice; /* 0: the message itself; else one of these: */
};
#define NOTICE_WARNING 0x800 /* 0x801: /w1, "still trying" */
#define NOTICE_MOST 0x7ff    /* 0x001: /b1, the first non-delivery notification ... */

/*
 * A queue file, as it travels through the deferred queue: all that must be
 * remembered between two attempts. What never changes (addresses, size) is
 * looked up by id, models/catalogue.h. Its size is the memory a waiting message
 * takes.
 */
struct message {
    sim_time arrival; /* start of the MAIL transaction: delay= counts from here */
    uint32_t created; /* create_time, whole seconds: backoff and lifetime count from here */
    uint32_t mtime;   /* not to be tried before this, whole seconds */
    uint32_t number;  /* message_id */
    uint32_t to;      /* one recipient: its domain; several: what the MTA finds them by */
    unsigned traffic : 16;
    unsigned notice : 12;
    unsigned null_sender : 1;
    unsigned several : 1;      /* recipients */
    unsigned warned : 1;       /* a delay notice has been sent */
    unsigned forced : 1;       /* "postsuper -e": expires when it next becomes active */
    unsigned activations : 20; /* trips through the active queue so far */
    unsigned requeues : 11;    /* "postsuper -r" so far: each gave it a new queue id */
    unsigned flushed : 1; /* "postqueue -i": its next trip is held up by nothing that is dead */
};
_Static_assert(sizeof(struct message) == 32, "a waiting message costs 32 bytes");

static inline struct message_id message_id(const struct message *m)
{
    return (struct message_id){m->number, (uint16_t)m->traffic, (uint16_t)m->notice};
}

/* Different for any two messages of a run. */
static inline uint64_t message_key(const struct message *m)
{
    return (uint64_t)m->notice << 48 | (uint64_t)m->traffic << 32 | m->number;
}

/* What one recipient met in one activation. */
struct attempt {
    sim_time start; /* handed over to a delivery agent */
    sim_time ready; /* the session is set up, or has failed: what comes before is c of delays= */
    sim_time end;
    uint32_t recipient; /* its place in the message, from 0 */
    uint32_t domain;    /* of its address */
    uint32_t site;      /* what was asked: the next hop, in the scenario's domains */
    enum outcome outcome;
    enum smtp_stage stage;     /* where the answer was given */
    const struct reply *reply; /* belongs to the site */
};

/* Recipients by what has become of them so far. */
struct tally {
    uint32_t sent, bounced, expired, deleted, queued;
};

/* Where a message is, in the order in which Postfix lists them. */
enum mail_queue {
    QUEUE_ACTIVE,
    QUEUE_INCOMING,
    QUEUE_DEFERRED,
    QUEUE_HOLD,
    QUEUE_COUNT,
    QUEUE_NONE = QUEUE_COUNT, /* it is gone */
};

enum fate {
    FATE_DEFERRED, /* back to the deferred queue */
    FATE_REMOVED,  /* nothing left to do */
    FATE_EXPIRED,  /* too old after a failed attempt: given up and removed */
};

/* One trip of a message through the active queue. */
struct activation {
    const struct message *message;
    sim_time start, end;
    const struct attempt *attempts; /* one for each recipient that was left */
    size_t count;
    enum fate fate;
    struct tally tally; /* after this activation */
};

#endif
