/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/routes.h - by which transport mail for a domain goes, and where
 *
 * The scenario's transport(5) table, else relayhost, else the domain itself.
 * Source: Postfix 3.12-20260821, trivial-rewrite/transport.c: update_entry(),
 * transport_lookup(); trivial-rewrite/resolve.c.
 */
#ifndef MODELS_MTA_POSTFIX_ROUTES_H
#define MODELS_MTA_POSTFIX_ROUTES_H

#include "models/mta/postfix/parameters.h"
#include "models/scenario.h"

struct postfix_route {
    char transport[POSTFIX_TRANSPORT_ROOM];
    char nexthop[POSTFIX_TEXT_ROOM]; /* in lower case: "[relay.example]:587", or the domain */
    uint32_t site;                   /* in the scenario's domains: "relay.example" */
};

/*
 * Adds the sites of all next hops to the scenario's domains. To be called for all
 * settings that a scenario is run with, before the first run.
 */
void postfix_routes_ready(struct scenario *scenario, const struct postfix_settings *settings);

/* The route of mail for a domain, a number of the scenario's. What is too long is cut. */
void postfix_route(struct postfix_route *route, const struct scenario *scenario,
                   const struct postfix_settings *settings, uint32_t domain);

#endif
