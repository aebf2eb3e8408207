/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/random_world.h - a scenario and settings made from a number
 *
 * Anything that a scenario can say, in odd proportions, but never much: some
 * dozens of messages that are each tried some dozens of times.
 */
#ifndef TESTS_MODELS_RANDOM_WORLD_H
#define TESTS_MODELS_RANDOM_WORLD_H

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>

#include "models/mta/postfix/parameters.h"
#include "models/traffic/trace.h"
#include "models/world.h"
#include "sim/alloc.h"
#include "sim/rng.h"

struct dice {
    uint64_t state;
};

static inline uint32_t dice_below(struct dice *dice, uint32_t n)
{
    dice->state += UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)((rng_mix(dice->state) >> 32) % n);
}

static inline bool dice_one_in(struct dice *dice, uint32_t n)
{
    return dice_below(dice, n) == 0;
}

/* From `low` to `high`. */
static inline long dice_from(struct dice *dice, long low, long high)
{
    return low + (long)dice_below(dice, (uint32_t)(high - low + 1));
}

/* ------------------------------------------------------------ policies */

static inline struct postfix_settings random_settings(uint64_t seed)
{
    struct dice dice = {rng_mix(seed * 2 + 1)};
    struct postfix_settings settings;

    postfix_settings_init(&settings);
    settings.queue_run_delay = dice_one_in(&dice, 3) ? 300 : dice_from(&dice, 3, 1000);
    settings.minimal_backoff_time = dice_one_in(&dice, 3) ? 300 : dice_from(&dice, 1, 1500);
    settings.maximal_backoff_time = dice_one_in(&dice, 3) ? 4000 : dice_from(&dice, 1, 6000);
    long step = settings.minimal_backoff_time > settings.queue_run_delay
                    ? settings.minimal_backoff_time
                    : settings.queue_run_delay;
    settings.maximal_queue_lifetime = dice_one_in(&dice, 10) ? 0 : dice_from(&dice, 1, 30 * step);
    settings.bounce_queue_lifetime = dice_from(&dice, 0, 10 * step);
    settings.delay_warning_time = dice_one_in(&dice, 2) ? 0 : dice_from(&dice, 1, 10 * step);
    settings.soft_bounce = dice_one_in(&dice, 8);
    settings.smtp_connect_timeout = dice_from(&dice, 1, 120);
    postfix_settings_clamp(&settings, NULL);
    return settings;
}

/* Nobody waits for another, and nothing is dead: all is as if each message were alone. */
static inline void without_contention(struct postfix_settings *settings)
{
    settings->initial_destination_concurrency = 100000;
    settings->default_destination_concurrency_limit = 0;
    settings->default_destination_concurrency_failed_cohort_limit = 0;
    settings->default_process_limit = 100000;
}

static inline struct postfix_feedback any_feedback(struct dice *dice)
{
    static const double bases[] = {0, 0.1, 0.3, 0.5, 1};

    return (struct postfix_feedback){bases[dice_below(dice, 5)], dice_one_in(dice, 2)};
}

/* With a rate delay one cohort at most: a window of 1 has nothing to remember then. */
static inline void add_rate_delays(struct dice *dice, struct postfix_settings *settings)
{
    if (dice_one_in(dice, 6)) {
        settings->default_destination_rate_delay = dice_from(dice, 1, 60);
        settings->default_destination_concurrency_failed_cohort_limit = dice_from(dice, 0, 1);
    }
    if (dice_one_in(dice, 8))
        settings->default_transport_rate_delay = dice_from(dice, 1, 20);
}

static inline void add_contention(struct dice *dice, struct postfix_settings *settings)
{
    settings->initial_destination_concurrency = dice_from(dice, 1, 8);
    settings->default_destination_concurrency_limit = dice_from(dice, 0, 10);
    settings->default_destination_concurrency_failed_cohort_limit = dice_from(dice, 0, 3);
    settings->default_destination_concurrency_positive_feedback = any_feedback(dice);
    settings->default_destination_concurrency_negative_feedback = any_feedback(dice);
    settings->default_destination_recipient_limit = dice_from(dice, 0, 3);
    if (dice_one_in(dice, 2))
        settings->default_process_limit = dice_from(dice, 1, 8);
    if (dice_one_in(dice, 2))
        settings->qmgr_message_active_limit = dice_from(dice, 1, 20);
    settings->transport_retry_time = dice_from(dice, 1, 600);
    add_rate_delays(dice, settings);
}

