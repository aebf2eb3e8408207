/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole runs of scenarios made from a number, watched by a witness; that number is the seed that a
 * failure names. */
#include "models/world.h"

#include <criterion/criterion.h>

#include "models/results.h"
#include "tests/models/random_world.h"
#include "tests/models/witness.h"

#define SEEDS 1000

/* One run; `witness` keeps what it saw. Results, if asked for, are told the same. */
static void witness_run(struct witness *witness, const struct run *wanted, struct results *results)
{
    struct observers observers = {0};
    struct run run = *wanted;

    run.observers = &observers;
    witness_init(witness, &run);
    observers_add(&observers, &witness->observer);
    if (results != NULL)
        observers_add(&observers, &results->observer);
    world_run(&run);
    witness->run = wanted;
    cr_assert(witness->finished, "seed %llu", (unsigned long long)run.seed);
    cr_assert_null(witness->fault, "seed %llu: witness:%d: %s", (unsigned long long)run.seed,
                   witness->line, witness->fault);
    cr_assert_null(witness->sites.fault, "seed %llu: witness_sites.h:%d: %s",
                   (unsigned long long)run.seed, witness->sites.line, witness->sites.fault);
}

static struct run run_of(const struct scenario *scenario, const struct postfix_settings *settings,
                         uint64_t seed)
{
    return (struct run){
        .scenario = scenario, .mta = mta_find("postfix"), .mta_settings = settings, .seed = seed};
}

/* Any world, made from a number. */
static void make_world(struct scenario *scenario, struct postfix_settings *settings, uint64_t seed)
{
    *settings = random_settings(seed);
    random_scenario(scenario, seed, false);
    random_contention(scenario, settings, seed);
}

/* What all the scenarios together came to. */
struct coverage {
    struct tally mail;
    uint64_t notices, warnings, several, empty;
    uint64_t untried, deaths, late, flushes, operated[OPERATION_COUNT];
};

static void cover(struct coverage *coverage, const struct witness *witness)
{
    coverage->mail.sent += witness->mail.sent;
    coverage->mail.bounced += witness->mail.bounced;
    coverage->mail.expired += witness->mail.expired;
    coverage->mail.queued += witness->mail.queued;
    coverage->untried += witness->untried;
    coverage->deaths += witness->sites.deaths;
    coverage->late += witness->late;
    coverage->flushes += witness->flushes;
    for (int kind = 0; kind < OPERATION_COUNT; kind++)
        coverage->operated[kind] += witness->operated[kind];
    coverage->notices += witness->notices;
    coverage->warnings += witness->warnings;
    coverage->empty += witness->messages == 0;
    for (size_t i = 0; i < witness->count; i++)
        coverage->several += witness->known[i].recipients > 1;
}

/* And the scenarios are worth it: each thing that can happen did, often. */
Test(random_worlds, whatever_the_scenario_the_books_balance)
{
    struct coverage all = {0};

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct postfix_settings settings;
        struct scenario scenario;
        struct witness witness;

        make_world(&scenario, &settings, seed);
        struct run run = run_of(&scenario, &settings, seed);
        witness_run(&witness, &run, NULL);
        cover(&all, &witness);
        witness_fini(&witness);
        scenario_fini(&scenario);
    }
    cr_expect_gt(all.mail.sent, 1000);
    cr_expect_gt(all.mail.bounced, 1000);
    cr_expect_gt(all.mail.expired, 1000);
    cr_expect_gt(all.mail.queued, 1000);
    cr_expect_gt(all.notices, 1000);
    cr_expect_gt(all.warnings, 1000);
    cr_expect_gt(all.several, 1000);
    cr_expect_gt(all.empty, 0);
    cr_expect_gt(all.deaths, 1000);
    cr_expect_gt(all.untried, 1000);
    cr_expect_gt(all.late, 1000);
    cr_expect_gt(all.flushes, 100);
    cr_expect_gt(all.operated[OPERATION_DELETE], 100);
    cr_expect_gt(all.operated[OPERATION_HOLD], 100);
    cr_expect_gt(all.operated[OPERATION_RELEASE], 100);
    cr_expect_gt(all.operated[OPERATION_REQUEUE], 100);
    cr_expect_gt(all.operated[OPERATION_EXPIRE], 100);
}

