/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/feed.c - what enters the active queue, and when
 *
 * Scans of incoming and of the deferred queue feed the active queue one message
 * after the other, in turn; where it is full they pause, and what leaves it makes
 * room for new mail first. A deferred scan that comes due while one is going on
 * begins where that one ends, any number of them as one.
 *
 * Source: qmgr/qmgr.c: qmgr_loop, qmgr_deferred_run_event; qmgr/qmgr_scan.c.
 */
#include <stdlib.h>

#include "models/luck.h"
#include "models/mta/postfix/qmgr.h"
#include "sim/alloc.h"

static bool is_left(const struct deferred_batch *batch)
{
    return batch->next < batch->count;
}

/* -------------------------------------------------------------- the deferred queue */

/* Something is deferred again: scans that would find nothing were not made. */
static COLD void wake(struct postfix *postfix)
{
    struct sim *sim = postfix->mta.port.sim;

    postfix->next_scan = scan_after(&postfix->scans, sim->now);
    if (postfix->deferred.count == 0)
        deferred_skip_to(&postfix->deferred, postfix->next_scan);
    sim_at(sim, &postfix->scan, scan_start(&postfix->scans, postfix->next_scan), PHASE_SCAN);
}

void feed_defer(struct postfix *postfix, const struct message *message, uint32_t recipients)
{
    if (postfix->next_scan == 0)
        wake(postfix);
    uint64_t taking = scan_taking(&postfix->scans, message->mtime, postfix->next_scan);
    deferred_add(&postfix->deferred, taking, message, recipients);
    if (++postfix->waiting_deferred > postfix->peaks.deferred)
        postfix->peaks.deferred = postfix->waiting_deferred;
}

static void tell_scan(struct postfix *postfix)
{
    observers_tell(postfix->mta.port.observers, scanned, postfix->mta.port.sim->now,
                   postfix->scan_number, postfix->due.count, postfix->due.recipients);
}

static bool is_eligible(void *user, const struct message *message)
{
    const struct postfix *postfix = user;

    return message->mtime <= postfix->due_by;
}

/* A scan begins: it takes files whose time stamp is a second ahead at most. */
static void begin_scan(struct postfix *postfix, uint64_t number)
{
    postfix->scan_number = number;
    postfix->due_by =
        number == SCAN_FLUSH ? INT64_MAX : sim_second(postfix->mta.port.sim->now) + SCAN_TOLERANCE;
}

static bool is_any(void *user, const struct message *message)
{
    (void)user;
    (void)message;
    return true;
}

static uint32_t recipients_of(void *user, const struct message *message)
{
    return postfix_recipients_left(user, message);
}

static struct deferred_batch extract(struct postfix *postfix, feed_wanted_fn *wanted, void *user,
                                     uint64_t through)
{
    return deferred_extract(&postfix->deferred,
                            &(struct deferred_filter){wanted, user, recipients_of, postfix},
                            through);
}

/* Begins the scan that had to wait, now that there is none: it meets files by today's clock. */
static COLD void begin_waiting_scan(struct postfix *postfix)
{
    uint64_t through = postfix->flush_again ? UINT64_MAX : postfix->late_scan + 1;

    begin_scan(postfix, postfix->flush_again ? SCAN_FLUSH : postfix->late_scan);
    postfix->due = extract(postfix, is_eligible, postfix, through);
    postfix->flush_scan = postfix->flush_again;
    postfix->flush_again = false;
    postfix->late_scan = 0;
    tell_scan(postfix);
}

static bool scan_waits(const struct postfix *postfix)
{
    return postfix->flush_again || postfix->late_scan > 0;
}

/* One message of a scan that is going on. Whether there was one. */
static bool feed_deferred(struct postfix *postfix)
{
    struct message message;

    if (!deferred_next(&postfix->due, &message)) {
        postfix->flush_scan = false;
        return false;
    }
    EXPECT(message.mtime <= postfix->due_by);
    postfix->waiting_deferred--;
    postfix_activate(postfix, &message, postfix->scan_number);
    return true;
}

/* ------------------------------------------------------------------------ feeding */

static bool new_mail_waits(const struct postfix *postfix)
{
    return postfix->waiting_new > 0;
}

static COLD void feed_incoming(struct postfix *postfix)
{
    struct message message;

    if (!is_left(&postfix->new_mail))
        postfix->new_mail = deferred_take(&postfix->incoming, postfix->incoming.base);
    deferred_next(&postfix->new_mail, &message);
    postfix->waiting_new--;
    postfix_activate(postfix, &message, FROM_INCOMING);
}

/* The next message of either queue. Whether there was one. */
static bool feed_one(struct postfix *postfix)
{
    bool new_mail = new_mail_waits(postfix);

    if (new_mail && (postfix->incoming_next || !is_left(&postfix->due))) {
        postfix->incoming_next = postfix->active + 1 >= postfix->active_limit;
        feed_incoming(postfix);
        return true;
    }
    postfix->incoming_next = true;
    if (feed_deferred(postfix))
        return true;
    if (!scan_waits(postfix))
        return new_mail;
    begin_waiting_scan(postfix);
    return true;
}

static void feed_all(struct postfix *postfix)
{
    /* Most of the time a scan has it all to itself. */
    while (LIKELY(postfix->active < postfix->active_limit && !new_mail_waits(postfix)
                  && feed_deferred(postfix)))
        ;
    while (postfix->active < postfix->active_limit && feed_one(postfix))
        ;
    if (postfix->active >= postfix->active_limit)
        postfix->incoming_next = true;
}

void feed(struct postfix *postfix)
{
    if (postfix->feeding)
        return;
    postfix->feeding = true;
    feed_all(postfix);
    postfix->feeding = false;
}

