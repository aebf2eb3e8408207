/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/infer/grid.h - the deferred scans of a log, from what they picked up
 *
 * Retries begin in bursts, and a burst begins where a scan does. Scans are one
 * queue_run_delay apart, counted from start to start; a real timer fires a
 * little late each time, so that the grid drifts. It is followed from burst to
 * burst. A queue manager that starts anew has a new phase: where bursts fit the
 * old one no longer, and one another well, a new segment begins.
 *
 * All in whole seconds since 1970.
 */
#ifndef MODELS_INFER_GRID_H
#define MODELS_INFER_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Postfix's default of queue_run_delay. */
#define USUAL_PERIOD 300

/* A scan that picked mail up. */
struct grid_hit {
    int64_t at;      /* its start; not after the first that it picked up */
    int64_t number;  /* of the scan, within its segment */
    int32_t segment; /* from 0 */
};

struct grid {
    int64_t period;    /* queue_run_delay */
    int64_t low, high; /* the periods that fit as well */
    struct grid_hit *hits;
    size_t count;
    double unrest; /* seconds that a scan is off its place, on average; new segments count too */
};

/* When bursts begin: ascending. */
struct grid_starts {
    int64_t *at;
    size_t count;
};

/* The starts of the bursts of `seconds`, which must ascend. The caller frees starts.at. */
struct grid_starts grid_starts_of(const int64_t *seconds, size_t count);

/*
 * Postfix's default, the periods that most differences between starts are
 * multiples of, and their parts (a half, a third ...): which of them it is,
 * backoff must tell. At most `most`, at least 1; returns how many, 0 where less
 * than two starts are known.
 */
size_t grid_periods(const struct grid_starts *starts, int64_t *periods, size_t most);

/* Follows the grid of that period, and corrects it: the caller frees it by grid_fini(). */
void grid_trace(struct grid *grid, const struct grid_starts *starts, int64_t period);

/* The same where the period is known, so that even one burst shows a scan. */
void grid_follow(struct grid *grid, const struct grid_starts *starts, int64_t period);
void grid_fini(struct grid *grid);

/* The scan that was going on at a second, and the scan before it. */
struct grid_scan {
    int64_t at, before;
    size_t hit; /* the latest that is not after it */
};

/* False if none had begun within SELF_CHECK_FEED before. */
bool grid_scan_at(const struct grid *grid, int64_t second, struct grid_scan *scan);

/* When the first scan begins at `second` or later. Requires a grid that is not empty. */
int64_t grid_scan_from(const struct grid *grid, int64_t second);

#endif