/* ------------------------------------------------------------ sites */

/* Sets what the table of a failure or a traffic calls `name`. */
static inline void put(const struct setting *table, void *object, const char *name, const char *fmt,
                       ...) __attribute__((format(printf, 4, 5)));

static inline void put(const struct setting *table, void *object, const char *name, const char *fmt,
                       ...)
{
    char text[100];
    struct err err;
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    cr_assert(setting_set(setting_find(table, name), object, text, &(struct text_context){0}, &err),
              "%s: %s", name, text);
}

static const char *const replies[] = {
    "450 4.2.0 not now", "451 try again",      "421 4.3.2 closing",
    "550 5.1.1 unknown", "452 4.5.3 too many", "554 5.7.1 never",
};

static inline const char *any_reply(struct dice *dice)
{
    return replies[dice_below(dice, 6)];
}

static inline void add_outage(struct dice *dice, struct site_spec *site, uint32_t span)
{
    static const char *const hows[] = {"refused", "timeout", "dns", "greeting"};
    const struct failure_ops *ops = failure_find("outage");
    void *outage = site_add_failure(site, ops);

    put(ops->settings, outage, "how", "%s", hows[dice_below(dice, 4)]);
    put(ops->settings, outage, "at", "%us", dice_below(dice, span));
    if (dice_one_in(dice, 5))
        put(ops->settings, outage, "for", "never");
    else
        put(ops->settings, outage, "for", "exponential(%us)", 1 + dice_below(dice, span));
}

static inline void add_random(struct dice *dice, struct site_spec *site, uint32_t span)
{
    const struct failure_ops *ops = failure_find("random");
    void *random = site_add_failure(site, ops);

    (void)span;
    put(ops->settings, random, "p", "0.%u", 1 + dice_below(dice, 9));
    put(ops->settings, random, "stage", "%s", smtp_stage_names[dice_below(dice, STAGE_COUNT)]);
    put(ops->settings, random, "text", "%s", any_reply(dice));
}

static inline void add_reply(struct dice *dice, struct site_spec *site, uint32_t span)
{
    const struct failure_ops *ops = failure_find("reply");
    void *reply = site_add_failure(site, ops);

    put(ops->settings, reply, "text", "%s", any_reply(dice));
    put(ops->settings, reply, "stage", "%s", smtp_stage_names[dice_below(dice, STAGE_COUNT)]);
    if (dice_one_in(dice, 3))
        return;
    uint32_t from = dice_below(dice, span);
    put(ops->settings, reply, "from", "%us", from);
    put(ops->settings, reply, "until", "%us", from + dice_below(dice, span));
}

static inline void add_greylist(struct dice *dice, struct site_spec *site, uint32_t span)
{
    const struct failure_ops *ops = failure_find("greylist");

    put(ops->settings, site_add_failure(site, ops), "delay", "%us", dice_below(dice, span));
}

static inline void add_quota(struct dice *dice, struct site_spec *site, uint32_t span)
{
    const struct failure_ops *ops = failure_find("quota");
    void *quota = site_add_failure(site, ops);

    put(ops->settings, quota, "limit", "%u", dice_below(dice, 8));
    put(ops->settings, quota, "per", "%us", 1 + dice_below(dice, span));
}

/* Those that remember come last. */
static void (*const add_failure[])(struct dice *, struct site_spec *, uint32_t) = {
    add_outage, add_random, add_reply, add_greylist, add_quota,
};

static inline void add_latency(struct dice *dice, struct site_spec *site)
{
    static const char *const latencies[] = {"1s", "31.25s", "exponential(7s)",
                                            "lognormal(200ms, 1)", "uniform(0, 90s)"};
    struct err err;

    cr_assert(dist_parse(&site->latency[dice_below(dice, STAGE_COUNT)],
                         latencies[dice_below(dice, 5)], &(struct text_context){0}, &err));
}

