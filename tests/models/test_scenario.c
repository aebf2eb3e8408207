/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/scenario.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct scenario scenario;

static void begin(void)
{
    scenario_init(&scenario);
}

static void end(void)
{
    scenario_fini(&scenario);
}

TestSuite(scenario, .init = begin, .fini = end);

Test(scenario, begins_in_2026_and_ends_when_nothing_is_left)
{
    cr_expect_eq(scenario.start, INT64_C(1767225600) * SIM_SECOND);
    cr_expect_eq(scenario.duration, SIM_NEVER);
    cr_expect_eq(scenario.scan_phase, SIM_NEVER);
    cr_expect_eq(scenario.seed, 1);
    cr_expect_null(scenario.main_cf);
}

/* Number 0: the null sender, and the domain of an address without one. */
Test(scenario, knows_the_empty_name_as_number_0)
{
    cr_expect_eq(scenario_add_name(&scenario, ""), 0);
    cr_expect_eq(scenario_add_name(&scenario, "a@b.example"), 1);
    cr_expect_eq(scenario_add_domain_of(&scenario, ""), 0);
    cr_expect_eq(scenario_add_domain_of(&scenario, "root"), 0);
    cr_expect_eq(scenario_add_domain_of(&scenario, "root@"), 0);
}

static const char *domain_of(const char *address)
{
    return names_text(&scenario.domains, scenario_add_domain_of(&scenario, address));
}

Test(scenario, takes_for_the_domain_what_follows_the_last_at)
{
    cr_expect_str_eq(domain_of("a@b.example"), "b.example");
    cr_expect_str_eq(domain_of("a@b@c.example"), "c.example");
    cr_expect_str_eq(domain_of("@d.example"), "d.example");
    cr_expect_str_eq(domain_of("A@B.Example"), "b.example");
    cr_expect_eq(scenario_add_domain_of(&scenario, "x@B.EXAMPLE"),
                 scenario_add_domain_of(&scenario, "y@b.example"));
}

Test(scenario, that_is_ready_knows_the_domain_of_every_name)
{
    uint32_t a = scenario_add_name(&scenario, "a@one.example");
    uint32_t b = scenario_add_name(&scenario, "b@TWO.example");
    uint32_t c = scenario_add_name(&scenario, "c@one.example");

    scenario_ready(&scenario);
    cr_expect_str_eq(names_text(&scenario.domains, scenario.domain_of[a]), "one.example");
    cr_expect_str_eq(names_text(&scenario.domains, scenario.domain_of[b]), "two.example");
    cr_expect_eq(scenario.domain_of[c], scenario.domain_of[a]);
    cr_expect_eq(scenario.domain_of[0], 0);
}

Test(scenario, gives_a_traffic_its_defaults)
{
    struct traffic_spec *traffic = scenario_add_traffic(&scenario, "newsletter");

    cr_expect_str_eq(traffic->name, "newsletter");
    cr_expect_eq(traffic->recipients_each, 1);
    cr_expect_eq(traffic->size_bytes, 10000);
    cr_expect_eq(traffic->sender, 0);
    cr_expect_null(traffic->ops);
}

Test(scenario, gives_a_kind_its_settings)
{
    struct traffic_spec *traffic = scenario_add_traffic(&scenario, "t");

    traffic_set_kind(traffic, traffic_find("poisson"));
    cr_expect_eq(traffic->ops, traffic_find("poisson"));
    cr_expect_not_null(traffic->settings);
}

Test(scenario, does_not_change_a_kind, .exit_code = 70)
{
    struct traffic_spec *traffic = scenario_add_traffic(&scenario, "t");

    traffic_set_kind(traffic, traffic_find("poisson"));
    traffic_set_kind(traffic, traffic_find("even"));
}

Test(scenario, sums_the_weights)
{
    struct traffic_spec *traffic = scenario_add_traffic(&scenario, "t");

    for (uint32_t i = 1; i <= 20; i++)
        traffic_add_destination(traffic, i, 0.5 * i);
    cr_expect_eq(traffic->destination_count, 20);
    cr_expect_eq(traffic->weight_sum, 105);
    cr_expect_eq(traffic->destinations[19].domain, 20);
    cr_expect_eq(traffic->destinations[19].weight, 10);
}

Test(scenario, writes_sites_in_lower_case)
{
    cr_expect_str_eq(scenario_add_site(&scenario, "Gmail.Example")->name, "gmail.example");
    cr_expect_str_eq(scenario_add_site(&scenario, "*")->name, "*");
}

Test(scenario, keeps_failures_in_the_order_of_the_file)
{
    struct site_spec *site = scenario_add_site(&scenario, "a.example");

    for (size_t i = 0; failures[i] != NULL; i++)
        cr_expect_not_null(site_add_failure(site, failures[i]));
    for (size_t i = 0; failures[i] != NULL; i++)
        cr_expect_eq(site->failures[i].ops, failures[i]);
}

/* Growing must lose nothing that was added before. */
Test(scenario, holds_many_of_each)
{
    char text[32];

    for (int i = 0; i < 100; i++) {
        snprintf(text, sizeof text, "n%d", i);
        traffic_set_kind(scenario_add_traffic(&scenario, text), traffic_find("even"));
        site_add_failure(scenario_add_site(&scenario, text), failure_find("outage"));
        scenario_add_scan(&scenario, i, i + 1);
        scenario_add_assignment(&scenario, text, "300s", i);
    }
    for (size_t i = 0; i < 100; i++) {
        snprintf(text, sizeof text, "n%zu", i);
        cr_assert_str_eq(scenario.traffics[i].name, text);
        cr_assert_str_eq(scenario.sites[i].name, text);
        cr_assert_eq(scenario.scans[i].start, (sim_time)i);
        cr_assert_eq(scenario.scans[i].end, (sim_time)i + 1);
        cr_assert_str_eq(scenario.assignments[i].name, text);
        cr_assert_str_eq(scenario.assignments[i].value, "300s");
        cr_assert_eq(scenario.assignments[i].line, (int)i);
    }
    cr_expect(scenario.traffic_count == 100 && scenario.site_count == 100);
    cr_expect(scenario.scan_count == 100 && scenario.assignment_count == 100);
}

Test(scenario, has_classes_once_one_is_added)
{
    cr_expect(!scenario_has_classes(&scenario));
    cr_expect_eq(scenario.classes[0].value, 0, "mail of no class is worth nothing");
    struct class_spec *first = scenario_add_class(&scenario, "fast");
    cr_expect_eq(first->deadline, 0);
    cr_expect_eq(first->value, 1);
    cr_expect(first->late == 0 && first->lost == 0);
    cr_expect(scenario_has_classes(&scenario));
    for (int i = 0; i < 20; i++) {
        char name[16];
        snprintf(name, sizeof name, "c%d", i);
        scenario_add_class(&scenario, name)->value = i;
    }
    cr_expect_eq(names_find(&scenario.class_names, "c19", 3), 21);
    cr_expect_eq(scenario.classes[21].value, 19);
    cr_expect_eq(scenario.classes[1].value, 1);
}
