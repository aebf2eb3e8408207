/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/lost_csv.h - lost.csv: who is lost by a policy, a row a recipient
 */
#ifndef IO_LOST_CSV_H
#define IO_LOST_CSV_H

#include "io/output.h"
#include "models/lost.h"

/* Into `folder`, which must be there. `start`: what t = 0 is, since 1970. */
bool lost_csv_write(const char *folder, const struct lost_search *search, enum recovery chosen,
                    sim_time start, struct err *err) WARN_UNUSED;

#endif
