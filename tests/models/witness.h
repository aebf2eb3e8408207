/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/witness.h - an observer that believes nothing
 *
 * It keeps books of its own on every message and recipient, works every
 * decision out again from the settings, searches all it knows at each scan, and
 * remembers the first thing that does not agree.
 */
#ifndef TESTS_MODELS_WITNESS_H
#define TESTS_MODELS_WITNESS_H

#include <stdlib.h>

#include "models/catalogue.h"
#include "models/mta/postfix/parameters.h"
#include "models/world.h"
#include "sim/alloc.h"
#include "sim/keymap.h"

enum whereabouts { INCOMING, ACTIVE, DEFERRED, GONE, LEFT };

struct known {
    struct message message; /* as last told */
    enum whereabouts where;
    sim_time since; /* active or deferred */
    uint32_t recipients;
    struct tally tally;
    bool *settled; /* by recipient */
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
    bool finished;

    struct keymap place; /* in `known`, by key */
    struct known *known;
    size_t count, room;
    struct known nobody;     /* where one is missing */
    uint32_t next_number[8]; /* by traffic */

    struct due_notice due[3];
    size_t due_count;

    uint64_t scan; /* the last one */
    sim_time scan_at, phase;
    uint64_t scan_messages, scan_recipients; /* of it, still to be activated */

    struct tally mail, all; /* recipients, without notices and with them */
    uint64_t attempts, warnings, notices, messages;
    uint64_t arrivals;   /* a hash of the mail that came */
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

/* Something is told: time goes on. */
static inline void witness_hears(struct witness *w, sim_time at, uint64_t a, uint64_t b, uint64_t c)
{
    HOLDS(w, at >= w->now);
    w->now = at;
    w->hash = stir(stir(stir(stir(w->hash, (uint64_t)at), a), b), c);
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
        .recipients = recipients,
        .tally.queued = recipients,
        .settled = alloc_zeroed(recipients * sizeof(bool)),
    };
    w->all.queued += recipients;
    if (message->notice == 0)
        witness_mail_arrived(w, message, recipients);
    else
        HOLDS(w, message->null_sender && recipients == 1);
}

/* ------------------------------------------------------------ scans */

static inline sim_time scan_time(struct witness *w, uint64_t number)
{
    const struct scenario *scenario = w->run->scenario;
    sim_time period = w->settings->queue_run_delay * SIM_SECOND;
    uint64_t recorded = scenario->scan_count;

    if (recorded == 0)
        return w->phase + (sim_time)(number - 1) * period;
    if (number <= recorded)
        return scenario->scans[number - 1].start;
    return scenario->scans[recorded - 1].start + (sim_time)(number - recorded) * period;
}

/* Whether a scan at `at` would have taken it. */
static inline bool takes(const struct known *known, sim_time at)
{
    return known->where == DEFERRED && known->message.mtime <= at / SIM_SECOND + 1;
}

static inline void witness_times(struct witness *w, sim_time at, uint64_t scan)
{
    const struct scenario *scenario = w->run->scenario;
    sim_time period = w->settings->queue_run_delay * SIM_SECOND;

    if (w->scan == 0 && scenario->scan_count == 0) {
        w->phase = at - (sim_time)(scan - 1) * period;
        HOLDS(w, scenario->scan_phase == SIM_NEVER ? w->phase >= 0 && w->phase < period
                                                   : w->phase == scenario->scan_phase);
    }
    HOLDS(w, at > w->mail_at && at > w->trip_at); /* in one instant scans come first */
    HOLDS(w, scan > w->scan);
    HOLDS(w, at == scan_time(w, scan));
}

static inline void witness_scanned(struct observer *self, sim_time at, uint64_t scan,
                                   uint32_t messages, uint64_t recipients)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);
    uint64_t expected = 0, expected_recipients = 0;

    witness_hears(w, at, 's', scan, messages);
    HOLDS(w, w->due_count == 0 && w->scan_messages == 0 && w->scan_recipients == 0);
    witness_times(w, at, scan);
    for (size_t i = 0; i < w->count; i++) {
        if (!takes(&w->known[i], at))
            continue;
        expected++;
        expected_recipients += w->known[i].tally.queued;
        if (scan > 1 && w->known[i].since < scan_time(w, scan - 1))
            HOLDS(w, !takes(&w->known[i], scan_time(w, scan - 1)));
    }
    HOLDS(w, messages == expected && recipients == expected_recipients);
    w->scan = scan;
    w->scan_at = at;
    w->scan_messages = messages;
    w->scan_recipients = recipients;
}

