/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/bench/bench_contended.c - what windows, agents and dead sites cost
 *
 * usage: bench_contended slow|dead [MESSAGES [SITES [DAYS]]]
 *
 * MESSAGES (default 100,000) arrive within an hour at SITES (20) sites and are
 * retried for DAYS (5). slow: each answers 450 after 50 ms. dead: each refuses
 * connections. Twice, stock settings: without limits of any kind, and with
 * them. Prints attempts per CPU second of both, their ratio, and the peak memory
 * a message takes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "models/mta/postfix/parameters.h"
#include "models/results.h"
#include "models/world.h"

#define NO_LIMIT 1000000

static void set(const struct setting *table, void *object, const char *name, const char *value)
{
    struct err err;
    bool good = setting_set(setting_find(table, name), object, value, NULL, &err);

    REQUIRE(good);
}

static void add_site(struct scenario *scenario, struct traffic_spec *traffic, int number, bool dead)
{
    const struct failure_ops *ops = failure_find(dead ? "outage" : "reply");
    char name[64];

    snprintf(name, sizeof name, "@site%d.example", number);
    traffic_add_destination(traffic, scenario_add_domain_of(scenario, name), 1);
    struct site_spec *site = scenario_add_site(scenario, name + 1);
    void *settings = site_add_failure(site, ops);
    if (dead)
        set(ops->settings, settings, "for", "1000d");
    else
        site->latency[STAGE_RCPT] = (struct dist){.kind = DIST_CONSTANT, .a = 50000};
}

static void describe(struct scenario *scenario, const char *messages, int sites, bool dead)
{
    scenario_init(scenario);
    struct traffic_spec *traffic = scenario_add_traffic(scenario, "mail");

    traffic_set_kind(traffic, traffic_find("burst"));
    set(traffic->ops->settings, traffic->settings, "count", messages);
    set(traffic->ops->settings, traffic->settings, "within", "3600s");
    traffic->sender = scenario_add_name(scenario, "sender@local.example");
    for (int i = 0; i < sites; i++)
        add_site(scenario, traffic, i, dead);
    scenario_ready(scenario);
}

static double cpu_seconds(void)
{
    struct rusage now;

    getrusage(RUSAGE_SELF, &now);
    return (double)(now.ru_utime.tv_sec + now.ru_stime.tv_sec)
           + (double)(now.ru_utime.tv_usec + now.ru_stime.tv_usec) * 1e-6;
}

/* Attempts per second. */
static double run(const char *name, const struct scenario *scenario,
                  const struct postfix_settings *settings)
{
    struct results results;
    struct observers observers = {0};
    struct rusage after;
    double began = cpu_seconds();

    results_init(&results);
    observers_add(&observers, &results.observer);
    world_run(&(struct run){scenario, mta_find("postfix"), settings, 1, 0, &observers});
    double seconds = cpu_seconds() - began, attempts = (double)results_attempts(&results);
    getrusage(RUSAGE_SELF, &after);
    printf("%-9s attempts %.0f suspended %.0f s %.3f attempts_per_s %.3g ns_per_attempt %.1f "
           "peak_bytes_per_message %.1f\n",
           name, attempts, (double)results.outcomes[OUTCOME_SUSPENDED], seconds, attempts / seconds,
           seconds / attempts * 1e9, (double)after.ru_maxrss * 1024 / (double)results.messages);
    results_fini(&results);
    return attempts / seconds;
}

int main(int argc, char **argv)
{
    bool dead = argc > 1 && strcmp(argv[1], "dead") == 0;
    const char *messages = argc > 2 ? argv[2] : "100000";
    int sites = argc > 3 ? atoi(argv[3]) : 20;
    double days = argc > 4 ? atof(argv[4]) : 5;
    struct postfix_settings settings, free_of_limits;
    struct scenario scenario;

    postfix_settings_init(&settings);
    settings.maximal_queue_lifetime = (long)(days * 86400);
    free_of_limits = settings;
    free_of_limits.default_destination_concurrency_limit = 0;
    free_of_limits.initial_destination_concurrency = NO_LIMIT;
    free_of_limits.default_process_limit = NO_LIMIT;
    free_of_limits.qmgr_message_active_limit = 100L * NO_LIMIT;
    free_of_limits.default_destination_concurrency_failed_cohort_limit = 0;
    describe(&scenario, messages, sites, dead);
    double with = run("contended", &scenario, &settings);
    double without = run("free", &scenario, &free_of_limits);
    printf("ratio %.2f\n", with / without);
    scenario_fini(&scenario);
    return 0;
}
