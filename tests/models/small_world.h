/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/small_world.h - a scenario in a few lines, and a diary of its run
 *
 * Stock settings, the first scan at 0, every site accepts. Messages come by hand:
 * the n-th in time is number n.
 */
#ifndef TESTS_MODELS_SMALL_WORLD_H
#define TESTS_MODELS_SMALL_WORLD_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "models/mta/postfix/parameters.h"
#include "models/traffic/trace.h"
#include "models/world.h"
#include "sim/alloc.h"

/* A trip through the active queue, or a notice about a message. */
struct diary_trip {
    struct message message; /* as it was at the end */
    sim_time start, end;
    enum fate fate;
    struct tally tally;
    size_t attempts, untried;
    sim_time begun; /* its first attempt; -1 if there was none */
};

struct diary_notice {
    struct message about;
    sim_time at;
    enum notice_kind kind;
    uint32_t recipients;
};

struct diary {
    struct observer observer;
    struct diary_trip *trips;
    size_t trip_count, trip_room;
    struct diary_notice *notices;
    size_t notice_count, notice_room;
    uint64_t arrived, left; /* messages, notices too */
};

struct small_world {
    struct scenario scenario;
    struct postfix_settings settings;
    struct diary diary;
};

static inline void diary_arrived(struct observer *self, const struct message *message,
                                 uint32_t recipients)
{
    (void)message, (void)recipients;
    CONTAINER_OF(self, struct diary, observer)->arrived++;
}

static inline void diary_ended(struct observer *self, const struct activation *activation)
{
    struct diary *diary = CONTAINER_OF(self, struct diary, observer);

    diary->trips =
        alloc_grow(diary->trips, &diary->trip_room, diary->trip_count + 1, sizeof *diary->trips);
    size_t untried = 0;
    for (size_t i = 0; i < activation->count; i++)
        untried += activation->attempts[i].outcome == OUTCOME_SUSPENDED;
    diary->trips[diary->trip_count++] =
        (struct diary_trip){*activation->message,
                            activation->start,
                            activation->end,
                            activation->fate,
                            activation->tally,
                            activation->count,
                            untried,
                            activation->count > 0 ? activation->attempts[0].start : -1};
}

static inline void diary_notified(struct observer *self, sim_time at, const struct message *message,
                                  enum notice_kind kind, uint32_t recipients)
{
    struct diary *diary = CONTAINER_OF(self, struct diary, observer);

    diary->notices = alloc_grow(diary->notices, &diary->notice_room, diary->notice_count + 1,
                                sizeof *diary->notices);
    diary->notices[diary->notice_count++] = (struct diary_notice){*message, at, kind, recipients};
}

static inline void diary_left(struct observer *self, sim_time at, const struct message *message,
                              const struct tally *tally)
{
    (void)at, (void)message, (void)tally;
    CONTAINER_OF(self, struct diary, observer)->left++;
}

static const struct observer_ops diary_ops = {
    .arrived = diary_arrived,
    .ended = diary_ended,
    .notified = diary_notified,
    .left = diary_left,
};

static inline void small_world_init(struct small_world *world)
{
    *world = (struct small_world){.diary.observer.ops = &diary_ops};
    scenario_init(&world->scenario);
    world->scenario.scan_phase = 0;
    postfix_settings_init(&world->settings);
    traffic_set_kind(scenario_add_traffic(&world->scenario, "mail"), traffic_find("trace"));
}

static inline void small_world_fini(struct small_world *world)
{
    scenario_fini(&world->scenario);
    free(world->diary.trips);
    free(world->diary.notices);
}

/* A message from `sender` ("": nobody) at `seconds`, to addresses with a blank between them. */
static inline void small_world_mail(struct small_world *world, double seconds, const char *sender,
                                    const char *recipients)
{
    struct scenario *scenario = &world->scenario;
    char *label = alloc_printf("%zu", scenario->names.count);
    char *list = alloc_text(recipients, strlen(recipients)), *rest = list;
    uint32_t id = scenario_add_name(scenario, label);

    for (char *one; (one = strtok_r(rest, " ", &rest)) != NULL;)
        trace_add(scenario->traffics[0].settings, (sim_time)(seconds * 1e6 + 0.5), id,
                  scenario_add_name(scenario, sender), scenario_add_name(scenario, one), -1);
    free(list);
    free(label);
}

