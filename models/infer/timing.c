/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/infer/timing.h"

#include <math.h>
#include <stdlib.h>

#include "models/infer/round.h"
#include "models/mta/postfix/scans.h"
#include "models/self_check.h"
#include "sim/alloc.h"

#define PERIODS_MOST 48
#define SAMPLE 20000     /* retries are enough to choose a period by */
#define EQUAL_ONE_IN 200 /* less of the best explained is as good */

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static struct grid_starts find_starts(const struct retries *retries)
{
    int64_t *seconds = alloc_zeroed((retries->count + 1) * sizeof *seconds);

    for (size_t i = 0; i < retries->count; i++)
        seconds[i] = retry_start(&retries->list[i]);
    qsort(seconds, retries->count, sizeof *seconds, by_size);
    struct grid_starts starts = grid_starts_of(seconds, retries->count);
    free(seconds);
    return starts;
}

/* A scan that has a whole period of room takes all that is due. */
static int64_t longest_feed(const struct grid *grid)
{
    return grid->period <= SELF_CHECK_FEED ? grid->period - 1 : SELF_CHECK_FEED;
}

/*
 * Did the scan that should have taken it, or the one that was going on when it was taken, have no
 * more room meanwhile than any scan needs?
 */
static bool waited_for_room(const struct timing *timing, const struct retry *retry)
{
    int64_t wait = backoff_wait(&timing->backoff, retry->age) - SCAN_TOLERANCE;
    int64_t first = retry->deferred + (wait > 1 ? wait : 1), taken = retry_start(retry);
    struct grid_scan scan = {0};

    if (timing->full.count == 0 || timing->grid.count == 0 || taken < first)
        return false;
    int64_t since = grid_scan_from(&timing->grid, first);
    if (since > taken) {
        (void)grid_scan_at(&timing->grid, taken, &scan);
        since = scan.at;
    }
    int64_t full = full_seconds(&timing->full, since, taken);
    return full > 0 && taken - since - full <= longest_feed(&timing->grid);
}

static enum verdict on_time_or(enum verdict miss, const struct timing *timing,
                               const struct retry *retry)
{
    return waited_for_room(timing, retry) ? VERDICT_WAITED : miss;
}

enum verdict timing_judge(const struct timing *timing, const struct retry *retry)
{
    int64_t due = backoff_wait(&timing->backoff, retry->age);
    struct grid_scan scan;
    struct wait wait;

    if (!wait_of(&timing->grid, retry, &wait, &scan))
        return on_time_or(VERDICT_OFF_GRID, timing, retry);
    if (due > wait.high)
        return VERDICT_EARLY;
    return due < wait.low ? on_time_or(VERDICT_LATE, timing, retry) : VERDICT_ON_SCAN;
}

/* Every `stride`-th retry. */
static void judge_all(struct timing *timing, const struct retries *retries, size_t stride)
{
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        timing->verdicts[i] = 0;
    for (size_t i = 0; i < retries->count; i += stride)
        timing->verdicts[timing_judge(timing, &retries->list[i])]++;
}

static void timing_period(struct timing *timing, const struct retries *retries, int64_t period,
                          size_t stride)
{
    grid_trace(&timing->grid, &timing->starts, period);
    timing->period_low = timing->grid.low;
    timing->period_high = timing->grid.high;
    timing->backoff = backoff_fit(&timing->grid, retries, stride);
    judge_all(timing, retries, stride);
}

/* Both explain as much: Postfix's default, else the rounder, else the longer period is better. */
static bool is_rounder(int64_t a, int64_t b)
{
    if ((a == USUAL_PERIOD) != (b == USUAL_PERIOD))
        return a == USUAL_PERIOD;
    return roundness(a) < roundness(b) || (roundness(a) == roundness(b) && a > b);
}

/* What a period explains; best_of() makes ranges over several. */
struct trial {
    int64_t period, low, high;
    struct votes_range minimal, maximal;
    uint64_t explained;
    double unrest;
};

static size_t try_periods(const struct timing *timing, const struct retries *retries, size_t stride,
                          struct trial *trials)
{
    int64_t periods[PERIODS_MOST];
    size_t count = grid_periods(&timing->starts, periods, PERIODS_MOST);

    for (size_t i = 0; i < count; i++) {
        struct timing tried = {.starts = timing->starts};
        timing_period(&tried, retries, periods[i], stride);
        trials[i] = (struct trial){.period = tried.grid.period,
                                   .low = tried.grid.low,
                                   .high = tried.grid.high,
                                   .minimal = tried.backoff.minimal_range,
                                   .maximal = tried.backoff.maximal_range,
                                   .explained = tried.verdicts[VERDICT_ON_SCAN],
                                   .unrest = tried.grid.unrest};
        grid_fini(&tried.grid);
    }
    return count;
}

