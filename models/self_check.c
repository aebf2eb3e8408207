/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/self_check.h"

#include <stdlib.h>
#include <string.h>

#include "models/infer/timing.h"
#include "sim/alloc.h"

void self_check_init(struct self_check *check, const struct postfix_settings *settings)
{
    *check = (struct self_check){.settings = settings};
}

void self_check_fini(struct self_check *check)
{
    free(check->retries.list);
    active_fini(&check->active);
}

void self_check_add(struct self_check *check, const struct logged_message *message)
{
    retries_add(&check->retries, message);
    active_add(&check->active, message);
}

/* ---- the phase that most scans have ---- */

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/*
 * The latest from which on most begin within SELF_CHECK_FEED, around the period: none is picked up
 * before its scan, and a timer drifts. -1 if there are none.
 */
static int64_t most_common(const int64_t *phases, size_t count, int64_t period)
{
    int64_t common = -1;
    size_t most = 0, end = 0;

    for (size_t i = 0; i < count; i++) {
        while (end < i + count
               && phases[end % count] + (end < count ? 0 : period) - phases[i] <= SELF_CHECK_FEED)
            end++;
        if (end - i >= most) {
            most = end - i;
            common = phases[i];
        }
    }
    return common;
}

static int64_t phase_of(const struct grid *grid, int64_t period)
{
    int64_t *phases = alloc_zeroed((grid->count + 1) * sizeof *phases);

    for (size_t i = 0; i < grid->count; i++)
        phases[i] = (grid->hits[i].at % period + period) % period;
    qsort(phases, grid->count, sizeof *phases, by_size);
    int64_t phase = most_common(phases, grid->count, period);
    free(phases);
    return phase;
}

void self_check_finish(struct self_check *check, struct self_check_result *result)
{
    const struct postfix_settings *settings = check->settings;
    struct timing timing;

    timing_check(&timing, &check->retries, settings);
    timing_find_waits(&timing, &check->retries, &check->active,
                      settings->qmgr_message_active_limit);
    *result = (struct self_check_result){
        .retries = check->retries.count,
        .on_scan = timing.verdicts[VERDICT_ON_SCAN],
        .waited = timing.verdicts[VERDICT_WAITED],
        .early = timing.verdicts[VERDICT_EARLY],
        .late = timing.verdicts[VERDICT_LATE],
        .off_grid = timing.verdicts[VERDICT_OFF_GRID],
        .phase_s = phase_of(&timing.grid, settings->queue_run_delay),
    };
    timing_fini(&timing);
}

/* ---- one for each queue manager ---- */

void self_checks_init(struct self_checks *checks, const struct postfix_settings *settings)
{
    *checks = (struct self_checks){.settings = settings};
}

void self_checks_fini(struct self_checks *checks)
{
    for (size_t i = 0; i < checks->count; i++)
        self_check_fini(&checks->checks[i]);
    free(checks->checks);
    names_fini(&checks->servers);
}

static struct self_check *check_of(struct self_checks *checks, const struct logged_message *message)
{
    char *name = alloc_printf("%s %s", message->host, message->instance);
    size_t server = names_add(&checks->servers, name, strlen(name));

    free(name);
    if (server == checks->count) {
        checks->checks =
            alloc_grow(checks->checks, &checks->room, server + 1, sizeof *checks->checks);
        self_check_init(&checks->checks[checks->count++], checks->settings);
    }
    return &checks->checks[server];
}

void self_checks_add(struct self_checks *checks, const struct logged_message *message)
{
    self_check_add(check_of(checks, message), message);
}

static void add_result(struct self_check_result *sum, const struct self_check_result *one)
{
    sum->retries += one->retries;
    sum->on_scan += one->on_scan;
    sum->waited += one->waited;
    sum->early += one->early;
    sum->late += one->late;
    sum->off_grid += one->off_grid;
}

void self_checks_finish(struct self_checks *checks, struct self_check_result *sum)
{
    uint64_t most = 0;

    *sum = (struct self_check_result){.phase_s = -1};
    for (size_t i = 0; i < checks->count; i++) {
        struct self_check_result one;
        self_check_finish(&checks->checks[i], &one);
        add_result(sum, &one);
        if (one.retries > most) {
            most = one.retries;
            sum->phase_s = one.phase_s;
        }
    }
}
