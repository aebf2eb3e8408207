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

#include "tests/models/witness_books.h"

/* ------------------------------------------------------------ scans */

static inline sim_time scan_time(struct witness *w, uint64_t number)
{
    const struct scenario *scenario = w->run->scenario;
    sim_time period = w->settings->queue_run_delay * SIM_SECOND;
    uint64_t recorded = scenario->scan_count;

    if (recorded == 0)
        return w->grid + ((sim_time)number - (sim_time)w->grid_scan) * period;
    if (number <= recorded)
        return scenario->scans[number - 1].start;
    return scenario->scans[recorded - 1].start + (sim_time)(number - recorded) * period;
}

/* Whether a scan at `at` would have taken it. */
static inline bool takes(const struct known *known, sim_time at)
{
    return known->where == DEFERRED && known->message.mtime <= at / SIM_SECOND + 1;
}

/* Whether a scan that was due then had to: one was going on, or there was no room to end one. */
static inline bool had_to_wait(const struct witness *w, sim_time at)
{
    return w->busy_until >= at || w->last_full >= at;
}

/* Where scans are: as the scenario says, from a restart on, or by the first that was on its time.
 * False if that is not to be seen yet. */
static inline bool witness_finds_grid(struct witness *w, sim_time at, uint64_t scan)
{
    const struct scenario *scenario = w->run->scenario;
    sim_time period = w->settings->queue_run_delay * SIM_SECOND;
    sim_time restart = last_operation(scenario, OPERATION_RESTART, -1, at);
    bool told = restart < 0 && scenario->scan_phase != SIM_NEVER;

    if (!told && had_to_wait(w, at > period ? at - period : 1))
        return false;
    w->has_grid = true;
    w->grid = told ? scenario->scan_phase : at;
    w->grid_scan = told ? 1 : scan;
    if (restart >= 0)
        HOLDS(w, (at - restart) % period == 0);
    else if (!told)
        HOLDS(w, scan_time(w, 1) >= 0 && scan_time(w, 1) < period);
    return true;
}

/* On its time; or late, behind one that was going on then, but not as late as the next. */
static inline void witness_times(struct witness *w, sim_time at, uint64_t scan)
{
    bool recorded = w->run->scenario->scan_count > 0;

    HOLDS(w, scan > w->scan);
    w->scan = scan;
    if (!recorded && !w->has_grid && !witness_finds_grid(w, at, scan))
        return;
    if (at > scan_time(w, scan)) {
        HOLDS(w, had_to_wait(w, scan_time(w, scan)) && at < scan_time(w, scan + 1));
    } else {
        HOLDS(w, at == scan_time(w, scan));
        HOLDS(w, at > w->mail_at && at > w->trip_at); /* in one instant scans come first */
    }
}

/* No scan has passed it by. */
static inline void witness_missed(struct witness *w, const struct known *known, uint64_t scan)
{
    if (scan <= 1 || (w->run->scenario->scan_count == 0 && (!w->has_grid || scan <= w->grid_scan)))
        return;
    sim_time before = scan_time(w, scan - 1);
    if (known->since < before && !had_to_wait(w, before))
        HOLDS(w, !takes(known, before));
}

static inline void witness_scanned(struct observer *self, sim_time at, uint64_t scan,
                                   uint32_t messages, uint64_t recipients)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);
    uint64_t expected = 0, expected_recipients = 0;
    bool flush = scan == SCAN_FLUSH;

    witness_hears(w, at, 's', scan, messages);
    HOLDS(w, w->due_count == 0 && w->at[DUE] == 0);
    if (flush)
        HOLDS(w, last_operation(w->run->scenario, OPERATION_FLUSH, w->flushed_at, at) >= 0);
    else
        witness_times(w, at, scan);
    for (size_t i = 0; i < w->count; i++) {
        struct known *known = &w->known[i];
        if (known->where != DEFERRED || (!flush && !takes(known, at)))
            continue;
        if (!flush)
            witness_missed(w, known, scan);
        expected++;
        expected_recipients += known->tally.queued;
        witness_moves(w, known, DUE);
    }
    HOLDS(w, messages == expected && recipients == expected_recipients);
    w->going = scan;
    w->scan_at = at;
    if (flush)
        w->flushed_at = at;
    w->flushes += flush;
}

