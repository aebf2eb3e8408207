/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/trial_options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "sim/notes.h"
#include "sim/parallel.h"

#define MOST_REPLICATIONS (1u << 20)
#define MOST_THREADS 1024

/* With --precision. */
#define ROUND 10
#define MOST_FOR_PRECISION 10000

/* "0.1%", of recipients. */
static bool take_precision(double *precision, const char *text, struct err *err)
{
    char *end;
    double percent = strtod(text, &end);

    *precision = percent / 100;
    return (end != text && strcmp(end, "%") == 0 && percent > 0 && percent < 100)
           || err_exit(err, EX_USAGE, "--precision: '%.40s' is no share of recipients, like 0.1%%",
                       text);
}

bool trial_options_take(struct trial_options *options, int option, const char *value,
                        struct err *err)
{
    switch (option) {
    case 'q':
        options->quiet = true;
        return true;
    case 's':
        options->has_seed = true;
        return cli_take_count(&options->seed, "seed", value, 0, UINT64_MAX, err);
    case 'r':
        return cli_take_count(&options->replications, "replications", value, 1, MOST_REPLICATIONS,
                              err);
    case 'j':
        return cli_take_count(&options->jobs, "jobs", value, 1, MOST_THREADS, err);
    case 'R':
        return recording_take_recovery(&options->recovery, value, err);
    case 'P':
        return take_precision(&options->precision, value, err);
    default:
        return config_take(&options->config, option, value, err);
    }
}

void trial_options_fini(struct trial_options *options)
{
    config_options_fini(&options->config);
}

/* What happened has happened once: trials of it are all alike. */
static bool has_luck(const struct trial_options *options, int argc, char **argv, struct err *err)
{
    if (!subject_is_log(argc, argv) || (options->replications <= 1 && options->precision == 0))
        return true;
    return err_exit(err, EX_USAGE,
                    "%s: a log is one draw of luck, of which there are no intervals: leave it out, "
                    "and compare under --recovery earliest and latest; or make a scenario of the "
                    "log by tempfail fit",
                    options->precision > 0 ? "--precision" : "--replications");
}

bool trial_options_read_subject(const struct trial_options *options, struct subject *subject,
                                int argc, char **argv, struct err *err)
{
    *subject = (struct subject){0};
    return has_luck(options, argc, argv, err)
           && subject_read(subject, argc, argv, &options->config, options->recovery, err);
}

unsigned trial_options_threads(const struct trial_options *options)
{
    return options->jobs != 0 ? (unsigned)options->jobs : parallel_threads();
}

uint64_t trial_options_replications(const struct trial_options *options,
                                    const struct subject *subject, uint64_t usual)
{
    if (options->replications != 0)
        return options->replications;
    return options->precision > 0 ? MOST_FOR_PRECISION : subject->is_log ? 1 : usual;
}

/*
 * Where all replications are alike something else may still happen, in 3 of n of them at most
 * (the "rule of three" for 95 %), and there to all recipients.
 */
static double half_of(struct interval interval, size_t replications)
{
    double half = (interval.high - interval.low) / 2;

    return half == 0 ? 3 / (double)replications : half;
}

/* Half of the widest interval that is to be precise, as a fraction of recipients; INFINITY where
 * one is not known. */
static double widest(const struct trial_options *options, const struct comparison *comparison)
{
    size_t replications = comparison_replications(comparison);
    double most = 0;

    for (size_t point = options->precise_shares ? 0 : 1; point < comparison->points; point++) {
        double half = half_of(options->precise_shares ? comparison_given_up(comparison, point)
                                                      : comparison_more_given_up(comparison, point),
                              replications);
        if (isnan(half))
            return INFINITY;
        most = half > most ? half : most;
    }
    return most;
}

bool is_precise(const struct trial_options *options, const struct comparison *comparison)
{
    return options->precision > 0 && comparison_replications(comparison) % ROUND == 0
           && widest(options, comparison) <= options->precision;
}

void trial_options_warn(const struct trial_options *options, const struct comparison *comparison)
{
    size_t replications = comparison_replications(comparison);
    struct notes notes = {0};

    if (options->precision == 0 || replications == 0)
        return;
    double half = widest(options, comparison);
    if (half <= options->precision)
        return;
    if (isinf(half))
        notes_add(&notes,
                  "--precision %.4g%% is not reached: of so few replications, or without "
                  "mail, there is no interval",
                  100 * options->precision);
    else
        notes_add(&notes,
                  "--precision %.4g%% is not reached: after %zu replications the widest interval "
                  "of a share given up reaches %.2g%% to either side",
                  100 * options->precision, replications, 100 * half);
    cli_warn(&notes);
}
