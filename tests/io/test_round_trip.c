/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scenarios made from a number are run once, with a log and a listing of the
 * queue. From these files alone must come the settings, the scan of every retry,
 * the life of every message, and what is to come of the queue. That number is
 * the seed that a failure names.
 *
 * Answers take any time. A replay has that from delays=, which has two digits, and
 * from the second in which the trip ended, which decides the next scan.
 */
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

#define SEEDS 30

#define HOUR 3600
#define START INT64_C(1780272000) /* 2026-06-01 00:00 */

struct trip {
    uint64_t seed;
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

static long one_of(struct dice *dice, long usual, long low, long high)
{
    return dice_one_in(dice, 3) ? usual : dice_from(dice, low, high);
}

static void choose_settings(struct trip *trip)
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
    without_contention(settings);
    postfix_settings_clamp(settings, NULL);
}

static void add_mail(struct trip *trip, const char *name, const char *sender, uint32_t a_day)
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

/* Some sites of any kind, and one that never takes mail. */
static void choose_scenario(struct trip *trip)
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
    trip->listed = dice_from(&trip->dice, 2, 20) * HOUR * SIM_SECOND;
    scenario_ready(scenario);
}

/* ------------------------------------------------------------ run, and read */

static void set_year(const char *path)
{
    const struct timespec times[2] = {{START + 30 * 86400, 0}, {START + 30 * 86400, 0}};

    cr_assert_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void run_to_files(struct trip *trip)
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

static void keep(void *user, struct logged_message *message)
{
    struct trip *trip = user;

    trip->messages =
        alloc_grow(trip->messages, &trip->room, trip->count + 1, sizeof(struct logged_message *));
    trip->messages[trip->count++] = message;
}

static void read_log(struct trip *trip)
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

static void trip_init(struct trip *trip, uint64_t seed)
{
    *trip = (struct trip){.seed = seed,
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

static void trip_make(struct trip *trip)
{
    run_to_files(trip);
    read_log(trip);
}

static void remove_file(const struct trip *trip, const char *suffix)
{
    char *path = alloc_printf("%s/snapshot-%010lld.%s", trip->folder,
                              (long long)sim_second(trip->listed), suffix);

    unlink(path);
    free(path);
}

static void trip_fini(struct trip *trip)
{
    for (size_t i = 0; i < trip->count; i++)
        logged_message_free(trip->messages[i]);
    free(trip->messages);
    unlink(trip->log);
    unlink(trip->listing);
    remove_file(trip, "postqueue-p.txt");
    remove_file(trip, "qshape.txt");
    remove_file(trip, "qshape-deferred.txt");
    cr_expect_eq(rmdir(trip->folder), 0);
    free(trip->log);
    free(trip->listing);
    scenario_fini(&trip->scenario);
}

/* ------------------------------------------------------------ infer */

static bool holds(const struct infer_answer *answer, int64_t value)
{
    if (value == 0 && answer->value == 0)
        return true; /* off */
    return (answer->low == INFER_UNKNOWN || answer->low <= value)
           && (answer->high == INFER_UNKNOWN || value <= answer->high);
}

static void expect_settings(const struct trip *trip)
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

    for (size_t i = 0; i < trip->count; i++)
        infer_add(&infer, trip->messages[i]);
    infer_finish(&infer, &result);
    for (int i = 0; i < INFER_SETTING_COUNT; i++)
        cr_expect(holds(&result.answers[i], truths[i]),
                  "seed %" PRIu64 ": %s is %ld, not %" PRId64 " from %" PRId64 " to %" PRId64,
                  trip->seed, infer_name((enum infer_setting)i), truths[i], result.answers[i].value,
                  result.answers[i].low, result.answers[i].high);
    cr_expect_eq(result.answers[INFER_QUEUE_RUN_DELAY].value, settings->queue_run_delay,
                 "seed %" PRIu64, trip->seed);
    infer_result_fini(&result);
    infer_fini(&infer);
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

static bool same_second(sim_time a, sim_time b)
{
    return (a == SIM_NEVER) == (b == SIM_NEVER)
           && (a == SIM_NEVER || sim_second(a) == sim_second(b));
}

static bool same_scans(const struct logged_message *a, const struct logged_message *b)
{
    if (a->activation_count != b->activation_count)
        return false;
    for (size_t i = 0; i < a->activation_count; i++) {
        if (!same_second(a->activations[i].at, b->activations[i].at))
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

/* By what each recipient's last answer was, and whether the message was given up, or gone. */
static bool same_fate(const struct logged_message *a, const struct logged_message *b)
{
    if (a->recipient_count != b->recipient_count || a->delay_notices != b->delay_notices
        || a->bounce_notices != b->bounce_notices
        || (a->expired == SIM_NEVER) != (b->expired == SIM_NEVER)
        || (a->removed == SIM_NEVER) != (b->removed == SIM_NEVER))
        return false;
    for (size_t i = 0; i < a->recipient_count; i++) {
        const char *recipient = a->recipients[i].address;
        if (last_status(a, recipient) != last_status(b, recipient))
            return false;
    }
    return true;
}

/* Mail, whose last answer was logged: what was under way at the end is not known. */
static bool is_comparable(const struct logged_message *message)
{
    return !message->is_notice && message->attempt_count > 0
           && message->activations[message->activation_count - 1].end != SIM_NEVER;
}

struct course {
    size_t messages, fates, retries, scans;
};

static void compare(const struct trip *trip, const struct log_writer *again, struct course *course)
{
    for (size_t i = 0; i < trip->count; i++) {
        const struct logged_message *message = trip->messages[i];
        if (!is_comparable(message))
            continue;
        const struct logged_message *found = find(again, message);
        course->messages++;
        course->fates += found != NULL && same_fate(message, found);
        course->retries += message->activation_count;
        course->scans +=
            found != NULL && same_scans(message, found) ? message->activation_count : 0;
    }
}

static void replay(const struct trip *trip, struct course *course)
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
    size_t judged;
};

static int64_t tried_after(const struct trip *trip, const char *id, int64_t now)
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

static bool judge_entry(void *user, const struct queue_entry *entry, struct err *err)
{
    struct prediction *prediction = user;
    const struct trip *trip = prediction->trip;
    int64_t end = START + sim_second(trip->scenario.duration);
    struct forecast_message message = {
        .queue = entry->queue,
        .created = entry->created,
        .mtime = FORECAST_UNKNOWN,
        .null_sender = entry->sender[0] == '\0',
        .failed = entry->failed,
        .forced = entry->forced,
    };
    struct forecast forecast = forecast_make(&prediction->plan, &message);
    int64_t tried = tried_after(trip, entry->id, prediction->plan.now);

    (void)err;
    if (entry->queue != LISTED_DEFERRED || forecast.next.high >= end)
        return true;
    prediction->judged++;
    cr_expect(forecast.next.low <= tried && tried <= forecast.next.high,
              "seed %" PRIu64 ", %s: tried at %" PRId64 ", not from %" PRId64 " to %" PRId64,
              trip->seed, entry->id, tried, forecast.next.low, forecast.next.high);
    return true;
}

/* By the phase that the log told. */
static size_t predict(const struct trip *trip)
{
    int64_t now = START + sim_second(trip->listed), period = trip->settings.queue_run_delay;
    int64_t scan = now - (now - trip->check.phase_s) % period;
    struct prediction prediction = {trip, forecast_present(&trip->settings, now, scan), 0};
    struct postqueue_sink sink = {judge_entry, &prediction};
    struct err err;

    cr_assert(postqueue_read(trip->listing, &sink, &err), "%s", err.text);
    return prediction.judged;
}

/* ------------------------------------------------------------ all of it */

TestSuite(round_trip, .timeout = 240);

Test(round_trip, what_a_run_wrote_tells_its_settings_and_its_course)
{
    struct course all = {0};
    size_t predicted = 0;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct course course = {0};
        struct trip trip;

        trip_init(&trip, seed);
        trip_make(&trip);
        expect_settings(&trip);
        cr_expect_eq(trip.check.on_scan, trip.check.retries,
                     "seed %" PRIu64 ": %" PRIu64 " of %" PRIu64 " retries on their scan", seed,
                     trip.check.on_scan, trip.check.retries);
        replay(&trip, &course);
        cr_expect_eq(course.fates, course.messages, "seed %" PRIu64 ": %zu of %zu fates", seed,
                     course.fates, course.messages);
        cr_expect_eq(course.scans, course.retries, "seed %" PRIu64 ": %zu of %zu scans", seed,
                     course.scans, course.retries);
        predicted += predict(&trip);
        all.messages += course.messages;
        all.retries += course.retries;
        trip_fini(&trip);
    }
    fprintf(stderr, "%zu messages, %zu activations, %zu foretold\n", all.messages, all.retries,
            predicted);
    cr_expect_gt(all.messages, 1500);
    cr_expect_gt(all.retries, 10000);
    cr_expect_gt(predicted, 300);
}