/* Who is left stands in line, by destination. */
static inline void witness_lines_up(struct witness *w, const struct known *known)
{
    struct message_id id = message_id(&known->message);

    for (uint32_t site = 0; site < w->sites.count; site++) {
        uint32_t n = 0;
        for (uint32_t i = 0; i < known->recipients; i++)
            n += !known->settled[i] && catalogue_recipient(&w->catalogue, id, i).domain == site;
        watch_line_up(&w->sites, message_key(&known->message), site, n);
    }
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
    HOLDS(w, message->created == known->message.created);
    HOLDS(w, message->forced == known->message.forced);
    HOLDS(w, !witness_is_full(w));
    if (scan == 0) {
        HOLDS(w, known->where == INCOMING && (at == known->since || w->last_full >= known->since));
    } else {
        HOLDS(w, known->where == DUE && scan == w->going);
        HOLDS(w, message->mtime == known->message.mtime);
        HOLDS(w, scan == SCAN_FLUSH || message->mtime <= at / SIM_SECOND + 1);
        HOLDS(w, !w->full || w->at[INCOMING] == 0); /* new mail gets the room first */
    }
    witness_moves(w, known, ACTIVE);
    w->full = witness_is_full(w);
    w->late += at > w->scan_at && scan != 0;
    known->since = at;
    known->message = *message;
    known->forced = message->forced;
    known->told_count = 0;
    for (uint32_t i = 0; i < known->recipients; i++)
        known->told[i].reply = NULL;
    if (!known->forced)
        witness_lines_up(w, known);
}

/* ------------------------------------------------------------ attempts */

static inline enum outcome outcome_of(const struct witness *w, const struct reply *reply)
{
    if (reply->code < 300)
        return OUTCOME_SENT;
    return reply->code >= 500 && !w->settings->soft_bounce ? OUTCOME_BOUNCED : OUTCOME_DEFERRED;
}

static inline void witness_attempted(struct observer *self, const struct message *message,
                                     sim_time since, const struct attempt *attempt)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);
    struct known *known = witness_knows(w, message);
    struct message_id id = message_id(message);
    uint32_t recipient = attempt->recipient;
    bool untried = attempt->outcome == OUTCOME_SUSPENDED;

    if (attempt->end > w->now)
        witness_hears(w, attempt->end, 'u', message_key(message), recipient);
    HOLDS(w, known->where == ACTIVE && known->since == since && recipient < known->recipients);
    if (recipient >= known->recipients)
        return;
    HOLDS(w, !known->settled[recipient] && known->told[recipient].reply == NULL);
    HOLDS(w, attempt->domain == catalogue_recipient(&w->catalogue, id, recipient).domain);
    HOLDS(w, attempt->start >= known->since && attempt->ready >= attempt->start
                 && attempt->end >= attempt->ready && attempt->end <= w->now);
    HOLDS(w,
          attempt->outcome == outcome_of(w, attempt->reply) || (untried && attempt->reply->code));
    HOLDS(w, untried || !known->forced);
    if (!known->forced)
        watch_attempt(&w->sites, message_key(message), attempt);
    known->told[recipient] = *attempt;
    known->told_count++;
    w->untried += untried;
}

/* ------------------------------------------------------------ the end of an activation */

static inline bool same_attempt(const struct attempt *a, const struct attempt *b)
{
    return a->start == b->start && a->ready == b->ready && a->end == b->end
           && a->recipient == b->recipient && a->domain == b->domain && a->site == b->site
           && a->outcome == b->outcome && a->stage == b->stage && a->reply == b->reply;
}

