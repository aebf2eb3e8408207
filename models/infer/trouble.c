/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/infer/trouble.h"

#include <stdlib.h>

#include "models/mta/postfix/scans.h"
#include "models/self_check.h"
#include "sim/alloc.h"

#define FLUSH_LEAST 3   /* retries at one instant: fewer may be of single messages */
#define BACK_LEAST 10   /* seconds; lines may be a little out of order */
#define BACK_APART 3600 /* seconds: what goes back within is one step of the clock */

static void add_event(struct infer_result *result, struct infer_event event)
{
    result->events = alloc_grow(result->events, &result->event_room, result->event_count + 1,
                                sizeof *result->events);
    result->events[result->event_count++] = event;
}

static int by_time(const void *a, const void *b)
{
    const struct infer_event *x = a, *y = b;

    return (x->at > y->at) - (x->at < y->at);
}

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* ---- flushes ---- */

/* Instants, ascending. */
struct instants {
    int64_t *at;
    size_t count;
};

static struct instants early_starts(const struct fit *fit, const struct retries *retries)
{
    struct instants early = {alloc_zeroed((retries->count + 1) * sizeof *early.at), 0};

    for (size_t i = 0; i < retries->count; i++) {
        const struct retry *retry = &retries->list[i];
        enum verdict verdict = fit_judge(fit, retry);
        if (retry->picked_up >= 0 && (verdict == VERDICT_EARLY || verdict == VERDICT_OFF_GRID))
            early.at[early.count++] = retry_start(retry);
    }
    qsort(early.at, early.count, sizeof *early.at, by_size);
    return early;
}

/* What is not on a scan, and much at once, was an operator's wish. */
static void find_flushes(const struct fit *fit, const struct retries *retries,
                         struct infer_result *result)
{
    struct instants early = early_starts(fit, retries);

    for (size_t i = 0, next; i < early.count; i = next) {
        for (next = i + 1; next < early.count; next++)
            if (early.at[next] - early.at[i] > SELF_CHECK_FEED)
                break;
        if (next - i >= FLUSH_LEAST)
            add_event(result, (struct infer_event){early.at[i], INFER_FLUSH, next - i, 0});
    }
    free(early.at);
}

/* ---- gaps ---- */

/* All seconds in which something was tried, or its trying ended. */
static struct instants signs_of_life(const struct retries *retries)
{
    struct instants signs = {alloc_zeroed((2 * retries->count + 1) * sizeof *signs.at), 0};

    for (size_t i = 0; i < retries->count; i++) {
        signs.at[signs.count++] = retries->list[i].deferred;
        signs.at[signs.count++] = retry_start(&retries->list[i]);
    }
    qsort(signs.at, signs.count, sizeof *signs.at, by_size);
    return signs;
}

/* The latest that is before `second`, or `second` if there is none. */
static int64_t latest_before(const struct instants *instants, int64_t second)
{
    size_t low = 0, high = instants->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (instants->at[middle] < second)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? second : instants->at[low - 1];
}

/* When the burst began that a retry is of. */
static int64_t burst_of(const struct fit *fit, int64_t second)
{
    struct instants starts = {fit->starts.at, fit->starts.count};

    return latest_before(&starts, second + 1);
}

/*
 * Did two scans or more leave a retry alone that was due, while nothing else was done? Not so if
 * a scan took others meanwhile: then it was not the clock that kept it.
 */
static bool was_forgotten(const struct fit *fit, const struct retry *retry, int64_t quiet_since,
                          int64_t woken)
{
    int64_t period = fit->grid.period;
    int64_t due = retry->deferred + backoff_wait(&fit->backoff, retry->age) - SCAN_TOLERANCE;

    return woken - quiet_since >= 3 * period && woken - due >= 2 * period
           && burst_of(fit, woken - 1) < due;
}

static void note_gap(struct infer_result *result, int64_t woken, int64_t span)
{
    for (size_t i = 0; i < result->event_count; i++) {
        struct infer_event *event = &result->events[i];
        if (event->kind == INFER_CLOCK && event->at == woken) {
            event->retries++;
            return;
        }
    }
    add_event(result, (struct infer_event){woken, INFER_CLOCK, 1, span});
}

static void find_gaps(const struct fit *fit, const struct retries *retries,
                      struct infer_result *result)
{
    struct instants signs = signs_of_life(retries);

    for (size_t i = 0; i < retries->count; i++) {
        const struct retry *retry = &retries->list[i];
        if (retry->picked_up < 3 * fit->grid.period)
            continue;
        int64_t woken = burst_of(fit, retry_start(retry));
        int64_t quiet_since = latest_before(&signs, woken);
        if (was_forgotten(fit, retry, quiet_since, woken))
            note_gap(result, woken, woken - quiet_since);
    }
    free(signs.at);
}

/* ---- stamps that go back ---- */

static void find_steps_back(const struct retries *retries, struct infer_result *result)
{
    size_t known = result->event_count;

    for (size_t i = 0; i < retries->count; i++) {
        const struct retry *retry = &retries->list[i];
        if (retry->picked_up > -BACK_LEAST)
            continue;
        struct infer_event *event = NULL;
        for (size_t k = known; k < result->event_count && event == NULL; k++)
            if (llabs(result->events[k].at - retry_start(retry)) <= BACK_APART)
                event = &result->events[k];
        if (event == NULL)
            add_event(result, (struct infer_event){retry_start(retry), INFER_CLOCK, 0, 0});
        event = event == NULL ? &result->events[result->event_count - 1] : event;
        event->retries++;
        event->span = retry->picked_up < event->span ? retry->picked_up : event->span;
    }
}

/* ---- restarts ---- */

static bool is_after_gap(const struct infer_result *result, int64_t at)
{
    for (size_t i = 0; i < result->event_count; i++) {
        const struct infer_event *event = &result->events[i];
        if (event->kind == INFER_CLOCK && llabs(event->at - at) <= SELF_CHECK_FEED)
            return true;
    }
    return false;
}

static void find_restarts(const struct grid *grid, struct infer_result *result)
{
    for (size_t i = 1; i < grid->count; i++) {
        const struct grid_hit *hit = &grid->hits[i];
        int64_t moved = (hit->at - hit[-1].at) % grid->period;
        if (hit->segment != hit[-1].segment && !is_after_gap(result, hit->at))
            add_event(result, (struct infer_event){hit->at, INFER_RESTART, 0, moved});
    }
}

void trouble_find(const struct fit *fit, const struct retries *retries, struct infer_result *result)
{
    if (fit->grid.count == 0)
        return;
    find_gaps(fit, retries, result);
    find_restarts(&fit->grid, result);
    find_flushes(fit, retries, result);
    find_steps_back(retries, result);
    if (result->event_count > 0)
        qsort(result->events, result->event_count, sizeof *result->events, by_time);
}
