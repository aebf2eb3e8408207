/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/report_table.h - a table of a report: texts in rows
 */
#ifndef IO_REPORT_TABLE_H
#define IO_REPORT_TABLE_H

#include <stddef.h>

/* Cells row by row, the first row above the others; the first cell of a row is its name. */
struct report_table {
    const char *heading;
    const char *otherwise; /* said where there is no second row; NULL: then there is no table */
    char **cells;          /* owned, and the texts */
    size_t columns, count, room;
};

void report_table_fini(struct report_table *table);

/* The next cell: a copy of the text, or the text itself, which becomes the table's. */
void report_table_add(struct report_table *table, const char *text);
void report_table_add_owned(struct report_table *table, char *text);

size_t report_table_rows(const struct report_table *table);
const char *report_table_cell(const struct report_table *table, size_t row, size_t column);

#endif
