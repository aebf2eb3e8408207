/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/postfix.c - Postfix's queue manager, destinations uncontended
 *
 * New mail is attempted at once. After a failed activation the rules decide
 * (rules.h); a deferred message waits for the scan that will take it
 * (deferred.h). A message's clock is that of its slowest recipient: nothing is
 * decided before all its attempts have ended. Deliveries start as soon as a
 * message is active; concurrency limits are not modelled.
 *
 * Source: Postfix 3.7 to 3.12, qmgr/qmgr_active.c, qmgr/qmgr.c, bounce/. What
 * is left out and how far that is off: docs/models/postfix.md.
 */
#include <stdlib.h>

#include "models/luck.h"
#include "models/mta/mta.h"
#include "models/mta/postfix/deferred.h"
#include "models/mta/postfix/letters.h"
#include "models/mta/postfix/rules.h"
#include "models/mta/postfix/scans.h"
#include "models/mta/postfix/trips.h"
#include "sim/alloc.h"

extern const struct mta_ops mta_postfix;

struct postfix {
    struct mta mta;
    const struct postfix_settings *settings;
    sim_time connect_timeout, helo_timeout;
    struct scan_clock scans;
    struct sim_event scan; /* the next one; pending while something is deferred */
    uint64_t next_scan;    /* its number; 0 while none is pending */
    struct deferred deferred;
    struct letters letters;
    struct trips trips;
};

static void conclude(struct postfix *postfix, struct message *message, sim_time start,
                     const struct attempt *attempts, size_t count);

/* ------------------------------------------------------------ one attempt */

static void attempt_delivery(struct postfix *postfix, const struct message *message,
                             uint32_t recipient, uint32_t domain, struct attempt *attempt)
{
    const struct mta_port *port = &postfix->mta.port;
    sim_time now = port->sim->now;
    struct approach approach;

    approach.at = now;
    approach.catalogue = port->catalogue;
    approach.message = message;
    approach.recipient = recipient;
    approach.connect_timeout = postfix->connect_timeout;
    approach.helo_timeout = postfix->helo_timeout;
    approach.block = 0;
    const struct reply *reply = sites_answer(port->sites, domain, &approach);
    attempt->start = now;
    attempt->end = approach.at;
    attempt->recipient = recipient;
    attempt->domain = domain;
    attempt->outcome = reply->outcome;
    if (reply->outcome == OUTCOME_BOUNCED && postfix->settings->soft_bounce)
        attempt->outcome = OUTCOME_DEFERRED;
    attempt->stage = approach.stage;
    attempt->reply = reply;
}

/* ---------------------------------------------------- into the active queue */

static struct letter *letter_of(struct postfix *postfix, const struct message *message)
{
    return &postfix->letters.list[message->to];
}

static struct tally tally_of(struct postfix *postfix, const struct message *message)
{
    return message->several ? letter_of(postfix, message)->tally : (struct tally){.queued = 1};
}

static uint32_t recipients_left(struct postfix *postfix, const struct message *message)
{
    return message->several ? letter_of(postfix, message)->tally.queued : 1;
}

static void trip_ends(struct sim_event *event)
{
    struct trip *trip = CONTAINER_OF(event, struct trip, end);
    struct postfix *postfix = trip->owner;

    conclude(postfix, &trip->message, trip->start, trip->attempts, trip->count);
    trips_remove(&postfix->trips, trip);
}

static COLD struct trip *depart(struct postfix *postfix, const struct message *message,
                                size_t count)
{
    struct trip *trip = trips_add(&postfix->trips, count);

    trip->end.fire = trip_ends;
    trip->owner = postfix;
    trip->message = *message;
    trip->start = postfix->mta.port.sim->now;
    return trip;
}

/* One that is never answered stays active. */
static void await_end(struct sim *sim, struct trip *trip, sim_time end)
{
    if (end < SIM_NEVER)
        sim_at(sim, &trip->end, end, PHASE_END);
}

static void attempt_one(struct postfix *postfix, struct message *message)
{
    struct sim *sim = postfix->mta.port.sim;
    struct attempt attempt;

    attempt_delivery(postfix, message, 0, message->to, &attempt);
    if (attempt.end == sim->now) {
        conclude(postfix, message, sim->now, &attempt, 1);
        return;
    }
    struct trip *trip = depart(postfix, message, 1);
    trip->one = attempt;
    await_end(sim, trip, attempt.end);
}

/* Each recipient is a delivery of its own; the trip ends with the slowest. */
static COLD void attempt_each(struct postfix *postfix, struct message *message)
{
    const struct mta_port *port = &postfix->mta.port;
    const struct letter *letter = letter_of(postfix, message);
    struct trip *trip = depart(postfix, message, letter->tally.queued);
    sim_time end = port->sim->now;
    size_t n = 0;

    for (uint32_t i = 0; i < letter->count; i++) {
        if (letter->done[i])
            continue;
        struct mailbox to = catalogue_recipient(port->catalogue, message_id(message), i);
        attempt_delivery(postfix, message, i, to.domain, &trip->attempts[n]);
        if (trip->attempts[n].end > end)
            end = trip->attempts[n].end;
        n++;
    }
    EXPECT(n == trip->count);
    await_end(port->sim, trip, end);
}

