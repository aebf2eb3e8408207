/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/io/round_trip.h - a run, its log and a listing of its queue, read again
 *
 * A scenario made from a number is run once, into files in a folder of its own.
 * From these alone come the settings, a replay, and a forecast of the queue.
 */
#ifndef TESTS_IO_ROUND_TRIP_H
#define TESTS_IO_ROUND_TRIP_H

#include <criterion/criterion.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/maillog.h"
#include "io/maillog_writer.h"
#include "io/postqueue_reader.h"
#include "io/snapshot.h"
#include "models/infer/infer.h"
#include "models/reconstruct.h"
#include "models/self_check.h"
#include "models/world.h"
#include "tests/models/log_writer.h"
#include "tests/models/random_world.h"

#define HOUR 3600
#define START INT64_C(1780272000) /* 2026-06-01 00:00 */

/* ALONE: no message waits for another, or suffers from it. CROWDED: they share sites, agents and
 * maybe a relay. OPERATED: each is alone, and operators lay hands on them. */
enum trip_kind { TRIP_ALONE, TRIP_CROWDED, TRIP_OPERATED };

struct trip {
    uint64_t seed;
    enum trip_kind kind;
    struct dice dice;
    enum maillog_format format;
    struct postfix_settings settings;
    struct scenario scenario;
    sim_time listed; /* since the start: when the queue was */
    char folder[64];
    char *log, *listing;
    struct logged_message **messages; /* as read from the log; owned */
    size_t count, room;
    struct maillog_totals totals;
    struct self_check_result check;
};

/* ------------------------------------------------------------ a world */

static inline long one_of(struct dice *dice, long usual, long low, long high)
{
    return dice_one_in(dice, 3) ? usual : dice_from(dice, low, high);
}

static inline void crowd(struct dice *dice, struct postfix_settings *settings)
{
    settings->initial_destination_concurrency = dice_from(dice, 1, 8);
    settings->default_destination_concurrency_limit = dice_from(dice, 1, 20);
    settings->default_destination_concurrency_failed_cohort_limit = dice_from(dice, 1, 3);
    settings->default_destination_concurrency_positive_feedback = any_feedback(dice);
    settings->default_destination_concurrency_negative_feedback = any_feedback(dice);
    settings->default_destination_recipient_limit = dice_from(dice, 1, 50);
    settings->default_process_limit = dice_from(dice, 2, 100);
    if (dice_one_in(dice, 4))
        snprintf(settings->relayhost, sizeof settings->relayhost, "s0.example");
}

static inline void choose_settings(struct trip *trip)
{
    struct postfix_settings *settings = &trip->settings;
    struct dice *dice = &trip->dice;

    postfix_settings_init(settings);
    settings->queue_run_delay = one_of(dice, 300, 60, 1200);
    settings->minimal_backoff_time = one_of(dice, 300, 30, 1800);
    settings->maximal_backoff_time = one_of(dice, 4000, 600, 10000);
    settings->maximal_queue_lifetime = dice_from(dice, 4, 30) * HOUR;
    settings->bounce_queue_lifetime = dice_from(dice, 1, 30) * HOUR;
    settings->delay_warning_time = dice_one_in(dice, 3) ? 0 : dice_from(dice, 600, 6 * HOUR);
    if (trip->kind == TRIP_CROWDED)
        crowd(dice, settings);
    else
        without_contention(settings);
    postfix_settings_clamp(settings, NULL);
}

static inline void add_mail(struct trip *trip, const char *name, const char *sender, uint32_t a_day)
{
    static const char *const addresses[] = {"u@never.example", "u@s0.example", "u@s1.example",
                                            "u@s2.example"};
    struct traffic_spec *mail = scenario_add_traffic(&trip->scenario, name);

    traffic_set_kind(mail, traffic_find("poisson"));
    put(mail->ops->settings, mail->settings, "rate", "%u/d", a_day);
    put(mail->ops->settings, mail->settings, "until", "12h");
    mail->sender = scenario_add_name(&trip->scenario, sender);
    mail->recipients_each = dice_one_in(&trip->dice, 2) ? 1 : dice_from(&trip->dice, 1, 4);
    for (size_t i = 0; i < COUNT_OF(addresses); i++)
        traffic_add_destination(mail, scenario_add_domain_of(&trip->scenario, addresses[i]), 1);
}

