/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/operator.c - postqueue, postsuper, postfix reload
 *
 * Commands that look for a message walk through the whole queue, as Postfix's
 * own do. Of one that is active the file can only be marked: what was asked for
 * is done when its deliveries are.
 *
 * Source: global/mail_flush.c, flush/flush.c, postsuper/postsuper.c,
 * qmgr/qmgr_enable.c, qmgr/qmgr_move.c.
 */
#include "models/mta/postfix/operator.h"

#include <stdlib.h>
#include <string.h>

#include "models/mta/postfix/qmgr.h"
#include "sim/alloc.h"

/* What an operation concerns, while the queue is gone through. */
struct hand {
    struct postfix *postfix;
    enum operation_kind kind;
    bool all;
    uint64_t key;  /* of the message, where it is one */
    uint32_t site; /* FLUSH_SITE */
    bool release;
};

static bool is_flush(const struct hand *hand)
{
    return hand->kind == OPERATION_FLUSH_MESSAGE || hand->kind == OPERATION_FLUSH_SITE;
}

static void tell(const struct hand *hand, const struct message *message, const struct tally *tally)
{
    const struct mta_port *port = &hand->postfix->mta.port;

    observers_tell(port->observers, operated, port->sim->now, hand->kind, message, tally);
}

static void tell_move(const struct hand *hand, enum mail_queue from, enum mail_queue into)
{
    const struct mta_port *port = &hand->postfix->mta.port;

    observers_tell(port->observers, moved, port->sim->now, from, into);
}

static void tell_as_is(const struct hand *hand, const struct message *message)
{
    struct tally tally = postfix_tally(hand->postfix, message);

    tell(hand, message, &tally);
}

/* ------------------------------------------------------------------ one message */

static void hold(struct postfix *postfix, const struct message *message)
{
    struct held *held = &postfix->hold;

    held->list = alloc_grow(held->list, &held->room, held->count + 1, sizeof *held->list);
    held->list[held->count++] = *message;
}

static void erase(const struct hand *hand, const struct message *message, enum mail_queue from)
{
    struct tally tally = postfix_tally(hand->postfix, message);

    tally.deleted += tally.queued;
    tally.queued = 0;
    tell(hand, message, &tally);
    tell_move(hand, from, QUEUE_NONE);
    postfix_forget(hand->postfix, message);
}

/* pickup makes a new file of it: new times, but the old arrival. */
static void requeue(const struct hand *hand, struct message *message, enum mail_queue from)
{
    message->created = (uint32_t)sim_second(hand->postfix->mta.port.sim->now);
    message->requeues++;
    message->forced = message->flushed = 0;
    tell_as_is(hand, message);
    tell_move(hand, from, QUEUE_INCOMING);
    feed_arrival(hand->postfix, message);
}

static bool is_left(const struct postfix *postfix, const struct message *message,
                    uint32_t recipient)
{
    return !message->several || !postfix->letters.list[message->to].done[recipient];
}

static uint32_t recipient_count(const struct postfix *postfix, const struct message *message)
{
    return message->several ? postfix->letters.list[message->to].count : 1;
}

static void try_now(const struct hand *hand, struct message *message)
{
    tell_as_is(hand, message);
    tell_move(hand, QUEUE_DEFERRED, QUEUE_INCOMING);
    feed_arrival(hand->postfix, message);
}

static void defer(const struct hand *hand, const struct message *message)
{
    feed_defer(hand->postfix, message, postfix_recipients_left(hand->postfix, message));
}

/* To a message that was taken out of the deferred queue. */
static void lay_on_deferred(void *user, struct message *message)
{
    const struct hand *hand = user;

    switch (hand->kind) {
    case OPERATION_DELETE:
        erase(hand, message, QUEUE_DEFERRED);
        return;
    case OPERATION_HOLD:
        tell_as_is(hand, message);
        tell_move(hand, QUEUE_DEFERRED, QUEUE_HOLD);
        hold(hand->postfix, message);
        return;
    case OPERATION_REQUEUE:
        requeue(hand, message, QUEUE_DEFERRED);
        return;
    case OPERATION_FLUSH_MESSAGE:
        message->flushed = 1;
        try_now(hand, message);
        return;
    case OPERATION_FLUSH_SITE:
        try_now(hand, message);
        return;
    case OPERATION_EXPIRE:
        message->forced = 1;
        tell_as_is(hand, message);
        defer(hand, message);
        return;
    default:
        check_failed(__FILE__, __LINE__, "an operation on a deferred message");
    }
}

