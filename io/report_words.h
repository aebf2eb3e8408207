/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/report_words.h - the sentences and tables of a report, for any form of it
 *
 * Plain text; names are as they stand in files.
 */
#ifndef IO_REPORT_WORDS_H
#define IO_REPORT_WORDS_H

#include "io/report.h"
#include "io/report_table.h"

struct report_lines {
    char **text; /* owned, and the texts */
    size_t count, room;
};

void report_lines_fini(struct report_lines *lines);

/* What the first run is about. */
const char *report_title(const struct report *report);

/* What each other run does instead of the first; or what happens in the only one. */
void report_verdict(const struct report *report, struct report_lines *lines);

/* What the runs cannot tell. */
void report_unknown(const struct report *report, struct report_lines *lines);

/* Fills a table, which is zero. */
typedef void report_table_fn(const struct report *report, struct report_table *table);

/* The settings that differ; of one run, when mail is tried, given up and warned of. */
report_table_fn report_settings;

/* What became of the mail, and the work of it. Figures that are 0 everywhere are left out. */
report_table_fn report_outcome;

/* What became of the mail of each class, under each run: none where no run has classes. */
report_table_fn report_classes;

/* What attempts failed for, and what was given up for it. */
report_table_fn report_causes;

/* How the figures came about. */
report_table_fn report_method;

#endif
