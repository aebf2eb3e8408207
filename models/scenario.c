/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/scenario.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

#define DEFAULT_START_SECONDS 1767225600 /* 2026-01-01T00:00Z */
#define DEFAULT_SIZE_BYTES 10000

static struct class_spec *add_class(struct scenario *scenario, const char *name)
{
    uint32_t number = names_add(&scenario->class_names, name, strlen(name));

    scenario->classes = alloc_grow(scenario->classes, &scenario->class_room,
                                   scenario->class_names.count, sizeof *scenario->classes);
    scenario->classes[number] = (struct class_spec){0};
    return &scenario->classes[number];
}

void scenario_init(struct scenario *scenario)
{
    *scenario = (struct scenario){
        .start = DEFAULT_START_SECONDS * SIM_SECOND,
        .duration = SIM_NEVER,
        .seed = 1,
        .scan_phase = SIM_NEVER,
    };
    names_add(&scenario->names, "", 0);
    names_add(&scenario->domains, "", 0);
    add_class(scenario, "");
}

static void traffic_fini(struct traffic_spec *traffic)
{
    if (traffic->ops != NULL) {
        if (traffic->ops->forget != NULL)
            traffic->ops->forget(traffic->settings);
        settings_fini(traffic->ops->settings, traffic->settings);
    }
    free(traffic->settings);
    free(traffic->destinations);
    free(traffic->name);
}

static void failure_fini(struct failure_spec *failure)
{
    if (failure->ops->forget != NULL)
        failure->ops->forget(failure->settings);
    settings_fini(failure->ops->settings, failure->settings);
    free(failure->settings);
}

static void site_fini(struct site_spec *site)
{
    for (size_t i = 0; i < site->failure_count; i++)
        failure_fini(&site->failures[i]);
    for (int i = 0; i < STAGE_COUNT; i++)
        dist_fini(&site->latency[i]);
    free(site->failures);
    free(site->name);
}

static void assignments_fini(struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->assignment_count; i++) {
        free(scenario->assignments[i].name);
        free(scenario->assignments[i].value);
    }
    free(scenario->assignments);
}

static void transports_fini(struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->transport_patterns.count; i++) {
        free(scenario->transports[i].transport);
        free(scenario->transports[i].nexthop);
    }
    free(scenario->transports);
    names_fini(&scenario->transport_patterns);
}

void scenario_fini(struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->traffic_count; i++)
        traffic_fini(&scenario->traffics[i]);
    for (size_t i = 0; i < scenario->site_count; i++)
        site_fini(&scenario->sites[i]);
    assignments_fini(scenario);
    free(scenario->traffics);
    free(scenario->sites);
    free(scenario->scans);
    for (size_t i = 0; i < scenario->operation_count; i++)
        free(scenario->operations[i].transport);
    free(scenario->operations);
    transports_fini(scenario);
    free(scenario->classes);
    free(scenario->domain_of);
    free(scenario->title);
    free(scenario->mta);
    free(scenario->main_cf);
    names_fini(&scenario->class_names);
    names_fini(&scenario->names);
    names_fini(&scenario->domains);
    *scenario = (struct scenario){0};
}

struct traffic_spec *scenario_add_traffic(struct scenario *scenario, const char *name)
{
    scenario->traffics = alloc_grow(scenario->traffics, &scenario->traffic_room,
                                    scenario->traffic_count + 1, sizeof *scenario->traffics);
    struct traffic_spec *traffic = &scenario->traffics[scenario->traffic_count++];

    *traffic = (struct traffic_spec){
        .name = alloc_text(name, strlen(name)),
        .size_bytes = DEFAULT_SIZE_BYTES,
        .recipients_each = 1,
    };
    return traffic;
}

struct class_spec *scenario_add_class(struct scenario *scenario, const char *name)
{
    struct class_spec *spec = add_class(scenario, name);

    settings_init(class_settings, spec);
    return spec;
}

bool scenario_has_classes(const struct scenario *scenario)
{
    return scenario->class_names.count > 1;
}

