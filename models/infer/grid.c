/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/infer/grid.h"

#include <math.h>
#include <stdlib.h>

#include "models/infer/round.h"
#include "models/self_check.h"
#include "sim/alloc.h"

#define BURST_GAP 2       /* seconds without a retry end a burst */
#define EARLY 2           /* seconds by which stamps may be wrong */
#define DRIFT 0.35        /* seconds a scan at most, as a busy machine has it */
#define AHEAD 12          /* bursts that are looked at to find a new phase */
#define LONGEST 100000    /* seconds that a period may have */
#define SAMPLE 10000      /* differences tell enough */
#define PARTS 24          /* of a period */
#define NEARLY 0.9        /* of the best score */
#define LIKELY_ENOUGH 0.4 /* of the best score */

struct grid_starts grid_starts_of(const int64_t *seconds, size_t count)
{
    struct grid_starts starts = {alloc_zeroed((count + 1) * sizeof *starts.at), 0};

    for (size_t i = 0; i < count; i++) {
        if (i == 0 || seconds[i] - seconds[i - 1] > BURST_GAP)
            starts.at[starts.count++] = seconds[i];
    }
    return starts;
}

/* ---- is a start on the grid? ---- */

/* How far from its place a start may be, and still be told from one by chance. */
static double slack(int64_t period)
{
    return fmin(EARLY, (double)((period - 1) / 3));
}

/* How many periods lie between, and by how much it is more than that. */
struct step {
    double periods, rest;
};

static struct step step_of(double distance, int64_t period)
{
    double periods = floor(distance / (double)period + 0.5);

    return (struct step){periods, distance - periods * (double)period};
}

static bool is_on_grid(const struct step *step, int64_t period)
{
    double late = fmin(slack(period) + DRIFT * step->periods, (double)period / 4);

    late = fmax(late, period >= 3 ? 1 : 0); /* a timer slips by whole seconds */
    return step->periods >= 1 && step->rest >= -slack(period) && step->rest <= late;
}

/* ---- which periods may it be? ---- */

/* The share of differences that are multiples, less what chance would give. */
static double score(const int64_t *differences, size_t count, int64_t period)
{
    double chance = fmin(1, (2 * slack(period) + 1) / (double)period);
    size_t good = 0;

    if (chance > 0.99)
        return 0;
    for (size_t i = 0; i < count; i++) {
        struct step step = step_of((double)differences[i], period);
        good += step.periods >= 1 && fabs(step.rest) <= slack(period);
    }
    return ((double)good / (double)count - chance) / (1 - chance);
}

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Does no neighbour score better? Of equal ones the first. */
static bool is_peak(const double *scores, int64_t limit, int64_t period)
{
    for (int64_t near = period - 2 * EARLY; near <= period + 2 * EARLY; near++) {
        if (near < 1 || near > limit || near == period)
            continue;
        if (scores[near] > scores[period] || (scores[near] == scores[period] && near < period))
            return false;
    }
    return scores[period] > 0;
}

/* The middle of a peak, which can be some periods wide. */
static int64_t middle_of_peak(const double *scores, int64_t limit, int64_t period)
{
    int64_t end = period;

    while (end < limit && scores[end + 1] >= scores[period])
        end++;
    return period + (end - period) / 2;
}

/* Scores by period, from 1 to `limit`. */
static double *scores_of(const int64_t *differences, size_t count, int64_t limit)
{
    double *scores = alloc_zeroed((size_t)(limit + 1) * sizeof *scores);

    for (int64_t period = 1; period <= limit; period++)
        scores[period] = score(differences, count, period);
    return scores;
}

static size_t add_period(int64_t *periods, size_t count, size_t most, int64_t period)
{
    for (size_t i = 0; i < count; i++)
        if (periods[i] == period)
            return count;
    if (count == most || period < 1)
        return count;
    periods[count] = period;
    return count + 1;
}