/* To one that was taken out of incoming: it is about to be tried already. */
static void lay_on_new(void *user, struct message *message)
{
    const struct hand *hand = user;

    if (hand->kind == OPERATION_EXPIRE) {
        message->forced = 1;
        tell_as_is(hand, message);
        feed_arrival(hand->postfix, message);
    } else {
        lay_on_deferred(user, message);
    }
}

static void release(const struct hand *hand, const struct message *message)
{
    tell_move(hand, QUEUE_HOLD, QUEUE_DEFERRED);
    defer(hand, message);
}

/* To one that was taken from hold. */
static void lay_on_held(const struct hand *hand, struct message *message)
{
    if (hand->kind == OPERATION_EXPIRE)
        message->forced = 1;
    if (hand->kind == OPERATION_DELETE) {
        erase(hand, message, QUEUE_HOLD);
    } else if (hand->kind == OPERATION_REQUEUE) {
        requeue(hand, message, QUEUE_HOLD);
    } else {
        tell_as_is(hand, message);
        if (hand->kind == OPERATION_RELEASE || hand->release)
            release(hand, message);
        else
            hold(hand->postfix, message);
    }
}

/* The queue manager knows the file as it read it: even that it is to expire it learns when it reads
 * it again (qmgr_active_feed). */
static void lay_on_active(const struct hand *hand, struct trip *trip)
{
    if (!is_flush(hand))
        trip->after = hand->kind;
}

/* Its destinations are tried again, dead or not (qmgr_message.c: qmgr_message_resolve). */
void operator_enable(struct postfix *postfix, const struct message *message)
{
    for (uint32_t i = 0; i < recipient_count(postfix, message); i++) {
        struct mailbox to =
            catalogue_recipient(postfix->mta.port.catalogue, message_id(message), i);
        if (is_left(postfix, message, i))
            delivery_enable(delivery_nexthop(postfix, to.domain));
    }
}

/* ------------------------------------------------------------------- which ones */

/* Whether a recipient of it that is left belongs to the site. */
static bool goes_to(const struct postfix *postfix, const struct message *message, uint32_t site)
{
    for (uint32_t i = 0; i < recipient_count(postfix, message); i++) {
        struct mailbox to =
            catalogue_recipient(postfix->mta.port.catalogue, message_id(message), i);
        if (to.domain == site && is_left(postfix, message, i))
            return true;
    }
    return false;
}

static bool concerns(void *user, const struct message *message)
{
    const struct hand *hand = user;

    if (hand->kind == OPERATION_FLUSH_SITE)
        return goes_to(hand->postfix, message, hand->site);
    return hand->all || message_key(message) == hand->key;
}

static bool touches_held(const struct hand *hand)
{
    return hand->kind == OPERATION_DELETE || hand->kind == OPERATION_RELEASE
           || hand->kind == OPERATION_REQUEUE || hand->kind == OPERATION_EXPIRE;
}

static void go_through_hold(struct hand *hand)
{
    struct held old = hand->postfix->hold;

    hand->postfix->hold = (struct held){0};
    for (size_t i = 0; i < old.count; i++) {
        if (touches_held(hand) && concerns(hand, &old.list[i]))
            lay_on_held(hand, &old.list[i]);
        else
            hold(hand->postfix, &old.list[i]);
    }
    free(old.list);
}

static void go_through_active(struct hand *hand)
{
    for (struct trip *trip = hand->postfix->trips.active; trip != NULL; trip = trip->next) {
        if (hand->kind != OPERATION_RELEASE && concerns(hand, &trip->message))
            lay_on_active(hand, trip);
    }
}