/* Once, at some odd time of the first day; on all mail, or on one message. */
static inline void operate(struct trip *trip)
{
    static const enum operation_kind kinds[] = {
        OPERATION_FLUSH,   OPERATION_FLUSH_MESSAGE, OPERATION_DELETE, OPERATION_HOLD,
        OPERATION_RELEASE, OPERATION_REQUEUE,       OPERATION_EXPIRE,
    };
    enum operation_kind kind = kinds[dice_below(&trip->dice, COUNT_OF(kinds))];
    struct operation *operation = scenario_add_operation(&trip->scenario, kind);

    operation->at = odd_time(&trip->dice, 24 * HOUR);
    if (operation_takes_message(kind))
        operation->message = name_message(&trip->dice, &trip->scenario);
}

/* Some sites of any kind, and one that never takes mail. */
static inline void choose_scenario(struct trip *trip)
{
    struct scenario *scenario = &trip->scenario;
    long period = trip->settings.queue_run_delay;

    scenario_init(scenario);
    scenario->start = START * SIM_SECOND;
    scenario->duration = 36 * HOUR * SIM_SECOND;
    scenario->scan_phase = dice_from(&trip->dice, 0, period - 1) * SIM_SECOND;
    struct site_spec *never = scenario_add_site(scenario, "never.example");
    put(failure_find("reply")->settings, site_add_failure(never, failure_find("reply")), "text",
        "450 4.2.0 busy");
    add_sites(&trip->dice, scenario, 12 * HOUR, false);
    add_mail(trip, "mail", "a@home.example", 100);
    add_mail(trip, "bounces", "", 25);
    for (int i = 0; trip->kind == TRIP_OPERATED && i < 6; i++)
        operate(trip);
    trip->listed = dice_from(&trip->dice, 2, 20) * HOUR * SIM_SECOND;
    scenario_ready(scenario);
}

/* ------------------------------------------------------------ run, and read */

