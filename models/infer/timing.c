/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/infer/timing.h"

#include <math.h>
#include <stdlib.h>

#include "models/infer/round.h"
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

enum verdict timing_judge(const struct timing *timing, const struct retry *retry)
{
    int64_t due = backoff_wait(&timing->backoff, retry->age);
    struct grid_scan scan;
    struct wait wait;

    if (!wait_of(&timing->grid, retry, &wait, &scan))
        return VERDICT_OFF_GRID;
    if (due > wait.high)
        return VERDICT_EARLY;
    return due < wait.low ? VERDICT_LATE : VERDICT_ON_SCAN;
}

static void timing_period(struct timing *timing, const struct retries *retries, int64_t period,
                          size_t stride)
{
    grid_trace(&timing->grid, &timing->starts, period);
    timing->period_low = timing->grid.low;
    timing->period_high = timing->grid.high;
    timing->backoff = backoff_fit(&timing->grid, retries, stride);
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        timing->verdicts[i] = 0;
    for (size_t i = 0; i < retries->count; i += stride)
        timing->verdicts[timing_judge(timing, &retries->list[i])]++;
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

void timing_fini(struct timing *timing)
{
    grid_fini(&timing->grid);
    free(timing->starts.at);
}
