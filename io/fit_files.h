/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/fit_files.h - a fit as files: figures, curves, and a scenario of them
 */
#ifndef IO_FIT_FILES_H
#define IO_FIT_FILES_H

#include "models/fit.h"
#include "models/reconstruct.h"

/* What one log came to; all ready. */
struct fitted_log {
    const struct fit *fit;
    const struct episodes *episodes;
    const struct reconstruction *mail;
};

/*
 * Writes fit.csv, survival.csv, arrivals.csv and fitted.conf into `folder`,
 * which is made. In fitted.conf the mail of the log meets the spells of the log
 * where they began, but each lasts as long as luck says: by the better family of
 * its cause, or, where the log could not say, as long as it did. Sites whose
 * names are none are left out.
 */
bool fit_files_write(const char *folder, const struct fitted_log *log, struct err *err) WARN_UNUSED;

/* "mixture(0.6: never, 0.4: lognormal(3600.000s, 1.9))" for so many of all. Allocated. */
char *fit_distribution(const struct cure *cure, double of_all);

#endif
