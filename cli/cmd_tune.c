/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_tune.c - the setting that meets a goal at the least cost
 *
 * The grid first, then twice more between the best point so far and what was
 * tried beside it; where there is none, first into gaps between points that fail
 * for different reasons. What is configured is run beside: what that delivers and a setting
 * does not is lost.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "cli/expression.h"
#include "cli/sweeping.h"
#include "cli/tuned.h"
#include "models/refine.h"
#include "sim/nearest.h"

#define MOST_CLOSER 2 /* rounds around the best */
#define MOST_GAPS 4   /* rounds of one point each, where there is no best */

struct options {
    struct sweep_options sweep;
    struct tuned *tuned;
};

static const struct option long_options[] = {
    TRIAL_OPTIONS,
    {"vary", required_argument, NULL, 'v'},
    {"goal", required_argument, NULL, 'g'},
    {"minimise", required_argument, NULL, 'm'},
    {"maximise", required_argument, NULL, 'M'},
    {NULL, 0, NULL, 0},
};

static bool take_goal(struct tuned *tuned, const char *text, struct err *err)
{
    if (tuned->goal_text != NULL)
        return err_exit(err, EX_USAGE, "--goal: given twice: join the expressions with &");
    tuned->goal_text = text;
    return expression_take(&tuned->goal, "--goal", text, &tuned->names, err);
}

static bool take_metric(struct tuned *tuned, const char *option, const char *name, struct err *err)
{
    if (tuned->metric_option != NULL)
        return err_exit(err, EX_USAGE, "%s: one metric at most can be the least, or the greatest",
                        option);
    tuned->metric_option = option;
    tuned->maximise = strcmp(option, "--maximise") == 0;
    tuned->metric = metric_find(name);
    if (tuned->metric == NULL) {
        const char *meant = nearest(name, metrics, metric_count(), sizeof *metrics);
        return err_exit(err, EX_USAGE, "%s: '%.40s': no such metric%s%s%s", option, name,
                        meant == NULL ? "" : " (did you mean '", meant == NULL ? "" : meant,
                        meant == NULL ? "" : "'?)");
    }
    if (!tuned->maximise && strcmp(name, "utility") == 0)
        return err_exit(err, EX_USAGE,
                        "--minimise: utility is what mail is worth: give --maximise utility");
    return true;
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
        return take_metric(all->tuned, "--minimise", value, err);
    case 'M':
        return take_metric(all->tuned, "--maximise", value, err);
    default:
        return trial_options_take(&options->trial, option, value, err);
    }
}

/* A round: each point of the grid is tried. */
static bool try_points(struct tuned *tuned, struct sweeping *sweeping, struct err *err)
{
    const struct comparison *comparison = &sweeping->comparison;

    if (!sweeping_run(sweeping, err))
        return false;
    tuned_set_present(tuned, comparison);
    if (tuned->count == 0)
        tuned_note_idle(tuned, comparison, &sweeping->options->sweep);
    for (size_t point = 1; point < comparison->points; point++)
        tuned_add(tuned, comparison, point);
    return true;
}

static bool begin(struct tuned *tuned, struct sweeping *sweeping,
                  const struct sweep_options *options, struct err *err)
{
    if (!sweeping_init(sweeping, options, err)
        || !tuned_fits(tuned, &sweeping->subject.scenario, err))
        return false;
    tuned_set_subject(tuned, &sweeping->subject, sweeping->trials.seed);
    return true;
}

/* How often it was looked on, with a best point and without one. */
struct rounds {
    int closer, gaps;
};

static bool may_look_on(struct rounds *rounds, bool is_met)
{
    return is_met ? rounds->closer++ < MOST_CLOSER : rounds->gaps++ < MOST_GAPS;
}

static bool search(struct tuned *tuned, const struct sweep_options *first, struct err *err)
{
    struct sweep_options options = *first;
    struct sweep tried = {0}, finer = {0};
    struct rounds rounds = {0};
    struct sweeping sweeping;
    bool good = begin(tuned, &sweeping, &options, err) && try_points(tuned, &sweeping, err);

    refine_keep(&tried, &options.sweep);
    while (good && may_look_on(&rounds, tuned_is_met(tuned))
           && tuned_look_on(tuned, &tried, &finer)) {
        options.sweep = finer;
        good = sweeping_again(&sweeping, &options, err) && try_points(tuned, &sweeping, err);
        refine_keep(&tried, &finer);
        sweep_fini(&finer);
        finer = (struct sweep){0};
    }
    tuned_note_edges(tuned, &tried);
    sweeping_fini(&sweeping);
    sweep_fini(&tried);
    sweep_fini(&finer);
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
                  .with_present = true,
                  .says_once = true},
        .tuned = &tuned,
    };
    struct err err = {0};

    tuned_init(&tuned);
    bool good = cli_take_options(argc, argv, &known, &options, &err);
    good = good && options_fit(&options, &err) && search(&tuned, &options.sweep, &err);
    if (good)
        tuned_print(stdout, &tuned);
    bool met = tuned_is_met(&tuned);
    tuned_fini(&tuned);
    sweep_fini(&options.sweep.sweep);
    trial_options_fini(&options.sweep.trial);
    int status = cli_end("tune", good, &err, EX_DATAERR);
    return status == EX_OK && !met ? EXIT_MISSED : status;
}
