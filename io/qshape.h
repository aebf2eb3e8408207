/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/qshape.h - recipients in a queue, by domain and age
 *
 * The table of qshape(1) of Postfix 3.7 under its default options: ten buckets,
 * the first of 5 minutes, each as long as all before it; as it prints it, and as
 * rows of qshape.csv. Zero is a valid empty table.
 */
#ifndef IO_QSHAPE_H
#define IO_QSHAPE_H

#include "io/output.h"
#include "sim/names.h"

#define QSHAPE_BUCKETS 10

struct qshape_row {
    const char *domain;                  /* belongs to `domains` */
    uint64_t counts[QSHAPE_BUCKETS + 1]; /* the first is the sum */
};

struct qshape {
    struct names domains; /* number 0 is the row of the sums */
    struct qshape_row *rows;
    size_t room;
};

void qshape_fini(struct qshape *qshape);

/* A recipient of a message that came `age` seconds ago. */
void qshape_add(struct qshape *qshape, const char *address, int64_t age);

/* Most recipients first; of as many, the shorter name, then by the alphabet. Sorts the rows:
 * nothing more is to be added. */
void qshape_put(struct qshape *qshape, struct output *output);

/* The buckets have the names that qshape gives them, of minutes. */
#define QSHAPE_COLUMNS "snapshot_s,queue,domain,T,5,10,20,40,80,160,320,640,1280,1280+\n"

/* The same table as rows for qshape.csv: of a moment, in seconds since the start, and of `queue`.
 */
void qshape_put_rows(struct qshape *qshape, int64_t snapshot_s, const char *queue,
                     struct output *output);

#endif