static inline void witness_activated(struct observer *self, sim_time at,
                                     const struct message *message, uint32_t recipients,
                                     uint64_t scan)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);
    struct known *known = witness_knows(w, message);

    witness_hears(w, at, 'v', message_key(message), scan);
    HOLDS(w, message->notice != 0 || w->due_count == 0);
    HOLDS(w, recipients == known->tally.queued);
    HOLDS(w, message->activations == known->message.activations + 1);
    if (scan == 0) {
        HOLDS(w, known->where == INCOMING && at == message->arrival);
    } else {
        HOLDS(w, known->where == DEFERRED && scan == w->scan && at == w->scan_at);
        HOLDS(w, message->mtime == known->message.mtime);
        HOLDS(w, message->mtime <= at / SIM_SECOND + 1);
        w->scan_messages--;
        w->scan_recipients -= recipients;
    }
    known->where = ACTIVE;
    known->since = at;
    known->message = *message;
}

/* ------------------------------------------------------------ the end of an activation */

static inline void witness_attempt(struct witness *w, struct known *known,
                                   const struct attempt *attempt)
{
    struct message_id id = message_id(&known->message);

    HOLDS(w, attempt->recipient < known->recipients);
    if (attempt->recipient >= known->recipients)
        return;
    HOLDS(w, !known->settled[attempt->recipient]);
    HOLDS(w, attempt->domain == catalogue_recipient(&w->catalogue, id, attempt->recipient).domain);
    HOLDS(w, attempt->start == known->since && attempt->end >= attempt->start);
    bool softened = w->settings->soft_bounce && attempt->reply->code >= 500;
    HOLDS(w, attempt->outcome
                 == (attempt->reply->code < 300                 ? OUTCOME_SENT
                     : attempt->reply->code >= 500 && !softened ? OUTCOME_BOUNCED
                                                                : OUTCOME_DEFERRED));
    known->tally.sent += attempt->outcome == OUTCOME_SENT;
    known->tally.bounced += attempt->outcome == OUTCOME_BOUNCED;
    if (attempt->outcome != OUTCOME_DEFERRED) {
        known->settled[attempt->recipient] = true;
        known->tally.queued--;
    }
    uint64_t luck = stir(stir(message_key(&known->message), attempt->recipient),
                         (uint64_t)attempt->reply->code << 8 | attempt->stage);
    if (known->message.notice == 0 && known->message.activations == 1)
        w->first_luck += stir(luck, (uint64_t)(attempt->end - attempt->start));
}

static inline void owe(struct witness *w, const struct known *about, enum notice_kind kind,
                       uint32_t recipients)
{
    if (!about->message.null_sender && recipients > 0)
        w->due[w->due_count++] =
            (struct due_notice){message_key(&about->message), kind, recipients};
}

/* Expired, or deferred with a new time stamp and perhaps a warning. */
static inline void witness_failed(struct witness *w, struct known *known,
                                  const struct activation *activation)
{
    const struct postfix_settings *s = w->settings;
    int64_t now = activation->end / SIM_SECOND, age = now - (int64_t)known->message.created;
    int64_t wait = age > s->maximal_backoff_time ? s->maximal_backoff_time : age;

    if (age
        >= (known->message.null_sender ? s->bounce_queue_lifetime : s->maximal_queue_lifetime)) {
        HOLDS(w, activation->fate == FATE_EXPIRED);
        known->where = GONE;
        known->tally.expired = known->tally.queued;
        known->tally.queued = 0;
        owe(w, known, NOTICE_NON_DELIVERY, known->tally.expired);
        return;
    }
    HOLDS(w, activation->fate == FATE_DEFERRED);
    if (wait < s->minimal_backoff_time)
        wait = s->minimal_backoff_time;
    HOLDS(w, activation->message->mtime == now + wait);
    bool warns = s->delay_warning_time > 0 && !known->message.null_sender && !known->message.warned
                 && now + 1 >= known->message.arrival / SIM_SECOND + s->delay_warning_time;
    HOLDS(w, activation->message->warned == (warns || known->message.warned));
    if (warns)
        owe(w, known, NOTICE_DELAY, known->tally.queued);
    known->where = DEFERRED;
    known->since = activation->end;
}

static inline void tally_move(struct tally *sum, const struct tally *before,
                              const struct tally *after)
{
    sum->sent += after->sent - before->sent;
    sum->bounced += after->bounced - before->bounced;
    sum->expired += after->expired - before->expired;
    sum->queued += after->queued - before->queued;
}

