/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scenarios made from a number are run and logged, made into scenarios again, and run under
 * settings made from another number. Wherever the log has a site refuse one message and then
 * another, and let in nobody in between, nothing is delivered to it in between, whatever the
 * settings. That number is the seed that a failure names.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "models/reconstruct.h"
#include "models/results.h"
#include "models/world.h"
#include "tests/models/log_writer.h"
#include "tests/models/random_world.h"

#define SEEDS 300
#define MOST_CONTACTS 20000

/* What the log tells of sites, in any order. */
static struct meeting {
    sim_time at; /* when an agent had it */
    const char *domain;
    bool refused;
} meetings[MOST_CONTACTS];
static size_t meeting_count;

static const char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');

    return at == NULL ? "" : at + 1;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* As log_writer words it. */
static bool had_no_session(const char *text)
{
    return begins(text, "Host or domain name") || begins(text, "connect to ")
           || begins(text, "host mx[192.0.2.1] refused");
}

static void meet(const struct logged_message *message, const struct logged_attempt *attempt)
{
    bool refused = attempt->status == LOGGED_DEFERRED && had_no_session(attempt->text);
    bool let_in = attempt->status == LOGGED_SENT
                  || (attempt->status != LOGGED_SUSPENDED && !had_no_session(attempt->text));

    if (!refused && !let_in)
        return;
    cr_assert_lt(meeting_count, MOST_CONTACTS);
    meetings[meeting_count++] = (struct meeting){
        .at = message->activations[attempt->activation].at + attempt->delays[1],
        .domain = domain_of(message->recipients[attempt->recipient].address),
        .refused = refused,
    };
}

static void meet_all(const struct log_writer *log)
{
    meeting_count = 0;
    for (size_t i = 0; i < log->count; i++) {
        for (size_t k = 0; k < log->messages[i]->attempt_count; k++)
            meet(log->messages[i], &log->messages[i]->attempts[k]);
    }
}

/* The last meeting not after `at`, and the first after it; of those at once a refusal is the
 * earlier one. */
static bool was_away(const char *domain, sim_time at)
{
    const struct meeting *before = NULL, *after = NULL;

    for (size_t i = 0; i < meeting_count; i++) {
        const struct meeting *m = &meetings[i];
        if (strcasecmp(m->domain, domain) != 0)
            continue;
        if (m->at <= at) {
            if (before == NULL || m->at > before->at || (m->at == before->at && !m->refused))
                before = m;
        } else if (after == NULL || m->at < after->at || (m->at == after->at && m->refused)) {
            after = m;
        }
    }
    return before != NULL && after != NULL && before->refused && after->refused;
}

static void run(const struct scenario *scenario, const struct postfix_settings *settings,
                uint64_t seed, struct log_writer *log, bool again)
{
    struct observers observers = {0};

    log_writer_init(log, scenario, seed, again);
    observers_add(&observers, &log->observer);
    world_run(&(struct run){scenario, mta_find("postfix"), settings, seed, 0, &observers});
}

/* Nobody waits for an agent, and so when a trip began is when the site was asked. */
static struct postfix_settings settings_of(uint64_t seed)
{
    struct postfix_settings settings = random_settings(seed);

    without_contention(&settings);
    return settings;
}

/* Every delivery of mail and of notices. */
static size_t count_deliveries(const struct log_writer *log, uint64_t seed, const char *recovery)
{
    size_t count = 0;

    for (size_t i = 0; i < log->count; i++) {
        const struct logged_message *message = log->messages[i];
        for (size_t k = 0; k < message->attempt_count; k++) {
            const struct logged_attempt *attempt = &message->attempts[k];
            const char *to = message->recipients[attempt->recipient].address;
            sim_time at = message->activations[attempt->activation].at + attempt->delays[1];
            if (attempt->status != LOGGED_SENT)
                continue;
            cr_assert_not(was_away(domain_of(to), at), "seed %llu, %s: %s to %s at %lld",
                          (unsigned long long)seed, recovery, message->queue_id, to,
                          (long long)sim_second(at));
            count++;
        }
    }
    return count;
}

static size_t what_if(const struct reconstruction *r, const struct log_writer *log, uint64_t seed,
                      enum recovery recovery)
{
    struct postfix_settings settings = settings_of(seed), other = settings_of(seed + 1000);
    int64_t period = settings.queue_run_delay;
    struct reconstruct_plan plan = {
        .recovery = recovery,
        .start = reconstruct_start(r),
        .end = log->last + SIM_SECOND,
        .phase_s = log->scan == SIM_NEVER ? -1 : sim_second(log->scan) % period,
        .period = period,
    };
    struct scenario scenario;
    struct log_writer again;

    reconstruct_scenario(r, &plan, &scenario);
    run(&scenario, &other, seed, &again, true);
    size_t count = count_deliveries(&again, seed, recovery_names[recovery]);
    log_writer_fini(&again);
    scenario_fini(&scenario);
    return count;
}

static void log_world(uint64_t seed, struct scenario *scenario, struct log_writer *log,
                      struct reconstruction *r)
{
    struct postfix_settings settings = settings_of(seed);

    random_scenario(scenario, seed, false);
    answer_in_whole_seconds(scenario);
    scenario->scan_count = 0;
    run(scenario, &settings, seed, log, false);
    reconstruct_init(r);
    for (size_t i = 0; i < log->count; i++)
        reconstruct_add(r, log->messages[i]);
    reconstruct_ready(r);
    meet_all(log);
}

Test(shared_worlds, nothing_is_delivered_while_a_site_refuses_others)
{
    size_t deliveries = 0;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct scenario scenario;
        struct log_writer log;
        struct reconstruction r;

        log_world(seed, &scenario, &log, &r);
        for (int i = 0; i <= RECOVERY_LATEST && r.arrival_count > 0; i++)
            deliveries += what_if(&r, &log, seed, (enum recovery)i);
        reconstruct_fini(&r);
        log_writer_fini(&log);
        scenario_fini(&scenario);
    }
    cr_expect_gt(deliveries, 5000, "%zu", deliveries);
}
