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

static void add_mail(struct trial *trial, const char *name, const char *sender, uint32_t a_hour)
{
    struct traffic_spec *mail = scenario_add_traffic(&trial->scenario, name);
    static const char *const addresses[] = {"u@never.example", "u@grey.example", "u@half.example"};

    traffic_set_kind(mail, traffic_find("poisson"));
    put(mail->ops->settings, mail->settings, "rate", "%u/h", a_hour);
    put(mail->ops->settings, mail->settings, "from", "0s");
    put(mail->ops->settings, mail->settings, "until", "12h");
    mail->sender = scenario_add_name(&trial->scenario, sender);
    for (size_t i = 0; i < COUNT_OF(addresses); i++)
        traffic_add_destination(mail, scenario_add_domain_of(&trial->scenario, addresses[i]), 1);
}

/* Notices go home, and are kept there. */
static void choose_scenario(struct trial *trial)
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
    add_mail(trial, "mail", "a@home.example", 30);
    add_mail(trial, "bounces", "", 6);
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

static void trial_init(struct trial *trial, uint64_t seed)
{
    *trial = (struct trial){.seed = seed, .dice = {rng_mix(seed * 2 + 1)}};
    choose_settings(trial);
    choose_scenario(trial);
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

        trial_init(&trial, seed);
        trial_infer(&trial);
        for (int i = 0; i < INFER_SCAN_PHASE; i++) {
            expect_truth(&trial, (enum infer_setting)i);
            told += trial.result.answers[i].value != INFER_UNKNOWN;
        }
        cr_expect_eq(trial.result.answers[INFER_QUEUE_RUN_DELAY].value,
                     trial.settings.queue_run_delay, "seed %" PRIu64, seed);
        expect_phase(&trial);
        if (getenv("DBG"))
            printf("%lu: P %ld m %ld M %ld: %lu of %lu  m [%ld %ld] M [%ld %ld] warn %ld: %ld [%ld "
                   "%ld] ev %zu\n",
                   seed, trial.settings.queue_run_delay, trial.settings.minimal_backoff_time,
                   trial.settings.maximal_backoff_time, trial.result.on_scan, trial.result.retries,
                   trial.result.answers[1].low, trial.result.answers[1].high,
                   trial.result.answers[2].low, trial.result.answers[2].high,
                   trial.settings.delay_warning_time, trial.result.answers[5].value,
                   trial.result.answers[5].low, trial.result.answers[5].high,
                   trial.result.event_count);
        cr_expect_geq(trial.result.on_scan * 1000, trial.result.retries * 999, "seed %" PRIu64,
                      seed);
        trial_fini(&trial);
    }
    cr_expect_gt(told, 0);
}
