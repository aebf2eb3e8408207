/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/play.h - a scenario made by hand, and attempts at its sites
 *
 * Traffic 0, "made", makes mail up, from s@a.example to d.example. Traffic 1,
 * "log", holds what play_mail() adds. Site "d.example" is what a test makes of it.
 */
#ifndef TESTS_MODELS_PLAY_H
#define TESTS_MODELS_PLAY_H

#include <criterion/criterion.h>
#include <stdarg.h>

#include "models/catalogue.h"
#include "models/site/sites.h"
#include "models/traffic/trace.h"

#define MADE 0
#define LOG 1

struct play {
    struct scenario scenario;
    struct catalogue catalogue;
    struct sites sites;
    uint32_t activations; /* of the message that asks next */
    int64_t address_limit;
    bool ready;
};

/* What an attempt met. */
struct met {
    const struct reply *reply;
    sim_time at;
    enum smtp_stage stage;
};

static inline void set(const struct setting *table, void *object, const char *name,
                       const char *text)
{
    const struct setting *setting = setting_find(table, name);
    struct text_context context = {.start = INT64_C(1767225600) * SIM_SECOND};
    struct err err;

    cr_assert_not_null(setting, "%s", name);
    cr_assert(setting_set(setting, object, text, &context, &err), "%s: %s", name, err.text);
}

/* Names and texts by turns; ends with NULL. */
static inline void set_each(const struct setting *table, void *object, va_list list)
{
    const char *name;

    while ((name = va_arg(list, const char *)) != NULL)
        set(table, object, name, va_arg(list, const char *));
}

static inline void play_init(struct play *play)
{
    *play = (struct play){.activations = 1};
    scenario_init(&play->scenario);
    struct traffic_spec *made = scenario_add_traffic(&play->scenario, "made");
    traffic_set_kind(made, traffic_find("burst"));
    made->sender = scenario_add_name(&play->scenario, "s@a.example");
    traffic_add_destination(made, scenario_add_domain_of(&play->scenario, "@d.example"), 1);
    traffic_set_kind(scenario_add_traffic(&play->scenario, "log"), traffic_find("trace"));
    scenario_add_site(&play->scenario, "d.example");
}

static inline void play_fini(struct play *play)
{
    if (play->ready)
        sites_fini(&play->sites);
    scenario_fini(&play->scenario);
}

/* A recipient of message `id` of the log. */
static inline void play_mail(struct play *play, const char *id, const char *sender,
                             const char *recipient)
{
    trace_add(play->scenario.traffics[LOG].settings, 0, scenario_add_name(&play->scenario, id),
              scenario_add_name(&play->scenario, sender),
              scenario_add_name(&play->scenario, recipient), -1);
}

/* A failure of the site that was added last. */
static inline void *play_failure(struct play *play, const char *name, ...)
{
    const struct failure_ops *ops = failure_find(name);
    struct site_spec *site = &play->scenario.sites[play->scenario.site_count - 1];
    void *settings = site_add_failure(site, ops);
    va_list list;

    va_start(list, name);
    set_each(ops->settings, settings, list);
    va_end(list);
    return settings;
}

static inline void play_latency(struct play *play, enum smtp_stage stage, const char *text)
{
    struct site_spec *site = &play->scenario.sites[play->scenario.site_count - 1];
    struct err err;

    dist_fini(&site->latency[stage]);
    cr_assert(dist_parse(&site->latency[stage], text, NULL, &err), "%s", err.text);
}

static inline void play_ready(struct play *play)
{
    if (play->ready)
        return;
    for (size_t i = 0; i < play->scenario.traffic_count; i++) {
        const struct traffic_spec *traffic = &play->scenario.traffics[i];
        if (traffic->ops->rows != NULL)
            traffic->ops->rows->ready(traffic->settings);
    }
    scenario_ready(&play->scenario);
    play->catalogue = (struct catalogue){&play->scenario, {.seed = 1}, false};
    sites_init(&play->sites, &play->scenario, &play->catalogue.rng);
    play->ready = true;
}

/* An attempt at `at` to deliver message `number` of a traffic to one of its recipients. */
static inline struct met play_ask_of(struct play *play, struct message_id id, uint32_t recipient,
                                     sim_time at)
{
    play_ready(play);
    struct message message = {.number = id.number,
                              .traffic = id.traffic,
                              .notice = id.notice & 0xfffu,
                              .activations = play->activations & 0xfffff};
    struct approach approach = {.at = at,
                                .catalogue = &play->catalogue,
                                .message = &message,
                                .recipient = recipient,
                                .connect_timeout = 30 * SIM_SECOND,
                                .address_limit = play->address_limit,

                                .helo_timeout = 300 * SIM_SECOND};
    uint32_t domain = catalogue_recipient(&play->catalogue, id, recipient).domain;
    const struct reply *reply = sites_answer(&play->sites, domain, &approach);

    return (struct met){reply, approach.at, approach.stage};
}

/* Seconds; the first recipient. */
static inline struct met play_ask(struct play *play, uint16_t traffic, uint32_t number, double at)
{
    return play_ask_of(play, (struct message_id){number, traffic, 0}, 0,
                       (sim_time)(at * (double)SIM_SECOND));
}

/* What the attempt is told, code included. */
static inline const char *play_text(struct play *play, uint16_t traffic, uint32_t number, double at)
{
    return play_ask(play, traffic, number, at).reply->text;
}

static inline bool play_accepts(struct play *play, uint16_t traffic, uint32_t number, double at)
{
    return play_ask(play, traffic, number, at).reply->outcome == OUTCOME_SENT;
}

#endif