static inline void add_sites(struct dice *dice, struct scenario *scenario, uint32_t span,
                             bool memoryless)
{
    static const char *const names[] = {"s0.example", "s1.example", "home.example", "*"};

    for (size_t i = 0; i < 4; i++) {
        if (dice_one_in(dice, 5))
            continue;
        struct site_spec *site = scenario_add_site(scenario, names[i]);
        if (dice_one_in(dice, 2))
            add_latency(dice, site);
        for (uint32_t n = dice_below(dice, 4); n > 0; n--)
            add_failure[dice_below(dice, memoryless ? 3 : 5)](dice, site, span);
    }
}

/* ------------------------------------------------------------ traffic */

/* Written by hand: senders, recipients and times repeat. */
static inline void add_trace(struct dice *dice, struct scenario *scenario, void *trace,
                             uint32_t span)
{
    static const char *const senders[] = {"a@home.example", "b@s0.example", ""};
    static const char *const recipients[] = {"u@s0.example", "v@s0.example", "w@s1.example",
                                             "x@s2.example", "y@S1.Example"};
    char label[20];

    for (uint32_t i = 0, n = dice_below(dice, 20); i < n; i++) {
        snprintf(label, sizeof label, "m%u", i);
        sim_time at = (sim_time)dice_below(dice, span) * SIM_SECOND / 4;
        uint32_t sender = scenario_add_name(scenario, senders[dice_below(dice, 3)]);
        for (uint32_t k = 0; k <= dice_below(dice, 5); k++)
            trace_add(trace, at, scenario_add_name(scenario, label), sender,
                      scenario_add_name(scenario, recipients[dice_below(dice, 5)]), -1);
    }
    traffic_find("trace")->rows->ready(trace);
}

static inline void put_arrivals(struct dice *dice, const struct traffic_spec *traffic,
                                uint32_t span)
{
    const struct setting *table = traffic->ops->settings;
    uint32_t from = dice_below(dice, span);

    if (traffic->ops == traffic_find("burst")) {
        put(table, traffic->settings, "count", "%u", 1 + dice_below(dice, 40));
        put(table, traffic->settings, "at", "%u.%03us", from, dice_below(dice, 1000));
        put(table, traffic->settings, "within", "%us",
            dice_one_in(dice, 2) ? 0 : dice_below(dice, span));
        return;
    }
    put(table, traffic->settings, "rate", "%u/h", 1 + 72000 / span);
    put(table, traffic->settings, "from", "%us", from);
    put(table, traffic->settings, "until", "%us", from + dice_below(dice, span));
}

static inline void add_traffic(struct dice *dice, struct scenario *scenario, uint32_t span)
{
    static const char *const kinds[] = {"burst", "even", "poisson", "diurnal", "trace"};
    static const char *const domains[] = {"u@s0.example", "u@s1.example", "u@s2.example"};
    struct traffic_spec *traffic = scenario_add_traffic(scenario, "mail");

    traffic_set_kind(traffic, traffic_find(kinds[dice_below(dice, 5)]));
    if (traffic->ops->rows != NULL) {
        add_trace(dice, scenario, traffic->settings, span);
        return;
    }
    put_arrivals(dice, traffic, span);
    traffic->sender = scenario_add_name(scenario, dice_one_in(dice, 4) ? "" : "a@home.example");
    traffic->recipients_each = dice_one_in(dice, 2) ? 1 : dice_from(dice, 1, 5);
    for (uint32_t i = 0, n = 1 + dice_below(dice, 3); i < n; i++)
        traffic_add_destination(traffic, scenario_add_domain_of(scenario, domains[i]),
                                1 + dice_below(dice, 5));
}

/* ------------------------------------------------------------ operators */

/* Not at a whole second, where all else happens: who comes first there is nobody's promise. */
static inline sim_time odd_time(struct dice *dice, uint32_t span)
{
    return (sim_time)dice_below(dice, span) * SIM_SECOND + dice_from(dice, 1, 999) * 1000 + 7;
}

static inline bool operation_takes_message(enum operation_kind kind)
{
    return kind >= OPERATION_DELETE && kind <= OPERATION_EXPIRE;
}