/* The longest that scores nearly best, its parts, and other peaks, longest first. */
static size_t choose_periods(const double *scores, int64_t limit, int64_t *periods, size_t most)
{
    double best = 0;
    int64_t longest = limit;
    size_t count = 0;

    for (int64_t period = 1; period <= limit; period++)
        best = fmax(best, scores[period]);
    if (best <= 0)
        return 0;
    while (!is_peak(scores, limit, longest) || scores[longest] < NEARLY * best)
        longest--;
    longest = middle_of_peak(scores, limit, longest);
    for (int64_t part = 1; part <= PARTS; part++)
        count = add_period(periods, count, most, (longest + part / 2) / part);
    for (int64_t period = limit; period >= 1; period--)
        if (is_peak(scores, limit, period) && scores[period] >= LIKELY_ENOUGH * best)
            count = add_period(periods, count, most, middle_of_peak(scores, limit, period));
    return count;
}

/* Some of the differences between starts, ascending. */
static int64_t *differences_of(const struct grid_starts *starts, size_t *count)
{
    int64_t *differences = alloc_zeroed(starts->count * sizeof *differences);
    size_t all = starts->count - 1, stride = 1 + all / SAMPLE;

    for (size_t i = 0; i < all; i++)
        differences[i] = starts->at[i + 1] - starts->at[i];
    qsort(differences, all, sizeof *differences, by_size);
    *count = 0;
    for (size_t i = 0; i < all; i += stride)
        differences[(*count)++] = differences[i];
    return differences;
}

size_t grid_periods(const struct grid_starts *starts, int64_t *periods, size_t most)
{
    size_t difference_count;

    if (starts->count < 2)
        return 0;
    int64_t *differences = differences_of(starts, &difference_count);
    int64_t limit = differences[difference_count / 2] + EARLY; /* most are a period or more */
    if (limit > LONGEST)
        limit = LONGEST;
    double *scores = scores_of(differences, difference_count, limit);
    size_t count = add_period(periods, 0, most, USUAL_PERIOD);
    count += choose_periods(scores, limit, periods + count, most - count);
    free(differences);
    free(scores);
    return count;
}

/* ---- the grid is followed ---- */

/* A scan's place: of the latest start that was on the grid, moved by what drifted. */
struct track {
    double at;
    int64_t number;
    double off; /* the sum of what starts were off their places */
};

static bool track_takes(struct track *track, int64_t start, int64_t period)
{
    struct step step = step_of((double)start - track->at, period);

    if (!is_on_grid(&step, period))
        return false;
    /* None is picked up before its scan, so an early start is right and a late one may not be. */
    double drift = step.rest < 0 ? step.rest : fmin(step.rest, DRIFT * step.periods);
    track->at += step.periods * (double)period + drift;
    track->number += (int64_t)step.periods;
    track->off += fabs(step.rest);
    return true;
}

/* How many of the starts from number `from` on are on the track. */
static int fits(struct track track, const struct grid_starts *starts, size_t from, int64_t period)
{
    int count = 0;

    for (size_t i = from; i < starts->count && i < from + AHEAD; i++)
        count += track_takes(&track, starts->at[i], period);
    return count;
}

/* Does a new phase begin at start `i`, and not only something off the grid? */
static bool begins_phase(const struct track *old, bool any, const struct grid_starts *starts,
                         size_t i, int64_t period)
{
    struct track new = {(double)starts->at[i], 0, 0};
    int with_new = fits(new, starts, i + 1, period);
    int with_old = any ? fits(*old, starts, i + 1, period) : -1;

    return with_new >= with_old + 2;
}

static void add_hit(struct grid *grid, size_t *room, const struct track *track, int32_t segment)
{
    grid->hits = alloc_grow(grid->hits, room, grid->count + 1, sizeof *grid->hits);
    grid->hits[grid->count++] =
        (struct grid_hit){(int64_t)floor(track->at), track->number, segment};
}

/* What a new phase costs, in seconds off: what a start by chance is off, on average. */
#define NEW_PHASE(period) ((double)(period) / 4)

static void follow(struct grid *grid, const struct grid_starts *starts, int64_t period)
{
    struct track track = {0, 0, 0};
    int32_t segment = -1;
    size_t room = 0;

    grid->count = 0;
    for (size_t i = 0; i < starts->count; i++) {
        if (segment >= 0 && track_takes(&track, starts->at[i], period)) {
            add_hit(grid, &room, &track, segment);
        } else if (begins_phase(&track, segment >= 0, starts, i, period)) {
            double off = segment < 0 ? 0 : track.off + NEW_PHASE(period);
            track = (struct track){(double)starts->at[i], 0, off};
            add_hit(grid, &room, &track, ++segment);
        }
    }
    grid->unrest = grid->count == 0 ? 0 : track.off / (double)grid->count;
}