static inline void witness_ended(struct observer *self, const struct activation *activation)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);
    struct known *known = witness_knows(w, activation->message);
    struct tally before = known->tally;
    sim_time slowest = activation->start;

    witness_hears(w, activation->end, 'e', message_key(activation->message), activation->fate);
    HOLDS(w, known->where == ACTIVE && activation->start == known->since);
    HOLDS(w, activation->count == before.queued);
    for (size_t i = 0; i < activation->count; i++) {
        const struct attempt *attempt = &activation->attempts[i];
        witness_attempt(w, known, attempt);
        if (attempt->end > slowest)
            slowest = attempt->end;
        w->hash = stir(stir(w->hash, attempt->recipient),
                       (uint64_t)attempt->end ^ (uint64_t)attempt->reply->code << 48);
    }
    HOLDS(w, activation->end == slowest);
    if (activation->end > activation->start) {
        HOLDS(w, activation->end > w->mail_at); /* then deliveries end, then mail comes */
        w->trip_at = activation->end;
    }
    w->attempts += activation->count;
    owe(w, known, NOTICE_NON_DELIVERY, known->tally.bounced - before.bounced);
    if (known->tally.queued > 0) {
        witness_failed(w, known, activation);
    } else {
        HOLDS(w, activation->fate == FATE_REMOVED);
        known->where = GONE;
    }
    HOLDS(w, same_tally(&known->tally, &activation->tally));
    known->message = *activation->message;
    tally_move(&w->all, &before, &known->tally);
    if (known->message.notice == 0)
        tally_move(&w->mail, &before, &known->tally);
}

static inline void witness_notified(struct observer *self, sim_time at,
                                    const struct message *message, enum notice_kind kind,
                                    uint32_t recipients)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);

    witness_hears(w, at, 'n', message_key(message), recipients);
    HOLDS(w, w->due_count > 0 && w->due[0].about == message_key(message) && w->due[0].kind == kind
                 && w->due[0].recipients == recipients);
    if (w->due_count > 0)
        w->due_count--;
    for (size_t i = 0; i < w->due_count; i++)
        w->due[i] = w->due[i + 1];
    w->notices++;
    w->warnings += kind == NOTICE_DELAY;
}

/* ------------------------------------------------------------ the end of the run */

static inline void witness_left(struct observer *self, sim_time at, const struct message *message,
                                const struct tally *tally)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);
    struct known *known = witness_knows(w, message);

    witness_hears(w, at, 'l', message_key(message), tally->queued);
    HOLDS(w, at == w->run->scenario->duration);
    HOLDS(w, known->where == ACTIVE || known->where == DEFERRED);
    HOLDS(w, same_tally(&known->tally, tally) && tally->queued > 0);
    known->where = LEFT;
}

static inline void witness_finished(struct observer *self, sim_time at)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);
    uint64_t arrived = 0, queued = 0;

    witness_hears(w, at, 'f', w->count, 0);
    HOLDS(w, w->due_count == 0 && w->scan_messages == 0 && !w->finished);
    w->finished = true;
    for (size_t i = 0; i < w->count; i++) {
        const struct known *known = &w->known[i];
        HOLDS(w, known->where == GONE || known->where == LEFT);
        HOLDS(w, (known->where == LEFT) == (known->tally.queued > 0));
        arrived += known->recipients;
        queued += known->tally.queued;
    }
    HOLDS(w, arrived == (uint64_t)w->all.sent + w->all.bounced + w->all.expired + queued);
    HOLDS(w, queued == w->all.queued);
    HOLDS(w, w->notices == w->count - w->messages);
}

static const struct observer_ops witness_ops = {
    .arrived = witness_arrived,
    .scanned = witness_scanned,
    .activated = witness_activated,
    .ended = witness_ended,
    .notified = witness_notified,
    .left = witness_left,
    .finished = witness_finished,
};

/* `run` must outlive it. */
static inline void witness_init(struct witness *w, const struct run *run)
{
    *w = (struct witness){
        .observer.ops = &witness_ops,
        .run = run,
        .mail_at = -1,
        .trip_at = -1,
        .settings = run->mta_settings,
        .catalogue = {run->scenario, {run->seed, run->replication}},
    };
}

static inline void witness_fini(struct witness *w)
{
    for (size_t i = 0; i < w->count; i++)
        free(w->known[i].settled);
    free(w->known);
    keymap_fini(&w->place);
}

#endif