Test(random_worlds, the_same_seed_tells_the_same_story)
{
    for (uint64_t seed = 1; seed <= SEEDS / 3; seed++) {
        uint64_t hash[2];

        for (int i = 0; i < 2; i++) {
            struct postfix_settings settings;
            struct scenario scenario;
            struct witness witness;

            make_world(&scenario, &settings, seed);
            struct run run = run_of(&scenario, &settings, seed);
            witness_run(&witness, &run, NULL);
            hash[i] = witness.hash;
            witness_fini(&witness);
            scenario_fini(&scenario);
        }
        cr_assert_eq(hash[0], hash[1], "seed %llu", (unsigned long long)seed);
    }
}

/* A scenario is shared by all runs of it: none may leave a trace. */
Test(random_worlds, a_scenario_can_be_run_again)
{
    for (uint64_t seed = 1; seed <= SEEDS / 3; seed++) {
        struct postfix_settings settings;
        struct scenario scenario;
        struct witness first, second;

        make_world(&scenario, &settings, seed);
        struct run run = run_of(&scenario, &settings, seed);
        witness_run(&first, &run, NULL);
        witness_run(&second, &run, NULL);
        cr_assert_eq(first.hash, second.hash, "seed %llu", (unsigned long long)seed);
        witness_fini(&first);
        witness_fini(&second);
        scenario_fini(&scenario);
    }
}

Test(random_worlds, another_replication_tells_another_story)
{
    size_t same = 0;

    for (uint64_t seed = 1; seed <= SEEDS / 3; seed++) {
        struct postfix_settings settings;
        struct scenario scenario;
        struct witness first, second;

        make_world(&scenario, &settings, seed);
        struct run run = run_of(&scenario, &settings, seed);
        witness_run(&first, &run, NULL);
        run.replication = 1;
        witness_run(&second, &run, NULL);
        same += first.hash == second.hash && first.count > 0;
        witness_fini(&first);
        witness_fini(&second);
        scenario_fini(&scenario);
    }
    cr_expect_lt(same, SEEDS / 3 / 5, "%zu stories do not hang on luck", same);
}

/* ------------------------------------------------------------ common random numbers */

Test(random_worlds, two_policies_meet_the_same_arrivals_and_outages)
{
    for (uint64_t seed = 1; seed <= SEEDS / 3; seed++) {
        struct postfix_settings one = random_settings(seed), other = random_settings(seed + 10000);
        struct scenario scenario;
        struct witness first, second;

        other.smtp_connect_timeout = one.smtp_connect_timeout;
        without_contention(&one);
        without_contention(&other);
        random_scenario(&scenario, seed, true);
        struct run run = run_of(&scenario, &one, seed);
        witness_run(&first, &run, NULL);
        run.mta_settings = &other;
        witness_run(&second, &run, NULL);
        cr_assert_eq(first.messages, second.messages, "seed %llu", (unsigned long long)seed);
        cr_assert_eq(first.arrivals, second.arrivals, "seed %llu", (unsigned long long)seed);
        cr_assert_eq(first.first_luck, second.first_luck, "seed %llu", (unsigned long long)seed);
        witness_fini(&first);
        witness_fini(&second);
        scenario_fini(&scenario);
    }
}

static void describe(struct scenario *scenario, const char *failure, const char *name,
                     const char *value)
{
    const struct failure_ops *ops = failure_find(failure);

    scenario_init(scenario);
    struct traffic_spec *traffic = scenario_add_traffic(scenario, "mail");
    traffic_set_kind(traffic, traffic_find("even"));
    put(traffic->ops->settings, traffic->settings, "rate", "1/min");
    put(traffic->ops->settings, traffic->settings, "until", "12h");
    traffic_add_destination(traffic, scenario_add_domain_of(scenario, "u@site.example"), 1);
    struct site_spec *site = scenario_add_site(scenario, "site.example");
    put(ops->settings, site_add_failure(site, ops), name, "%s", value);
    scenario_ready(scenario);
}

/* Each message is accepted at its n-th attempt, n being its own: whenever that is made. */
Test(random_worlds, the_nth_attempt_meets_the_same_luck_under_any_policy)
{
    struct postfix_settings one, other;
    struct scenario scenario;
    struct witness first, second;

    postfix_settings_init(&one);
    other = one;
    other.queue_run_delay = 70;
    other.minimal_backoff_time = 900;
    describe(&scenario, "random", "p", "0.6");
    struct run run = run_of(&scenario, &one, 7);
    witness_run(&first, &run, NULL);
    run.mta_settings = &other;
    witness_run(&second, &run, NULL);

    cr_assert_eq(first.count, 720);
    cr_assert_eq(first.mail.sent, 720);
    cr_expect_gt(first.attempts, 1600);
    cr_expect_neq(first.hash, second.hash);
    for (size_t i = 0; i < 720; i++)
        cr_expect_eq(first.known[i].message.activations, second.known[i].message.activations,
                     "message %zu", i);
    witness_fini(&first);
    witness_fini(&second);
    scenario_fini(&scenario);
}

