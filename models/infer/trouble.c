/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/infer/trouble.h"

#include <stdlib.h>

#include "models/mta/postfix/scans.h"
#include "models/self_check.h"
#include "sim/alloc.h"

#define FLUSH_LEAST 3     /* retries at one instant: fewer may be of single messages */
#define BACK_LEAST 10     /* seconds; lines may be a little out of order */
#define BACK_APART 3600   /* seconds: what goes back within is one step of the clock */
#define QUIET_SCANS 3     /* periods without a sign of life */
#define FORGOTTEN_SCANS 2 /* periods that a message was left alone in them, though it was due */

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

/* ---- retries that show some trouble ---- */

struct symptom {
    int64_t at;
    int64_t span;
};

struct symptoms {
    struct symptom *list;
    size_t count, room;
};

static void add_symptom(struct symptoms *symptoms, int64_t at, int64_t span)
{
    symptoms->list =
        alloc_grow(symptoms->list, &symptoms->room, symptoms->count + 1, sizeof *symptoms->list);
    symptoms->list[symptoms->count++] = (struct symptom){at, span};
}

static int by_at(const void *a, const void *b)
{
    const struct symptom *x = a, *y = b;

    return (x->at > y->at) - (x->at < y->at);
}

/* Makes an event of each `least` or more that are at most `apart` seconds from the first. */
static void group_symptoms(struct symptoms *symptoms, int64_t apart, size_t least,
                           enum infer_kind kind, struct infer_result *result)
{
    const struct symptom *list = symptoms->list;

    if (symptoms->count > 0)
        qsort(symptoms->list, symptoms->count, sizeof *symptoms->list, by_at);
    for (size_t i = 0, next; i < symptoms->count; i = next) {
        int64_t span = list[i].span;
        for (next = i; next < symptoms->count && list[next].at - list[i].at <= apart; next++)
            span = llabs(list[next].span) > llabs(span) ? list[next].span : span;
        if (next - i >= least)
            add_event(result, (struct infer_event){list[i].at, kind, next - i, span, false});
    }
    free(symptoms->list);
}

/* What is not on a scan, or before its time, and much at once, was an operator's wish. */
static void find_flushes(const struct timing *timing, const struct retries *retries,
                         struct infer_result *result)
{
    struct symptoms early = {0};

    for (size_t i = 0; i < retries->count; i++) {
        const struct retry *retry = &retries->list[i];
        enum verdict verdict = timing_judge(timing, retry);
        if (retry->picked_up >= 0 && (verdict == VERDICT_EARLY || verdict == VERDICT_OFF_GRID))
            add_symptom(&early, retry_start(retry), 0);
    }
    group_symptoms(&early, SELF_CHECK_FEED, FLUSH_LEAST, INFER_FLUSH, result);
}

static void find_steps_back(const struct retries *retries, struct infer_result *result)
{
    struct symptoms back = {0};

    for (size_t i = 0; i < retries->count; i++) {
        const struct retry *retry = &retries->list[i];
        if (retry->picked_up <= -BACK_LEAST)
            add_symptom(&back, retry_start(retry), retry->picked_up);
    }
    group_symptoms(&back, BACK_APART, 1, INFER_CLOCK, result);
}

/* ---- gaps ---- */

/* Seconds, ascending. */
struct seconds {
    const int64_t *at;
    size_t count;
};

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* All seconds in which something was tried, or its trying ended. The caller frees them. */
static int64_t *signs_of_life(const struct retries *retries)
{
    int64_t *signs = alloc_zeroed((2 * retries->count + 1) * sizeof *signs);

    for (size_t i = 0; i < retries->count; i++) {
        signs[2 * i] = retries->list[i].deferred;
        signs[2 * i + 1] = retry_start(&retries->list[i]);
    }
    qsort(signs, 2 * retries->count, sizeof *signs, by_size);
    return signs;
}

/* The latest that is before `second`, or `second` if there is none. */
static int64_t latest_before(struct seconds seconds, int64_t second)
{
    size_t low = 0, high = seconds.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (seconds.at[middle] < second)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? second : seconds.at[low - 1];
}

/*
 * Did scans leave a retry alone that was due, while nothing else was done? Not so if one took
 * others meanwhile: then it was not the clock that kept it.
 */
static bool was_forgotten(const struct timing *timing, const struct retry *retry,
                          int64_t quiet_since, int64_t woken)
{
    struct seconds bursts = {timing->starts.at, timing->starts.count};
    int64_t period = timing->grid.period;
    int64_t due = retry->deferred + backoff_wait(&timing->backoff, retry->age) - SCAN_TOLERANCE;

    return woken - quiet_since >= QUIET_SCANS * period && woken - due >= FORGOTTEN_SCANS * period
           && latest_before(bursts, woken) < due;
}

static void find_gaps(const struct timing *timing, const struct retries *retries,
                      struct infer_result *result)
{
    struct seconds bursts = {timing->starts.at, timing->starts.count};
    int64_t *signs = signs_of_life(retries);
    struct symptoms forgotten = {0};

