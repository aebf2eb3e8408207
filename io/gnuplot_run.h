/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/gnuplot_run.h - what a plot is told of a folder beside its CSV files
 */
#ifndef IO_GNUPLOT_RUN_H
#define IO_GNUPLOT_RUN_H

#define GNUPLOT_VALUE_ROOM 64

struct gnuplot_run {
    const char *folder; /* of the run's CSV files */
    char name[256];     /* for the legend: as long as a file may be called */
    long lifetime_s;    /* of its mail; 0: not known */
    long replications;  /* that it is of; 0: not known */
    char note[200];     /* what was run, in small type: scenario, seed, how many recipients */

    /* Of a sweep: which of the swept values of its first two parameters the configuration itself
     * has; "": none. */
    char current[2][GNUPLOT_VALUE_ROOM];
};

/* What the folder's manifest.json tells of a run, or its sweep.json of a sweep; the folder's last
 * part is its name. */
struct gnuplot_run gnuplot_run_of(const char *folder);

#endif
