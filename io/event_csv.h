/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/event_csv.h - observers that write down what happens, as CSV
 *
 * Begin the files once; each run then adds its rows. Columns: docs/tempfail.1.
 */
#ifndef IO_EVENT_CSV_H
#define IO_EVENT_CSV_H

#include "io/output.h"
#include "models/catalogue.h"
#include "models/observer.h"

/* An answer's cells as they stand in a row, so that they need not be made again. */
struct answer_cells {
    const struct reply *reply; /* NULL: empty */
    enum smtp_stage stage;
    enum outcome outcome;
    size_t length;
    char text[232];
};
#define ANSWERS_KEPT 256

/* One row an attempt, in the order in which activations end. */
struct attempts_csv {
    struct observer observer;
    struct output output;
    struct catalogue catalogue; /* of the run under way */
    struct answer_cells answers[ANSWERS_KEPT];
    bool names_are_plain; /* no traffic and no domain has a name that needs quotes */
};

/* One row a message, when it is gone or the run is over. */
struct messages_csv {
    struct observer observer;
    struct output output;
    struct catalogue catalogue;
};

bool attempts_csv_open(struct attempts_csv *csv, const char *folder, struct err *err) WARN_UNUSED;
bool messages_csv_open(struct messages_csv *csv, const char *folder, struct err *err) WARN_UNUSED;

/* The run whose events come next. */
void attempts_csv_begin(struct attempts_csv *csv, const struct catalogue *catalogue);
void messages_csv_begin(struct messages_csv *csv, const struct catalogue *catalogue);

#endif