static inline void witness_attempt(struct witness *w, struct known *known,
                                   const struct attempt *attempt)
{
    HOLDS(w, attempt->recipient < known->recipients);
    if (attempt->recipient >= known->recipients)
        return;
    HOLDS(w, !known->settled[attempt->recipient]);
    HOLDS(w, same_attempt(attempt, &known->told[attempt->recipient]));
    known->tally.sent += attempt->outcome == OUTCOME_SENT;
    known->tally.bounced += attempt->outcome == OUTCOME_BOUNCED;
    if (attempt->outcome == OUTCOME_SENT || attempt->outcome == OUTCOME_BOUNCED) {
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

    if (known->forced
        || age >= (known->message.null_sender ? s->bounce_queue_lifetime
                                              : s->maximal_queue_lifetime)) {
        HOLDS(w, activation->fate == FATE_EXPIRED);
        witness_moves(w, known, GONE);
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
    witness_moves(w, known, DEFERRED);
    known->since = activation->end;
}

static inline void tally_move(struct tally *sum, const struct tally *before,
                              const struct tally *after)
{
    sum->sent += after->sent - before->sent;
    sum->bounced += after->bounced - before->bounced;
    sum->expired += after->expired - before->expired;
    sum->deleted += after->deleted - before->deleted;
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
    HOLDS(w, activation->count == known->told_count);
    HOLDS(w, activation->count
                 == (known->forced && known->message.activations > 1 ? 0 : before.queued));
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
        witness_moves(w, known, GONE);
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

/* ------------------------------------------------------------ operators */

/* Whether what makes mail expire now releases it as well: "postsuper -f". */
static inline bool witness_releases(const struct witness *w, const struct known *known)
{
    const struct scenario *scenario = w->run->scenario;
    sim_time when;

    for (size_t i = 0; i < scenario->operation_count; i++) {
        const struct operation *operation = &scenario->operations[i];
        if (operation->kind == OPERATION_EXPIRE && operation->release
            && operation_within(operation, w->now - 1, w->now, &when)
            && is_named(w, operation, known))
            return true;
    }
    return false;
}

/* From where to where an operation moves a message. */
static inline void witness_operation(struct witness *w, struct known *known,
                                     enum operation_kind kind)
{
    bool waits = known->where == DEFERRED || known->where == DUE || known->where == INCOMING;
    bool held = known->where == HELD;

    switch (kind) {
    case OPERATION_DELETE:
        HOLDS(w, waits || held);
        known->tally.deleted = known->tally.queued;
        known->tally.queued = 0;
        witness_moves(w, known, GONE);
        break;
    case OPERATION_HOLD:
        HOLDS(w, waits);
        witness_moves(w, known, HELD);
        break;
    case OPERATION_RELEASE:
        HOLDS(w, held);
        witness_moves(w, known, DEFERRED);
        break;
    case OPERATION_REQUEUE:
        HOLDS(w, waits || held);
        known->message.created = (uint32_t)sim_second(w->now);
        known->message.requeues++;
        known->message.forced = 0;
        witness_moves(w, known, INCOMING);
        break;
    case OPERATION_EXPIRE:
        HOLDS(w, waits || held);
        known->message.forced = 1;
        if (known->where == DUE || (held && witness_releases(w, known)))
            witness_moves(w, known, DEFERRED);
        break;
    default:
        HOLDS(w, !"an operation that is not told by message");
    }
}

static inline void witness_operated(struct observer *self, sim_time at, enum operation_kind kind,
                                    const struct message *message, const struct tally *tally)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);
    struct known *known = witness_knows(w, message);
    struct tally before = known->tally;

    witness_hears(w, at, 'o', message_key(message), (uint64_t)kind);
    HOLDS(w, last_deed(w, known, kind, known->where == DEFERRED ? -1 : at - 1, at) >= 0);
    HOLDS(w, known->handled != at || known->handled_by != kind);
    known->handled = at;
    known->handled_by = kind;
    witness_operation(w, known, kind);
    known->since = at;
    HOLDS(w, same_tally(&known->tally, tally));
    HOLDS(w,
          message->created == known->message.created && message->requeues == known->message.requeues
              && message->forced == known->message.forced && message->mtime == known->message.mtime
              && message->arrival == known->message.arrival);
    tally_move(&w->all, &before, &known->tally);
    if (known->message.notice == 0)
        tally_move(&w->mail, &before, &known->tally);
    w->operated[kind]++;
}

static inline void witness_busied(struct observer *self, sim_time at, uint32_t site, int change)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);

    witness_hears(w, at, 'b', site, (uint64_t)change);
    HOLDS(w, site < w->sites.count && (change == 1 || change == -1));
    if (change > 0)
        watch_begins(&w->sites, at, site);
    else
        watch_ends(&w->sites, at, site);
}

