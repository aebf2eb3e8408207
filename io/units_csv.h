/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/units_csv.h - units.csv: the trials of a sweep that are done, a row each
 *
 * It grows row by row while the sweep is run, so that nothing is lost where that
 * is stopped: the one file that is not there whole or not at all. A last line
 * without its end was under way, and counts for nothing.
 *
 * Columns: point, replication, what is varied, then all metrics as exact as they
 * are known (as many digits as it takes), empty where there was nothing to measure.
 */
#ifndef IO_UNITS_CSV_H
#define IO_UNITS_CSV_H

#include "io/output.h"
#include "models/results.h"
#include "models/sweep.h"

/* Of one trial. */
struct unit {
    uint64_t number; /* models/trials.h */
    double *figures; /* by metric */
};

struct units {
    struct unit *list; /* in the order of the file */
    size_t count, room;
};

void units_fini(struct units *units);

/*
 * Adds those of DIR/units.csv; none where there is no such file. Fails with
 * EX_DATAERR where the file is not of this sweep, and with EX_IOERR.
 */
bool units_read(struct units *units, const char *folder, const struct sweep *sweep,
                struct err *err) WARN_UNUSED;

/* By number. */
void units_sort(struct units *units);

/* DIR/units.csv, to add to. */
struct units_file {
    const struct sweep *sweep;
    struct output output; /* no buffer: not open */
    char *path;
};

/*
 * Keeps others from adding to it until it is closed, if the file system has locks (flock(2)), and
 * leaves what it holds alone. Fails with EX_CANTCREAT, also where another is at it.
 */
bool units_open(struct units_file *file, const char *folder, const struct sweep *sweep,
                struct err *err) WARN_UNUSED;

/* Whether there is nothing in it, not even a header row. */
bool units_is_new(const struct units_file *file);

/*
 * Drops a line that is not whole, writes the header row where there is none, and adds what is done
 * to `units`, by number. Fails as units_read() does, and where a trial is there twice.
 */
bool units_begin(struct units_file *file, struct units *units, struct err *err) WARN_UNUSED;

/* Adds a row, in one write. Fails with EX_IOERR. */
bool units_add(struct units_file *file, const struct unit *unit, struct err *err) WARN_UNUSED;

/* Nothing happens where it is not open. */
void units_close(struct units_file *file);

/* All of it at once, into a file that appears whole or not at all. Fails as io/output.h does. */
bool units_write(const struct units *units, const char *folder, const struct sweep *sweep,
                 struct err *err) WARN_UNUSED;

#endif
