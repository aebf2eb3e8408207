/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/infer_report.h - which settings explain a log, and what they do not explain
 */
#ifndef IO_INFER_REPORT_H
#define IO_INFER_REPORT_H

#include <stdio.h>

#include "io/maillog.h"
#include "io/output.h"
#include "models/infer/infer.h"

/* One queue manager of the log. */
struct infer_server {
    const char *name; /* "host instance", as the log has it */
    struct infer_result result;
    const struct retries *retries; /* that it sums up */
};

struct infer_report {
    const struct maillog_totals *totals;
    struct infer_server *servers; /* the one with most retries first; at least one */
    size_t count;
};

/* At most 80 columns wide, but for the names of servers. */
void infer_report_text(FILE *out, const struct infer_report *report);

/* A row a setting; seconds, empty where the log cannot tell. */
void infer_report_csv(struct output *out, const struct infer_report *report);

/* One object: the first server, with the others of its form in "others". */
void infer_report_json(FILE *out, const struct infer_report *report);

#endif