/* Told between the end of a delivery and what it met, where that is why. */
static inline void witness_site_changed(struct observer *self, sim_time at, uint32_t site,
                                        bool dead)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);
    bool why = w->sites.completion.open && !w->sites.completion.known;

    witness_hears(w, at, why ? 'd' : 'c', site, dead);
    if (dead)
        watch_dies(&w->sites, at, site);
    else
        watch_lives(&w->sites, at, site);
}

/* ------------------------------------------------------------ the end of the run */

static inline void witness_left(struct observer *self, sim_time at, const struct message *message,
                                const struct tally *tally)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);
    struct known *known = witness_knows(w, message);

    witness_hears(w, at, 'l', message_key(message), tally->queued);
    HOLDS(w, at == w->run->scenario->duration
                 || (w->run->scenario->duration == SIM_NEVER && known->where == HELD));
    HOLDS(w, known->where != GONE && known->where != LEFT);
    HOLDS(w, same_tally(&known->tally, tally) && tally->queued > 0);
    known->where = LEFT;
}

static inline void witness_peaked(struct observer *self, const struct queue_peaks *peaks)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);

    HOLDS(w, peaks->active == w->peaks.active && peaks->deferred == w->peaks.deferred);
}

static inline void witness_finished(struct observer *self, sim_time at)
{
    struct witness *w = CONTAINER_OF(self, struct witness, observer);
    uint64_t arrived = 0, queued = 0;

    witness_hears(w, at, 'f', w->count, 0);
    HOLDS(w, w->due_count == 0 && !w->finished);
    w->finished = true;
    for (size_t i = 0; i < w->count; i++) {
        const struct known *known = &w->known[i];
        HOLDS(w, known->where == GONE || known->where == LEFT);
        HOLDS(w, (known->where == LEFT) == (known->tally.queued > 0));
        arrived += known->recipients;
        queued += known->tally.queued;
    }
    HOLDS(w,
          arrived
              == (uint64_t)w->all.sent + w->all.bounced + w->all.expired + w->all.deleted + queued);
    HOLDS(w, queued == w->all.queued);
    HOLDS(w, w->notices == w->count - w->messages);
}

static const struct observer_ops witness_ops = {
    .arrived = witness_arrived,
    .scanned = witness_scanned,
    .activated = witness_activated,
    .attempted = witness_attempted,
    .ended = witness_ended,
    .notified = witness_notified,
    .operated = witness_operated,
    .busied = witness_busied,
    .site_changed = witness_site_changed,
    .left = witness_left,
    .peaked = witness_peaked,
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
        .busy_until = -1,
        .last_full = -1,
        .flushed_at = -1,
        .settings = run->mta_settings,
        .catalogue = {run->scenario, {run->seed, run->replication}, false},
    };
    watch_init(&w->sites, run);
}

static inline void witness_forgets(struct known *known)
{
    free(known->settled);
    free(known->told);
}

static inline void witness_fini(struct witness *w)
{
    for (size_t i = 0; i < w->count; i++)
        witness_forgets(&w->known[i]);
    free(w->known);
    watch_fini(&w->sites);
    keymap_fini(&w->place);
}

#endif
