/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scenarios made from a number are run, logged, made into scenarios again, and
 * run under the same settings. That number is the seed that a failure names.
 *
 * A log has whole seconds. Where answers take whole seconds too, all of it must
 * happen again, but for what the log does not tell: the answer to a trip that is
 * under way when it ends.
 */
#include <criterion/criterion.h>

#include "models/reconstruct.h"
#include "models/results.h"
#include "models/self_check.h"
#include "models/world.h"
#include "tests/models/log_writer.h"
#include "tests/models/random_world.h"

#define SEEDS 500

/* A world, and its log. */
struct original {
    uint64_t seed;
    struct postfix_settings settings;
    struct scenario scenario;
    struct log_writer log;
    struct reconstruction reconstruction;
};

static void run_logged(const struct original *original, const struct scenario *scenario,
                       struct log_writer *writer, struct results *results)
{
    struct observers observers = {0};

    observers_add(&observers, &writer->observer);
    observers_add(&observers, &results->observer);
    world_run(&(struct run){scenario, mta_find("postfix"), &original->settings, original->seed, 0,
                            &observers});
}

/* Of a clock that runs at one pace since before the start, as a replay's does. */
static void scan_at_one_pace(struct original *original)
{
    struct scenario *scenario = &original->scenario;

    scenario->scan_count = 0;
    if (scenario->scan_phase != SIM_NEVER)
        scenario->scan_phase %= original->settings.queue_run_delay * SIM_SECOND;
}

/* EXACT: answers take whole seconds. ALONE: no message waits for another, or suffers from it.
 * CROWDED: by Postfix's own defaults they do. */
enum world_kind { EXACT, ALONE, CROWDED };

static void original_init(struct original *original, uint64_t seed, enum world_kind kind)
{
    struct results results;

    *original = (struct original){.seed = seed, .settings = random_settings(seed)};
    random_scenario(&original->scenario, seed, false);
    if (kind == EXACT)
        answer_in_whole_seconds(&original->scenario);
    if (kind != CROWDED)
        without_contention(&original->settings);
    scan_at_one_pace(original);
    log_writer_init(&original->log, &original->scenario, seed, false);
    results_init(&results);
    run_logged(original, &original->scenario, &original->log, &results);
    results_fini(&results);
    reconstruct_init(&original->reconstruction);
    for (size_t i = 0; i < original->log.count; i++)
        reconstruct_add(&original->reconstruction, original->log.messages[i]);
    reconstruct_ready(&original->reconstruction);
}

static void original_fini(struct original *original)
{
    reconstruct_fini(&original->reconstruction);
    log_writer_fini(&original->log);
    scenario_fini(&original->scenario);
}

static struct reconstruct_plan plan_of(const struct original *original, enum recovery recovery)
{
    sim_time scan = original->log.scan;
    int64_t period = original->settings.queue_run_delay;

    return (struct reconstruct_plan){
        .recovery = recovery,
        .start = reconstruct_start(&original->reconstruction),
        .end = original->log.last + SIM_SECOND,
        .phase_s = scan == SIM_NEVER ? -1 : sim_second(scan) % period,
        .period = period,
    };
}

static const struct logged_message *find(const struct log_writer *log, const char *queue_id)
{
    for (size_t i = 0; i < log->count; i++) {
        if (!log->messages[i]->is_notice && strcmp(log->messages[i]->queue_id, queue_id) == 0)
            return log->messages[i];
    }
    return NULL;
}

static bool same_trips(const struct logged_message *a, const struct logged_message *b)
{
    if (a->activation_count != b->activation_count)
        return false;
    for (size_t i = 0; i < a->activation_count; i++) {
        if (a->activations[i].at != b->activations[i].at
            || a->activations[i].end != b->activations[i].end)
            return false;
    }
    return true;
}

/* Recipients come in the order of their sites, which is not the same in both. */
static const char *to(const struct logged_message *message, const struct logged_attempt *attempt)
{
    return message->recipients[attempt->recipient].address;
}

static bool has_answer(const struct logged_message *message, const char *recipient,
                       const struct logged_attempt *answer)
{
    for (size_t i = 0; i < message->attempt_count; i++) {
        const struct logged_attempt *attempt = &message->attempts[i];
        if (attempt->at == answer->at && attempt->status == answer->status
            && strcmp(to(message, attempt), recipient) == 0)
            return true;
    }
    return false;
}

static bool same_answers(const struct logged_message *a, const struct logged_message *b)
{
    if (a->attempt_count != b->attempt_count)
        return false;
    for (size_t i = 0; i < a->attempt_count; i++) {
        if (!has_answer(b, to(a, &a->attempts[i]), &a->attempts[i]))
            return false;
    }
    return true;
}

static enum logged_status last_status(const struct logged_message *message, const char *recipient)
{
    for (size_t i = 0; i < message->recipient_count; i++) {
        if (strcmp(message->recipients[i].address, recipient) == 0)
            return message->attempts[message->recipients[i].last].status;
    }
    return LOGGED_OTHER;
}

