/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/bench/bench_run.c - how fast a simulation runs
 *
 * usage: bench_run [MESSAGES [DAYS [WITHIN_S [FOLDER]]]]
 *
 * MESSAGES (default a million) arrive within WITHIN_S (an hour) at ten sites
 * that always answer 450 at once, stock settings, and are retried for DAYS (5).
 * Statistics only; with FOLDER, attempts.csv is written there as well. Prints
 * attempts, CPU seconds (those of the system apart), attempts per second of both
 * together and the peak memory a message takes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "io/event_csv.h"
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

static double seconds_between(const struct timeval *from, const struct timeval *to)
{
    return (double)(to->tv_sec - from->tv_sec) + (double)(to->tv_usec - from->tv_usec) * 1e-6;
}

static void report(const struct results *results, const struct rusage *before,
                   const struct rusage *after)
{
    double user = seconds_between(&before->ru_utime, &after->ru_utime);
    double system = seconds_between(&before->ru_stime, &after->ru_stime);
    double attempts = (double)results_attempts(results);

    printf("messages %.0f attempts %.0f user_s %.3f system_s %.3f attempts_per_s %.3g "
           "ns_per_attempt %.1f peak_bytes_per_message %.1f\n",
           (double)results->messages, attempts, user, system, attempts / (user + system),
           (user + system) / attempts * 1e9,
           (double)after->ru_maxrss * 1024 / (double)results->messages);
}

static void open_csv(struct attempts_csv *csv, const struct scenario *scenario, const char *folder,
                     struct observers *observers)
{
    struct catalogue catalogue = {scenario, {1, 0}, false};
    struct err err;
    bool good = attempts_csv_open(csv, folder, &err);

    REQUIRE(good);
    attempts_csv_begin(csv, &catalogue);
    observers_add(observers, &csv->observer);
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
    struct attempts_csv csv = {0};
    struct rusage before, after;

    postfix_settings_init(&settings);
    settings.maximal_queue_lifetime = (long)(days * 86400);
    describe(&scenario, messages, within_s);
    results_init(&results);
    observers_add(&observers, &results.observer);
    if (argc > 4)
        open_csv(&csv, &scenario, argv[4], &observers);
    getrusage(RUSAGE_SELF, &before);
    world_run(&(struct run){&scenario, mta_find("postfix"), &settings, 1, 0, &observers});
    getrusage(RUSAGE_SELF, &after);
    report(&results, &before, &after);
    output_discard(&csv.output);
    results_fini(&results);
    scenario_fini(&scenario);
    return 0;
}