    for (size_t i = 0; i < retries->count; i++) {
        const struct retry *retry = &retries->list[i];
        if (retry->picked_up < QUIET_SCANS * timing->grid.period)
            continue;
        int64_t woken = latest_before(bursts, retry_start(retry) + 1);
        int64_t quiet_since = latest_before((struct seconds){signs, 2 * retries->count}, woken);
        if (timing_judge(timing, retry) != VERDICT_WAITED
            && was_forgotten(timing, retry, quiet_since, woken))
            add_symptom(&forgotten, woken, woken - quiet_since);
    }
    group_symptoms(&forgotten, 0, 1, INFER_CLOCK, result);
    free(signs);
}

/* ---- a full active queue ---- */

/* An event for each time that it was full, and retries waited. */
static void find_full(const struct timing *timing, const struct retries *retries,
                      struct infer_result *result)
{
    struct symptoms waits = {0};

    for (size_t i = 0; timing->full.count > 0 && i < retries->count; i++) {
        const struct retry *retry = &retries->list[i];
        if (timing_judge(timing, retry) != VERDICT_WAITED)
            continue;
        const struct full_time *full = full_time_before(&timing->full, retry_start(retry));
        add_symptom(&waits, full->at, full->until - full->at);
    }
    group_symptoms(&waits, 0, 1, INFER_FULL, result);
}

/* ---- restarts ---- */

static int by_start(const void *a, const void *b)
{
    const struct infer_start *x = a, *y = b;

    return (x->at > y->at) - (x->at < y->at);
}

/* The first that is not before `second`. */
static size_t start_from(const struct infer_starts *starts, int64_t second)
{
    size_t low = 0, high = starts->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (starts->list[middle].at < second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Marks those from `from` to `until`. The last of them, or the last that was no reload; or NULL. */
static const struct infer_start *mark_starts(struct infer_starts *starts, int64_t from,
                                             int64_t until, bool reloads)
{
    const struct infer_start *last = NULL;

    for (size_t i = start_from(starts, from); i < starts->count && starts->list[i].at <= until;
         i++) {
        if (reloads || !starts->list[i].reloaded) {
            starts->list[i].told = true;
            last = &starts->list[i];
        }
    }
    return last;
}

/* Nothing was done, and then Postfix was started: it was no clock. The events are gaps. */
static void find_downs(struct infer_starts *starts, struct infer_result *result)
{
    for (size_t i = 0; i < result->event_count; i++) {
        struct infer_event *gap = &result->events[i];
        if (mark_starts(starts, gap->at - gap->span, gap->at + SELF_CHECK_FEED, false) != NULL) {
            gap->kind = INFER_DOWN;
            gap->logged = true;
        }
    }
}

/* After a gap too, scans have another phase. The first events are the gaps. */
static void find_restarts(const struct grid *grid, struct infer_starts *starts,
                          struct infer_result *result)
{
    size_t gaps = result->event_count, gap = 0;

    for (size_t i = 1; i < grid->count; i++) {
        const struct grid_hit *hit = &grid->hits[i];
        if (hit->segment == hit[-1].segment)
            continue;
        while (gap < gaps && result->events[gap].at < hit->at - SELF_CHECK_FEED)
            gap++;
        if (gap < gaps && result->events[gap].at <= hit->at + SELF_CHECK_FEED)
            continue;
        const struct infer_start *start =
            mark_starts(starts, hit[-1].at, hit->at + SELF_CHECK_FEED, true);
        int64_t moved = (hit->at - hit[-1].at) % grid->period;
        int64_t at = start != NULL ? start->at : hit->at;
        add_event(result, (struct infer_event){at, INFER_RESTART, 0, moved, start != NULL});
    }
}

/* Those that no scan shows, but for what stands at the beginning of the log. */
static void tell_other_starts(const struct grid *grid, const struct infer_starts *starts,
                              struct infer_result *result)
{
    for (size_t i = start_from(starts, grid->hits[0].at); i < starts->count; i++)
        if (!starts->list[i].told)
            add_event(result, (struct infer_event){starts->list[i].at, INFER_RESTART, 0, 0, true});
}

void trouble_find(const struct timing *timing, const struct retries *retries,
                  struct infer_starts *starts, struct infer_result *result)
{
    if (timing->grid.count == 0)
        return;
    if (starts->count > 0)
        qsort(starts->list, starts->count, sizeof *starts->list, by_start);
    find_gaps(timing, retries, result);
    find_downs(starts, result);
    find_restarts(&timing->grid, starts, result);
    tell_other_starts(&timing->grid, starts, result);
    find_full(timing, retries, result);
    find_flushes(timing, retries, result);
    find_steps_back(retries, result);
    if (result->event_count > 0)
        qsort(result->events, result->event_count, sizeof *result->events, by_time);
}