/* By what each recipient's last answer was, and whether it was given up. */
static bool same_fate(const struct logged_message *a, const struct logged_message *b)
{
    if (b == NULL || a->recipient_count != b->recipient_count
        || (a->expired == SIM_NEVER) != (b->expired == SIM_NEVER))
        return false;
    for (size_t i = 0; i < a->recipient_count; i++) {
        const char *recipient = a->recipients[i].address;
        if (last_status(a, recipient) != last_status(b, recipient))
            return false;
    }
    return true;
}

static bool same_life(const struct logged_message *a, const struct logged_message *b)
{
    return b != NULL && same_trips(a, b) && same_answers(a, b) && a->expired == b->expired
           && a->removed == b->removed && a->delay_notices == b->delay_notices
           && a->bounce_notices == b->bounce_notices;
}

/* By an alias too: which of the two met what is not known by the address. */
static bool has_recipient_twice(const struct logged_message *message)
{
    for (size_t i = 0; i < message->recipient_count; i++) {
        if (message->recipients[i].original != NULL)
            return true;
    }
    return false;
}

/* Mail that is replayed, and whose last answer is known. */
static bool is_comparable(const struct logged_message *message)
{
    return !message->is_notice && message->attempt_count > 0
           && message->activations[message->activation_count - 1].end != SIM_NEVER
           && !has_recipient_twice(message);
}

static void run_again(const struct original *original, const struct scenario *scenario,
                      struct log_writer *log)
{
    struct results results;

    log_writer_init(log, scenario, original->seed, true);
    results_init(&results);
    run_logged(original, scenario, log, &results);
    results_fini(&results);
}

/* Calls `same` for each message that can be compared and what became of it; counts both answers. */
static void replay(const struct original *original, enum recovery recovery,
                   bool (*same)(const struct logged_message *, const struct logged_message *),
                   size_t counts[2])
{
    struct reconstruct_plan plan = plan_of(original, recovery);
    struct scenario scenario;
    struct log_writer log;

    reconstruct_scenario(&original->reconstruction, &plan, &scenario);
    run_again(original, &scenario, &log);
    for (size_t i = 0; i < original->log.count; i++) {
        const struct logged_message *message = original->log.messages[i];
        if (is_comparable(message))
            counts[same(message, find(&log, message->queue_id))]++;
    }
    log_writer_fini(&log);
    scenario_fini(&scenario);
}

Test(replay_worlds, every_message_lives_the_same_life_again)
{
    size_t counts[2] = {0, 0};

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct original original;

        original_init(&original, seed, EXACT);
        for (int i = 0; i <= RECOVERY_LATEST && original.reconstruction.arrival_count > 0; i++) {
            replay(&original, (enum recovery)i, same_life, counts);
            cr_assert_eq(counts[false], 0, "seed %llu, recovery %s", (unsigned long long)seed,
                         recovery_names[i]);
        }
        original_fini(&original);
    }
    cr_expect_gt(counts[true], 20000);
}

static void replay_fates(bool crowded, size_t counts[2])
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct original original;

        original_init(&original, seed, crowded ? CROWDED : ALONE);
        if (original.reconstruction.arrival_count > 0)
            replay(&original, RECOVERY_MIDDLE, same_fate, counts);
        original_fini(&original);
    }
}

/* Times to the microsecond do not survive a log: some messages are then taken by another scan. */
Test(replay_worlds, nearly_every_message_meets_the_same_fate_whatever_the_answers_take)
{
    size_t counts[2] = {0, 0};

    replay_fates(false, counts);
    cr_expect_gt(counts[true], 7000);
    cr_expect_lt(counts[false] * 100, counts[true], "%zu of %zu differ", counts[false],
                 counts[false] + counts[true]);
}

/* Nor does the order of what happens within a second, and a site dies by that order. */
Test(replay_worlds, most_messages_meet_the_same_fate_where_sites_die)
{
    size_t counts[2] = {0, 0};

    replay_fates(true, counts);
    cr_expect_gt(counts[true], 7000);
    cr_expect_lt(counts[false] * 20, counts[true], "%zu of %zu differ", counts[false],
                 counts[false] + counts[true]);
}

/* ------------------------------------------------------------ the self-check */

static struct self_check_result check(const struct original *original)
{
    struct self_check_result result;
    struct self_check self_check;

    self_check_init(&self_check, &original->settings);
    for (size_t i = 0; i < original->log.count; i++)
        self_check_add(&self_check, original->log.messages[i]);
    self_check_finish(&self_check, &result);
    self_check_fini(&self_check);
    return result;
}

Test(replay_worlds, every_retry_is_on_the_scan_that_the_self_check_says)
{
    uint64_t retries = 0;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct original original;

        original_init(&original, seed, EXACT);
        struct self_check_result result = check(&original);
        cr_assert_eq(result.on_scan, result.retries, "seed %llu: %llu of %llu",
                     (unsigned long long)seed, (unsigned long long)result.on_scan,
                     (unsigned long long)result.retries);
        retries += result.retries;
        original_fini(&original);
    }
    cr_expect_gt(retries, 10000);
}
