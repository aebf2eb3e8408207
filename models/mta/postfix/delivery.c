/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/delivery.c - transports and next hops: who is served next
 *
 * The queue manager asks for an agent where a delivery is ready, and has at most
 * two such requests open a transport; when the agent answers the delivery of
 * the message that became active first is chosen, among those whose next hop has
 * room in its window. What comes back moves the window; one that falls to
 * nothing is dead, and its mail is deferred untried, by transport `retry`.
 *
 * Source: qmgr/qmgr_transport.c, qmgr_queue.c, qmgr_entry.c, qmgr_defer.c,
 * qmgr_job.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "models/mta/postfix/qmgr.h"
#include "models/mta/postfix/routes.h"
#include "models/mta/postfix/transports.h"
#include "sim/alloc.h"

#define MOST_ASKED 2 /* QMGR_TRANSPORT_MAX_PEND */

static sim_time now_of(const struct transport *transport)
{
    return transport->postfix->mta.port.sim->now;
}

static void wake_at(struct transport *transport, struct sim_event *event, sim_time at)
{
    sim_at(transport->postfix->mta.port.sim, event, at, PHASE_TIMER);
}

/* When a timer of so many seconds fires that is set now: Postfix counts in whole seconds. */
static sim_time timer(const struct transport *transport, int64_t seconds)
{
    return (sim_second(now_of(transport)) + seconds) * SIM_SECOND;
}

/* ------------------------------------------------------------- lines and turns */

static void allow_direct(struct transport *transport);

static bool is_counted(const struct nexthop *nexthop)
{
    return nexthop->ready > 0 || nexthop->excess > 0;
}

static void set_counts(struct nexthop *nexthop, uint32_t ready, uint32_t excess)
{
    struct transport *transport = nexthop->transport;
    bool was_counted = is_counted(nexthop), shrunken = transport->excess > 0;

    transport->ready += ready - nexthop->ready;
    transport->excess += excess - nexthop->excess;
    nexthop->ready = ready;
    nexthop->excess = excess;
    if (is_counted(nexthop) && !was_counted)
        DL_APPEND2(transport->counted, nexthop, counted_prev, counted_next);
    else if (was_counted && !is_counted(nexthop))
        DL_DELETE2(transport->counted, nexthop, counted_prev, counted_next);
    if ((transport->excess > 0) != shrunken)
        allow_direct(transport);
}

/* Room or line of a next hop has changed. */
static void recount(struct nexthop *nexthop)
{
    int room = nexthop->resting ? 0 : nexthop->window.size - (int)nexthop->busy;
    uint32_t ready = room <= 0                           ? 0
                     : (uint32_t)room < nexthop->waiting ? (uint32_t)room
                                                         : nexthop->waiting;
    uint32_t excess = room < 0 && !window_is_dead(&nexthop->window) ? (uint32_t)-room : 0;

    if (ready != nexthop->ready || excess != nexthop->excess)
        set_counts(nexthop, ready, excess);
    if (ready > 0 && !nexthop->has_turn) {
        nexthop->has_turn = true;
        equeue_push(&nexthop->transport->turns, &nexthop->turn, nexthop->first->turn, 0);
    }
}

/* Turns are taken out by next_delivery(), not by the clock. */
static void turn_fires(struct sim_event *event)
{
    (void)event;
    check_failed(__FILE__, __LINE__, "a turn is not due at a time");
}

static void line_up(struct nexthop *nexthop, struct delivery *delivery)
{
    if (nexthop->load == 0)
        nexthop->since = delivery->turn;
    delivery->nexthop = nexthop;
    delivery->next = NULL;
    if (nexthop->first == NULL)
        nexthop->first = delivery;
    else
        nexthop->last->next = delivery;
    nexthop->last = delivery;
    nexthop->waiting++;
    nexthop->load++;
    recount(nexthop);
}

static struct delivery *take_first(struct nexthop *nexthop)
{
    struct delivery *delivery = nexthop->first;

    nexthop->first = delivery->next;
    nexthop->waiting--;
    return delivery;
}

/* The delivery whose turn it is, under way; NULL if windows have shrunk meanwhile. */
static struct delivery *next_delivery(struct transport *transport)
{
    while (equeue_next(&transport->turns) != SIM_NEVER) {
        struct equeue_entry entry = equeue_pop(&transport->turns);
        struct nexthop *nexthop = CONTAINER_OF(entry.event, struct nexthop, turn);

        nexthop->has_turn = false;
        if (nexthop->ready == 0)
            continue;
        if (nexthop->first->turn != entry.at) {
            recount(nexthop);
            continue;
        }
        struct delivery *delivery = take_first(nexthop);
        nexthop->busy++;
        recount(nexthop);
        return delivery;
    }
    return NULL;
}

