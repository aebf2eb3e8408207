/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_tune.c - the setting that meets a goal at the least cost
 *
 * The grid first, then twice more between its best point and that one's
 * neighbours. What is configured is run beside: what that delivers and a setting
 * does not is lost.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "cli/expression.h"
#include "cli/sweeping.h"
#include "cli/tuned.h"
#include "models/refine.h"
#include "sim/alloc.h"

#define ROUNDS 3

struct options {
    struct sweep_options sweep;
    struct tuned *tuned;
};

static const struct option long_options[] = {
    TRIAL_OPTIONS,
    {"vary", required_argument, NULL, 'v'},
    {"goal", required_argument, NULL, 'g'},
    {"minimise", required_argument, NULL, 'm'},
    {NULL, 0, NULL, 0},
};

static bool take_goal(struct tuned *tuned, const char *text, struct err *err)
{
    if (tuned->goal_text != NULL)
        return err_exit(err, EX_USAGE, "--goal: given twice: join the expressions with &");
    tuned->goal_text = text;
    return expression_take(&tuned->goal, "--goal", text, &tuned->names, err);
}

static bool take_metric(struct tuned *tuned, const char *name, struct err *err)
{
    tuned->minimise = metric_find(name);
    return tuned->minimise != NULL
           || err_exit(err, EX_USAGE, "--minimise: '%.40s': no such metric", name);
}

static bool take_option(void *user, int option, char *value, struct err *err)
{
    struct options *all = user;
    struct sweep_options *options = &all->sweep;

    switch (option) {
    case 'v':
        return sweep_take_axis(options, value, err);
    case 'g':
        return take_goal(all->tuned, value, err);
    case 'm':
        return take_metric(all->tuned, value, err);
    default:
        return trial_options_take(&options->trial, option, value, err);
    }
}

/* A round: each point of the grid is tried. The best of all may be one of them: its number in
 * *best, or unchanged. */
static bool try_points(struct tuned *tuned, const struct sweep_options *options, size_t *best,
                       struct err *err)
{
    struct sweeping sweeping;
    bool good = sweeping_init(&sweeping, options, err) && sweeping_run(&sweeping, err);
    const struct comparison *comparison = &sweeping.comparison;

    if (good) {
        tuned->seed = sweeping.trials.seed;
        tuned_set_present(tuned, comparison);
        for (size_t point = 1; point < comparison->points; point++) {
            if (tuned_add(tuned, comparison, point))
                *best = point - 1;
        }
    }
    sweeping_fini(&sweeping);
    return good;
}

/* Between the best point of the grid and its neighbours, as often as there is something new. */
static bool search(struct tuned *tuned, const struct sweep_options *first, struct err *err)
{
    struct sweep_options options = *first;
    bool good = true, more = true;

    for (int round = 0; good && more && round < ROUNDS; round++) {
        size_t best = SIZE_MAX;
        struct sweep finer = {0};
        good = try_points(tuned, &options, &best, err);
        /* One that was best before is in each finer grid. */
        if (round == 0 && best != SIZE_MAX)
            tuned_note_edges(tuned, &options.sweep, best);
        more = best != SIZE_MAX && refine(&options.sweep, best, &finer);
        if (round > 0)
            sweep_fini(&options.sweep);
        options.sweep = finer;
    }
    sweep_fini(&options.sweep);
    return good;
}

static bool options_fit(const struct options *options, struct err *err)
{
    if (options->sweep.sweep.axis_count == 0)
        return err_exit(err, EX_USAGE, "nothing to vary: give --vary NAME=VALUE,VALUE");
    if (options->tuned->goal_text == NULL)
        return err_exit(err, EX_USAGE, "no goal: give --goal, as 'bounced+expired<=1%%'");
    return true;
}

int cmd_tune(int argc, char **argv)
{
    static const struct cli_options known = {TRIAL_SHORT, long_options, take_option};
    struct tuned tuned;
    struct options options = {
        .sweep = {.argc = argc,
                  .argv = argv,
                  .trial.recovery = RECOVERY_MIDDLE,
                  .with_present = true},
        .tuned = &tuned,
    };
    struct err err = {0};

    tuned_init(&tuned);
    bool good = cli_take_options(argc, argv, &known, &options, &err);
    good = good && options_fit(&options, &err) && search(&tuned, &options.sweep, &err);
    if (good)
        tuned_print(stdout, &tuned, argv[optind]);
    bool met = tuned_is_met(&tuned);
    tuned_fini(&tuned);
    sweep_fini(&options.sweep.sweep);
    trial_options_fini(&options.sweep.trial);
    int status = cli_end("tune", good, &err, EX_DATAERR);
    return status == EX_OK && !met ? EXIT_MISSED : status;
}
