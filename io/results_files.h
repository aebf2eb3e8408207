/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/results_files.h - summary.csv, histograms.csv, ages.csv and manifest.json of a run
 */
#ifndef IO_RESULTS_FILES_H
#define IO_RESULTS_FILES_H

#include <jansson.h>

#include "io/main_cf.h"
#include "io/output.h"
#include "models/experiment.h"
#include "models/scenario.h"

/* One row a metric: metric, unit, value, ci95_low, ci95_high. */
void summary_put(struct output *output, const struct experiment *experiment);

/* The rows alone; with a `policy` that is their first cell. */
void summary_put_rows(struct output *output, const char *policy,
                      const struct experiment *experiment);
#define SUMMARY_COLUMNS "metric,unit,value,ci95_low,ci95_high\n"

/* One row a bucket that is not empty: metric, unit, low, high, count. */
void histograms_put(struct output *output, const struct results *results);

/* One row an age: how much had been delivered by then. */
void ages_put(struct output *output, const struct experiment *experiment);

/* A path without the folder, which differs from one machine to another. */
json_t *manifest_name(const char *path);

/* Every parameter with its value and where that came from. */
json_t *manifest_settings(const struct main_cf *config);

/* What was run, so that it can be run again. */
struct manifest {
    const char *scenario;   /* its path as it was given */
    uint64_t scenario_hash; /* FNV-1a of its text */
    const struct scenario *plan;
    const struct main_cf *config;
    uint64_t seed, replications;
    const struct experiment *experiment;
};

/* Nothing in it differs between machines, folders or numbers of threads. */
void manifest_put(struct output *output, const struct manifest *manifest);

#endif