/* The active ones first: others become active by what is done here. Those on hold last: released or
 * queued anew, they would be met again. */
static void go_through_queue(struct hand *hand)
{
    go_through_active(hand);
    if (hand->kind != OPERATION_RELEASE && !is_flush(hand))
        feed_extract_new(hand->postfix, concerns, lay_on_new, hand);
    if (hand->kind != OPERATION_RELEASE)
        feed_extract(hand->postfix, concerns, lay_on_deferred, hand);
    go_through_hold(hand);
}

void operator_after_trip(struct postfix *postfix, enum operation_kind kind, uint64_t key)
{
    struct hand hand = {.postfix = postfix, .kind = kind, .key = key};

    feed_extract(postfix, concerns, lay_on_deferred, &hand);
}

/* ------------------------------------------------------------------- operations */

/* Whether `list` ("a.example, b.example") names the domain or one above it. */
static bool list_covers(const char *list, const char *domain)
{
    for (const char *at = list; *at != '\0'; at += strcspn(at, ", \t\n")) {
        at += strspn(at, ", \t\n");
        size_t length = strcspn(at, ", \t\n");
        size_t whole = strlen(domain);
        if (length == 0 || length > whole)
            continue;
        bool ends_so = strncmp(domain + whole - length, at, length) == 0;
        if (ends_so && (length == whole || domain[whole - length - 1] == '.'))
            return true;
    }
    return false;
}

/* flush(8) knows of a site's mail only where it is told to. */
static bool flushes(const struct postfix_settings *settings, const struct scenario *scenario,
                    uint32_t site)
{
    return list_covers(settings->fast_flush_domains, names_text(&scenario->domains, site));
}

void postfix_operations_note(const struct scenario *scenario,
                             const struct postfix_settings *settings, struct notes *notes)
{
    for (size_t i = 0; i < scenario->operation_count; i++) {
        const struct operation *operation = &scenario->operations[i];
        const char *site = names_text(&scenario->domains, operation->site);
        if (operation->kind == OPERATION_FLUSH_SITE
            && !flushes(settings, scenario, operation->site))
            notes_add(notes,
                      "flush_site in line %d: does nothing: fast_flush_domains = '%.100s' does not "
                      "have %.100s (postqueue -s: \"Flush service is not configured for "
                      "destination\")",
                      operation->line, settings->fast_flush_domains, site);
    }
}

static void flush_site(struct hand *hand)
{
    struct postfix *postfix = hand->postfix;

    if (!flushes(postfix->settings, postfix->mta.port.scenario, hand->site))
        return;
    delivery_enable_all(postfix);
    postfix->flush_incoming = true;
    go_through_queue(hand);
    postfix->flush_incoming = false;
}

static void on_messages(struct postfix *postfix, const struct operation *operation)
{
    struct hand hand = {
        .postfix = postfix,
        .kind = operation->kind,
        .all = operation->message == 0,
        .site = operation->site,
        .release = operation->release,
    };
    struct message_id id;

    if (operation->kind == OPERATION_FLUSH_SITE) {
        flush_site(&hand);
        return;
    }
    if (!hand.all) {
        if (!catalogue_find(postfix->mta.port.catalogue, operation->message, &id))
            return;
        hand.key = message_key(&(struct message){
            .number = id.number, .traffic = id.traffic, .notice = id.notice & 0xfffu});
    }
    go_through_queue(&hand);
}

void postfix_operate(struct mta *self, const struct operation *operation)
{
    struct postfix *postfix = CONTAINER_OF(self, struct postfix, mta);

    switch (operation->kind) {
    case OPERATION_FLUSH:
        delivery_enable_all(postfix);
        feed_flush(postfix);
        break;
    case OPERATION_RESTART:
        delivery_restart(postfix);
        feed_restart(postfix);
        observers_tell(postfix->mta.port.observers, restarted, postfix->mta.port.sim->now);
        break;
    case OPERATION_TRANSPORT_DOWN:
        delivery_break(postfix, operation->transport, self->port.sim->now + operation->length);
        break;
    default:
        on_messages(postfix, operation);
    }
}