/* Less than half explained is nothing told. */
static bool is_told(const struct timing *timing, size_t count)
{
    return 2 * timing->verdicts[VERDICT_ON_SCAN] > count;
}

static bool explains_enough(const struct trial *trial, uint64_t most)
{
    return trial->explained >= most - most / EQUAL_ONE_IN;
}

/* The most that a trial may have to bend its grid, to be as good as those that explain as much. */
static double most_unrest(const struct trial *trials, size_t count, uint64_t most)
{
    double least = INFINITY;

    for (size_t i = 0; i < count; i++)
        if (explains_enough(&trials[i], most))
            least = fmin(least, trials[i].unrest);
    return 2 * least + 1;
}

static void widen(struct votes_range *range, const struct votes_range *by)
{
    range->low = by->low < range->low ? by->low : range->low;
    range->high = by->high > range->high ? by->high : range->high;
}

/* Takes a trial that is as good into account. */
static void join(struct trial *best, const struct trial *trial)
{
    best->low = trial->low < best->low ? trial->low : best->low;
    best->high = trial->high > best->high ? trial->high : best->high;
    widen(&best->minimal, &trial->minimal);
    widen(&best->maximal, &trial->maximal);
    if (is_rounder(trial->period, best->period))
        best->period = trial->period;
}

/* The best of the trials, with the ranges over all that are as good. */
static struct trial best_of(const struct trial *trials, size_t count)
{
    struct trial best = {0};
    uint64_t most = 0;

    for (size_t i = 0; i < count; i++)
        most = trials[i].explained > most ? trials[i].explained : most;
    double unrest = most_unrest(trials, count, most);
    for (size_t i = 0; i < count; i++) {
        if (!explains_enough(&trials[i], most) || trials[i].unrest > unrest)
            continue;
        if (best.period == 0)
            best = trials[i];
        else
            join(&best, &trials[i]);
    }
    return best;
}

static void forget(struct timing *timing, size_t retries)
{
    grid_fini(&timing->grid);
    *timing = (struct timing){.starts = timing->starts, .verdicts[VERDICT_OFF_GRID] = retries};
}

void timing_find(struct timing *timing, const struct retries *retries)
{
    struct trial trials[PERIODS_MOST];

    *timing = (struct timing){.starts = find_starts(retries)};
    size_t count = try_periods(timing, retries, 1 + retries->count / SAMPLE, trials);
    struct trial best = best_of(trials, count);
    if (best.period > 0)
        timing_period(timing, retries, best.period, 1);
    if (!is_told(timing, retries->count)) {
        forget(timing, retries->count);
        return;
    }
    timing->period_low = best.low < timing->period_low ? best.low : timing->period_low;
    timing->period_high = best.high > timing->period_high ? best.high : timing->period_high;
    widen(&timing->backoff.minimal_range, &best.minimal);
    widen(&timing->backoff.maximal_range, &best.maximal);
}

void timing_check(struct timing *timing, const struct retries *retries,
                  const struct postfix_settings *settings)
{
    *timing = (struct timing){
        .starts = find_starts(retries),
        .backoff = {.minimal = settings->minimal_backoff_time,
                    .maximal = settings->maximal_backoff_time},
        .period_low = settings->queue_run_delay,
        .period_high = settings->queue_run_delay,
    };
    grid_follow(&timing->grid, &timing->starts, settings->queue_run_delay);
    judge_all(timing, retries, 1);
}

/* ---- waits for room ---- */

#define LIMIT_LEAST 10 /* messages: fewer are together by chance, time and again */
#define WAITS_LEAST 3  /* retries: fewer may be of messages that were on hold */

/* Was it full at one scan, and at another? */
static bool is_reached_again(const struct timing *timing)
{
    const struct full_times *full = &timing->full;

    return full->count >= 2
           && full->list[full->count - 1].at - full->list[0].until >= timing->grid.period;
}

static void forget_waits(struct timing *timing, const struct retries *retries)
{
    full_times_fini(&timing->full);
    timing->full = (struct full_times){0};
    judge_all(timing, retries, 1);
}

void timing_find_waits(struct timing *timing, const struct retries *retries, struct active *active,
                       int64_t limit)
{
    int64_t most = active_most(active);

    if (timing->grid.count == 0 || most < (limit > 0 ? limit : LIMIT_LEAST))
        return;
    full_times_find(&timing->full, active, limit > 0 ? limit : most);
    judge_all(timing, retries, 1);
    if (limit == 0 && (!is_reached_again(timing) || timing->verdicts[VERDICT_WAITED] < WAITS_LEAST))
        forget_waits(timing, retries);
}

void timing_fini(struct timing *timing)
{
    full_times_fini(&timing->full);
    grid_fini(&timing->grid);
    free(timing->starts.at);
}
