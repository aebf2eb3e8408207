/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/gaps_csv.h - how long retries waited, and how long they should have
 */
#ifndef IO_GAPS_CSV_H
#define IO_GAPS_CSV_H

#include "io/infer_report.h"

/* The rows of all servers: a row for retries that are alike. */
void gaps_csv_put(struct output *output, const struct infer_report *report);

/* Writes gaps.csv into `folder`, which is made. Fails with EX_CANTCREAT or EX_IOERR. */
bool gaps_csv_write(const char *folder, const struct infer_report *report,
                    struct err *err) WARN_UNUSED;

#endif
