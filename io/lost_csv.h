/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/lost_csv.h - lost.csv: who is lost by a policy, a row a recipient
 */
#ifndef IO_LOST_CSV_H
#define IO_LOST_CSV_H

#include "io/output.h"
#include "models/lost.h"

/*
 * Into `folder`, which must be there. Since 1970: `start`, what t = 0 is, and `log_begins`, the
 * first line of the log. Who is given up before it is older than the log; what they met until then
 * nobody knows.
 */
bool lost_csv_write(const char *folder, const struct lost_search *search, enum recovery chosen,
                    sim_time start, sim_time log_begins, struct err *err) WARN_UNUSED;

#endif