/* ------------------------------------------------------------- asking for agents */

static void tell_busy(const struct nexthop *nexthop, int change)
{
    const struct postfix *postfix = nexthop->transport->postfix;

    if (nexthop->transport != postfix->retry)
        observers_tell(postfix->mta.port.observers, busied, now_of(nexthop->transport),
                       nexthop->site, change);
}

static void begin(struct delivery *delivery, sim_time end)
{
    struct postfix *postfix = delivery->nexthop->transport->postfix;

    tell_busy(delivery->nexthop, 1);

    /* One that is never answered stays busy. */
    if (end < SIM_NEVER)
        sim_at(postfix->mta.port.sim, &delivery->end, end, PHASE_END);
}

static void throttle_transport(struct transport *transport);

/* What the next hops have ready that are as old as this one or older, less what they have too much
 * under way. */
static int64_t ready_up_to(const struct transport *transport, const struct nexthop *last)
{
    const struct nexthop *nexthop;
    int64_t sum = 0;

    DL_FOREACH2(transport->counted, nexthop, counted_next)
    {
        if (nexthop->since <= last->since)
            sum += (int64_t)nexthop->ready - nexthop->excess;
    }
    return sum;
}

/*
 * Postfix adds up what next hops have ready, the oldest first, and stops where it is enough. One
 * whose window has shrunk below what is under way counts less than nothing: mail for those behind
 * it then waits until more comes or a delivery ends (qmgr_transport_select: need). Where the sum of
 * all is too little, those that are ready are few: one more than there is excess.
 */
static COLD bool enough_is_ready(const struct transport *transport)
{
    const struct nexthop *nexthop;

    if ((int64_t)transport->ready - transport->excess > transport->asked)
        return true;
    DL_FOREACH2(transport->counted, nexthop, counted_next)
    {
        if (nexthop->ready > 0 && ready_up_to(transport, nexthop) > transport->asked)
            return true;
    }
    return false;
}

static bool may_ask(const struct transport *transport)
{
    return transport->asked < MOST_ASKED && transport->ready > transport->asked
           && transport->busy + transport->asked < transport->agents && !transport->locked
           && (LIKELY(transport->excess == 0) || enough_is_ready(transport));
}

static void ask(struct transport *transport)
{
    struct postfix *postfix = transport->postfix;

    while (may_ask(transport)) {
        if (now_of(transport) < transport->down_until) {
            throttle_transport(transport);
            return;
        }
        transport->asked++;
        transport->locked = transport->rate_delay > 0;
        sim_at(postfix->mta.port.sim, &transport->answer,
               now_of(transport) + postfix->mta.port.scenario->handover + transport->rate_delay,
               PHASE_END);
    }
}

static void agent_answers(struct sim_event *event)
{
    struct transport *transport = CONTAINER_OF(event, struct transport, answer);
    struct delivery *delivery = next_delivery(transport);

    transport->asked--;
    if (delivery != NULL) {
        transport->busy++;
        begin(delivery, postfix_deliver(transport->postfix, delivery));
    } else {
        transport->locked = false;
    }
    ask(transport);
}

/* --------------------------------------------------------------- life and death */

/* Nothing loads it: Postfix forgets it, and all that it learned. */
static void forget_if_empty(struct nexthop *nexthop)
{
    if (nexthop->load == 0)
        window_open(&nexthop->window, &nexthop->transport->rules);
}

/* What waits is deferred untried. */
static void suspend_line(struct nexthop *nexthop, struct suspension why)
{
    while (nexthop->first != NULL) {
        struct delivery *delivery = take_first(nexthop);
        nexthop->load--;
        delivery->reason = why.reason;
        delivery->reason_stage = why.stage;
        line_up(why.retry, delivery);
    }
    recount(nexthop);
    ask(why.retry->transport);
}

static struct nexthop *nexthop_new(struct postfix *postfix, struct transport *transport,
                                   uint32_t site);

static struct nexthop *retry_of(struct nexthop **retry, struct postfix *postfix, uint32_t site)
{
    if (*retry == NULL)
        *retry = nexthop_new(postfix, postfix->retry, site);
    return *retry;
}

