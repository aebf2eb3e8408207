/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/delivery.c - transports and next hops: which of them are served
 *
 * What comes back of a delivery moves the window of its next hop; one that falls
 * to nothing is dead, and its mail is deferred untried, by transport `retry`. Who
 * is next among those that are alive: agents.c.
 *
 * Source: qmgr/qmgr_queue.c, qmgr_deliver.c, qmgr_transport.c, qmgr_defer.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/mta/postfix/qmgr.h"
#include "models/mta/postfix/routes.h"
#include "models/mta/postfix/transports.h"
#include "sim/alloc.h"

static void wake_at(struct transport *transport, struct sim_event *event, sim_time at)
{
    sim_at(transport->postfix->mta.port.sim, event, at, PHASE_TIMER);
}

/* When a timer of so many seconds fires that is set now: Postfix counts in whole seconds. */
static sim_time timer(const struct transport *transport, int64_t seconds)
{
    return (sim_second(transport_now(transport)) + seconds) * SIM_SECOND;
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
        struct delivery *delivery = agents_take_first(nexthop);
        nexthop->load--;
        delivery->reason = why.reason;
        delivery->reason_stage = why.stage;
        agents_line_up(why.retry, delivery);
    }
    agents_recount(nexthop);
    agents_ask(why.retry->transport);
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
    agents_recount(nexthop);
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

    if (is_dead(nexthop) && transport_now(nexthop->transport) >= nexthop->dead_until)
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

    if (!nexthop->resting || transport_now(nexthop->transport) < nexthop->rest_until)
        return;
    nexthop->resting = false;
    nexthop->load--;
    forget_if_empty(nexthop);
    agents_recount(nexthop);
    agents_ask(nexthop->transport);
}

static const struct reply no_transport = {450, OUTCOME_DEFERRED, "4.3.0",
                                          (char *)"mail transport unavailable", false};
static const struct reply deferred_transport = {450, OUTCOME_DEFERRED, "4.3.2",
                                                (char *)"deferred transport", false};

void delivery_throttle(struct transport *transport)
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

static void enable_transport(struct transport *transport)
{
    transport->dead_until = 0;
    agents_allow_direct(transport);
}

static void transport_revives(struct sim_event *event)
{
    struct transport *transport = CONTAINER_OF(event, struct transport, revival);

    if (transport_now(transport) >= transport->dead_until)
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

    agents_tell_busy(nexthop, -1);
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
    agents_recount(nexthop);
    postfix_delivered(transport->postfix, delivery);
    agents_ask(transport);
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
    agents_line_up(nexthop, delivery);
    agents_ask(nexthop->transport);
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
    agents_begin(delivery, end);
}

/* ---------------------------------------------------------------- what operators do */

void delivery_enable(struct nexthop *nexthop)
{
    enable_transport(nexthop->transport);
    revive(nexthop);
    agents_ask(nexthop->transport);
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
        agents_recount(nexthop);
    }
    for (struct transport *transport = postfix->transports; transport != NULL;
         transport = transport->next)
        agents_ask(transport);
}

static struct transport *transport_named(struct postfix *postfix, const char *name);

void delivery_break(struct postfix *postfix, const char *transport, sim_time until)
{
    struct transport *broken = transport_named(postfix, transport);

    broken->down_until = until;
    agents_allow_direct(broken);
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
        .answer.fire = agents_answer,
        .revival.fire = transport_revives,
    };
    snprintf(transport->name, sizeof transport->name, "%s", name);
    transport->by_site = alloc_zeroed((sites + 1) * sizeof(struct nexthop *));
    transport->deferred = list_names(postfix->settings->defer_transports, name);
    agents_allow_direct(transport);
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
        .turn.fire = agents_turn_fires,
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
