/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/replay_report.h - logged, replayed and what-if, side by side
 */
#ifndef IO_REPLAY_REPORT_H
#define IO_REPLAY_REPORT_H

#include <stdio.h>

#include "io/maillog.h"
#include "models/reconstruct.h"
#include "models/self_check.h"

/* A replay of the log: under its own settings, or under others. */
struct replay_column {
    const char *name;
    struct results at[RECOVERY_LATEST + 1]; /* by recovery */
    uint64_t lost[RECOVERY_LATEST + 1];     /* recipients, by recovery (models/lost.h) */
    char *lost_path;                        /* of lost.csv; NULL: none was written */
};

/* The least and the most of `lost`, over all recoveries. */
struct lost_range {
    uint64_t low, high;
};
struct lost_range replay_column_lost(const struct replay_column *column);

struct replay_report {
    const struct maillog_totals *totals;
    const struct reconstruction *reconstruction;
    const struct self_check_result *check;
    enum recovery recovery;              /* the one whose figures are shown */
    const struct replay_column *columns; /* the first is the replay under the log's settings */
    size_t count;
};

/*
 * At most 80 columns wide, but for paths. All recoveries must have been run: what is shown of the
 * other two is the range that all three span.
 */
void replay_report_text(FILE *out, const struct replay_report *report);

/* One object, for which the same holds. */
void replay_report_json(FILE *out, const struct replay_report *report);

#endif