static inline void set_year(const char *path)
{
    const struct timespec times[2] = {{START + 30 * 86400, 0}, {START + 30 * 86400, 0}};

    cr_assert_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static inline void run_to_files(struct trip *trip)
{
    const struct catalogue catalogue = {&trip->scenario, {trip->seed, 0}, trip->seed % 2 == 0};
    const struct maillog_options options = {trip->format, "mx.example", 2};
    static struct snapshots snapshots;
    struct observers observers = {0};
    struct maillog_writer writer;
    struct err err;

    snapshots = (struct snapshots){0};
    cr_assert(maillog_writer_open(&writer, trip->log, &catalogue, &options, &err), "%s", err.text);
    cr_assert(snapshots_open(&snapshots, trip->folder, &catalogue, &trip->listed, 1, &err), "%s",
              err.text);
    observers_add(&observers, &writer.observer);
    observers_add(&observers, &snapshots.listing.observer);
    world_run(&(struct run){&trip->scenario, mta_find("postfix"), &trip->settings, trip->seed, 0,
                            &observers});
    cr_assert(maillog_writer_commit(&writer, &err), "%s", err.text);
    cr_assert(snapshots_commit(&snapshots, &err), "%s", err.text);
    maillog_writer_discard(&writer);
    snapshots_discard(&snapshots);
    set_year(trip->log);
}

static inline void keep(void *user, struct logged_message *message)
{
    struct trip *trip = user;

    trip->messages =
        alloc_grow(trip->messages, &trip->room, trip->count + 1, sizeof(struct logged_message *));
    trip->messages[trip->count++] = message;
}

static inline void read_log(struct trip *trip)
{
    struct maillog *log = maillog_new((struct maillog_sink){keep, trip});
    struct self_check check;
    struct err err;

    cr_assert(maillog_read(log, trip->log, &err), "%s", err.text);
    maillog_finish(log, &trip->totals);
    self_check_init(&check, &trip->settings);
    for (size_t i = 0; i < trip->count; i++)
        self_check_add(&check, trip->messages[i]);
    self_check_finish(&check, &trip->check);
    self_check_fini(&check);
}

static inline void trip_init(struct trip *trip, uint64_t seed, enum trip_kind kind)
{
    *trip = (struct trip){.seed = seed,
                          .kind = kind,
                          .dice = {rng_mix(seed * 2 + 1)},
                          .format = (enum maillog_format)(seed % 3),
                          .folder = P_tmpdir "/tempfail-round-trip-XXXXXX"};
    cr_assert_not_null(mkdtemp(trip->folder));
    trip->log = alloc_printf("%s/mail.log", trip->folder);
    choose_settings(trip);
    choose_scenario(trip);
    trip->listing = alloc_printf("%s/snapshot-%010lld.postqueue-j.jsonl", trip->folder,
                                 (long long)sim_second(trip->listed));
}

static inline void trip_make(struct trip *trip)
{
    run_to_files(trip);
    read_log(trip);
}

static inline void remove_file(const struct trip *trip, const char *suffix)
{
    char *path = alloc_printf("%s/snapshot-%010lld.%s", trip->folder,
                              (long long)sim_second(trip->listed), suffix);

    unlink(path);
    free(path);
}

static inline void trip_fini(struct trip *trip)
{
    for (size_t i = 0; i < trip->count; i++)
        logged_message_free(trip->messages[i]);
    free(trip->messages);
    unlink(trip->log);
    unlink(trip->listing);
    remove_file(trip, "postqueue-p.txt");
    remove_file(trip, "qshape.txt");
    remove_file(trip, "qshape-deferred.txt");
    char *table = alloc_printf("%s/qshape.csv", trip->folder);
    unlink(table);
    free(table);
    cr_expect_eq(rmdir(trip->folder), 0);
    free(trip->log);
    free(trip->listing);
    scenario_fini(&trip->scenario);
}

/* ------------------------------------------------------------ infer */

static inline bool holds(const struct infer_answer *answer, int64_t value)
{
    if (value == 0 && answer->value == 0)
        return true; /* off */
    return (answer->low == INFER_UNKNOWN || answer->low <= value)
           && (answer->high == INFER_UNKNOWN || value <= answer->high);
}

/* How many of them are not what they were, nor in the interval that holds them. */
static inline size_t wrong_settings(const struct trip *trip)
{
    const struct postfix_settings *settings = &trip->settings;
    const long truths[] = {
        [INFER_QUEUE_RUN_DELAY] = settings->queue_run_delay,
        [INFER_MINIMAL_BACKOFF_TIME] = settings->minimal_backoff_time,
        [INFER_MAXIMAL_BACKOFF_TIME] = settings->maximal_backoff_time,
        [INFER_MAXIMAL_QUEUE_LIFETIME] = settings->maximal_queue_lifetime,
        [INFER_BOUNCE_QUEUE_LIFETIME] = settings->bounce_queue_lifetime,
        [INFER_DELAY_WARNING_TIME] = settings->delay_warning_time,
        [INFER_SCAN_PHASE] =
            (long)((START + sim_second(trip->scenario.scan_phase)) % settings->queue_run_delay),
    };
    struct infer_result result;
    struct infer infer = {0};
    size_t wrong = 0;

    for (size_t i = 0; i < trip->count; i++)
        infer_add(&infer, trip->messages[i]);
    infer_finish(&infer, &result);
    for (int i = 0; i < INFER_SETTING_COUNT; i++) {
        if (holds(&result.answers[i], truths[i]))
            continue;
        wrong++;
        fprintf(stderr,
                "seed %" PRIu64 ": %s is %ld, not %" PRId64 " from %" PRId64 " to %" PRId64 "\n",
                trip->seed, infer_name((enum infer_setting)i), truths[i], result.answers[i].value,
                result.answers[i].low, result.answers[i].high);
    }
    if (result.retries > 0)
        cr_expect_eq(result.answers[INFER_QUEUE_RUN_DELAY].value, settings->queue_run_delay,
                     "seed %" PRIu64, trip->seed);
    infer_result_fini(&result);
    infer_fini(&infer);
    return wrong;
}

/* ------------------------------------------------------------ replay */

static const struct logged_message *find(const struct log_writer *log,
                                         const struct logged_message *message)
{
    for (size_t i = 0; i < log->count; i++) {
        const struct logged_message *found = log->messages[i];
        if (!found->is_notice && strcmp(found->queue_id, message->queue_id) == 0)
            return found;
    }
    return NULL;
}

static inline bool same_second(sim_time a, sim_time b)
{
    return (a == SIM_NEVER) == (b == SIM_NEVER)
           && (a == SIM_NEVER || sim_second(a) == sim_second(b));
}

static inline bool has_trip(const struct logged_message *message, sim_time at)
{
    for (size_t i = 0; i < message->activation_count; i++) {
        if (same_second(message->activations[i].at, at))
            return true;
    }
    return false;
}

/* How many trips of the first began in the second in which one of the other did. */
static inline size_t same_scans(const struct logged_message *a, const struct logged_message *b)
{
    size_t count = 0;

    for (size_t i = 0; i < a->activation_count; i++)
        count += has_trip(b, a->activations[i].at);
    return count;
}

static inline enum logged_status last_status(const struct logged_message *message,
                                             const char *recipient)
{
    for (size_t i = 0; i < message->recipient_count; i++) {
        if (strcmp(message->recipients[i].address, recipient) == 0)
            return message->attempts[message->recipients[i].last].status;
    }
    return LOGGED_OTHER;
}

/* Deferred untried is as good as deferred: which message of a scan it is that finds the site dead,
 * and which finds it ill, is another matter. */
static inline bool same_end(enum logged_status a, enum logged_status b)
{
    return a == b
           || ((a == LOGGED_DEFERRED || a == LOGGED_SUSPENDED)
               && (b == LOGGED_DEFERRED || b == LOGGED_SUSPENDED));
}

/* By what became of each recipient, and whether the message was given up, or gone. */
static inline bool same_fate(const struct logged_message *a, const struct logged_message *b)
{
    if (a->recipient_count != b->recipient_count || a->delay_notices != b->delay_notices
        || a->bounce_notices != b->bounce_notices
        || (a->expired == SIM_NEVER) != (b->expired == SIM_NEVER)
        || (a->removed == SIM_NEVER) != (b->removed == SIM_NEVER))
        return false;
    for (size_t i = 0; i < a->recipient_count; i++) {
        const char *recipient = a->recipients[i].address;
        if (!same_end(last_status(a, recipient), last_status(b, recipient)))
            return false;
    }
    return true;
}

/* Mail that is replayed, and whose last answer was logged: what was under way at the end is not
 * known. */
static inline bool is_comparable(const struct logged_message *message)
{
    return !message->is_notice && !message->by_operator && message->attempt_count > 0
           && message->activations[message->activation_count - 1].end != SIM_NEVER;
}

/* How many there were, and how many of them came out the same; `again`: trips of the replay. */
struct course {
    size_t messages, fates, trips, scans, again;
    size_t wrong;          /* settings */
    size_t tried, expired; /* messages of the listing whose next attempt, and whose end, came as
                              foretold */
};

static inline void compare(const struct trip *trip, const struct log_writer *again,
                           struct course *course)
{
    for (size_t i = 0; i < trip->count; i++) {
        const struct logged_message *message = trip->messages[i];
        if (!is_comparable(message))
            continue;
        const struct logged_message *found = find(again, message);
        course->messages++;
        course->fates += found != NULL && same_fate(message, found);
        course->trips += message->activation_count;
        course->scans += found != NULL ? same_scans(message, found) : 0;
        course->again += found != NULL ? found->activation_count : 0;
    }
}

static inline void replay(const struct trip *trip, struct course *course)
{
    struct reconstruction reconstruction;
    struct observers observers = {0};
    struct scenario scenario;
    struct log_writer again;

    reconstruct_init(&reconstruction);
    for (size_t i = 0; i < trip->count; i++)
        reconstruct_add(&reconstruction, trip->messages[i]);
    reconstruct_ready(&reconstruction);
    const struct reconstruct_plan plan = {
        .recovery = RECOVERY_MIDDLE,
        .start = reconstruct_start(&reconstruction),
        .end = trip->totals.last + SIM_SECOND,
        .phase_s = trip->check.phase_s,
        .period = trip->settings.queue_run_delay,
    };
    reconstruct_flushes(&reconstruction, &plan);
    reconstruct_scenario(&reconstruction, &plan, &scenario);
    log_writer_init(&again, &scenario, trip->seed, true);
    observers_add(&observers, &again.observer);
    world_run(
        &(struct run){&scenario, mta_find("postfix"), &trip->settings, trip->seed, 0, &observers});
    compare(trip, &again, course);
    log_writer_fini(&again);
    scenario_fini(&scenario);
    reconstruct_fini(&reconstruction);
}

/* ------------------------------------------------------------ next */

struct prediction {
    const struct trip *trip;
    struct forecast_plan plan;
    size_t tried, expired; /* messages whose next attempt, and whose end, came as foretold */
};

/* The messages of that name: an id is used again, for a file that is gone. */
static inline int64_t tried_after(const struct trip *trip, const char *id, int64_t now)
{
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < trip->count; i++) {
        const struct logged_message *message = trip->messages[i];
        for (size_t k = 0; strcmp(message->queue_id, id) == 0 && k < message->activation_count;
             k++) {
            int64_t at = sim_second(message->activations[k].at);
            if (at > now && at < first)
                first = at;
        }
    }
    return first;
}

