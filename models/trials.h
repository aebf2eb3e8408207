/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/trials.h - a scenario under several settings, with the same luck
 *
 * A trial is one replication under one of the settings. Its luck hangs on seed
 * and replication alone: not on the settings (models/luck.h), and not on which
 * other trials are run, where or when.
 */
#ifndef MODELS_TRIALS_H
#define MODELS_TRIALS_H

#include "models/endings.h"
#include "models/mta/mta.h"
#include "models/results.h"

struct trials {
    const struct scenario *scenario; /* ready, routes and all */
    const struct mta_ops *mta;
    const void *const *settings; /* of each point, of the MTA's own type */
    size_t points;               /* at least 1 */
    uint64_t seed;
    sim_time since;    /* attempts before it are not counted (models/results.h) */
    unsigned threads;  /* at least 1 */
    bool with_endings; /* remember how each message ended */
};

/* Trials are numbered: all points of the first replication, then of the next. */
static inline uint32_t trial_replication(const struct trials *trials, uint64_t number)
{
    return (uint32_t)(number / trials->points);
}

static inline size_t trial_point(const struct trials *trials, uint64_t number)
{
    return (size_t)(number % trials->points);
}

struct trial {
    uint64_t number;
    double *figures;        /* by metric; NAN where there was nothing to measure */
    struct endings endings; /* empty if they are not wanted */
    struct classes classes; /* empty where the scenario has none */
};

/* Takes a trial that is done; false: it is enough. It is released afterwards, but for endings that
 * were taken out. */
typedef bool trials_take_fn(void *user, struct trial *trial);

/*
 * Does trials, each given by its number: `numbers`, ascending, or 0 to count - 1
 * if that is NULL. They are taken in this order on any number of threads.
 * Returns whether all were.
 */
bool trials_run(const struct trials *trials, const uint64_t *numbers, size_t count,
                trials_take_fn *take, void *user);

#endif
