/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/bench/bench_run.c - how fast a simulation runs, statistics only
 *
 * usage: bench_run [MESSAGES [DAYS [WITHIN_S]]]
 *
 * MESSAGES (default a million) arrive within WITHIN_S (an hour) at ten sites
 * that always answer 450 at once, stock settings, and are retried for DAYS (5).
 * Prints attempts, CPU seconds, attempts per second and the peak memory a
 * message takes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "models/mta/postfix/parameters.h"
#include "models/results.h"
#include "models/world.h"

#define SITES 10

static void describe(struct scenario *scenario, int64_t messages, int64_t within_s)
{
    struct err err;
    char text[64];

    scenario_init(scenario);
    struct traffic_spec *traffic = scenario_add_traffic(scenario, "mail");
    traffic_set_kind(traffic, traffic_find("burst"));
    snprintf(text, sizeof text, "%lld", (long long)messages);
    bool good = setting_set(setting_find(traffic->ops->settings, "count"), traffic->settings, text,
                            NULL, &err);
    snprintf(text, sizeof text, "%llds", (long long)within_s);
    good &= setting_set(setting_find(traffic->ops->settings, "within"), traffic->settings, text,
                        NULL, &err);
    REQUIRE(good);
    traffic->sender = scenario_add_name(scenario, "sender@local.example");
    for (int i = 0; i < SITES; i++) {
        snprintf(text, sizeof text, "@site%d.example", i);
        traffic_add_destination(traffic, scenario_add_domain_of(scenario, text), 1);
        site_add_failure(scenario_add_site(scenario, text + 1), failure_find("reply"));
    }
    scenario_ready(scenario);
}

static double cpu_seconds(const struct rusage *usage)
{
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec)
           + (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) * 1e-6;
}

static void report(const struct results *results, const struct rusage *before,
                   const struct rusage *after)
{
    double seconds = cpu_seconds(after) - cpu_seconds(before);
    double attempts = (double)results_attempts(results);

    printf("messages %.0f attempts %.0f cpu_s %.3f attempts_per_s %.3g ns_per_attempt %.1f "
           "peak_bytes_per_message %.1f\n",
           (double)results->messages, attempts, seconds, attempts / seconds,
           seconds / attempts * 1e9, (double)after->ru_maxrss * 1024 / (double)results->messages);
}

int main(int argc, char **argv)
{
    int64_t messages = argc > 1 ? atoll(argv[1]) : 1000000;
    double days = argc > 2 ? atof(argv[2]) : 5;
    int64_t within_s = argc > 3 ? atoll(argv[3]) : 3600;
    struct postfix_settings settings;
    struct scenario scenario;
    struct results results;
    struct observers observers = {0};
    struct rusage before, after;

    postfix_settings_init(&settings);
    settings.maximal_queue_lifetime = (long)(days * 86400);
    describe(&scenario, messages, within_s);
    results_init(&results);
    observers_add(&observers, &results.observer);
    getrusage(RUSAGE_SELF, &before);
    world_run(&(struct run){&scenario, mta_find("postfix"), &settings, 1, 0, &observers});
    getrusage(RUSAGE_SELF, &after);
    report(&results, &before, &after);
    results_fini(&results);
    scenario_fini(&scenario);
    return 0;
}
