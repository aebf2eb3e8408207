/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scenarios made from a number are run, and of each message that is deferred it
 * is foretold what becomes of it, just after it was and just before it is tried
 * again; then what does become of it is held against that.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "models/mta/postfix/forecast.h"
#include "sim/keymap.h"
#include "tests/models/random_world.h"

#define SEEDS 300

/* A message that waits, and what was foretold of its end. */
struct waiting {
    struct message message;
    int64_t since; /* the second in which it was deferred */
    int64_t low, high;
};

struct prophet {
    struct observer observer;
    uint64_t seed;
    const struct postfix_settings *settings;
    struct keymap index; /* from message_key() to the place in `list` */
    struct waiting *list;
    size_t count, room;
    size_t retries, ends;
};

static struct waiting *find(struct prophet *prophet, const struct message *message)
{
    int64_t *place = keymap_at(&prophet->index, message_key(message), (int64_t)prophet->count);

    if ((size_t)*place == prophet->count) {
        prophet->list =
            alloc_grow(prophet->list, &prophet->room, prophet->count + 1, sizeof *prophet->list);
        prophet->list[prophet->count++] = (struct waiting){.since = -1, .high = INT64_MAX};
    }
    return &prophet->list[*place];
}

static struct forecast foretell(const struct prophet *prophet, const struct waiting *waiting,
                                int64_t now, bool stamp, int64_t scan)
{
    struct forecast_plan plan = forecast_present(prophet->settings, now, scan);
    struct forecast_message message = {
        .queue = LISTED_DEFERRED,
        .created = waiting->message.created,
        .mtime = stamp ? waiting->message.mtime : FORECAST_UNKNOWN,
        .null_sender = waiting->message.null_sender,
        .failed = true,
    };

    return forecast_make(&plan, &message);
}

/* All that can be said of its end at `now` must hold. */
static void remember(struct prophet *prophet, struct waiting *waiting, int64_t now)
{
    for (int stamp = 0; stamp < 2; stamp++) {
        struct forecast said = foretell(prophet, waiting, now, stamp, FORECAST_UNKNOWN);
        if (said.expires.low > waiting->low)
            waiting->low = said.expires.low;
        if (said.expires.high < waiting->high)
            waiting->high = said.expires.high;
    }
}

static void hear_end(struct observer *self, const struct activation *activation)
{
    struct prophet *prophet = CONTAINER_OF(self, struct prophet, observer);
    struct waiting *waiting = find(prophet, activation->message);

    if (activation->fate == FATE_EXPIRED && waiting->since >= 0) {
        prophet->ends++;
        cr_assert_geq(sim_second(activation->end), waiting->low, "seed %llu",
                      (unsigned long long)prophet->seed);
        cr_assert_leq(sim_second(activation->start), waiting->high, "seed %llu",
                      (unsigned long long)prophet->seed);
    }
    if (activation->fate != FATE_DEFERRED)
        return;
    waiting->message = *activation->message;
    waiting->since = sim_second(activation->end);
    remember(prophet, waiting, waiting->since);
}

static void expect_next(struct prophet *prophet, const struct waiting *waiting, int64_t now,
                        int64_t at)
{
    for (int known = 0; known < 4; known++) {
        struct forecast said =
            foretell(prophet, waiting, now, known & 1, known & 2 ? at : FORECAST_UNKNOWN);
        cr_assert(said.next.low <= at && at <= said.next.high,
                  "seed %llu: now %lld: %lld, not %lld to %lld", (unsigned long long)prophet->seed,
                  (long long)now, (long long)at, (long long)said.next.low,
                  (long long)said.next.high);
        cr_assert(known < 3 || said.next.low == said.next.high);
    }
}

static void hear_activation(struct observer *self, sim_time at, const struct message *message,
                            uint32_t recipients, uint64_t scan)
{
    struct prophet *prophet = CONTAINER_OF(self, struct prophet, observer);
    struct waiting *waiting = find(prophet, message);
    int64_t second = sim_second(at);

    (void)recipients;
    if (scan == 0 || second == waiting->since) /* in one second: the listing cannot tell */
        return;
    prophet->retries++;
    expect_next(prophet, waiting, waiting->since, second);
    expect_next(prophet, waiting, second - 1, second);
    remember(prophet, waiting, second - 1);
}

static const struct observer_ops prophet_ops = {.activated = hear_activation, .ended = hear_end};

static void run_world(uint64_t seed, size_t *retries, size_t *ends)
{
    struct postfix_settings settings = random_settings(seed);
    struct scenario scenario;
    struct prophet prophet = {.observer = {&prophet_ops}, .seed = seed, .settings = &settings};
    struct observers observers = {0};

    without_contention(&settings);
    random_scenario(&scenario, seed, false);
    scenario.scan_count = 0; /* recorded scans come at any time */
    observers_add(&observers, &prophet.observer);
    world_run(&(struct run){&scenario, mta_find("postfix"), &settings, seed, 0, &observers});
    *retries += prophet.retries;
    *ends += prophet.ends;
    keymap_fini(&prophet.index);
    free(prophet.list);
    scenario_fini(&scenario);
}

Test(forecast_worlds, what_is_foretold_comes_true)
{
    size_t retries = 0, ends = 0;

    for (uint64_t seed = 0; seed < SEEDS; seed++)
        run_world(seed, &retries, &ends);
    cr_expect_gt(retries, 10000, "%zu", retries);
    cr_expect_gt(ends, 1000, "%zu", ends);
}