/* The trip after which it was given up, or NULL. */
static inline const struct logged_activation *given_up(const struct trip *trip, const char *id,
                                                       int64_t now)
{
    for (size_t i = 0; i < trip->count; i++) {
        const struct logged_message *message = trip->messages[i];
        if (strcmp(message->queue_id, id) == 0 && message->expired != SIM_NEVER
            && sim_second(message->expired) > now)
            return &message->activations[message->activation_count - 1];
    }
    return NULL;
}

static inline void judge_next(struct prediction *prediction, const char *id,
                              const struct forecast_window *next)
{
    const struct trip *trip = prediction->trip;
    int64_t tried = tried_after(trip, id, prediction->plan.now);

    prediction->tried++;
    cr_expect(next->low <= tried && tried <= next->high,
              "seed %" PRIu64 ", %s: tried at %" PRId64 ", not from %" PRId64 " to %" PRId64,
              trip->seed, id, tried, next->low, next->high);
}

/* The window is of the end of that trip, but for its own length. */
static inline void judge_end(struct prediction *prediction, const char *id,
                             const struct forecast_window *expires)
{
    const struct trip *trip = prediction->trip;
    const struct logged_activation *last = given_up(trip, id, prediction->plan.now);

    if (last == NULL)
        return;
    prediction->expired++;
    cr_expect(expires->low <= sim_second(last->end) && sim_second(last->at) <= expires->high,
              "seed %" PRIu64 ", %s: expired at %" PRId64 ", not from %" PRId64 " to %" PRId64,
              trip->seed, id, sim_second(last->end), expires->low, expires->high);
}

/* As the program takes it (cli/cmd_next.c). What is beyond the end of the run is not judged. */
static inline bool judge_entry(void *user, const struct queue_entry *entry, struct err *err)
{
    struct prediction *prediction = user;
    const struct trip *trip = prediction->trip;
    struct forecast_message message = queue_entry_message(entry);
    struct forecast forecast = forecast_make(&prediction->plan, &message);

    (void)err;
    if (entry->queue != LISTED_DEFERRED
        || forecast.next.high >= START + sim_second(trip->scenario.duration))
        return true;
    judge_next(prediction, entry->id, &forecast.next);
    judge_end(prediction, entry->id, &forecast.expires);
    return true;
}

/* By the phase that the log told. */
static inline struct prediction predict(const struct trip *trip)
{
    int64_t now = START + sim_second(trip->listed), period = trip->settings.queue_run_delay;
    int64_t scan = now - (now - trip->check.phase_s) % period;
    struct prediction prediction = {trip, forecast_present(&trip->settings, now, scan), 0, 0};
    struct postqueue_sink sink = {judge_entry, &prediction};
    struct err err;

    cr_assert(postqueue_read(trip->listing, &sink, &err), "%s", err.text);
    return prediction;
}

#endif
