/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/lifetimes_csv.h - lifetimes.csv: a log, had its mail been kept for as long as this
 */
#ifndef IO_LIFETIMES_CSV_H
#define IO_LIFETIMES_CSV_H

#include "io/output.h"
#include "io/replay_report.h"
#include "models/mta/postfix/parameters.h"

/* A replay of the log under one maximal_queue_lifetime. */
struct lifetime_row {
    const struct postfix_settings *settings;
    bool logged;       /* that is the one it was written under */
    bool extrapolated; /* models/mta/postfix/lifetimes.h */
    const struct replay_column *column;
    enum recovery recovery; /* whose figures are shown */
};

void lifetimes_csv_put_header(struct output *output);
void lifetimes_csv_put(struct output *output, const struct lifetime_row *lifetime);

#endif
