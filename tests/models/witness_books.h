/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/witness_books.h - what the witness knows of each message
 */
#ifndef TESTS_MODELS_WITNESS_BOOKS_H
#define TESTS_MODELS_WITNESS_BOOKS_H

#include <stdlib.h>

#include "models/catalogue.h"
#include "models/mta/postfix/parameters.h"
#include "models/world.h"
#include "sim/alloc.h"
#include "sim/keymap.h"
#include "tests/models/witness_sites.h"

/* DUE: a scan has taken it, and it waits for room in the active queue. */
enum whereabouts { INCOMING, DUE, ACTIVE, DEFERRED, HELD, GONE, LEFT, WHEREABOUTS };

struct known {
    struct message message; /* as last told */
    enum whereabouts where;
    sim_time since; /* it is there */
    uint32_t recipients;
    struct tally tally;
    bool *settled;        /* by recipient */
    struct attempt *told; /* of this activation, by recipient */
    uint32_t told_count;  /* of these, those told already; each has an end */
    sim_time handled;     /* by an operator, last */
    enum operation_kind handled_by;
    bool forced; /* it was, when it became active */
};

/* A notice that is due. */
struct due_notice {
    uint64_t about;
    enum notice_kind kind;
    uint32_t recipients;
};

struct witness {
    struct observer observer;
    const struct run *run;
    const struct postfix_settings *settings;
    struct catalogue catalogue;

    const char *fault; /* the first condition that did not hold */
    int line;
    uint64_t hash; /* of all that was told */
    sim_time now;
    sim_time mail_at, trip_at; /* the last mail; the last end of a trip that took time; or -1 */
    bool heard, finished;      /* anything at all; the end */

    struct keymap place; /* in `known`, by key */
    struct known *known;
    size_t count, room;
    struct known nobody;     /* where one is missing */
    uint32_t next_number[8]; /* by traffic */

    struct due_notice due[3];
    size_t due_count;

    uint64_t scan;                /* the last one that was no flush */
    uint64_t going;               /* the last of all */
    sim_time scan_at, busy_until; /* the last; when one was going on last */
    bool has_grid;                /* it is known: scan `grid_scan` is at `grid` */
    sim_time grid;
    uint64_t grid_scan, flushes;
    sim_time flushed_at;

    uint64_t at[WHEREABOUTS]; /* messages */
    struct queue_peaks peaks;
    bool full;          /* the active queue was, when something became active last */
    sim_time last_full; /* it was, or -1 */
    struct watch sites;

    struct tally mail, all; /* recipients, without notices and with them */
    uint64_t attempts, warnings, notices, messages;
    uint64_t untried, late, operated[OPERATION_COUNT]; /* late: not at the time of its scan */
    uint64_t arrivals;                                 /* a hash of the mail that came */
    uint64_t first_luck; /* of what each mail met when it was new, in any order */
};

#define HOLDS(w, cond)                                                                             \
    do {                                                                                           \
        if (!(cond) && (w)->fault == NULL) {                                                       \
            (w)->fault = #cond;                                                                    \
            (w)->line = __LINE__;                                                                  \
        }                                                                                          \
    } while (0)

static inline uint64_t stir(uint64_t hash, uint64_t word)
{
    return rng_mix(hash ^ word) + word;
}

static inline bool witness_is_full(const struct witness *w)
{
    return w->at[ACTIVE] >= (uint64_t)w->settings->qmgr_message_active_limit;
}

static inline void witness_moves(struct witness *w, struct known *known, enum whereabouts where)
{
    w->at[known->where]--;
    w->at[where]++;
    known->where = where;
    if (w->at[DEFERRED] + w->at[DUE] > w->peaks.deferred)
        w->peaks.deferred = w->at[DEFERRED] + w->at[DUE];
    if (w->at[ACTIVE] > w->peaks.active)
        w->peaks.active = w->at[ACTIVE];
}

/* The queue manager starts anew: the rest of a scan is in the deferred queue again, and scans come
 * by another grid. */
static inline void witness_restarts(struct witness *w)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->known[i].where == DUE)
            witness_moves(w, &w->known[i], DEFERRED);
    }
    w->has_grid = false;
}

/* Where postsuper finds what it has to deal with. */
static inline bool is_concerned(const struct known *known, enum operation_kind kind)
{
    bool waits = known->where == INCOMING || known->where == DUE || known->where == DEFERRED;

    return (kind != OPERATION_RELEASE && waits) || (kind != OPERATION_HOLD && known->where == HELD);
}

static inline bool is_named(const struct witness *w, const struct operation *operation,
                            const struct known *known)
{
    struct message_id id;

    if (operation->message == 0)
        return true;
    return catalogue_find(&w->catalogue, operation->message, &id) && id.notice == 0
           && message_key(&(struct message){.number = id.number, .traffic = id.traffic})
                  == message_key(&known->message);
}

