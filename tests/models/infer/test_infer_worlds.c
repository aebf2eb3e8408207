/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scenarios made from a number are run and logged; from the log alone must come
 * the settings that they were run with. That number is the seed that a failure
 * names.
 */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "models/infer/infer.h"
#include "models/results.h"
#include "models/world.h"
#include "tests/models/log_writer.h"
#include "tests/models/random_world.h"

#define SEEDS 30

#define HOUR 3600

/* A run, its log, and what came of that. */
struct trial {
    uint64_t seed;
    struct dice dice;
    struct postfix_settings settings;
    struct scenario scenario;
    struct log_writer log;
    struct infer infer;
    struct infer_result result;
};

static long one_of(struct dice *dice, long usual, long low, long high)
{
    return dice_one_in(dice, 3) ? usual : dice_from(dice, low, high);
}

static void choose_settings(struct trial *trial)
{
    struct dice *dice = &trial->dice;
    struct postfix_settings *settings = &trial->settings;

    postfix_settings_init(settings);
    settings->queue_run_delay = one_of(dice, 300, 30, 1200);
    settings->minimal_backoff_time = one_of(dice, 300, 30, 1800);
    settings->maximal_backoff_time = one_of(dice, 4000, 600, 10000);
    settings->maximal_queue_lifetime = dice_from(dice, 4, 48) * HOUR;
    settings->bounce_queue_lifetime = dice_from(dice, 1, 48) * HOUR;
    settings->delay_warning_time = dice_one_in(dice, 3) ? 0 : dice_from(dice, 600, 6 * HOUR);
    postfix_settings_clamp(settings, NULL);
}

static void add_failing_site(struct trial *trial, const char *name, const char *kind,
                             const char *setting, const char *value)
{
    struct site_spec *site = scenario_add_site(&trial->scenario, name);
    const struct failure_ops *ops = failure_find(kind);
    struct err err;

    put(ops->settings, site_add_failure(site, ops), setting, "%s", value);
    cr_assert(
        dist_parse(&site->latency[STAGE_RCPT], "exponential(2s)", &(struct text_context){0}, &err));
}

static void add_mail(struct trial *trial, const char *name, const char *sender, uint32_t a_day)
{
    struct traffic_spec *mail = scenario_add_traffic(&trial->scenario, name);
    static const char *const addresses[] = {"u@never.example", "u@grey.example", "u@half.example"};

    traffic_set_kind(mail, traffic_find("poisson"));
    put(mail->ops->settings, mail->settings, "rate", "%u/d", a_day);
    put(mail->ops->settings, mail->settings, "from", "0s");
    put(mail->ops->settings, mail->settings, "until", "12h");
    mail->sender = scenario_add_name(&trial->scenario, sender);
    for (size_t i = 0; i < COUNT_OF(addresses); i++)
        traffic_add_destination(mail, scenario_add_domain_of(&trial->scenario, addresses[i]), 1);
}

/* Notices go home, and are kept there. */
static void choose_scenario(struct trial *trial, uint32_t a_day)
{
    struct scenario *scenario = &trial->scenario;

    scenario_init(scenario);
    scenario->start = INT64_C(1780272000) * SIM_SECOND;
    scenario->scan_phase =
        dice_from(&trial->dice, 0, trial->settings.queue_run_delay * 1000 - 1) * 1000;
    scenario->duration = dice_from(&trial->dice, 12, 96) * HOUR * SIM_SECOND;
    add_failing_site(trial, "never.example", "reply", "text", "450 4.2.0 busy");
    add_failing_site(trial, "home.example", "reply", "text", "450 4.2.0 busy");
    add_failing_site(trial, "half.example", "random", "p", "0.5");
    add_failing_site(trial, "grey.example", "greylist", "delay", "20min");
    add_mail(trial, "mail", "a@home.example", a_day * 5 / 6);
    add_mail(trial, "bounces", "", a_day / 6);
}

static void log_run(struct trial *trial)
{
    struct observers observers = {0};

    scenario_ready(&trial->scenario);
    log_writer_init(&trial->log, &trial->scenario, trial->seed, false);
    observers_add(&observers, &trial->log.observer);
    world_run(&(struct run){&trial->scenario, mta_find("postfix"), &trial->settings, trial->seed, 0,
                            &observers});
}

/* With `a_day` messages, a sixth of them of no sender. */
static void trial_init(struct trial *trial, uint64_t seed, uint32_t a_day)
{
    *trial = (struct trial){.seed = seed, .dice = {rng_mix(seed * 2 + 1)}};
    choose_settings(trial);
    choose_scenario(trial, a_day);
}

static void trial_infer(struct trial *trial)
{
    log_run(trial);
    for (size_t i = 0; i < trial->log.count; i++)
        infer_add(&trial->infer, trial->log.messages[i]);
    infer_finish(&trial->infer, &trial->result);
}

static void trial_fini(struct trial *trial)
{
    infer_result_fini(&trial->result);
    infer_fini(&trial->infer);
    log_writer_fini(&trial->log);
    scenario_fini(&trial->scenario);
}

static int64_t truth(const struct trial *trial, enum infer_setting setting)
{
    const long values[] = {
        [INFER_QUEUE_RUN_DELAY] = trial->settings.queue_run_delay,
        [INFER_MINIMAL_BACKOFF_TIME] = trial->settings.minimal_backoff_time,
        [INFER_MAXIMAL_BACKOFF_TIME] = trial->settings.maximal_backoff_time,
        [INFER_MAXIMAL_QUEUE_LIFETIME] = trial->settings.maximal_queue_lifetime,
        [INFER_BOUNCE_QUEUE_LIFETIME] = trial->settings.bounce_queue_lifetime,
        [INFER_DELAY_WARNING_TIME] = trial->settings.delay_warning_time,
    };

    return values[setting];
}

