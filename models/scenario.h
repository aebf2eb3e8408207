/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/scenario.h - what is to be simulated, as plain data
 *
 * Filled by a reader, or by a replay; never written to once it is run, so that
 * many runs can share it.
 */
#ifndef MODELS_SCENARIO_H
#define MODELS_SCENARIO_H

#include "models/classes.h"
#include "models/operation.h"
#include "models/site/failure.h"
#include "models/traffic/traffic.h"
#include "sim/dist.h"
#include "sim/names.h"

/* Where messages go, by weight. */
struct destination {
    uint32_t domain; /* in the scenario's domains */
    double weight;
    double upto; /* the sum of all weights up to this one */
};

struct traffic_spec {
    char *name;
    const struct traffic_ops *ops;
    void *settings; /* of ops->settings_size bytes */
    uint32_t class; /* in the scenario's class_names; 0: none */

    /* For kinds that make messages up: */
    uint32_t sender; /* in the names; 0 is the null sender */
    int64_t size_bytes;
    int64_t recipients_each; /* recipients of one message */
    struct destination *destinations;
    size_t destination_count, destination_room;
    double weight_sum;
};

struct failure_spec {
    const struct failure_ops *ops;
    void *settings; /* of ops->settings_size bytes */
};

struct site_spec {
    char *name;         /* a domain in lower case; "*": all that have no site of their own */
    uint32_t addresses; /* of its MX hosts, in the order they are tried; at least 1 */
    struct dist latency[STAGE_COUNT];
    struct failure_spec *failures; /* in the order of the file */
    size_t failure_count, failure_room;
};

/* One deferred queue scan that took place. */
struct scan {
    sim_time start, end;
};

/* NAME = VALUE as written in mta {}; parsed by the MTA's own rules. */
struct assignment {
    char *name, *value;
    int line;
};

/* Of a transport(5) table: how mail that a pattern fits is sent on. "" leaves it as it is. */
struct transport_row {
    char *transport, *nexthop;
};

struct scenario {
    char *title;       /* may be NULL */
    uint64_t hash;     /* of the text and the files it was read from (sim/hash.h); 0: of none */
    sim_time start;    /* what t = 0 is: microseconds since 1970 UTC */
    sim_time duration; /* SIM_NEVER: until nothing is left to do */
    uint64_t seed;

    struct names names;   /* addresses, ids; number 0 is "" */
    struct names domains; /* of the addresses, in lower case; number 0 is "" */
    uint32_t *domain_of;  /* by name: the address's domain; made by scenario_ready() */

    char *mta;     /* its name: "postfix" */
    char *main_cf; /* a path; NULL if none is named */
    struct assignment *assignments;
    size_t assignment_count, assignment_room;
    sim_time scan_phase; /* when the first deferred scan happens; SIM_NEVER: at random */
    struct scan *scans;  /* recorded ones, ascending; NULL if there are none */
    size_t scan_count, scan_room;
    sim_time
        handover; /* from asking for a delivery agent until it takes the delivery; at least 0 */
    struct operation *operations; /* in the order of the file */
    size_t operation_count, operation_room;

    struct names transport_patterns;  /* "a.example", ".example", "*"; in lower case */
    struct transport_row *transports; /* by number of its pattern */
    size_t transport_room;

    struct names class_names;   /* number 0 is "": of no class */
    struct class_spec *classes; /* by number of its name; the first is worth nothing */
    size_t class_room;

    struct traffic_spec *traffics;
    size_t traffic_count, traffic_room;
    struct site_spec *sites;
    size_t site_count, site_room;
};

void scenario_init(struct scenario *scenario);
void scenario_fini(struct scenario *scenario);

/* Each adds one with its defaults. The pointer is good until the next is added. */
struct traffic_spec *scenario_add_traffic(struct scenario *scenario, const char *name);
struct class_spec *scenario_add_class(struct scenario *scenario, const char *name);
struct site_spec *scenario_add_site(struct scenario *scenario, const char *name);
void *site_add_failure(struct site_spec *site, const struct failure_ops *ops);
void traffic_set_kind(struct traffic_spec *traffic, const struct traffic_ops *ops);
void traffic_add_destination(struct traffic_spec *traffic, uint32_t domain, double weight);
void scenario_add_scan(struct scenario *scenario, sim_time start, sim_time end);
struct operation *scenario_add_operation(struct scenario *scenario, enum operation_kind kind);
/* Of two with the same pattern the first holds. */
void scenario_add_transport(struct scenario *scenario, const char *pattern, const char *transport,
                            const char *nexthop);
void scenario_add_assignment(struct scenario *scenario, const char *name, const char *value,
                             int line);

bool scenario_has_classes(const struct scenario *scenario);

uint32_t scenario_add_name(struct scenario *scenario, const char *text);

/* A domain, made lower case. */
uint32_t scenario_add_domain(struct scenario *scenario, const char *text);

/* The domain of an address, what follows its last '@', in lower case; "" if it has none. */
uint32_t scenario_add_domain_of(struct scenario *scenario, const char *address);

/* Call when all is filled in: knows the domain of every name. */
void scenario_ready(struct scenario *scenario);

#endif
