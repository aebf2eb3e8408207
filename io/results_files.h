/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/results_files.h - summary.csv, histograms.csv and ages.csv of a run
 */
#ifndef IO_RESULTS_FILES_H
#define IO_RESULTS_FILES_H

#include "io/output.h"
#include "models/experiment.h"

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

#endif
