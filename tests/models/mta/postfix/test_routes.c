/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worked by hand from trivial-rewrite/transport.c and resolve.c. */
#include "models/mta/postfix/routes.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct scenario scenario;
static struct postfix_settings settings;

static void begin(void)
{
    scenario_init(&scenario);
    postfix_settings_init(&settings);
}

static void end(void)
{
    scenario_fini(&scenario);
}

TestSuite(postfix_routes, .init = begin, .fini = end);

static void row(const char *pattern, const char *transport, const char *nexthop)
{
    scenario_add_transport(&scenario, pattern, transport, nexthop);
}

static void set(const char *name, const char *value)
{
    struct err err;

    cr_assert(postfix_parameter_set(&settings, postfix_parameter_find(name), value, NULL, &err));
}

static void expect_route(const char *domain, const char *transport, const char *nexthop,
                         const char *site)
{
    struct postfix_route route;
    uint32_t number = scenario_add_domain(&scenario, domain);

    postfix_routes_ready(&scenario, &settings);
    postfix_route(&route, &scenario, &settings, number);
    cr_expect_str_eq(route.transport, transport, "%s: %s", domain, route.transport);
    cr_expect_str_eq(route.nexthop, nexthop, "%s: %s", domain, route.nexthop);
    cr_expect_str_eq(names_text(&scenario.domains, route.site), site, "%s", domain);
}

Test(postfix_routes, lead_to_the_domain_itself)
{
    expect_route("A.example", "smtp", "a.example", "a.example");
    expect_route("", "smtp", "", "");
}

Test(postfix_routes, lead_to_the_relayhost)
{
    set("relayhost", "[Relay.Example]:587");
    expect_route("a.example", "smtp", "[relay.example]:587", "relay.example");
    set("relayhost", "relay.example:submission");
    expect_route("a.example", "smtp", "relay.example:submission", "relay.example");
    set("relayhost", "[::1]:25");
    expect_route("a.example", "smtp", "[::1]:25", "::1");
    set("relayhost", "one.example, two.example");
    expect_route("a.example", "smtp", "one.example, two.example", "one.example");
}

Test(postfix_routes, go_by_the_default_transport)
{
    set("default_transport", "uucp");
    expect_route("a.example", "uucp", "a.example", "a.example");
    set("relayhost", "relay.example");
    expect_route("a.example", "uucp", "relay.example", "relay.example");
    set("default_transport", "uucp:");
    expect_route("a.example", "uucp", "relay.example", "relay.example");
    set("default_transport", "uucp:[hub.example]");
    expect_route("a.example", "uucp", "[hub.example]", "hub.example");
}

Test(postfix_routes, of_the_table_come_first)
{
    row("a.example", "slow", "[b.example]");
    set("relayhost", "relay.example");
    expect_route("a.example", "slow", "[b.example]", "b.example");
    expect_route("A.EXAMPLE", "slow", "[b.example]", "b.example");
    expect_route("sub.a.example", "smtp", "relay.example", "relay.example");
    expect_route("aa.example", "smtp", "relay.example", "relay.example");
}

Test(postfix_routes, are_those_of_the_nearest_parent)
{
    row("*", "all", "");
    row(".example", "far", "");
    row(".a.example", "near", "");
    row("b.a.example", "exact", "");
    expect_route("b.a.example", "exact", "b.a.example", "b.a.example");
    expect_route("c.a.example", "near", "c.a.example", "c.a.example");
    expect_route("d.c.a.example", "near", "d.c.a.example", "d.c.a.example");
    expect_route("a.example", "far", "a.example", "a.example");
    expect_route("example", "all", "example", "example");
    expect_route("b.test", "all", "b.test", "b.test");
}

/* "slow:" goes to the domain even where there is a relayhost, ":[b.example]" by the default. */
Test(postfix_routes, keep_what_a_row_does_not_say)
{
    row("a.example", "slow", "");
    row("b.example", "", "[b1.example]");
    row("c.example", "", "");
    set("relayhost", "relay.example");
    expect_route("a.example", "slow", "a.example", "a.example");
    expect_route("b.example", "smtp", "[b1.example]", "b1.example");
    expect_route("c.example", "smtp", "relay.example", "relay.example");
}

/* Two names of one site are two destinations (spec: what is a destination). */
Test(postfix_routes, to_one_site_by_two_names_are_two)
{
    row("a.example", "smtp", "relay.example");
    row("b.example", "smtp", "[relay.example]");
    expect_route("a.example", "smtp", "relay.example", "relay.example");
    expect_route("b.example", "smtp", "[relay.example]", "relay.example");
}

Test(postfix_routes, to_sites_that_were_not_made_known_are_a_fault, .exit_code = 70)
{
    struct postfix_route route;

    set("relayhost", "relay.example");
    postfix_route(&route, &scenario, &settings, scenario_add_domain(&scenario, "a.example"));
}

/* What is too long for a name server as well. */
Test(postfix_routes, to_very_long_domains_are_cut)
{
    struct postfix_route route;
    char domain[3000];

    snprintf(domain, sizeof domain, "%02000d.example", 1);
    uint32_t number = scenario_add_domain(&scenario, domain);
    postfix_route(&route, &scenario, &settings, number);
    cr_expect_eq(strlen(route.nexthop), POSTFIX_TEXT_ROOM - 1);
    cr_expect_eq(route.site, number);
}

/* What is kept of it ends in the middle of the name: the bracket takes one place. */
Test(postfix_routes, lead_somewhere_however_long_a_next_hop_is)
{
    char nexthop[POSTFIX_TEXT_ROOM + 100] = "[", site[POSTFIX_TEXT_ROOM] = "";

    memset(nexthop + 1, 'a', sizeof nexthop - 2);
    memset(site, 'a', POSTFIX_TEXT_ROOM - 2);
    row("x.example", "smtp", nexthop);
    struct postfix_route route;
    uint32_t number = scenario_add_domain(&scenario, "x.example");
    postfix_routes_ready(&scenario, &settings);
    postfix_route(&route, &scenario, &settings, number);
    cr_expect_str_eq(names_text(&scenario.domains, route.site), site);
}