static void tell_site(const struct nexthop *nexthop, bool dead)
{
    const struct mta_port *port = &nexthop->transport->postfix->mta.port;

    observers_tell(port->observers, site_changed, port->sim->now, nexthop->site, dead);
}

/* Dead for minimal_backoff_time (qmgr_queue_throttle). */
static COLD void die(struct nexthop *nexthop, const struct attempt *attempt)
{
    struct transport *transport = nexthop->transport;
    struct postfix *postfix = transport->postfix;

    nexthop->load++;
    nexthop->reason = attempt->reply;
    nexthop->reason_stage = attempt->stage;
    nexthop->dead_until = timer(transport, postfix->settings->minimal_backoff_time);
    wake_at(transport, &nexthop->revival, nexthop->dead_until);
    tell_site(nexthop, true);
    suspend_line(nexthop, (struct suspension){attempt->reply, attempt->stage,
                                              retry_of(&nexthop->retry, postfix, nexthop->site)});
}

/* Counts as alive again, its window being open already. */
static COLD void live(struct nexthop *nexthop)
{
    nexthop->dead_until = 0;
    nexthop->load--;
    tell_site(nexthop, false);
    forget_if_empty(nexthop);
    recount(nexthop);
}

static bool is_dead(const struct nexthop *nexthop)
{
    return nexthop->dead_until != 0;
}

static void revive(struct nexthop *nexthop)
{
    if (!is_dead(nexthop))
        return;
    window_revive(&nexthop->window, &nexthop->transport->rules, (int)nexthop->busy);
    live(nexthop);
}

static void dead_time_ends(struct sim_event *event)
{
    struct nexthop *nexthop = CONTAINER_OF(event, struct nexthop, revival);

    if (is_dead(nexthop) && now_of(nexthop->transport) >= nexthop->dead_until)
        revive(nexthop);
}

/* After each delivery it rests (qmgr_queue_suspend). */
static COLD void rest(struct nexthop *nexthop)
{
    struct transport *transport = nexthop->transport;

    if (!nexthop->resting)
        nexthop->load++;
    nexthop->resting = true;
    nexthop->rest_until = timer(transport, transport->destination_rate_delay / SIM_SECOND);
    wake_at(transport, &nexthop->rested, nexthop->rest_until);
}

static void rest_ends(struct sim_event *event)
{
    struct nexthop *nexthop = CONTAINER_OF(event, struct nexthop, rested);

    if (!nexthop->resting || now_of(nexthop->transport) < nexthop->rest_until)
        return;
    nexthop->resting = false;
    nexthop->load--;
    forget_if_empty(nexthop);
    recount(nexthop);
    ask(nexthop->transport);
}

static const struct reply no_transport = {450, OUTCOME_DEFERRED, "4.3.0",
                                          (char *)"mail transport unavailable", false};
static const struct reply deferred_transport = {450, OUTCOME_DEFERRED, "4.3.2",
                                                (char *)"deferred transport", false};

/* Its agents cannot be reached: not tried for transport_retry_time (qmgr_transport_throttle). */
static COLD void throttle_transport(struct transport *transport)
{
    struct postfix *postfix = transport->postfix;
    struct suspension why = {&no_transport, STAGE_DNS, retry_of(&transport->retry, postfix, 0)};

    transport->dead_until = timer(transport, postfix->settings->transport_retry_time);
    transport->direct_below = 0;
    wake_at(transport, &transport->revival, transport->dead_until);
    for (struct nexthop *nexthop = postfix->nexthops; nexthop != NULL; nexthop = nexthop->next) {
        if (nexthop->transport == transport) {
            suspend_line(nexthop, why);
            forget_if_empty(nexthop);
        }
    }
}

/* Deliveries start at once where nothing holds them up. */
static void allow_direct(struct transport *transport)
{
    const struct mta_port *port = &transport->postfix->mta.port;
    bool held_up = port->scenario->handover > 0 || transport->rate_delay > 0
                   || transport->excess > 0 || transport->destination_rate_delay > 0
                   || transport->deferred || transport->dead_until != 0
                   || port->sim->now < transport->down_until;

    transport->direct_below = held_up ? 0 : transport->agents;
}

static void enable_transport(struct transport *transport)
{
    transport->dead_until = 0;
    allow_direct(transport);
}

static void transport_revives(struct sim_event *event)
{
    struct transport *transport = CONTAINER_OF(event, struct transport, revival);

    if (now_of(transport) >= transport->dead_until)
        enable_transport(transport);
}