/*
 * The mean of what lies between scans, and what that says of the period: no
 * timer fires early, and over many scans a wrong stamp matters little.
 */
static void correct(struct grid *grid)
{
    int64_t seconds = 0, periods = 0;

    for (size_t i = 1; i < grid->count; i++) {
        const struct grid_hit *hit = &grid->hits[i];
        if (hit->segment == hit[-1].segment) {
            seconds += hit->at - hit[-1].at;
            periods += hit->number - hit[-1].number;
        }
    }
    if (periods == 0)
        return;
    double mean = (double)seconds / (double)periods, doubt = 1.5 / (double)periods;
    grid->high = (int64_t)floor(mean + 0.02 + doubt);
    grid->low = (int64_t)ceil(mean - DRIFT - doubt);
    if (grid->high < 1)
        grid->high = 1;
    if (grid->low > grid->high || grid->low < 1)
        grid->low = grid->high;
    grid->period = round_within(grid->low, grid->high, USUAL_PERIOD);
}

void grid_trace(struct grid *grid, const struct grid_starts *starts, int64_t period)
{
    *grid = (struct grid){.period = period, .low = period, .high = period};
    follow(grid, starts, period);
    correct(grid);
    if (grid->period == period)
        return;
    grid_fini(grid);
    grid->hits = NULL;
    follow(grid, starts, grid->period);
}

void grid_follow(struct grid *grid, const struct grid_starts *starts, int64_t period)
{
    *grid = (struct grid){.period = period, .low = period, .high = period};
    follow(grid, starts, period);
    if (grid->count == 0 && starts->count > 0) {
        struct track first = {(double)starts->at[0], 0, 0};
        size_t room = 0;
        add_hit(grid, &room, &first, 0);
    }
}

void grid_fini(struct grid *grid)
{
    free(grid->hits);
}

/* ---- and asked ---- */

/* The latest hit that is not after `second`; SIZE_MAX if all are. */
static size_t hit_before(const struct grid *grid, int64_t second)
{
    size_t low = 0, high = grid->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (grid->hits[middle].at <= second)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

/* Seconds between the scans from a hit to the next one. */
static double spacing(const struct grid *grid, size_t hit)
{
    const struct grid_hit *a = &grid->hits[hit], *b = a + 1;

    if (hit + 1 == grid->count || a->segment != b->segment)
        return (double)grid->period;
    return (double)(b->at - a->at) / (double)(b->number - a->number);
}

/* Of the last scan before a hit; in another segment it is not known when that one ended. */
static int64_t scan_before(const struct grid *grid, size_t hit)
{
    const struct grid_hit *at = &grid->hits[hit];

    if (hit == 0)
        return at->at - grid->period;
    if (at->segment != at[-1].segment)
        return at[-1].at;
    return at->at - (int64_t)ceil(spacing(grid, hit - 1));
}

bool grid_scan_at(const struct grid *grid, int64_t second, struct grid_scan *scan)
{
    size_t hit = hit_before(grid, second);

    if (hit == SIZE_MAX)
        return false;
    double apart = spacing(grid, hit);
    int64_t first = grid->hits[hit].at;
    double number = floor((double)(second - first) / apart);
    scan->hit = hit;
    scan->at = first + (int64_t)floor(number * apart);
    scan->before =
        number >= 1 ? first + (int64_t)floor((number - 1) * apart) : scan_before(grid, hit);
    return second - scan->at <= SELF_CHECK_FEED;
}

int64_t grid_scan_from(const struct grid *grid, int64_t second)
{
    REQUIRE(grid->count > 0);
    size_t hit = hit_before(grid, second);
    size_t next = hit == SIZE_MAX ? 0 : hit + 1;
    size_t anchor = hit == SIZE_MAX ? 0 : hit;
    double apart = hit == SIZE_MAX ? (double)grid->period : spacing(grid, hit);
    int64_t first = grid->hits[anchor].at;
    int64_t scan = first + (int64_t)floor(ceil((double)(second - first) / apart) * apart);

    if (scan < second) /* by what a product is off */
        scan = second;
    /* The scans before it may be of a queue manager that was gone by then. */
    return next < grid->count && scan > grid->hits[next].at ? grid->hits[next].at : scan;
}
