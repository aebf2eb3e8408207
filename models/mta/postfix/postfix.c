/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/postfix.c - Postfix's queue manager: a message's way
 *
 * New mail is attempted at once, if there is room (feed.c). After a failed activation the rules
 * decide (rules.h); a deferred message waits for the scan that will take it (deferred.h). A
 * message's clock is that of its slowest recipient: nothing is decided before all its deliveries
 * (delivery.c) are done.
 *
 * Source: Postfix 3.7 to 3.12, qmgr/qmgr_active.c, qmgr/qmgr.c, bounce/. What
 * is left out and how far that is off: docs/models/postfix.md.
 */
#include <stdlib.h>

#include "models/mta/postfix/qmgr.h"
#include "sim/alloc.h"

extern const struct mta_ops mta_postfix;

static void conclude(struct postfix *postfix, struct message *message, sim_time start,
                     const struct attempt *attempts, size_t count);
static void conclude_at_once(struct postfix *postfix, struct message *message,
                             const struct attempt *attempts, size_t count);

/* ------------------------------------------------------------ one attempt */

/* In the session that `first` has set up; NULL: it is the first itself. */
static inline void attempt_delivery(struct postfix *postfix, const struct message *message,
                                    uint32_t recipient, uint32_t domain, uint32_t site,
                                    const struct attempt *first, struct attempt *attempt)
{
    const struct mta_port *port = &postfix->mta.port;
    sim_time now = port->sim->now;
    struct approach approach;

    approach.at = approach.ready = first == NULL ? now : first->ready;
    approach.catalogue = port->catalogue;
    approach.message = message;
    approach.recipient = recipient;
    approach.connect_timeout = postfix->connect_timeout;
    approach.address_limit = postfix->settings->smtp_mx_address_limit;
    approach.helo_timeout = postfix->helo_timeout;
    approach.block = 0;
    const struct reply *reply = first == NULL ? sites_answer(port->sites, site, &approach)
                                              : sites_answer_more(port->sites, site, &approach);
    attempt->start = now;
    attempt->ready = approach.stage < STAGE_MAIL ? approach.at : approach.ready;
    attempt->end = approach.at;
    attempt->recipient = recipient;
    attempt->domain = domain;
    attempt->site = site;
    attempt->outcome = reply->outcome;
    if (reply->outcome == OUTCOME_BOUNCED && postfix->settings->soft_bounce)
        attempt->outcome = OUTCOME_DEFERRED;
    attempt->stage = approach.stage;
    attempt->reply = reply;
}

/* Not tried at all: its site is dead, or its transport. */
static void suspend(struct attempt *attempt, sim_time now, const struct reply *reason,
                    enum smtp_stage stage)
{
    attempt->start = attempt->ready = attempt->end = now;
    attempt->outcome = OUTCOME_SUSPENDED;
    attempt->stage = stage;
    attempt->reply = reason;
}

/* All recipients of a delivery share what happens before the first of them is accepted or not. */
static void share_failure(struct attempt *attempts, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct attempt same = attempts[0];
        same.recipient = attempts[i].recipient;
        same.domain = attempts[i].domain;
        attempts[i] = same;
    }
}

sim_time postfix_deliver(struct postfix *postfix, struct delivery *delivery)
{
    struct attempt *attempts = delivery->trip->attempts + delivery->first;
    sim_time now = postfix->mta.port.sim->now, end = now;

    for (uint32_t i = 0; i < delivery->count; i++) {
        if (delivery->reason != NULL) {
            suspend(&attempts[i], now, delivery->reason, delivery->reason_stage);
            continue;
        }
        attempt_delivery(postfix, &delivery->trip->message, attempts[i].recipient,
                         attempts[i].domain, delivery->nexthop->site, i == 0 ? NULL : attempts,
                         &attempts[i]);
        if (i == 0 && attempts[0].stage <= STAGE_MAIL) {
            share_failure(attempts, delivery->count);
            return attempts[0].end;
        }
        if (attempts[i].end > end)
            end = attempts[i].end;
    }
    return end;
}

/* ---------------------------------------------------- into the active queue */

static struct letter *letter_of(struct postfix *postfix, const struct message *message)
{
    return &postfix->letters.list[message->to];
}

struct tally postfix_tally(struct postfix *postfix, const struct message *message)
{
    return message->several ? letter_of(postfix, message)->tally : (struct tally){.queued = 1};
}

uint32_t postfix_recipients_left(struct postfix *postfix, const struct message *message)
{
    return message->several ? letter_of(postfix, message)->tally.queued : 1;
}

void postfix_forget(struct postfix *postfix, const struct message *message)
{
    if (message->several)
        letters_remove(&postfix->letters, message->to);
}

static struct trip *depart(struct postfix *postfix, const struct message *message, size_t count)
{
    postfix->active++;
    return trips_add(&postfix->trips, message, postfix->mta.port.sim->now, count);
}

/* The delivery of a trip that has but one. */
static struct delivery *only_delivery(struct trip *trip)
{
    struct delivery *delivery = &trip->deliveries[0];