void feed_arrival(struct postfix *postfix, struct message *message)
{
    if (LIKELY(postfix->active < postfix->active_limit && !new_mail_waits(postfix))) {
        postfix_activate(postfix, message, FROM_INCOMING);
        return;
    }
    postfix->waiting_new++;
    deferred_add(&postfix->incoming, postfix->incoming.base, message, 1);
}

/* -------------------------------------------------------------------------- scans */

static bool something_is_deferred(const struct postfix *postfix)
{
    return postfix->deferred.count > 0 || is_left(&postfix->due);
}

static void arm(struct postfix *postfix, uint64_t number)
{
    postfix->next_scan = number;
    sim_at(postfix->mta.port.sim, &postfix->scan, scan_start(&postfix->scans, number), PHASE_SCAN);
}

static FLATTEN void scan_fires(struct sim_event *event)
{
    struct postfix *postfix = CONTAINER_OF(event, struct postfix, scan);
    uint64_t number = postfix->next_scan;

    /* Of a grid that a restart has ended. */
    if (number == 0 || scan_start(&postfix->scans, number) != postfix->mta.port.sim->now)
        return;
    if (something_is_deferred(postfix))
        arm(postfix, number + 1);
    else
        postfix->next_scan = 0;
    if (is_left(&postfix->due) || scan_waits(postfix)) {
        postfix->late_scan = number;
        return;
    }
    begin_scan(postfix, number);
    postfix->due = deferred_take(&postfix->deferred, number);
    tell_scan(postfix);
    feed(postfix);
}

void feed_flush(struct postfix *postfix)
{
    postfix->flush_again = true;
    feed(postfix);
}

/* ------------------------------------------------------------------ laying hands on */

static void take_all(struct deferred_batch *batch, feed_take_fn *take, void *user)
{
    struct message message;

    while (deferred_next(batch, &message))
        take(user, &message);
}

static void defer_again(void *user, struct message *message)
{
    feed_defer(user, message, postfix_recipients_left(user, message));
}

void feed_extract(struct postfix *postfix, feed_wanted_fn *wanted, feed_take_fn *take, void *user)
{
    struct deferred_filter filter = {wanted, user, recipients_of, postfix};
    struct deferred_batch due = deferred_batch_extract(&postfix->due, &filter);
    struct deferred_batch waiting = deferred_extract(&postfix->deferred, &filter, UINT64_MAX);

    postfix->waiting_deferred -= due.count + waiting.count;
    take_all(&due, take, user);
    take_all(&waiting, take, user);
}

void feed_extract_new(struct postfix *postfix, feed_wanted_fn *wanted, feed_take_fn *take,
                      void *user)
{
    struct deferred_filter filter = {wanted, user, recipients_of, postfix};
    struct deferred_batch next = deferred_batch_extract(&postfix->new_mail, &filter);
    struct deferred_batch others = deferred_extract(&postfix->incoming, &filter, UINT64_MAX);

    postfix->waiting_new -= next.count + others.count;
    take_all(&next, take, user);
    take_all(&others, take, user);
}

void feed_restart(struct postfix *postfix)
{
    const struct mta_port *port = &postfix->mta.port;

    if (port->scenario->scan_count > 0)
        return; /* recorded scans show their restarts themselves */
    struct deferred_batch all = extract(postfix, is_any, postfix, UINT64_MAX);
    struct deferred_batch due = postfix->due;

    postfix->waiting_deferred = 0;
    postfix->due = (struct deferred_batch){0};
    postfix->flush_scan = postfix->flush_again = false;
    postfix->late_scan = 0;
    uint64_t number =
        postfix->deferred.base > postfix->next_scan ? postfix->deferred.base : postfix->next_scan;
    postfix->scans = scan_clock_from(port->sim->now, postfix->settings->queue_run_delay, number);
    arm(postfix, number);
    take_all(&due, defer_again, postfix);
    take_all(&all, defer_again, postfix);
}

struct telling {
    void (*tell)(void *user, const struct message *message);
    void *user;
};

static void tell_one(void *user, struct message *message)
{
    const struct telling *telling = user;

    telling->tell(telling->user, message);
}

void feed_each(struct postfix *postfix, void (*tell)(void *user, const struct message *message),
               void *user)
{
    struct telling telling = {tell, user};

    take_all(&postfix->new_mail, tell_one, &telling);
    deferred_each(&postfix->incoming, tell, user);
    take_all(&postfix->due, tell_one, &telling);
    deferred_each(&postfix->deferred, tell, user);
}

/* ------------------------------------------------------------------------ its life */

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

static bool has_traces(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->traffic_count; i++) {
        if (scenario->traffics[i].ops->envelope != NULL)
            return true;
    }
    return false;
}

void feed_init(struct postfix *postfix)
{
    const struct mta_port *port = &postfix->mta.port;
    uint32_t words[4];

    postfix->active_limit = (uint64_t)postfix->settings->qmgr_message_active_limit;
    postfix->scans = clock_of(port, postfix->settings->queue_run_delay);
    postfix->scan.fire = scan_fires;
    rng_block(port->rng, LUCK_ORDER, 0, 0, words);
    uint64_t salt = (uint64_t)words[0] << 32 | words[1];
    deferred_init(&postfix->deferred, salt);
    deferred_init(&postfix->incoming, salt);
    if (has_traces(port->scenario))
        postfix->deferred.traced = postfix->incoming.traced = port->scenario;
}

static void drop(void *user, struct message *message)
{
    (void)user;
    (void)message;
}

void feed_fini(struct postfix *postfix)
{
    take_all(&postfix->new_mail, drop, NULL);
    take_all(&postfix->due, drop, NULL);
    deferred_fini(&postfix->incoming);
    deferred_fini(&postfix->deferred);
}
