/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/fit_world.h - a known cure model, simulated, logged and fitted
 *
 * Twenty messages for each of a thousand sites, in six days. After a day and a
 * half every site goes away, each for a time of its own; what comes back is only
 * what the log of whole seconds tells.
 */
#ifndef TESTS_MODELS_FIT_WORLD_H
#define TESTS_MODELS_FIT_WORLD_H

#include <stdio.h>

#include "models/episodes.h"
#include "models/results.h"
#include "tests/models/log_writer.h"
#include "tests/models/random_world.h"

#define FIT_SITES 1000

/* 20,000 messages: their number is random, the mean is this. */
#define FIT_MESSAGES_A_SITE 20
#define FIT_DAYS 6

static inline void fit_scenario(struct scenario *scenario, const struct cure *truth)
{
    static const char *const forms[] = {"lognormal", "weibull"};
    const struct failure_ops *outage = failure_find("outage");
    struct traffic_spec *traffic;

    scenario_init(scenario);
    traffic = scenario_add_traffic(scenario, "mail");
    traffic_set_kind(traffic, traffic_find("poisson"));
    put(traffic->ops->settings, traffic->settings, "rate", "%d/d",
        FIT_SITES * FIT_MESSAGES_A_SITE / FIT_DAYS);
    put(traffic->ops->settings, traffic->settings, "until", "%dd", FIT_DAYS);
    traffic->sender = scenario_add_name(scenario, "a@home.example");
    for (int i = 0; i < FIT_SITES; i++) {
        char domain[40];
        snprintf(domain, sizeof domain, "s%d.example", i);
        traffic_add_destination(traffic, scenario_add_domain(scenario, domain), 1);
    }
    void *settings = site_add_failure(scenario_add_site(scenario, "*"), outage);
    put(outage->settings, settings, "at", "36h");
    put(outage->settings, settings, "for", "mixture(%g: never, %g: %s(%.3fs, %g))",
        truth->value[CURE_SHARE], 1 - truth->value[CURE_SHARE], forms[truth->family],
        truth->value[CURE_SCALE], truth->value[CURE_SHAPE]);
    scenario->duration = FIT_DAYS * 86400 * SIM_SECOND;
    scenario_ready(scenario);
}

/* The fits of each family to the log of one run. Returns how many messages came. */
static inline size_t fit_world(const struct cure *truth, uint64_t seed,
                               struct cure_fit fits[CURE_FAMILIES], size_t *spells)
{
    struct scenario scenario;
    struct postfix_settings settings;
    struct log_writer log;
    struct observers observers = {0};
    struct episodes episodes;

    fit_scenario(&scenario, truth);
    postfix_settings_init(&settings);
    settings.maximal_queue_lifetime = 2 * 86400;
    log_writer_init(&log, &scenario, seed, false);
    observers_add(&observers, &log.observer);
    world_run(&(struct run){&scenario, mta_find("postfix"), &settings, seed, 0, &observers});
    episodes_init(&episodes);
    size_t messages = 0;
    for (size_t i = 0; i < log.count; i++) {
        messages += !log.messages[i]->is_notice;
        episodes_add(&episodes, log.messages[i]);
    }
    episodes_ready(&episodes);
    const struct episode *list = episodes_of(&episodes, CAUSE_REFUSED, spells);
    struct cure_spell *known = alloc_zeroed((*spells + 1) * sizeof *known);
    for (size_t i = 0; i < *spells; i++)
        known[i] = episode_spell(&list[i]);
    for (int family = 0; family < CURE_FAMILIES; family++)
        fits[family] = cure_fit((enum cure_family)family, known, *spells);
    free(known);
    episodes_fini(&episodes);
    log_writer_fini(&log);
    scenario_fini(&scenario);
    return messages;
}

#endif