void traffic_set_kind(struct traffic_spec *traffic, const struct traffic_ops *ops)
{
    REQUIRE(traffic->ops == NULL);
    traffic->ops = ops;
    traffic->settings = alloc_zeroed(ops->settings_size);
    settings_init(ops->settings, traffic->settings);
}

void traffic_add_destination(struct traffic_spec *traffic, uint32_t domain, double weight)
{
    traffic->destinations =
        alloc_grow(traffic->destinations, &traffic->destination_room,
                   traffic->destination_count + 1, sizeof *traffic->destinations);
    traffic->weight_sum += weight;
    traffic->destinations[traffic->destination_count++] =
        (struct destination){domain, weight, traffic->weight_sum};
}

struct site_spec *scenario_add_site(struct scenario *scenario, const char *name)
{
    scenario->sites = alloc_grow(scenario->sites, &scenario->site_room, scenario->site_count + 1,
                                 sizeof *scenario->sites);
    struct site_spec *site = &scenario->sites[scenario->site_count++];

    *site = (struct site_spec){.name = alloc_text(name, strlen(name)), .addresses = 1};
    for (char *c = site->name; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return site;
}

void *site_add_failure(struct site_spec *site, const struct failure_ops *ops)
{
    site->failures = alloc_grow(site->failures, &site->failure_room, site->failure_count + 1,
                                sizeof *site->failures);
    struct failure_spec *failure = &site->failures[site->failure_count++];

    *failure = (struct failure_spec){ops, alloc_zeroed(ops->settings_size)};
    settings_init(ops->settings, failure->settings);
    return failure->settings;
}

void scenario_add_scan(struct scenario *scenario, sim_time start, sim_time end)
{
    scenario->scans = alloc_grow(scenario->scans, &scenario->scan_room, scenario->scan_count + 1,
                                 sizeof *scenario->scans);
    scenario->scans[scenario->scan_count++] = (struct scan){start, end};
}

struct operation *scenario_add_operation(struct scenario *scenario, enum operation_kind kind)
{
    scenario->operations = alloc_grow(scenario->operations, &scenario->operation_room,
                                      scenario->operation_count + 1, sizeof *scenario->operations);
    struct operation *operation = &scenario->operations[scenario->operation_count++];

    *operation = (struct operation){.kind = kind, .until = SIM_NEVER};
    return operation;
}

void scenario_add_assignment(struct scenario *scenario, const char *name, const char *value,
                             int line)
{
    scenario->assignments =
        alloc_grow(scenario->assignments, &scenario->assignment_room,
                   scenario->assignment_count + 1, sizeof *scenario->assignments);
    scenario->assignments[scenario->assignment_count++] =
        (struct assignment){alloc_text(name, strlen(name)), alloc_text(value, strlen(value)), line};
}

uint32_t scenario_add_name(struct scenario *scenario, const char *text)
{
    return names_add(&scenario->names, text, strlen(text));
}

void scenario_add_transport(struct scenario *scenario, const char *pattern, const char *transport,
                            const char *nexthop)
{
    size_t count = scenario->transport_patterns.count;
    uint32_t number = names_add_lower(&scenario->transport_patterns, pattern);

    if (number < count)
        return;
    scenario->transports = alloc_grow(scenario->transports, &scenario->transport_room, count + 1,
                                      sizeof *scenario->transports);
    scenario->transports[number] = (struct transport_row){alloc_text(transport, strlen(transport)),
                                                          alloc_text(nexthop, strlen(nexthop))};
}

uint32_t scenario_add_domain(struct scenario *scenario, const char *text)
{
    return names_add_lower(&scenario->domains, text);
}

uint32_t scenario_add_domain_of(struct scenario *scenario, const char *address)
{
    const char *at = strrchr(address, '@');

    return at == NULL ? 0 : scenario_add_domain(scenario, at + 1);
}

void scenario_ready(struct scenario *scenario)
{
    scenario->domain_of = alloc_zeroed(scenario->names.count * sizeof *scenario->domain_of);
    for (uint32_t i = 0; i < scenario->names.count; i++)
        scenario->domain_of[i] = scenario_add_domain_of(scenario, names_text(&scenario->names, i));
}
