/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/outlook.h - what is to come for a queue, under several policies
 *
 * Adds up forecasts. "Within" a span means surely, by the end of a window: at
 * the latest then. Memory grows with the destinations, not with the messages.
 */
#ifndef MODELS_MTA_POSTFIX_OUTLOOK_H
#define MODELS_MTA_POSTFIX_OUTLOOK_H

#include "models/mta/postfix/forecast.h"
#include "sim/names.h"

#define OUTLOOK_POLICIES 9 /* the present, and others */
#define OUTLOOK_SPANS 5
#define OUTLOOK_URGENT 10
#define OUTLOOK_ID_ROOM 101
#define OUTLOOK_SOON 7200

/* 10 min, 1 h, 6 h, 1 d, 5 d: seconds from now. */
extern const int64_t outlook_spans[OUTLOOK_SPANS];

/* Messages that have a next attempt, under one policy. */
struct outlook_policy {
    const char *name; /* not owned */
    struct forecast_plan plan;
    uint64_t expire;      /* at the next attempt, if that fails */
    uint64_t expire_soon; /* of these, within OUTLOOK_SOON */
    uint64_t unnoticed;   /* of these, without a sender to be told */
    uint64_t may_expire;  /* beside them: it is open whether at the next */
    uint64_t tried_within[OUTLOOK_SPANS], expired_within[OUTLOOK_SPANS];
};

/* Under the policy that is looked at closely. */
struct outlook_destination {
    uint32_t name; /* in `names` */
    uint64_t messages, expire, may_expire;
    int64_t oldest; /* s */
};

struct outlook_message {
    char id[OUTLOOK_ID_ROOM];
    int64_t age; /* s */
    struct forecast forecast;
};

/* Zero, then outlook_add_policy(): the first is the present. */
struct outlook {
    struct outlook_policy policies[OUTLOOK_POLICIES];
    size_t policy_count;
    uint64_t queues[LISTED_QUEUES]; /* messages */
    uint64_t messages, forced;
    uint64_t held_past; /* on hold and past their lifetime, at present */
    uint64_t future;    /* that seem to have come after now */
    struct names names;
    struct outlook_destination *destinations; /* owned */
    size_t destination_count, destination_room;
    struct outlook_message urgent[OUTLOOK_URGENT]; /* the first to be given up, at the latest */
    size_t urgent_count;
};

void outlook_fini(struct outlook *outlook);

/* Requires that no message was added, and room. */
void outlook_add_policy(struct outlook *outlook, const char *name,
                        const struct forecast_plan *plan);

/* The policy that is looked at closely: the first change, or the present where there is none. */
const struct outlook_policy *outlook_focus(const struct outlook *outlook);

/* id: cut to its room. forecasts: one for each policy, in their order. */
void outlook_add(struct outlook *outlook, const char *id, const char *destination,
                 const struct forecast_message *message, const struct forecast *forecasts);

/* Puts the destinations first that lose most at the next attempt, then the larger, then by name.
 * Nothing is to be added after it. */
void outlook_rank(struct outlook *outlook);

/* s since the message was made, at least 0. */
int64_t outlook_age(const struct forecast_plan *plan, const struct forecast_message *message);

#endif
