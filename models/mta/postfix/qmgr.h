/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/qmgr.h - what the parts of the queue manager share
 *
 *   postfix.c    a message's way: arrival, activation, its end, notices
 *   feed.c       incoming and deferred queue into the active queue, scans
 *   delivery.c   next hops: their windows, who is dead
 *   agents.c     who waits, and which delivery an agent takes
 *   operator.c   postqueue, postsuper and their like
 *
 * Nobody else includes it.
 */
#ifndef MODELS_MTA_POSTFIX_QMGR_H
#define MODELS_MTA_POSTFIX_QMGR_H

#include "models/mta/mta.h"
#include "models/mta/postfix/deferred.h"
#include "models/mta/postfix/letters.h"
#include "models/mta/postfix/rules.h"
#include "models/mta/postfix/scans.h"
#include "models/mta/postfix/trips.h"
#include "models/mta/postfix/window.h"

/* A way to deliver: agents of one kind, shared by its next hops (struct qmgr_transport). */
struct transport {
    struct postfix *postfix;
    struct transport *next;
    char name[POSTFIX_TRANSPORT_ROOM];
    struct nexthop **by_site; /* of the scenario's domains; made when first asked for */
    struct window_rules rules;
    sim_time rate_delay;             /* before each delivery */
    sim_time destination_rate_delay; /* after each delivery to a next hop */
    uint32_t recipient_limit;        /* of one delivery; 0: none */
    uint32_t agents;                 /* there are */
    uint32_t direct_below;           /* `agents` where a hand-over costs nothing, else 0 */
    uint32_t busy, asked;            /* agents at work; agents asked for, that will answer */
    uint32_t ready;                  /* deliveries that an agent could take now */
    uint32_t excess;                 /* under way beyond windows that shrank meanwhile */
    struct nexthop *counted;         /* those that have either, in any order */
    bool locked;                     /* one delivery at a time, by rate_delay */
    bool deferred;                   /* by defer_transports */
    struct equeue turns;             /* next hops with a delivery ready, by its turn */
    struct sim_event answer;         /* an agent that was asked for is there */
    sim_time down_until;             /* no agent can be reached */
    sim_time dead_until;             /* so it is not tried; 0: it is */
    struct sim_event revival;
    struct nexthop *retry; /* where its mail waits while it is dead */
};

/* A line of deliveries to one next hop by one transport (struct qmgr_queue). While nothing loads
 * it Postfix has no such queue, and its window is as new. */
struct nexthop {
    /* What each delivery needs: two lines of a cache, as mail for many sites finds none of it
     * there. */
    struct transport *transport;
    uint32_t site;
    uint32_t load; /* what keeps a delivery from starting at once: busy, waiting, blocked */
    uint32_t busy, waiting, ready; /* deliveries; ready: of those waiting that have room */
    uint32_t excess;               /* of those busy, beyond a window that is not dead */
    bool has_turn;                 /* in the transport's turns */
    bool resting;                  /* for destination_rate_delay */
    struct window window;
    struct delivery *first, *last; /* waiting */
    struct sim_event turn;
    sim_time dead_until;
    int64_t since; /* when it last came to be: the turn of its first delivery */

    struct nexthop *counted_prev, *counted_next;
    sim_time rest_until;
    struct sim_event rested, revival;
    const struct reply *reason; /* of a dead one: what killed it */
    enum smtp_stage reason_stage;
    struct nexthop *retry; /* where its mail goes while it is dead */
    struct nexthop *next;  /* of all there are */
};

/* From which queue a message comes into the active one, beside the number of a scan. */
#define FROM_INCOMING 0

struct held {
    struct message *list;
    size_t count, room;
};

struct postfix {
    struct mta mta;
    const struct postfix_settings *settings;
    sim_time connect_timeout, helo_timeout;

    /* the queues */
    struct deferred incoming, deferred;  /* of incoming only one bucket is in use */
    struct deferred_batch new_mail, due; /* the rest of a scan that is going on */
    struct held hold;
    struct trips trips;
    struct letters letters;
    uint64_t active, active_limit; /* active: on a trip; one that is tried at once is not */
    uint64_t waiting_new;          /* in incoming, those that are on their way out too */
    uint64_t waiting_deferred;     /* in the deferred queue, those of a scan that is going on too */
    struct queue_peaks peaks;

    /* scans of the deferred queue */
    struct scan_clock scans;
    struct sim_event scan; /* the next one; pending while something is deferred */
    uint64_t next_scan;    /* its number; 0 while none is pending */
    uint64_t scan_number;  /* of the scan that is going on */
    int64_t due_by;        /* it takes files with time stamps up to this second */
    uint64_t late_scan;    /* number of the one that waits for its end; 0: none */
    bool flush_scan;       /* the one that is going on takes all and tries all */
    bool flush_again;      /* another one that takes all waits for its end */
    bool flush_incoming;   /* what enters from incoming tries all, too */
    bool feeding, incoming_next;

    /* deliveries */
    struct transport *transports, *retry;
    struct nexthop **by_domain; /* of recipients; made when first asked for */
    struct nexthop *nexthops;
    int64_t next_turn;
};

/* ----------------------------------------------------------------- postfix.c */

/* The message leaves incoming, or the deferred queue by scan `scan`, for the active queue. */
void postfix_activate(struct postfix *postfix, struct message *message, uint64_t scan);

/* Asks the site for each attempt of a delivery that begins; returns when its agent is done. */
sim_time postfix_deliver(struct postfix *postfix, struct delivery *delivery);

/* An agent is done. */
void postfix_delivered(struct postfix *postfix, struct delivery *delivery);

