/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/report_words.h - the sentences and tables of a report, for any form of it
 *
 * Plain text; names are as they stand in files.
 */
#ifndef IO_REPORT_WORDS_H
#define IO_REPORT_WORDS_H

#include "io/report.h"

struct report_lines {
    char **text; /* owned, and the texts */
    size_t count, room;
};

/* Cells row by row, the first row above the others; the first cell of a row is its name. */
struct report_table {
    char **cells; /* owned, and the texts */
    size_t columns, count, room;
};

void report_lines_fini(struct report_lines *lines);
void report_table_fini(struct report_table *table);

size_t report_table_rows(const struct report_table *table);
const char *report_table_cell(const struct report_table *table, size_t row, size_t column);

/* What the first run is about. */
const char *report_title(const struct report *report);

/* What each other run does instead of the first; or what happens in the only one. */
void report_verdict(const struct report *report, struct report_lines *lines);

/* What the runs cannot tell. */
void report_unknown(const struct report *report, struct report_lines *lines);

/* The settings that differ; of one run, when mail is tried, given up and warned of. */
void report_settings(const struct report *report, struct report_table *table);

/* What became of the mail, and the work of it. Figures that are 0 everywhere are left out. */
void report_outcome(const struct report *report, struct report_table *table);

/* What attempts failed for, and what was given up for it. No row under the first: nothing did. */
void report_causes(const struct report *report, struct report_table *table);

/* How the figures came about. */
void report_method(const struct report *report, struct report_table *table);

#endif
