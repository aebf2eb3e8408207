/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/routes.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void lower(char *text)
{
    for (; *text != '\0'; text++)
        *text = (char)tolower((unsigned char)*text);
}

/* ------------------------------------------------------------------- next hops */

/* "[Relay.example]:587", "relay.example:smtp" -> "relay.example"; of a list, the first. */
static void site_of(const char *nexthop, char *site, size_t room)
{
    bool bracketed = nexthop[0] == '[';
    const char *name = nexthop + bracketed;

    snprintf(site, room, "%.*s", (int)strcspn(name, bracketed ? "]" : ":, \t"), name);
    lower(site);
}

static void add_site(struct scenario *scenario, const char *nexthop)
{
    struct postfix_route route; /* keeps so much of it */
    char site[POSTFIX_TEXT_ROOM];

    snprintf(route.nexthop, sizeof route.nexthop, "%s", nexthop);
    site_of(route.nexthop, site, sizeof site);
    scenario_add_domain(scenario, site);
}

/* "smtp:[relay.example]": what stands behind the colon; "" if nothing does. */
static const char *nexthop_by_default(const struct postfix_settings *settings)
{
    const char *colon = strchr(settings->default_transport, ':');

    return colon != NULL && colon[1] != '\0' ? colon + 1 : settings->relayhost;
}

void postfix_routes_ready(struct scenario *scenario, const struct postfix_settings *settings)
{
    add_site(scenario, nexthop_by_default(settings));
    for (size_t i = 0; i < scenario->transport_patterns.count; i++)
        add_site(scenario, scenario->transports[i].nexthop);
}

/* -------------------------------------------------------------------- the table */

static const struct transport_row *row_of(const struct scenario *scenario, const char *pattern)
{
    uint32_t number = names_find(&scenario->transport_patterns, pattern, strlen(pattern));

    return number == NAMES_NONE ? NULL : &scenario->transports[number];
}

/* The domain, then ".parent" of all its parents, the nearest first, then "*". */
static const struct transport_row *find(const struct scenario *scenario, const char *domain)
{
    const struct transport_row *row = row_of(scenario, domain);

    for (const char *dot = strchr(domain, '.'); row == NULL && dot != NULL;
         dot = strchr(dot + 1, '.'))
        row = row_of(scenario, dot);
    return row != NULL ? row : row_of(scenario, "*");
}

/* What is empty in a row leaves as it was; but a transport alone goes to the domain. */
static void take(struct postfix_route *route, const struct transport_row *row, const char *domain)
{
    if (row->transport[0] != '\0') {
        snprintf(route->transport, sizeof route->transport, "%s", row->transport);
        snprintf(route->nexthop, sizeof route->nexthop, "%s", domain);
    }
    if (row->nexthop[0] != '\0')
        snprintf(route->nexthop, sizeof route->nexthop, "%s", row->nexthop);
}

void postfix_route(struct postfix_route *route, const struct scenario *scenario,
                   const struct postfix_settings *settings, uint32_t domain)
{
    const char *name = names_text(&scenario->domains, domain);
    const char *by_default = nexthop_by_default(settings);
    const struct transport_row *row = find(scenario, name);
    char site[POSTFIX_TEXT_ROOM];

    snprintf(route->transport, sizeof route->transport, "%.*s",
             (int)strcspn(settings->default_transport, ":"), settings->default_transport);
    snprintf(route->nexthop, sizeof route->nexthop, "%s",
             by_default[0] != '\0' ? by_default : name);
    if (row != NULL)
        take(route, row, name);
    lower(route->nexthop);

    route->site = domain;
    if (strncmp(route->nexthop, name, sizeof route->nexthop - 1) == 0)
        return;
    site_of(route->nexthop, site, sizeof site);
    route->site = names_find(&scenario->domains, site, strlen(site));
    REQUIRE(route->site != NAMES_NONE);
}
