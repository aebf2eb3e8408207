/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/outlook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

const int64_t outlook_spans[OUTLOOK_SPANS] = {600, 3600, 6 * 3600, 86400, 5 * 86400};

void outlook_fini(struct outlook *outlook)
{
    names_fini(&outlook->names);
    free(outlook->destinations);
    *outlook = (struct outlook){0};
}

void outlook_add_policy(struct outlook *outlook, const char *name, const struct forecast_plan *plan)
{
    REQUIRE(outlook->policy_count < OUTLOOK_POLICIES && outlook->messages == 0);
    outlook->policies[outlook->policy_count++] =
        (struct outlook_policy){.name = name, .plan = *plan};
}

static size_t focus(const struct outlook *outlook)
{
    return outlook->policy_count > 1 ? 1 : 0;
}

const struct outlook_policy *outlook_focus(const struct outlook *outlook)
{
    return &outlook->policies[focus(outlook)];
}

int64_t outlook_age(const struct forecast_plan *plan, const struct forecast_message *message)
{
    return plan->now > message->created ? plan->now - message->created : 0;
}

static void tally(struct outlook_policy *policy, const struct forecast_message *message,
                  const struct forecast *forecast)
{
    int64_t now = policy->plan.now;
    bool expires = forecast->if_next_fails == FORECAST_EXPIRED;

    for (size_t i = 0; i < OUTLOOK_SPANS; i++) {
        policy->tried_within[i] += forecast->next.high - now <= outlook_spans[i];
        policy->expired_within[i] += forecast->expires.high - now <= outlook_spans[i];
    }
    policy->expire += expires;
    policy->expire_soon += expires && forecast->next.high - now <= OUTLOOK_SOON;
    policy->unnoticed += expires && message->null_sender;
    policy->may_expire += forecast->if_next_fails == FORECAST_EITHER;
}

static struct outlook_destination *destination_of(struct outlook *outlook, const char *name)
{
    uint32_t number = names_add(&outlook->names, name, strlen(name));

    outlook->destinations = alloc_grow(outlook->destinations, &outlook->destination_room,
                                       number + 1, sizeof *outlook->destinations);
    for (; outlook->destination_count <= number; outlook->destination_count++)
        outlook->destinations[outlook->destination_count] =
            (struct outlook_destination){.name = (uint32_t)outlook->destination_count};
    return &outlook->destinations[number];
}

static void add_to_destination(struct outlook_destination *destination, int64_t age,
                               const struct forecast *forecast)
{
    destination->messages++;
    destination->expire += forecast->if_next_fails == FORECAST_EXPIRED;
    destination->may_expire += forecast->if_next_fails == FORECAST_EITHER;
    if (age > destination->oldest)
        destination->oldest = age;
}

/* A total order: ids do not repeat within a listing. */
static bool is_more_urgent(const struct outlook_message *a, const struct outlook_message *b)
{
    if (a->forecast.expires.high != b->forecast.expires.high)
        return a->forecast.expires.high < b->forecast.expires.high;
    if (a->age != b->age)
        return a->age > b->age;
    return strcmp(a->id, b->id) < 0;
}

static void add_urgent(struct outlook *outlook, const char *id, int64_t age,
                       const struct forecast *forecast)
{
    struct outlook_message message = {.age = age, .forecast = *forecast};
    size_t place = outlook->urgent_count;

    snprintf(message.id, sizeof message.id, "%s", id);
    while (place > 0 && is_more_urgent(&message, &outlook->urgent[place - 1]))
        place--;
    if (place == OUTLOOK_URGENT)
        return;
    if (outlook->urgent_count < OUTLOOK_URGENT)
        outlook->urgent_count++;
    memmove(&outlook->urgent[place + 1], &outlook->urgent[place],
            (outlook->urgent_count - place - 1) * sizeof message);
    outlook->urgent[place] = message;
}

void outlook_add(struct outlook *outlook, const char *id, const char *destination,
                 const struct forecast_message *message, const struct forecast *forecasts)
{
    const struct forecast *focused = &forecasts[focus(outlook)];
    const struct forecast_plan *plan = &outlook->policies[0].plan;
    int64_t age = outlook_age(plan, message);

    outlook->messages++;
    outlook->queues[message->queue]++;
    outlook->forced += message->forced;
    outlook->future += message->created > plan->now;
    if (message->queue == LISTED_HOLD) {
        outlook->held_past += forecasts[0].if_next_fails == FORECAST_EXPIRED;
        return;
    }
    for (size_t i = 0; i < outlook->policy_count; i++)
        tally(&outlook->policies[i], message, &forecasts[i]);
    add_to_destination(destination_of(outlook, destination), age, focused);
    add_urgent(outlook, id, age, focused);
}

/* qsort() has no room for the names. */
struct ranked {
    struct outlook_destination destination;
    const char *name;
};

static int by_loss(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;

    if (a->destination.expire != b->destination.expire)
        return a->destination.expire > b->destination.expire ? -1 : 1;
    if (a->destination.messages != b->destination.messages)
        return a->destination.messages > b->destination.messages ? -1 : 1;
    return strcmp(a->name, b->name);
}

void outlook_rank(struct outlook *outlook)
{
    size_t count = outlook->destination_count;
    struct ranked *list = alloc_zeroed((count + 1) * sizeof *list);

    for (size_t i = 0; i < count; i++)
        list[i] = (struct ranked){outlook->destinations[i],
                                  names_text(&outlook->names, outlook->destinations[i].name)};
    qsort(list, count, sizeof *list, by_loss);
    for (size_t i = 0; i < count; i++)
        outlook->destinations[i] = list[i].destination;
    free(list);
}
