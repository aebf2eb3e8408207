/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/rows.h - the rows of a file that a model asks for
 *
 * Models read no files: they name the columns, and take the cells.
 */
#ifndef MODELS_ROWS_H
#define MODELS_ROWS_H

#include <stdbool.h>

#include "sim/err.h"
#include "sim/names.h"
#include "sim/time.h"

struct row_reader {
    const char *const *columns; /* in the order of the cells; ends with NULL */
    unsigned optional;          /* how many of the last columns may be missing: "" then */

    /* Takes a row. `object` is the model's settings. Fails naming the column. */
    bool (*add)(void *object, const char *const *cells, struct names *names, struct err *err);

    void (*ready)(void *object); /* after the last row; NULL if nothing is to be done */
};

/* A cell that is a number of seconds. */
bool seconds_parse(sim_time *at, const char *cell, struct err *err) WARN_UNUSED;

#endif