/* The last time within (after, at] that somebody did so to this one, or to all; -1: never. */
static inline sim_time last_deed(const struct witness *w, const struct known *known,
                                 enum operation_kind kind, sim_time after, sim_time at)
{
    const struct scenario *scenario = w->run->scenario;
    sim_time last = -1, when;

    for (size_t i = 0; i < scenario->operation_count; i++) {
        const struct operation *operation = &scenario->operations[i];
        if (operation->kind == kind && operation_within(operation, after, at, &when) && when > last
            && is_named(w, operation, known))
            last = when;
    }
    return last;
}

/* What was to be done to each was done, before time went on. */
static inline void witness_obeyed(struct witness *w, sim_time at)
{
    static const enum operation_kind kinds[] = {OPERATION_DELETE, OPERATION_HOLD, OPERATION_RELEASE,
                                                OPERATION_REQUEUE, OPERATION_EXPIRE};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        sim_time after = w->heard ? w->now - 1 : -1;
        if (last_operation(w->run->scenario, kinds[i], after, at - 1) < 0)
            continue;
        for (size_t k = 0; k < w->count; k++) {
            const struct known *known = &w->known[k];
            HOLDS(w, !is_concerned(known, kinds[i])
                         || known->since >= last_deed(w, known, kinds[i], after, at - 1));
        }
    }
}

/* Something is told: time goes on. `kind` is one letter. */
static inline void witness_hears(struct witness *w, sim_time at, uint64_t kind, uint64_t b,
                                 uint64_t c)
{
    HOLDS(w, at >= w->now);
    if (at > w->now) {
        /* Nothing waits while there is room. */
        HOLDS(w, witness_is_full(w) || w->at[INCOMING] + w->at[DUE] == 0);
        witness_obeyed(w, at);
    }
    if (witness_is_full(w))
        w->last_full = w->now;
    if (w->at[DUE] > 0)
        w->busy_until = w->now;
    if (w->run->scenario->scan_count == 0
        && last_operation(w->run->scenario, OPERATION_RESTART, w->heard ? w->now : -1, at) >= 0)
        witness_restarts(w);
    if (kind != 'd')
        watch_time(&w->sites, w->heard ? w->now : -1, at, kind == 'b' && (int64_t)c < 0);
    w->heard = true;
    w->now = at;
    w->hash = stir(stir(stir(stir(w->hash, (uint64_t)at), kind), b), c);
}

static inline struct known *witness_knows(struct witness *w, const struct message *message)
{
    const int64_t *place = keymap_find(&w->place, message_key(message));

    HOLDS(w, place != NULL);
    return place != NULL ? &w->known[*place] : &w->nobody;
}

static inline bool same_tally(const struct tally *a, const struct tally *b)
{
    return a->sent == b->sent && a->bounced == b->bounced && a->expired == b->expired
           && a->deleted == b->deleted && a->queued == b->queued;
}

/* ------------------------------------------------------------ arrivals */

static inline void witness_mail_arrived(struct witness *w, const struct message *message,
                                        uint32_t recipients)
{
    w->mail_at = message->arrival;
    HOLDS(w, w->due_count == 0);
    HOLDS(w, message->number == w->next_number[message->traffic]++);
    HOLDS(w, recipients == catalogue_recipient_count(&w->catalogue, message_id(message)));
    HOLDS(w, (message->null_sender == 1)
                 == (catalogue_sender(&w->catalogue, message_id(message)) == 0));
    w->mail.queued += recipients;
    w->messages++;
    w->arrivals =
        stir(stir(stir(w->arrivals, message_key(message)), (uint64_t)message->arrival), recipients);
}

static inline void witness_arrived(struct observer *self, const struct message *message,
                                   uint32_t recipients)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);
    int64_t place = (int64_t)w->count;

    witness_hears(w, message->arrival, 'a', message_key(message), recipients);
    HOLDS(w, recipients >= 1);
    HOLDS(w, message->created == message->arrival / SIM_SECOND);
    HOLDS(w, message->activations == 0 && message->warned == 0);
    HOLDS(w, *keymap_at(&w->place, message_key(message), place) == place);
    w->known = alloc_grow(w->known, &w->room, w->count + 1, sizeof *w->known);
    w->known[w->count++] = (struct known){
        .message = *message,
        .since = message->arrival,
        .recipients = recipients,
        .tally.queued = recipients,
        .settled = alloc_zeroed(recipients * sizeof(bool)),
        .told = alloc_zeroed(recipients * sizeof(struct attempt)),
    };
    w->at[INCOMING]++;
    w->all.queued += recipients;
    if (message->notice == 0)
        witness_mail_arrived(w, message, recipients);
    else
        HOLDS(w, message->null_sender && recipients == 1);
}

#endif