    *delivery = (struct delivery){.trip = trip, .count = (uint32_t)trip->count};
    trip->delivery_count = trip->under_way = 1;
    return delivery;
}

/* In line behind others; or deferred untried, at once where nothing holds that up. */
static COLD void attempt_later(struct postfix *postfix, struct message *message,
                               struct nexthop *nexthop)
{
    struct attempt attempt = {.domain = message->to, .site = nexthop->site};
    struct suspension why = delivery_suspension(postfix, nexthop, message);
    sim_time now = postfix->mta.port.sim->now;

    if (why.reason != NULL && nexthop_is_idle(why.retry)) {
        suspend(&attempt, now, why.reason, why.stage);
        conclude_at_once(postfix, message, &attempt, 1);
        return;
    }
    struct trip *trip = depart(postfix, message, 1);
    trip->one = attempt;
    delivery_enqueue(postfix, only_delivery(trip), nexthop);
}

static COLD void await_answer(struct postfix *postfix, const struct message *message,
                              struct nexthop *nexthop, const struct attempt *attempt)
{
    struct trip *trip = depart(postfix, message, 1);

    trip->one = *attempt;
    delivery_begin_answered(only_delivery(trip), nexthop, attempt->end);
}

static void attempt_one(struct postfix *postfix, struct message *message)
{
    sim_time now = postfix->mta.port.sim->now;
    struct nexthop *nexthop = delivery_nexthop(postfix, message->to);
    struct attempt attempt;

    if (!LIKELY(nexthop_is_idle(nexthop))) {
        attempt_later(postfix, message, nexthop);
        return;
    }
    attempt_delivery(postfix, message, 0, message->to, nexthop->site, NULL, &attempt);
    if (LIKELY(attempt.end == now && !attempt_blames_site(&attempt)))
        conclude_at_once(postfix, message, &attempt, 1);
    else
        await_answer(postfix, message, nexthop, &attempt);
}

static int by_site(const void *a, const void *b)
{
    const struct attempt *x = a, *y = b;

    if (x->site != y->site)
        return x->site < y->site ? -1 : 1;
    return x->recipient < y->recipient ? -1 : x->recipient > y->recipient;
}

/* Who is to be tried, those of one next hop together. */
static void list_recipients(struct postfix *postfix, struct trip *trip)
{
    const struct letter *letter = letter_of(postfix, &trip->message);
    size_t n = 0;

    for (uint32_t i = 0; i < letter->count; i++) {
        if (letter->done[i])
            continue;
        struct mailbox to =
            catalogue_recipient(postfix->mta.port.catalogue, message_id(&trip->message), i);
        trip->attempts[n++] = (struct attempt){
            .recipient = i,
            .domain = to.domain,
            .site = delivery_nexthop(postfix, to.domain)->site,
        };
    }
    EXPECT(n == trip->count);
    qsort(trip->attempts, trip->count, sizeof *trip->attempts, by_site);
}

/* Cuts the list into deliveries: one next hop each, no more recipients than it takes. */
static void cut_deliveries(struct postfix *postfix, struct trip *trip)
{
    struct delivery *last = NULL;

    for (uint32_t i = 0; i < trip->count; i++) {
        struct nexthop *nexthop = delivery_nexthop(postfix, trip->attempts[i].domain);
        uint32_t limit = nexthop->transport->recipient_limit;
        bool joins =
            last != NULL && last->nexthop == nexthop && (limit == 0 || last->count < limit);

        if (!joins) {
            last = &trip->deliveries[trip->delivery_count++];
            *last = (struct delivery){.trip = trip, .nexthop = nexthop, .first = i};
        }
        last->count++;
    }
    trip->under_way = trip->delivery_count;
}

static COLD void attempt_each(struct postfix *postfix, const struct message *message)
{
    struct trip *trip = depart(postfix, message, postfix_recipients_left(postfix, message));

    list_recipients(postfix, trip);
    cut_deliveries(postfix, trip);
    for (size_t i = 0; i < trip->delivery_count; i++)
        delivery_enqueue(postfix, &trip->deliveries[i], trip->deliveries[i].nexthop);
}

/* "postsuper -e": given up untried, or, if it never was tried, after a trip through `retry`. */
static COLD void expire_untried(struct postfix *postfix, struct message *message)
{
    static const struct reply expired = {450, OUTCOME_DEFERRED, "4.7.0",
                                         (char *)"message is administratively expired", false};
    uint32_t count = message->activations > 1 ? 0 : postfix_recipients_left(postfix, message);
    struct trip *trip = depart(postfix, message, count);
    sim_time now = postfix->mta.port.sim->now;

    if (count > 0 && message->several)
        list_recipients(postfix, trip);
    else if (count > 0)
        trip->one = (struct attempt){.domain = message->to,
                                     .site = delivery_nexthop(postfix, message->to)->site};
    for (uint32_t i = 0; i < count; i++)
        suspend(&trip->attempts[i], now, &expired, STAGE_DNS);
    postfix->active--;
    conclude_at_once(postfix, message, trip->attempts, count);
    trips_remove(&postfix->trips, trip);
}