struct tally postfix_tally(struct postfix *postfix, const struct message *message);
uint32_t postfix_recipients_left(struct postfix *postfix, const struct message *message);

/* The message is gone. */
void postfix_forget(struct postfix *postfix, const struct message *message);

/* -------------------------------------------------------------------- feed.c */

void feed_init(struct postfix *postfix);
void feed_fini(struct postfix *postfix);

/* A new message: into the active queue if there is room, or else to wait for it. */
void feed_arrival(struct postfix *postfix, struct message *message);

/* Into the deferred queue, until the scan that its time stamp asks for. */
void feed_defer(struct postfix *postfix, const struct message *message, uint32_t recipients);

/* Fills the active queue while there is room and something to fill it with. */
void feed(struct postfix *postfix);

/* A scan that takes all, whatever the time stamps: now, or when the one that is going on ends. */
void feed_flush(struct postfix *postfix);

/* Files all that is deferred anew, by a grid of scans that begins now. */
void feed_restart(struct postfix *postfix);

/* Takes those out of the deferred queue that `wanted` names, and gives them to `take`. */
typedef bool feed_wanted_fn(void *user, const struct message *message);
typedef void feed_take_fn(void *user, struct message *message);
void feed_extract(struct postfix *postfix, feed_wanted_fn *wanted, feed_take_fn *take, void *user);

/* The same of incoming. */
void feed_extract_new(struct postfix *postfix, feed_wanted_fn *wanted, feed_take_fn *take,
                      void *user);

/* Calls `tell` for each message that waits in incoming or the deferred queue; ends a scan that is
 * going on. */
void feed_each(struct postfix *postfix, void (*tell)(void *user, const struct message *message),
               void *user);

/* ---------------------------------------------------------------- agents.c */

static inline sim_time transport_now(const struct transport *transport)
{
    return transport->postfix->mta.port.sim->now;
}

/* Puts a delivery last in the line of its next hop. */
void agents_line_up(struct nexthop *nexthop, struct delivery *delivery);

/* Takes out the first. Requires one; agents_recount() is left to the caller. */
struct delivery *agents_take_first(struct nexthop *nexthop);

/* Room or line of a next hop has changed. */
void agents_recount(struct nexthop *nexthop);

/* Asks for as many as there is work for. */
void agents_ask(struct transport *transport);

/* An agent has taken the delivery, which is over at `end`. */
void agents_begin(struct delivery *delivery, sim_time end);

/* Tells observers that one more agent is busy with the site (1), or one less (-1). */
void agents_tell_busy(const struct nexthop *nexthop, int change);

/* Deliveries start at once where nothing holds them up: looks anew whether something does. */
void agents_allow_direct(struct transport *transport);

/* For the events of a new transport and next hop. */
void agents_answer(struct sim_event *event);
void agents_turn_fires(struct sim_event *event);

/* ---------------------------------------------------------------- delivery.c */

void delivery_init(struct postfix *postfix);
void delivery_fini(struct postfix *postfix);

/* Of mail for a domain. */
COLD struct nexthop *delivery_nexthop_new(struct postfix *postfix, uint32_t domain);
static inline struct nexthop *delivery_nexthop(struct postfix *postfix, uint32_t domain)
{
    struct nexthop *nexthop = postfix->by_domain[domain];

    return LIKELY(nexthop != NULL) ? nexthop : delivery_nexthop_new(postfix, domain);
}

/* Whether a delivery can start at once and, if it takes no time, leave no trace. */
static inline bool nexthop_is_idle(const struct nexthop *nexthop)
{
    return nexthop->load == 0
           && nexthop->transport->busy + nexthop->transport->asked
                  < nexthop->transport->direct_below;
}

/* Puts a delivery in line; if its next hop is dead, to be deferred untried. */
void delivery_enqueue(struct postfix *postfix, struct delivery *delivery, struct nexthop *nexthop);

/* Begins one that has its answers already, to an idle next hop. */
void delivery_begin_answered(struct delivery *delivery, struct nexthop *nexthop, sim_time end);

/* Why a message for it is deferred untried; NULL if it is not. */
struct suspension {
    const struct reply *reason;
    enum smtp_stage stage;
    struct nexthop *retry;
};
struct suspension delivery_suspension(struct postfix *postfix, struct nexthop *nexthop,
                                      const struct message *message);

/* Whether an answer makes Postfix think ill of the site, not just of a recipient or a message
 * (smtp/smtp_trouble.c: smtp_bulk_fail). */
static inline bool attempt_blames_site(const struct attempt *attempt)
{
    return attempt->outcome == OUTCOME_DEFERRED
           && (attempt->stage < STAGE_MAIL || attempt->reply->session_lost);
}

/* Back to life: one next hop and its transport, or all (qmgr_enable.c). */
void delivery_enable(struct nexthop *nexthop);
void delivery_enable_all(struct postfix *postfix);

/* Forgets all windows and who is dead: the queue manager was restarted. */
void delivery_restart(struct postfix *postfix);

/* The agents of a transport cannot be reached: not tried for transport_retry_time
 * (qmgr_transport_throttle). */
COLD void delivery_throttle(struct transport *transport);

/* No agent of `transport` can be reached until then. */
void delivery_break(struct postfix *postfix, const char *transport, sim_time until);

/* ---------------------------------------------------------------- operator.c */

/* What was asked for while the message was active: hold it, requeue it, delete it. */
void operator_after_trip(struct postfix *postfix, enum operation_kind kind, uint64_t key);

/* The next hops of a message that "postqueue -i" has flushed come back to life as it is read. */
COLD void operator_enable(struct postfix *postfix, const struct message *message);

void postfix_operate(struct mta *self, const struct operation *operation);

#endif
