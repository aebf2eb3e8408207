/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/csv_row.h - rows of CSV files, written
 *
 * Numbers are put by hand; text is quoted by libcsv where it must be. Control
 * characters, which no reader expects in a cell, become '?'.
 */
#ifndef IO_CSV_ROW_H
#define IO_CSV_ROW_H

#include "io/output.h"
#include "sim/digits.h"

/* Texts are cut to this many bytes. */
#define CSV_TEXT_MOST 4096

/* A row under way: enough room for its numbers, which are put without further checks. */
struct csv_row {
    struct output *output;
    char *at;
};

/* Begins a row of at most `cells` numbers; texts make their own room. */
static inline struct csv_row csv_row(struct output *output, size_t cells)
{
    return (struct csv_row){output, output_room(output, (cells + 1) * (DIGITS_MOST + 8))};
}

static inline void csv_empty(struct csv_row *row)
{
    *row->at++ = ',';
}

static inline void csv_number(struct csv_row *row, uint64_t number)
{
    row->at = digits_put(row->at, number);
    *row->at++ = ',';
}

static inline void csv_seconds(struct csv_row *row, sim_time span)
{
    row->at = digits_put_seconds(row->at, span);
    *row->at++ = ',';
}

/* Like "%.*f" in the C locale; an empty cell for NAN. Requires less than 10^18, few decimals. */
void csv_real(struct csv_row *row, double number, int decimals);

/* `more`: how many numbers come behind it in this row, at most. */
void csv_text(struct csv_row *row, const char *text, size_t length, size_t more);

/* Ends the row: the last comma becomes the end of the line. */
static inline void csv_end(struct csv_row *row)
{
    row->at[-1] = '\n';
    output_used(row->output, row->at);
}

#endif