static inline struct site_spec *small_world_site(struct small_world *world, const char *name)
{
    for (size_t i = 0; i < world->scenario.site_count; i++) {
        if (strcmp(world->scenario.sites[i].name, name) == 0)
            return &world->scenario.sites[i];
    }
    return scenario_add_site(&world->scenario, name);
}

/* `pairs`: names of settings and their values, ended by NULL. */
static inline void small_world_fail(struct small_world *world, const char *site, const char *kind,
                                    const char *const *pairs)
{
    const struct failure_ops *ops = failure_find(kind);
    void *settings = site_add_failure(small_world_site(world, site), ops);
    struct err err;

    for (; *pairs != NULL; pairs += 2)
        cr_assert(setting_set(setting_find(ops->settings, pairs[0]), settings, pairs[1],
                              &(struct text_context){0}, &err),
                  "%s: %s", pairs[0], pairs[1]);
}
#define FAIL(world, site, kind, ...)                                                               \
    small_world_fail(world, site, kind, (const char *const[]){__VA_ARGS__, NULL})

/* A site that never answers: each attempt takes `seconds`. */
static inline void small_world_hang(struct small_world *world, const char *site, long seconds)
{
    world->settings.smtp_connect_timeout = seconds;
    FAIL(world, site, "outage", "how", "timeout", "for", "never");
}

/* To all messages. */
static inline struct operation *small_world_operate(struct small_world *world, double seconds,
                                                    enum operation_kind kind)
{
    struct operation *operation = scenario_add_operation(&world->scenario, kind);

    operation->at = (sim_time)(seconds * 1e6 + 0.5);
    return operation;
}

static inline void small_world_run(struct small_world *world)
{
    struct traffic_spec *mail = &world->scenario.traffics[0];
    struct observers observers = {0};

    mail->ops->rows->ready(mail->settings);
    scenario_ready(&world->scenario);
    observers_add(&observers, &world->diary.observer);
    world_run(
        &(struct run){&world->scenario, mta_find("postfix"), &world->settings, 1, 0, &observers});
}

/* The `n`-th trip (from 0) of message `number`, or of a notice about it; NULL if there is none. */
static inline const struct diary_trip *trip_of(const struct small_world *world, uint32_t number,
                                               unsigned notice, size_t n)
{
    for (size_t i = 0; i < world->diary.trip_count; i++) {
        const struct diary_trip *trip = &world->diary.trips[i];
        if (trip->message.number == number && trip->message.notice == notice && n-- == 0)
            return trip;
    }
    return NULL;
}

static inline size_t trips_of(const struct small_world *world, uint32_t number, unsigned notice)
{
    size_t n = 0;

    while (trip_of(world, number, notice, n) != NULL)
        n++;
    return n;
}

/* The first trips of a message start at these whole seconds; -1 ends them. */
static inline void expect_starts(const struct small_world *world, uint32_t number, unsigned notice,
                                 const long *starts)
{
    for (size_t i = 0; starts[i] >= 0; i++) {
        const struct diary_trip *trip = trip_of(world, number, notice, i);
        cr_assert_not_null(trip, "message %u has no trip %zu", number, i);
        cr_expect_eq(trip->start, starts[i] * SIM_SECOND, "message %u: trip %zu at %.3f, not %ld",
                     number, i, (double)trip->start / 1e6, starts[i]);
    }
}

/* These, and no other. */
static inline void expect_all_starts(const struct small_world *world, uint32_t number,
                                     unsigned notice, const long *starts)
{
    size_t count = 0;

    while (starts[count] >= 0)
        count++;
    expect_starts(world, number, notice, starts);
    cr_expect_eq(trips_of(world, number, notice), count, "message %u: %zu trips", number,
                 trips_of(world, number, notice));
}

#define SECONDS(...) ((const long[]){__VA_ARGS__, -1})

#endif
