/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/fit_report.h - how long sites stay away, told
 */
#ifndef IO_FIT_REPORT_H
#define IO_FIT_REPORT_H

#include <stdio.h>

#include "io/fit_csv.h"
#include "io/maillog.h"

struct fit_report {
    const struct maillog_totals *totals;
    const struct episodes *episodes;
    const struct fit *fit;
};

/* At most 80 columns wide. What is beyond the log's length has a '*'. */
void fit_report_text(FILE *out, const struct fit_report *report);

/* One object; extrapolated: true where a figure is beyond the log's length. */
void fit_report_json(FILE *out, const struct fit_report *report);

#endif
