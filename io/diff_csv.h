/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/diff_csv.h - diff.csv: the messages that fare differently under another policy
 *
 * Columns: replication, message, sender, recipients, arrival_s, policy, final,
 * delivered, end_s, first_final, first_delivered, first_end_s.
 */
#ifndef IO_DIFF_CSV_H
#define IO_DIFF_CSV_H

#include "io/output.h"
#include "models/catalogue.h"
#include "models/endings.h"

void diff_put_header(struct output *output);

/* A row for each message that ended otherwise under `policy` than under the first one, in the order
 * of their numbers. Returns how many there are. Both are of the same replication, the catalogue's.
 */
size_t diff_put(struct output *output, const struct catalogue *catalogue,
                const struct endings *first, const char *policy, const struct endings *endings);

#endif
