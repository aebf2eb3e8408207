/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Waits against queueing theory. One site that takes one delivery at a time is a queue with one
 * server; mail comes at random, rate lambda; a delivery takes 1 / mu on average; rho = lambda / mu.
 * The mean wait in line is rho / (mu - lambda) where deliveries take exponential times (M/M/1) and
 * half of that where all take the same (M/D/1): Pollaczek and Khinchin. A share rho waits at all;
 * of an M/M/1 a share rho exp(-(mu - lambda) t) waits for more than t.
 */
#include <criterion/criterion.h>
#include <math.h>

#include "models/mta/postfix/parameters.h"
#include "models/world.h"
#include "sim/interval.h"

#define REPLICATIONS 100
#define MESSAGES 6000
#define WARM_UP 500 /* messages that find the line too short, as it was empty in the beginning */
#define SERVICE_S 1.0

/* What messages waited between their arrival and their delivery agent. */
struct waits {
    struct observer observer;
    double sum_s;
    uint64_t count, waited, over_a_service;
    sim_time last_start; /* of the deliveries so far */
};

static void ended(struct observer *self, const struct activation *activation)
{
    struct waits *waits = CONTAINER_OF(self, struct waits, observer);
    const struct message *message = activation->message;
    sim_time start = activation->attempts[0].start;

    cr_assert_eq(activation->fate, FATE_REMOVED);
    cr_assert_geq(start, waits->last_start, "first come, first served");
    waits->last_start = start;
    if (message->number < WARM_UP)
        return;
    double wait_s = (double)(start - message->arrival) / SIM_SECOND;
    waits->sum_s += wait_s;
    waits->waited += wait_s > 0;
    waits->over_a_service += wait_s > SERVICE_S;
    waits->count++;
}

static const struct observer_ops waits_ops = {.ended = ended};

/* A bottleneck: mail for one site, which takes one delivery at a time. */
struct bottleneck {
    struct scenario scenario;
    struct postfix_settings settings;
    double lambda, mu; /* per second */
};

static void make_traffic(struct scenario *scenario, double lambda)
{
    struct traffic_spec *mail = scenario_add_traffic(scenario, "mail");
    const struct traffic_ops *poisson = traffic_find("poisson");
    char rate[32], until[32];
    struct err err;

    traffic_set_kind(mail, poisson);
    mail->sender = scenario_add_name(scenario, "s@a.example");
    traffic_add_destination(mail, scenario_add_domain_of(scenario, "@d.example"), 1);
    snprintf(rate, sizeof rate, "%.17g/s", lambda);
    snprintf(until, sizeof until, "%.0fs", MESSAGES / lambda);
    const struct text_context context = {0};
    cr_assert(
        setting_set(setting_find(poisson->settings, "rate"), mail->settings, rate, &context, &err),
        "%s", err.text);
    cr_assert(setting_set(setting_find(poisson->settings, "until"), mail->settings, until, &context,
                          &err),
              "%s", err.text);
}

static void bottleneck_init(struct bottleneck *it, double rho, enum dist_kind service)
{
    *it = (struct bottleneck){.lambda = rho / SERVICE_S, .mu = 1 / SERVICE_S};
    scenario_init(&it->scenario);
    make_traffic(&it->scenario, it->lambda);
    scenario_add_site(&it->scenario, "d.example")->latency[STAGE_DATA] =
        (struct dist){.kind = service, .a = SERVICE_S * SIM_SECOND};
    scenario_ready(&it->scenario);
    postfix_settings_init(&it->settings);
    it->settings.initial_destination_concurrency = 1;
    it->settings.default_destination_concurrency_limit = 1;
}

static void bottleneck_fini(struct bottleneck *it)
{
    scenario_fini(&it->scenario);
}

static struct waits run(const struct bottleneck *it, uint32_t replication)
{
    struct waits waits = {.observer.ops = &waits_ops};
    struct observers observers = {0};

    observers_add(&observers, &waits.observer);
    world_run(&(struct run){&it->scenario, mta_find("postfix"), &it->settings, 1, replication,
                            &observers});
    cr_assert_gt(waits.count, MESSAGES / 2);
    return waits;
}

/* Means over the mail of each replication. */
struct figures {
    double wait_s[REPLICATIONS], waited[REPLICATIONS], over_a_service[REPLICATIONS];
};

static void measure(struct figures *figures, double rho, enum dist_kind service)
{
    struct bottleneck bottleneck;

    bottleneck_init(&bottleneck, rho, service);
    for (uint32_t i = 0; i < REPLICATIONS; i++) {
        struct waits waits = run(&bottleneck, i);
        figures->wait_s[i] = waits.sum_s / (double)waits.count;
        figures->waited[i] = (double)waits.waited / (double)waits.count;
        figures->over_a_service[i] = (double)waits.over_a_service / (double)waits.count;
    }
    bottleneck_fini(&bottleneck);
}

/* The interval holds it, and is narrow enough that this says something. */
static void expect_mean(const char *what, const double *values, double theory, double width)
{
    struct interval it = interval_of(values, REPLICATIONS, 0.95);

    cr_expect(it.low <= theory && theory <= it.high, "%s: %.4f to %.4f, not %.4f", what, it.low,
              it.high, theory);
    cr_expect_lt(it.high - it.low, width * theory, "%s: %.4f to %.4f", what, it.low, it.high);
}

static void expect_exponential_service(double rho, double width)
{
    struct figures figures;
    double mu = 1 / SERVICE_S, lambda = rho * mu;

    measure(&figures, rho, DIST_EXPONENTIAL);
    expect_mean("wait", figures.wait_s, rho / (mu - lambda), width);
    expect_mean("waits at all", figures.waited, rho, width / 2);
    expect_mean("waits for a service", figures.over_a_service,
                rho * exp(-(mu - lambda) * SERVICE_S), width);
}

static void expect_constant_service(double rho, double width)
{
    struct figures figures;
    double mu = 1 / SERVICE_S, lambda = rho * mu;

    measure(&figures, rho, DIST_CONSTANT);
    expect_mean("wait", figures.wait_s, rho / (mu - lambda) / 2, width);
    expect_mean("waits at all", figures.waited, rho, width / 2);
}

Test(queueing, half_a_load_of_exponential_deliveries)
{
    expect_exponential_service(0.5, 0.04);
}

Test(queueing, a_high_load_of_exponential_deliveries)
{
    expect_exponential_service(0.8, 0.08);
}

Test(queueing, half_a_load_of_equal_deliveries)
{
    expect_constant_service(0.5, 0.04);
}

Test(queueing, a_high_load_of_equal_deliveries)
{
    expect_constant_service(0.8, 0.08);
}