/* scan: the number of the deferred scan that took it; 0: it came from incoming. */
static void activate(struct postfix *postfix, struct message *message, uint64_t scan)
{
    const struct mta_port *port = &postfix->mta.port;

    message->activations++;
    if (port->observers->any_activated)
        observers_tell(port->observers, activated, port->sim->now, message,
                       recipients_left(postfix, message), scan);
    if (message->several)
        attempt_each(postfix, message);
    else
        attempt_one(postfix, message);
}

static void arrive(struct postfix *postfix, struct message *message, uint32_t recipients)
{
    observers_tell(postfix->mta.port.observers, arrived, message, recipients);
    activate(postfix, message, 0);
}

static void submit(struct mta *self, struct message_id id)
{
    struct postfix *postfix = CONTAINER_OF(self, struct postfix, mta);
    const struct mta_port *port = &self->port;
    uint32_t recipients = catalogue_recipient_count(port->catalogue, id);
    bool several = recipients > 1;
    struct message message = {
        .arrival = port->sim->now,
        .created = (uint32_t)sim_second(port->sim->now),
        .number = id.number,
        .traffic = id.traffic,
        .null_sender = catalogue_sender(port->catalogue, id) == 0,
        .several = several,
        .to = several ? letters_add(&postfix->letters, recipients)
                      : catalogue_recipient(port->catalogue, id, 0).domain,
    };

    arrive(postfix, &message, recipients);
}

/* ------------------------------------------------------------ out of it again */

static void scan_fires(struct sim_event *event);

/* Something is deferred again: scans that would find nothing were not made. */
static COLD void wake(struct postfix *postfix)
{
    struct sim *sim = postfix->mta.port.sim;

    postfix->next_scan = scan_after(&postfix->scans, sim->now);
    deferred_skip_to(&postfix->deferred, postfix->next_scan);
    sim_at(sim, &postfix->scan, scan_start(&postfix->scans, postfix->next_scan), PHASE_TIMER);
}

static void defer(struct postfix *postfix, const struct message *message, uint32_t recipients)
{
    if (postfix->next_scan == 0)
        wake(postfix);
    uint64_t taking = scan_taking(&postfix->scans, message->mtime, postfix->next_scan);
    deferred_add(&postfix->deferred, taking, message, recipients);
}

static FLATTEN void scan_fires(struct sim_event *event)
{
    struct postfix *postfix = CONTAINER_OF(event, struct postfix, scan);
    int64_t now = sim_second(postfix->mta.port.sim->now);
    uint64_t number = postfix->next_scan;
    struct deferred_batch batch = deferred_take(&postfix->deferred, number);
    struct message message;

    if (postfix->deferred.count > 0 || batch.count > 0) {
        postfix->next_scan = number + 1;
        sim_at(postfix->mta.port.sim, &postfix->scan, scan_start(&postfix->scans, number + 1),
               PHASE_TIMER);
    } else {
        postfix->next_scan = 0;
    }
    observers_tell(postfix->mta.port.observers, scanned, postfix->mta.port.sim->now, number,
                   batch.count, batch.recipients);
    while (deferred_next(&batch, &message)) {
        EXPECT(message.mtime <= now + 1);
        activate(postfix, &message, number);
    }
}

/* Which notice about a message comes next; non-delivery notifications are numbered from 1. */
static unsigned next_notice(struct postfix *postfix, const struct message *message,
                            enum notice_kind kind)
{
    if (kind == NOTICE_DELAY)
        return NOTICE_WARNING | 1;
    if (!message->several)
        return 1;
    uint16_t *notices = &letter_of(postfix, message)->notices;
    return *notices < NOTICE_MOST ? ++*notices : NOTICE_MOST;
}

/* A notice is a new message of its own, from nobody to the sender. */
static void notify(struct postfix *postfix, const struct message *about, enum notice_kind kind,
                   uint32_t recipients)
{
    const struct mta_port *port = &postfix->mta.port;

    if (about->null_sender || recipients == 0)
        return;
    observers_tell(port->observers, notified, port->sim->now, about, kind, recipients);
    struct message notice = {
        .arrival = port->sim->now,
        .created = (uint32_t)sim_second(port->sim->now),
        .number = about->number,
        .traffic = about->traffic,
        .notice = next_notice(postfix, about, kind) & 0xfff,
        .null_sender = 1,
    };
    notice.to = catalogue_recipient(port->catalogue, message_id(&notice), 0).domain;
    arrive(postfix, &notice, 1);
}

/* Tells the sender what there is to tell: the end of an activation, a part that is rare. */
static COLD void send_notices(struct postfix *postfix, const struct activation *activation,
                              uint32_t bounced, bool warns)
{
    const struct message *message = activation->message;

    notify(postfix, message, NOTICE_NON_DELIVERY, bounced);
    notify(postfix, message, NOTICE_NON_DELIVERY, activation->tally.expired);
    notify(postfix, message, NOTICE_DELAY, warns ? activation->tally.queued : 0);
}

