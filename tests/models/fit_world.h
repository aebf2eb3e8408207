/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/fit_world.h - a known cure model, simulated, logged and fitted
 *
 * Two worlds of 20,000 messages in six days. In that of outages there are twenty
 * messages for each of a thousand sites, and after a day and a half every site
 * refuses, for a time of its own. In that of mailboxes one recipient in ten has
 * a full one, from the first message on; and the log begins after two days, so
 * that a part of the spells is only known from their middle on. What comes back
 * is only what a log of whole seconds tells.
 */
#ifndef TESTS_MODELS_FIT_WORLD_H
#define TESTS_MODELS_FIT_WORLD_H

#include <stdio.h>

#include "models/episodes.h"
#include "models/results.h"
#include "tests/models/log_writer.h"
#include "tests/models/random_world.h"

enum fit_world_kind { FIT_OUTAGES, FIT_MAILBOXES };

#define FIT_MESSAGES 20000 /* their number is random, the mean is this */
#define FIT_DAYS 6
#define FIT_LATE_DAYS 2 /* when the log of mailboxes begins */

static inline void fit_mail(struct scenario *scenario, int sites)
{
    struct traffic_spec *traffic = scenario_add_traffic(scenario, "mail");

    traffic_set_kind(traffic, traffic_find("poisson"));
    put(traffic->ops->settings, traffic->settings, "rate", "%d/d", FIT_MESSAGES / FIT_DAYS);
    put(traffic->ops->settings, traffic->settings, "until", "%dd", FIT_DAYS);
    traffic->sender = scenario_add_name(scenario, "a@home.example");
    for (int i = 0; i < sites; i++) {
        char domain[40];
        snprintf(domain, sizeof domain, "s%d.example", i);
        traffic_add_destination(traffic, scenario_add_domain(scenario, domain), 1);
    }
}

static inline void fit_scenario(struct scenario *scenario, enum fit_world_kind kind,
                                const struct cure *truth)
{
    static const char *const forms[] = {"lognormal", "weibull"};
    const struct failure_ops *ops = failure_find(kind == FIT_OUTAGES ? "outage" : "greylist");
    double none = kind == FIT_OUTAGES ? 0 : 0.9, never = truth->value[CURE_SHARE];
    char nothing[40] = "";

    scenario_init(scenario);
    fit_mail(scenario, kind == FIT_OUTAGES ? 1000 : 1);
    void *settings = site_add_failure(scenario_add_site(scenario, "*"), ops);
    if (kind == FIT_OUTAGES)
        put(ops->settings, settings, "at", "36h");
    else
        put(ops->settings, settings, "text", "452 4.2.2 mailbox full");
    if (none > 0)
        snprintf(nothing, sizeof nothing, "%g: 0s, ", none);
    put(ops->settings, settings, kind == FIT_OUTAGES ? "for" : "delay",
        "mixture(%s%g: never, %g: %s(%.3fs, %g))", nothing, (1 - none) * never,
        (1 - none) * (1 - never), forms[truth->family], truth->value[CURE_SCALE],
        truth->value[CURE_SHAPE]);
    scenario->duration = FIT_DAYS * 86400 * SIM_SECOND;
    scenario_ready(scenario);
}

/* What a log that begins at `from` has of the message. */
static inline void fit_cut(struct logged_message *message, sim_time from)
{
    size_t trips = 0, attempts = 0;

    while (trips < message->activation_count && message->activations[trips].at < from)
        trips++;
    while (attempts < message->attempt_count && message->attempts[attempts].activation < trips)
        attempts++;
    message->born_in_log = message->born_in_log && message->arrival >= from;
    message->activation_count -= trips;
    message->attempt_count -= attempts;
    memmove(message->activations, message->activations + trips,
            message->activation_count * sizeof *message->activations);
    memmove(message->attempts, message->attempts + attempts,
            message->attempt_count * sizeof *message->attempts);
    for (size_t i = 0; i < message->attempt_count; i++)
        message->attempts[i].activation -= (uint32_t)trips;
}

/* Runs it, and takes what its log says. Returns how many messages came. */
static inline size_t fit_episodes(const struct scenario *scenario, uint64_t seed, sim_time from,
                                  struct episodes *episodes)
{
    struct postfix_settings settings;
    struct log_writer log;
    struct observers observers = {0};
    size_t messages = 0;

    postfix_settings_init(&settings);
    settings.maximal_queue_lifetime = 2 * 86400;
    log_writer_init(&log, scenario, seed, false);
    observers_add(&observers, &log.observer);
    world_run(&(struct run){scenario, mta_find("postfix"), &settings, seed, 0, &observers});
    episodes_init(episodes);
    for (size_t i = 0; i < log.count; i++) {
        messages += !log.messages[i]->is_notice;
        if (from > 0)
            fit_cut(log.messages[i], scenario->start + from);
        episodes_add(episodes, log.messages[i]);
    }
    episodes_ready(episodes);
    log_writer_fini(&log);
    return messages;
}

/* What was found in one world: its fits by family. */
struct fit_found {
    struct cure_fit fits[CURE_FAMILIES];
    size_t messages, spells, late;
};

static inline void fit_world(enum fit_world_kind kind, const struct cure *truth, uint64_t seed,
                             struct fit_found *found)
{
    sim_time from = kind == FIT_OUTAGES ? 0 : FIT_LATE_DAYS * 86400 * SIM_SECOND;
    struct scenario scenario;
    struct episodes episodes;

    fit_scenario(&scenario, kind, truth);
    *found = (struct fit_found){.messages = fit_episodes(&scenario, seed, from, &episodes)};
    const struct episode *list =
        episodes_of(&episodes, kind == FIT_OUTAGES ? CAUSE_REFUSED : CAUSE_MAILBOX, &found->spells);
    struct cure_spell *known = alloc_zeroed((found->spells + 1) * sizeof *known);
    for (size_t i = 0; i < found->spells; i++) {
        known[i] = episode_spell(&list[i]);
        found->late += known[i].entered > 0;
    }
    for (int family = 0; family < CURE_FAMILIES; family++)
        found->fits[family] = cure_fit((enum cure_family)family, known, found->spells);
    free(known);
    episodes_fini(&episodes);
    scenario_fini(&scenario);
}

#endif
