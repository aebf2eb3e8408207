/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/fit_csv.h - what spells say, in rows
 */
#ifndef IO_FIT_CSV_H
#define IO_FIT_CSV_H

#include "io/output.h"
#include "models/fit.h"

/* fit.csv: a row a figure: counts of each cause, and the parameters of each family. */
void fit_csv_put_figures(struct output *output, const struct fit *fit);

/* survival.csv: a row an age, at which some recovered or which is on the grid. */
void fit_csv_put_survival(struct output *output, const struct fit *fit);

/* What a spell of some age is known to be. NAN: not known. */
struct fit_at {
    size_t at_risk;
    double seen, seen_low, seen_high;       /* product limit */
    double fitted, fitted_low, fitted_high; /* by the better family */
    bool extrapolated;
};

struct fit_at fit_at(const struct fit *fit, enum cause cause, double age);

/* The ages people ask for, in seconds, and their names; ends with a NULL name. */
struct fit_age {
    double age;
    const char *name;
};
extern const struct fit_age fit_ages[];

#endif