/* What overrides defer_transports: a flush, of all, of a site or of the message. */
static bool is_flushed(const struct postfix *postfix, const struct message *message)
{
    return postfix->flush_scan || postfix->flush_incoming || message->flushed;
}

struct suspension delivery_suspension(struct postfix *postfix, struct nexthop *nexthop,
                                      const struct message *message)
{
    struct transport *transport = nexthop->transport;

    if (is_dead(nexthop))
        return (struct suspension){nexthop->reason, nexthop->reason_stage,
                                   retry_of(&nexthop->retry, postfix, nexthop->site)};
    if (transport->dead_until != 0)
        return (struct suspension){&no_transport, STAGE_DNS,
                                   retry_of(&transport->retry, postfix, 0)};
    if (transport->deferred && !is_flushed(postfix, message))
        return (struct suspension){&deferred_transport, STAGE_DNS,
                                   retry_of(&transport->retry, postfix, 0)};
    return (struct suspension){0};
}

/* ------------------------------------------------------------------- deliveries */

static const struct attempt *blaming(const struct delivery *delivery)
{
    const struct attempt *attempts = delivery->trip->attempts + delivery->first;

    for (uint32_t i = 0; i < delivery->count; i++) {
        if (attempt_blames_site(&attempts[i]))
            return &attempts[i];
    }
    return NULL;
}

/* What a delivery says of its next hop. Whether that dies of it. */
static bool feed_back(struct nexthop *nexthop, const struct attempt *failed)
{
    const struct window_rules *rules = &nexthop->transport->rules;

    if (failed != NULL)
        return window_bad(&nexthop->window, rules);
    window_good(&nexthop->window, rules, (int)nexthop->busy);
    if (is_dead(nexthop))
        live(nexthop);
    return false;
}

/* qmgr_deliver_update, qmgr_entry_done. */
static void agent_is_done(struct sim_event *event)
{
    struct delivery *delivery = CONTAINER_OF(event, struct delivery, end);
    struct nexthop *nexthop = delivery->nexthop;
    struct transport *transport = nexthop->transport;
    const struct attempt *failed = delivery->reason == NULL ? blaming(delivery) : NULL;
    bool dies = feed_back(nexthop, failed);

    tell_busy(nexthop, -1);
    nexthop->busy--;
    nexthop->load--;
    transport->busy--;
    transport->locked = false;
    if (dies)
        die(nexthop, failed);
    if (transport->destination_rate_delay > 0) {
        revive(nexthop);
        rest(nexthop);
    }
    forget_if_empty(nexthop);
    recount(nexthop);
    postfix_delivered(transport->postfix, delivery);
    ask(transport);
}

void delivery_enqueue(struct postfix *postfix, struct delivery *delivery, struct nexthop *nexthop)
{
    struct suspension why = delivery_suspension(postfix, nexthop, &delivery->trip->message);

    delivery->end.fire = agent_is_done;
    delivery->turn = postfix->next_turn++;
    delivery->reason = why.reason;
    delivery->reason_stage = why.stage;
    if (why.reason != NULL)
        nexthop = why.retry;
    line_up(nexthop, delivery);
    ask(nexthop->transport);
}

void delivery_begin_answered(struct delivery *delivery, struct nexthop *nexthop, sim_time end)
{
    delivery->end.fire = agent_is_done;
    delivery->turn = nexthop->transport->postfix->next_turn++;
    delivery->reason = NULL;
    delivery->nexthop = nexthop;
    nexthop->since = delivery->turn;
    nexthop->busy++;
    nexthop->load++;
    nexthop->transport->busy++;
    begin(delivery, end);
}

/* ---------------------------------------------------------------- what operators do */

void delivery_enable(struct nexthop *nexthop)
{
    enable_transport(nexthop->transport);
    revive(nexthop);
    ask(nexthop->transport);
}

void delivery_enable_all(struct postfix *postfix)
{
    for (struct transport *transport = postfix->transports; transport != NULL;
         transport = transport->next)
        enable_transport(transport);
    for (struct nexthop *nexthop = postfix->nexthops; nexthop != NULL; nexthop = nexthop->next)
        revive(nexthop);
}

void delivery_restart(struct postfix *postfix)
{
    delivery_enable_all(postfix);
    for (struct nexthop *nexthop = postfix->nexthops; nexthop != NULL; nexthop = nexthop->next) {
        nexthop->load -= nexthop->resting;
        nexthop->resting = false;
        window_open(&nexthop->window, &nexthop->transport->rules);
        recount(nexthop);
    }
    for (struct transport *transport = postfix->transports; transport != NULL;
         transport = transport->next)
        ask(transport);
}

