/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/sites_csv.h - an observer that writes sites.csv: how hard each site is hit
 *
 * One row a site that mail was for, by the name of the next hop. Columns: docs/tempfail.1.
 */
#ifndef IO_SITES_CSV_H
#define IO_SITES_CSV_H

#include "io/output.h"
#include "models/catalogue.h"
#include "models/observer.h"

struct site_figures {
    uint64_t outcomes[OUTCOME_COUNT]; /* attempts */
    uint64_t deaths;
    sim_time dead_since; /* SIM_NEVER: it is alive */
    sim_time dead;       /* for so long in all */
    uint32_t busy, busy_max;
};

struct sites_csv {
    struct observer observer;
    struct output output;
    struct catalogue catalogue;   /* of the run under way */
    struct site_figures *figures; /* one a domain of the scenario; owned */
};

bool sites_csv_open(struct sites_csv *csv, const char *folder, struct err *err) WARN_UNUSED;

/* The run whose events come next. */
void sites_csv_begin(struct sites_csv *csv, const struct catalogue *catalogue);

/* Of the figures; the output is committed or discarded apart. */
void sites_csv_fini(struct sites_csv *csv);

#endif
