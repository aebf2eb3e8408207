/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/sweeping.h - a scenario at each point of a grid of settings
 *
 * What sweep, merge and tune share.
 */
#ifndef CLI_SWEEPING_H
#define CLI_SWEEPING_H

#include "cli/policy.h"
#include "cli/progress.h"
#include "cli/trial_options.h"
#include "io/sweep_json.h"
#include "io/units_csv.h"
#include "models/comparison.h"
#include "models/trials.h"

#define SWEEP_REPLICATIONS 20

/* Of a whole sweep: a folder has none while there is something to do. */
#define SWEEP_RESULTS "results.csv"

struct sweep_options {
    struct trial_options trial; /* one policy at most: it lies below what is varied */
    struct sweep sweep;
    int argc; /* operands begin at optind */
    char **argv;
    const char *folder;     /* NULL: nothing is written */
    uint64_t shard, shards; /* from 0; shards 0: all is done here */
    bool with_present;      /* what is configured is a point, too: the first */
    bool says_once;         /* a warning, whatever its values, and of all grids together */
};

/* Reads --vary. Fails with EX_USAGE. */
bool sweep_take_axis(struct sweep_options *options, const char *text, struct err *err) WARN_UNUSED;

struct sweep_point {
    struct main_cf config;
    struct postfix_settings settings;
};

struct sweeping {
    const struct sweep_options *options;
    struct subject subject;
    struct policies base; /* the one that lies below what is varied */
    struct notes said;    /* where warnings are said once: those that were */
    struct sweep_point *points;
    size_t point_count;
    const void **settings;
    char *present[SWEEP_MOST_AXES]; /* what is configured for each axis, if that is a point */
    struct trials trials;
    struct sweep_manifest manifest;

    struct units done; /* before we came, by number */
    size_t next_done;
    struct units_file file;
    struct comparison comparison; /* empty of a shard */
    uint64_t wanted;              /* replications, at most */
    bool is_enough, failed;
    struct err *err;
    struct progress progress;
    uint64_t taken, of; /* trials */
};

/* Reads the scenario and the settings of each point. Release with sweeping_fini(), good or not. */
bool sweeping_init(struct sweeping *sweeping, const struct sweep_options *options,
                   struct err *err) WARN_UNUSED;

/* Has it begin anew on the grid of other options: what was read, perhaps from a pipe, is not read
 * again. */
bool sweeping_again(struct sweeping *sweeping, const struct sweep_options *options,
                    struct err *err) WARN_UNUSED;
void sweeping_fini(struct sweeping *sweeping);

/*
 * Does what is not done yet: with a folder, what its units.csv does not have, and
 * adds that to it. Fails with EX_USAGE where the folder has another sweep.
 */
bool sweeping_run(struct sweeping *sweeping, struct err *err) WARN_UNUSED;

#endif
