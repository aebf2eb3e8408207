/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/agents.c - who waits, and which delivery an agent takes
 *
 * The queue manager asks for an agent where a delivery is ready, and has at most
 * two such requests open a transport; when the agent answers the delivery of
 * the message that became active first is chosen, among those whose next hop has
 * room in its window.
 *
 * Source: qmgr/qmgr_transport.c, qmgr_entry.c, qmgr_job.c.
 */
#include <utlist.h>

#include "models/mta/postfix/qmgr.h"

#define MOST_ASKED 2 /* QMGR_TRANSPORT_MAX_PEND */

/* ------------------------------------------------------------- lines and turns */

void agents_allow_direct(struct transport *transport)
{
    const struct mta_port *port = &transport->postfix->mta.port;
    bool held_up = port->scenario->handover > 0 || transport->rate_delay > 0
                   || transport->excess > 0 || transport->destination_rate_delay > 0
                   || transport->deferred || transport->dead_until != 0
                   || port->sim->now < transport->down_until;

    transport->direct_below = held_up ? 0 : transport->agents;
}

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
        agents_allow_direct(transport);
}

void agents_recount(struct nexthop *nexthop)
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
void agents_turn_fires(struct sim_event *event)
{
    (void)event;
    check_failed(__FILE__, __LINE__, "a turn is not due at a time");
}

void agents_line_up(struct nexthop *nexthop, struct delivery *delivery)
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
    agents_recount(nexthop);
}

struct delivery *agents_take_first(struct nexthop *nexthop)
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
            agents_recount(nexthop);
            continue;
        }
        struct delivery *delivery = agents_take_first(nexthop);
        nexthop->busy++;
        agents_recount(nexthop);
        return delivery;
    }
    return NULL;
}

/* ------------------------------------------------------------- asking for agents */

void agents_tell_busy(const struct nexthop *nexthop, int change)
{
    const struct postfix *postfix = nexthop->transport->postfix;

    if (nexthop->transport != postfix->retry)
        observers_tell(postfix->mta.port.observers, busied, transport_now(nexthop->transport),
                       nexthop->site, change);
}

void agents_begin(struct delivery *delivery, sim_time end)
{
    struct postfix *postfix = delivery->nexthop->transport->postfix;

    agents_tell_busy(delivery->nexthop, 1);

    /* One that is never answered stays busy. */
    if (end < SIM_NEVER)
        sim_at(postfix->mta.port.sim, &delivery->end, end, PHASE_END);
}

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

void agents_ask(struct transport *transport)
{
    struct postfix *postfix = transport->postfix;

    while (may_ask(transport)) {
        if (transport_now(transport) < transport->down_until) {
            delivery_throttle(transport);
            return;
        }
        transport->asked++;
        transport->locked = transport->rate_delay > 0;
        sim_at(postfix->mta.port.sim, &transport->answer,
               transport_now(transport) + postfix->mta.port.scenario->handover
                   + transport->rate_delay,
               PHASE_END);
    }
}

void agents_answer(struct sim_event *event)
{
    struct transport *transport = CONTAINER_OF(event, struct transport, answer);
    struct delivery *delivery = next_delivery(transport);

    transport->asked--;
    if (delivery != NULL) {
        transport->busy++;
        agents_begin(delivery, postfix_deliver(transport->postfix, delivery));
    } else {
        transport->locked = false;
    }
    agents_ask(transport);
}