/* One of the first, if there are so many. */
static inline uint32_t name_message(struct dice *dice, struct scenario *scenario)
{
    char text[32];

    snprintf(text, sizeof text, "mail/%u", dice_below(dice, 20));
    return scenario_add_name(scenario, text);
}

static inline void add_operation(struct dice *dice, struct scenario *scenario, uint32_t span)
{
    static const enum operation_kind kinds[] = {
        OPERATION_FLUSH,   OPERATION_FLUSH,   OPERATION_DELETE,  OPERATION_HOLD,
        OPERATION_HOLD,    OPERATION_REQUEUE, OPERATION_EXPIRE,  OPERATION_RESTART,
        OPERATION_RELEASE, OPERATION_RELEASE, OPERATION_RELEASE, OPERATION_TRANSPORT_DOWN};
    struct operation *operation = scenario_add_operation(scenario, kinds[dice_below(dice, 12)]);

    operation->at = odd_time(dice, span);
    operation->release = dice_one_in(dice, 2);
    if (operation_takes_message(operation->kind) && dice_one_in(dice, 4))
        operation->message = name_message(dice, scenario);
    if (operation->kind == OPERATION_TRANSPORT_DOWN) {
        operation->transport = alloc_text("smtp", 4);
        operation->length = odd_time(dice, span);
    } else if (dice_one_in(dice, 3)) {
        operation->every = odd_time(dice, span) + span * SIM_SECOND / 8;
        operation->until = operation->at + odd_time(dice, 2 * span);
    }
}

/* ------------------------------------------------------------ all of it */

static inline void add_scans(struct dice *dice, struct scenario *scenario)
{
    sim_time at = 0;

    if (dice_one_in(dice, 2))
        scenario->scan_phase = dice_one_in(dice, 2) ? (sim_time)dice_below(dice, 500) * SIM_SECOND
                                                    : (sim_time)dice_below(dice, 2000000) * 317;
    if (!dice_one_in(dice, 4))
        return;
    for (uint32_t n = dice_below(dice, 12); n > 0; n--) {
        at += 1 + (sim_time)dice_below(dice, 700000) * 1001;
        scenario_add_scan(scenario, at, at);
    }
}

/* What happens, happens mostly within so many seconds. */
static inline uint32_t random_span(struct dice *dice)
{
    return 1 + dice_below(dice, 20000);
}

/* Without greylists and quotas if `memoryless`: what is met does not hang on what came before. */
static inline void random_scenario(struct scenario *scenario, uint64_t seed, bool memoryless)
{
    struct dice dice = {rng_mix(seed * 2)};
    uint32_t span = random_span(&dice);

    scenario_init(scenario);
    for (uint32_t n = 1 + dice_below(&dice, 3); n > 0; n--)
        add_traffic(&dice, scenario, span);
    add_sites(&dice, scenario, span, memoryless);
    add_scans(&dice, scenario);
    if (dice_one_in(&dice, 2))
        scenario->duration = (sim_time)dice_below(&dice, 3 * span) * SIM_SECOND;
    scenario_ready(scenario);
}

/* A log has whole seconds: what takes less could not be told from it. */
static inline void answer_in_whole_seconds(struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->site_count; i++) {
        for (int stage = 0; stage < STAGE_COUNT; stage++) {
            struct dist *latency = &scenario->sites[i].latency[stage];
            bool none = latency->kind == DIST_CONSTANT && !(latency->a > 0);
            struct err err;

            dist_fini(latency);
            cr_assert(dist_parse(latency, none ? "0" : "9s", &(struct text_context){0}, &err));
        }
    }
}

/* Little room, rules and operators, in a world that had none. */
static inline void random_contention(struct scenario *scenario, struct postfix_settings *settings,
                                     uint64_t seed)
{
    struct dice dice = {rng_mix(seed * 2 + 7919)};
    uint32_t span = random_span(&(struct dice){rng_mix(seed * 2)});

    add_contention(&dice, settings);
    postfix_settings_clamp(settings, NULL);
    if (dice_one_in(&dice, 4))
        scenario->handover = dice_from(&dice, 1, 3000) * 1000;
    for (uint32_t n = dice_one_in(&dice, 2) ? dice_below(&dice, 8) : 0; n > 0; n--)
        add_operation(&dice, scenario, span);
}

#endif