/* Adds what the attempts came to; returns how many recipients bounced. */
static uint32_t count_outcomes(struct tally *tally, const struct attempt *attempts, size_t count)
{
    uint32_t bounced = 0, sent = 0;

    for (size_t i = 0; i < count; i++) {
        sent += attempts[i].outcome == OUTCOME_SENT;
        bounced += attempts[i].outcome == OUTCOME_BOUNCED;
    }
    tally->sent += sent;
    tally->bounced += bounced;
    tally->queued -= sent + bounced;
    return bounced;
}

/* What becomes of the message: gone, too old, or deferred until its new time stamp. */
static enum fate decide(struct postfix *postfix, struct message *message, struct tally *tally,
                        int64_t now)
{
    if (tally->queued == 0)
        return FATE_REMOVED;
    if (postfix_expires(postfix->settings, message, now)) {
        tally->expired = tally->queued;
        tally->queued = 0;
        return FATE_EXPIRED;
    }
    int64_t age = now - (int64_t)message->created;
    message->mtime = (uint32_t)(now + postfix_backoff(postfix->settings, age));
    return FATE_DEFERRED;
}

/* Keeps the books of a message of several recipients. */
static COLD void book(struct letter *letter, const struct activation *activation)
{
    letter->tally = activation->tally;
    letter_tick_off(letter, activation->attempts, activation->count);
}

/* The end of an activation: qmgr_active_done(). */
static void conclude(struct postfix *postfix, struct message *message, sim_time start,
                     const struct attempt *attempts, size_t count)
{
    sim_time end = postfix->mta.port.sim->now;
    int64_t now = sim_second(end);
    struct activation activation = {
        message, start, end, attempts, count, FATE_DEFERRED, tally_of(postfix, message)};
    uint32_t bounced = count_outcomes(&activation.tally, attempts, count);

    activation.fate = decide(postfix, message, &activation.tally, now);
    bool deferred = activation.fate == FATE_DEFERRED;
    bool warns = deferred && postfix_warns(postfix->settings, message, now);
    if (warns)
        message->warned = 1;
    if (message->several)
        book(letter_of(postfix, message), &activation);
    observers_tell(postfix->mta.port.observers, ended, &activation);
    if (bounced > 0 || warns || activation.fate == FATE_EXPIRED)
        send_notices(postfix, &activation, bounced, warns);
    if (deferred)
        defer(postfix, message, activation.tally.queued);
    else if (message->several)
        letters_remove(&postfix->letters, message->to);
}

/* ------------------------------------------------------------ its whole life */

static struct scan_clock clock_of(const struct mta_port *port, int64_t period)
{
    const struct scenario *scenario = port->scenario;
    uint32_t words[4];

    if (scenario->scan_count > 0)
        return scan_clock_recorded(scenario->scans, scenario->scan_count, period);
    if (scenario->scan_phase != SIM_NEVER)
        return scan_clock_at(scenario->scan_phase, period);
    rng_block(port->rng, LUCK_PHASE, 0, 0, words);
    double phase = rng_unit(words[0]) * (double)(period * SIM_SECOND);
    return scan_clock_at((sim_time)phase, period);
}

static struct mta *start(const struct mta_port *port, const void *settings)
{
    struct postfix *postfix = alloc_zeroed(sizeof *postfix);
    uint32_t words[4];

    postfix->mta = (struct mta){&mta_postfix, *port};
    postfix->settings = settings;
    postfix->connect_timeout = postfix->settings->smtp_connect_timeout * SIM_SECOND;
    postfix->helo_timeout = postfix->settings->smtp_helo_timeout * SIM_SECOND;
    postfix->scans = clock_of(port, postfix->settings->queue_run_delay);
    postfix->scan.fire = scan_fires;
    rng_block(port->rng, LUCK_ORDER, 0, 0, words);
    deferred_init(&postfix->deferred, (uint64_t)words[0] << 32 | words[1]);
    return &postfix->mta;
}

static void tell_left(void *user, const struct message *message)
{
    struct postfix *postfix = user;
    struct tally tally = tally_of(postfix, message);

    observers_tell(postfix->mta.port.observers, left, postfix->mta.port.sim->now, message, &tally);
}

static void close(struct mta *self)
{
    struct postfix *postfix = CONTAINER_OF(self, struct postfix, mta);

    for (const struct trip *trip = postfix->trips.active; trip != NULL; trip = trip->next)
        tell_left(postfix, &trip->message);
    deferred_each(&postfix->deferred, tell_left, postfix);
}

static void free_postfix(struct mta *self)
{
    struct postfix *postfix = CONTAINER_OF(self, struct postfix, mta);

    deferred_fini(&postfix->deferred);
    letters_fini(&postfix->letters);
    trips_fini(&postfix->trips);
    free(postfix);
}

const struct mta_ops mta_postfix = {
    .name = "postfix",
    .summary = "Postfix's qmgr: waits as long as a message is old, rounded up to the next scan",
    .start = start,
    .submit = submit,
    .close = close,
    .free = free_postfix,
};