/* One of several recipients, or that an operator laid hands on. */
static void activate_with_care(struct postfix *postfix, struct message *message)
{
    if (message->flushed)
        operator_enable(postfix, message);
    if (message->forced)
        expire_untried(postfix, message);
    else if (message->several)
        attempt_each(postfix, message);
    else
        attempt_one(postfix, message);
}

void postfix_activate(struct postfix *postfix, struct message *message, uint64_t scan)
{
    const struct mta_port *port = &postfix->mta.port;

    message->activations++;
    if (postfix->active >= postfix->peaks.active)
        postfix->peaks.active = postfix->active + 1;
    if (port->observers->any_activated)
        observers_tell(port->observers, activated, port->sim->now, message,
                       postfix_recipients_left(postfix, message), scan);
    if (LIKELY(!message->flushed && !message->forced && !message->several))
        attempt_one(postfix, message);
    else
        activate_with_care(postfix, message);
}

static void arrive(struct postfix *postfix, struct message *message, uint32_t recipients)
{
    observers_tell(postfix->mta.port.observers, arrived, message, recipients);
    feed_arrival(postfix, message);
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
    if (message->forced || postfix_expires(postfix->settings, message, now)) {
        tally->expired = tally->queued;
        tally->queued = 0;
        return FATE_EXPIRED;
    }
    int64_t age = now - (int64_t)message->created;
    message->mtime = (uint32_t)(now + postfix_backoff(postfix->settings, age));
    message->flushed = 0;
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
        message, start, end, attempts, count, FATE_DEFERRED, postfix_tally(postfix, message)};
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
        feed_defer(postfix, message, activation.tally.queued);
    else
        postfix_forget(postfix, message);
}

static COLD void tell_attempts(struct postfix *postfix, const struct message *message,
                               sim_time start, const struct attempt *attempts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        observers_tell(postfix->mta.port.observers, attempted, message, start, &attempts[i]);
}

static void conclude_at_once(struct postfix *postfix, struct message *message,
                             const struct attempt *attempts, size_t count)
{
    sim_time now = postfix->mta.port.sim->now;

    if (postfix->mta.port.observers->any_attempted)
        tell_attempts(postfix, message, now, attempts, count);
    conclude(postfix, message, now, attempts, count);
}

/* The last delivery of a message is done. */
static void arrive_home(struct postfix *postfix, struct trip *trip)
{
    enum operation_kind after = trip->after;
    uint64_t key = message_key(&trip->message);

    postfix->active--;
    conclude(postfix, &trip->message, trip->start, trip->attempts, trip->count);
    trips_remove(&postfix->trips, trip);
    if (after != OPERATION_COUNT)
        operator_after_trip(postfix, after, key);
    feed(postfix);
}

void postfix_delivered(struct postfix *postfix, struct delivery *delivery)
{
    struct trip *trip = delivery->trip;

    if (postfix->mta.port.observers->any_attempted)
        tell_attempts(postfix, &trip->message, trip->start, trip->attempts + delivery->first,
                      delivery->count);
    if (--trip->under_way == 0)
        arrive_home(postfix, trip);
}

/* ------------------------------------------------------------ its whole life */

static struct mta *start(const struct mta_port *port, const void *settings)
{
    struct postfix *postfix = alloc_zeroed(sizeof *postfix);

    postfix->mta = (struct mta){&mta_postfix, *port};
    postfix->settings = settings;
    postfix->connect_timeout = postfix->settings->smtp_connect_timeout * SIM_SECOND;
    feed_init(postfix);
    delivery_init(postfix);
    postfix->helo_timeout = postfix->settings->smtp_helo_timeout * SIM_SECOND;
    return &postfix->mta;
}

static void tell_left(void *user, const struct message *message)
{
    struct postfix *postfix = user;
    struct tally tally = postfix_tally(postfix, message);

    observers_tell(postfix->mta.port.observers, left, postfix->mta.port.sim->now, message, &tally);
}

static void close(struct mta *self)
{
    struct postfix *postfix = CONTAINER_OF(self, struct postfix, mta);

    for (const struct trip *trip = postfix->trips.active; trip != NULL; trip = trip->next)
        tell_left(postfix, &trip->message);
    feed_each(postfix, tell_left, postfix);
    for (size_t i = 0; i < postfix->hold.count; i++)
        tell_left(postfix, &postfix->hold.list[i]);
    observers_tell(self->port.observers, peaked, &postfix->peaks);
}

static void free_postfix(struct mta *self)
{
    struct postfix *postfix = CONTAINER_OF(self, struct postfix, mta);

    feed_fini(postfix);
    delivery_fini(postfix);
    letters_fini(&postfix->letters);
    trips_fini(&postfix->trips);
    free(postfix->hold.list);
    free(postfix);
}

const struct mta_ops mta_postfix = {
    .name = "postfix",
    .summary = "Postfix's qmgr: waits as long as a message is old, rounded up to the next scan",
    .start = start,
    .submit = submit,
    .operate = postfix_operate,
    .close = close,
    .free = free_postfix,
};