static bool holds(const struct infer_answer *answer, int64_t value)
{
    return (answer->low == INFER_UNKNOWN || answer->low <= value)
           && (answer->high == INFER_UNKNOWN || value <= answer->high);
}

static void expect_truth(const struct trial *trial, enum infer_setting setting)
{
    const struct infer_answer *answer = &trial->result.answers[setting];
    int64_t value = truth(trial, setting);
    bool off = setting == INFER_DELAY_WARNING_TIME && answer->value == 0 && value == 0;

    cr_expect(off || holds(answer, value),
              "seed %" PRIu64 ": %s is %" PRId64 ", not %" PRId64 " from %" PRId64 " to %" PRId64,
              trial->seed, infer_name(setting), value, answer->value, answer->low, answer->high);
    if (answer->low == answer->high && answer->low != INFER_UNKNOWN)
        cr_expect_eq(answer->value, value);
}

/* Stamps are whole seconds. */
static void expect_phase(const struct trial *trial)
{
    int64_t period = trial->settings.queue_run_delay;
    int64_t phase = sim_second(trial->log.scan) % period;

    cr_expect_eq(trial->result.answers[INFER_SCAN_PHASE].value, phase, "seed %" PRIu64,
                 trial->seed);
}

Test(infer_worlds, the_settings_of_a_run_are_found_in_its_log)
{
    int told = 0;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct trial trial;

        trial_init(&trial, seed, 300);
        trial_infer(&trial);
        for (int i = 0; i < INFER_SCAN_PHASE; i++) {
            expect_truth(&trial, (enum infer_setting)i);
            told += trial.result.answers[i].value != INFER_UNKNOWN;
        }
        cr_expect_eq(trial.result.answers[INFER_QUEUE_RUN_DELAY].value,
                     trial.settings.queue_run_delay, "seed %" PRIu64, seed);
        expect_phase(&trial);
        cr_expect_geq(trial.result.on_scan * 1000, trial.result.retries * 999, "seed %" PRIu64,
                      seed);
        trial_fini(&trial);
    }
    cr_expect_gt(told, 0);
}

static void expect_truths(const struct trial *trial)
{
    for (int i = 0; i < INFER_SCAN_PHASE; i++)
        expect_truth(trial, (enum infer_setting)i);
}

/* Three messages, or ten: much is unknown then, but what is said is true. */
Test(infer_worlds, a_few_messages_tell_little_but_nothing_wrong)
{
    for (uint64_t seed = 301; seed <= 400; seed++) {
        struct trial trial;

        trial_init(&trial, seed, 12);
        trial_infer(&trial);
        expect_truths(&trial);
        trial_fini(&trial);
    }
}

/* A machine's timer is late by up to a fifth of a second a scan. */
static void drift(struct trial *trial)
{
    struct scenario *scenario = &trial->scenario;
    sim_time at = scenario->scan_phase;

    while (at < scenario->duration) {
        scenario_add_scan(scenario, at, at);
        at += (trial->settings.queue_run_delay * 1000 + dice_from(&trial->dice, 0, 200)) * 1000;
    }
}

Test(infer_worlds, the_settings_are_found_where_the_timer_drifts)
{
    for (uint64_t seed = 101; seed <= 110; seed++) {
        struct trial trial;

        trial_init(&trial, seed, 300);
        drift(&trial);
        trial_infer(&trial);
        expect_truths(&trial);
        cr_expect_geq(trial.result.on_scan * 1000, trial.result.retries * 995, "seed %" PRIu64,
                      seed);
        cr_expect_eq(trial.result.event_count, 0, "seed %" PRIu64 ": %zu events", seed,
                     trial.result.event_count);
        trial_fini(&trial);
    }
}

static sim_time operate(struct trial *trial, enum operation_kind kind, long from, long until)
{
    struct operation *operation = scenario_add_operation(&trial->scenario, kind);

    operation->at = dice_from(&trial->dice, from, until) * SIM_SECOND + 7;
    return trial->scenario.start + operation->at;
}

/* An event of that kind not long after `at`. */
static bool has_event(const struct trial *trial, enum infer_kind kind, sim_time at)
{
    for (size_t i = 0; i < trial->result.event_count; i++) {
        int64_t late = trial->result.events[i].at - sim_second(at);
        if (trial->result.events[i].kind == kind && late >= 0
            && late <= 2 * trial->settings.queue_run_delay)
            return true;
    }
    return false;
}

Test(infer_worlds, restarts_and_flushes_are_found_and_hide_no_setting)
{
    for (uint64_t seed = 201; seed <= 215; seed++) {
        struct trial trial;

        trial_init(&trial, seed, 300);
        sim_time flush = operate(&trial, OPERATION_FLUSH, 2 * HOUR, 5 * HOUR);
        sim_time restart = operate(&trial, OPERATION_RESTART, 6 * HOUR, 10 * HOUR);
        trial_infer(&trial);
        expect_truths(&trial);
        cr_expect(has_event(&trial, INFER_FLUSH, flush), "seed %" PRIu64 " flush %ld", seed,
                  (long)sim_second(flush - trial.scenario.start));
        cr_expect(has_event(&trial, INFER_RESTART, restart), "seed %" PRIu64 " restart %ld", seed,
                  (long)sim_second(restart - trial.scenario.start));
        cr_expect_eq(trial.result.event_count, 2, "seed %" PRIu64 ": %zu events", seed,
                     trial.result.event_count);
        expect_phase(&trial);
        trial_fini(&trial);
    }
}