/* How many messages came while a drawn outage lasted. */
static size_t refused(const struct scenario *scenario, const struct postfix_settings *settings,
                      uint32_t replication)
{
    struct run run = run_of(scenario, settings, 7);
    struct witness witness;
    size_t n = 0;

    run.replication = replication;
    witness_run(&witness, &run, NULL);
    while (n < witness.count && witness.known[n].message.activations > 1)
        n++;
    witness_fini(&witness);
    return n;
}

Test(random_worlds, an_outage_lasts_as_long_under_any_policy_but_not_in_any_replication)
{
    struct postfix_settings one, other;
    struct scenario scenario;
    size_t lengths[5], longest = 0, shortest = SIZE_MAX;

    postfix_settings_init(&one);
    without_contention(&one);
    other = one;
    other.queue_run_delay = 70;
    other.minimal_backoff_time = 900;
    describe(&scenario, "outage", "for", "uniform(1h, 10h)");
    for (uint32_t i = 0; i < 5; i++) {
        lengths[i] = refused(&scenario, &one, i);
        cr_expect_eq(refused(&scenario, &other, i), lengths[i], "replication %u", i);
        longest = lengths[i] > longest ? lengths[i] : longest;
        shortest = lengths[i] < shortest ? lengths[i] : shortest;
    }
    cr_expect(shortest >= 60 && longest <= 600, "%zu to %zu minutes", shortest, longest);
    cr_expect_gt(longest, shortest + 60);
    scenario_fini(&scenario);
}

/* ------------------------------------------------------------ files without rows */

static void add_site_of_empty_files(struct scenario *scenario)
{
    struct site_spec *site = scenario_add_site(scenario, "site.example");

    for (size_t i = 0; failures[i] != NULL; i++) {
        if (failures[i]->rows == NULL)
            continue;
        void *settings = site_add_failure(site, failures[i]);
        if (failures[i]->rows->ready != NULL)
            failures[i]->rows->ready(settings);
    }
}

Test(random_worlds, files_without_rows_are_no_mail_and_no_failures)
{
    struct postfix_settings settings;
    struct scenario scenario;
    struct witness witness;

    postfix_settings_init(&settings);
    scenario_init(&scenario);
    struct traffic_spec *burst = scenario_add_traffic(&scenario, "one");
    traffic_set_kind(burst, traffic_find("burst"));
    put(burst->ops->settings, burst->settings, "count", "1");
    traffic_add_destination(burst, scenario_add_domain_of(&scenario, "u@site.example"), 1);
    struct traffic_spec *trace = scenario_add_traffic(&scenario, "none");
    traffic_set_kind(trace, traffic_find("trace"));
    trace->ops->rows->ready(trace->settings);
    add_site_of_empty_files(&scenario);
    scenario_ready(&scenario);
    struct run run = run_of(&scenario, &settings, 1);
    witness_run(&witness, &run, NULL);
    cr_expect_eq(witness.messages, 1);
    cr_expect_eq(witness.mail.sent, 1);
    cr_expect_eq(witness.attempts, 1);
    witness_fini(&witness);
    scenario_fini(&scenario);
}

/* ------------------------------------------------------------ results */

Test(random_worlds, results_sum_up_what_the_witness_saw)
{
    for (uint64_t seed = 1; seed <= SEEDS / 3; seed++) {
        struct postfix_settings settings;
        struct scenario scenario;
        struct witness witness;
        struct results results;

        make_world(&scenario, &settings, seed);
        results_init(&results);
        struct run run = run_of(&scenario, &settings, seed);
        witness_run(&witness, &run, &results);
        cr_assert_eq(results.messages, witness.messages);
        cr_assert_eq(results.notices, witness.notices);
        cr_assert_eq(results.warnings, witness.warnings);
        cr_assert_leq(results.warnings_unneeded, witness.warnings);
        cr_assert_eq(results_attempts(&results), witness.attempts);
        cr_assert_eq(results.fates.delivered, witness.mail.sent);
        cr_assert_eq(results.fates.bounced, witness.mail.bounced);
        cr_assert_eq(results.fates.expired, witness.mail.expired);
        cr_assert_eq(results.fates.queued, witness.mail.queued);
        results_fini(&results);
        witness_fini(&witness);
        scenario_fini(&scenario);
    }
}
