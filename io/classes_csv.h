/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/classes_csv.h - classes.csv: what became of each class of mail
 *
 * Columns: docs/tempfail.1.
 */
#ifndef IO_CLASSES_CSV_H
#define IO_CLASSES_CSV_H

#include "io/output.h"
#include "models/classes.h"
#include "sim/names.h"

#define CLASSES_COLUMNS                                                                            \
    "replication,class,deadline_s,recipients,delivered,late,bounced,expired,deleted,queued,"       \
    "delay_p50_s,delay_p90_s,utility\n"

/*
 * A row for each class of one replication, in the order of the scenario, whose
 * `names` are those of classes; last, if there is some, for mail of none.
 */
void classes_put(struct output *output, uint64_t replication, const struct names *names,
                 const struct classes *classes);

#endif
