/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/csv.h - rows of CSV files, read by libcsv
 *
 * RFC 4180, a header row first. Columns are found by their names, in any order;
 * others may stand beside them.
 */
#ifndef IO_CSV_H
#define IO_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/err.h"

struct csv_rows {
    const char *const *columns; /* wanted, in the order of the cells; ends with NULL */
    unsigned optional;          /* how many of the last ones may be missing: their cells are "" */

    /* Takes a row. Cells have no NUL but at their end. Fails with what is wrong with which cell. */
    bool (*row)(void *user, const char *const *cells, struct err *err);
    void *user;
};

/* Reads a file, plain or compressed. Fails with FILE:LINE and EX_DATAERR, EX_NOINPUT or EX_IOERR.
 */
bool csv_read(const char *path, const struct csv_rows *rows, struct err *err) WARN_UNUSED;

/* The same from memory; `name` is the file's for messages. */
bool csv_read_text(const char *text, size_t length, const char *name, const struct csv_rows *rows,
                   struct err *err) WARN_UNUSED;

#endif