static struct transport *transport_named(struct postfix *postfix, const char *name);

void delivery_break(struct postfix *postfix, const char *transport, sim_time until)
{
    struct transport *broken = transport_named(postfix, transport);

    broken->down_until = until;
    allow_direct(broken);
    if (until < SIM_NEVER)
        wake_at(broken, &broken->revival, until);
}

/* -------------------------------------------------------------------- its life */

/* Whether `list` ("uucp, smtp") has the name. */
static bool list_names(const char *list, const char *name)
{
    static const char between[] = ", \t\r\n";
    size_t length = strlen(name);

    for (list += strspn(list, between); *list != '\0'; list += strspn(list, between)) {
        size_t word = strcspn(list, between);
        if (word == length && strncmp(list, name, length) == 0)
            return true;
        list += word;
    }
    return false;
}

static struct transport *transport_new(struct postfix *postfix, const char *name)
{
    struct postfix_transport_settings settings;
    struct transport *transport = alloc_zeroed(sizeof *transport);

    size_t sites = postfix->mta.port.scenario->domains.count;

    postfix_transport_settings(&settings, postfix->settings, name);
    *transport = (struct transport){
        .postfix = postfix,
        .next = postfix->transports,
        .rules =
            {
                .initial = (int)settings.initial_destination_concurrency,
                .limit = (int)settings.destination_concurrency_limit,
                .failed_cohort_limit = (int)settings.failed_cohort_limit,
                .positive = settings.positive,
                .negative = settings.negative,
            },
        .rate_delay = settings.transport_rate_delay * SIM_SECOND,
        .destination_rate_delay = settings.destination_rate_delay * SIM_SECOND,
        .recipient_limit = (uint32_t)settings.destination_recipient_limit,
        .agents = (uint32_t)postfix->settings->default_process_limit,
        .answer.fire = agent_answers,
        .revival.fire = transport_revives,
    };
    snprintf(transport->name, sizeof transport->name, "%s", name);
    transport->by_site = alloc_zeroed((sites + 1) * sizeof(struct nexthop *));
    transport->deferred = list_names(postfix->settings->defer_transports, name);
    allow_direct(transport);
    postfix->transports = transport;
    return transport;
}

static struct transport *transport_named(struct postfix *postfix, const char *name)
{
    for (struct transport *transport = postfix->transports; transport != NULL;
         transport = transport->next) {
        if (strcmp(transport->name, name) == 0)
            return transport;
    }
    return transport_new(postfix, name);
}

static struct nexthop *nexthop_new(struct postfix *postfix, struct transport *transport,
                                   uint32_t site)
{
    struct nexthop *nexthop = alloc_zeroed(sizeof *nexthop);

    *nexthop = (struct nexthop){
        .transport = transport,
        .next = postfix->nexthops,
        .site = site,
        .turn.fire = turn_fires,
        .revival.fire = dead_time_ends,
        .rested.fire = rest_ends,
    };
    window_open(&nexthop->window, &transport->rules);
    postfix->nexthops = nexthop;
    return nexthop;
}

struct nexthop *delivery_nexthop_new(struct postfix *postfix, uint32_t domain)
{
    struct postfix_route route;

    postfix_route(&route, postfix->mta.port.scenario, postfix->settings, domain);
    struct transport *transport = transport_named(postfix, route.transport);
    struct nexthop **nexthop = &transport->by_site[route.site];
    if (*nexthop == NULL)
        *nexthop = nexthop_new(postfix, transport, route.site);
    return postfix->by_domain[domain] = *nexthop;
}

void delivery_init(struct postfix *postfix)
{
    postfix->by_domain =
        alloc_zeroed((postfix->mta.port.scenario->domains.count + 1) * sizeof(struct nexthop *));
    postfix->retry = transport_new(postfix, "retry");
}

void delivery_fini(struct postfix *postfix)
{
    while (postfix->nexthops != NULL) {
        struct nexthop *nexthop = postfix->nexthops;
        postfix->nexthops = nexthop->next;
        free(nexthop);
    }
    while (postfix->transports != NULL) {
        struct transport *transport = postfix->transports;
        postfix->transports = transport->next;
        equeue_fini(&transport->turns);
        free(transport->by_site);
        free(transport);
    }
    free(postfix->by_domain);
}
