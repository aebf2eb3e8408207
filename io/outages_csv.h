/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/outages_csv.h - outages.csv: when sites could not be reached, for the plots to shade
 *
 * Known before a run begins. Columns: docs/tempfail.1.
 */
#ifndef IO_OUTAGES_CSV_H
#define IO_OUTAGES_CSV_H

#include "io/output.h"
#include "models/catalogue.h"

#define OUTAGES_COLUMNS "replication,site,from_s,until_s,how\n"

/* The rows of one run, by their begin, then by site. */
void outages_put(struct output *output, const struct catalogue *catalogue);

#endif
