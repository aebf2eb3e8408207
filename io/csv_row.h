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

/* At most so many numbers stand side by side: there is room for them without a check. */
#define CSV_NUMBERS_MOST 20
#define CSV_NUMBERS_ROOM ((size_t)CSV_NUMBERS_MOST * (DIGITS_MOST + 8))

/* A row under way. */
struct csv_row {
    struct output *output;
    char *at;
};

static inline struct csv_row csv_row(struct output *output)
{
    return (struct csv_row){output, output_room(output, CSV_NUMBERS_ROOM)};
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

/* Like "%.*f" in the C locale; an empty cell for NAN. Requires |number| < 1e18. */
void csv_real(struct csv_row *row, double number, int decimals);

void csv_text(struct csv_row *row, const char *text, size_t length);

/*
 * A name out of a log: as csv_text(), but with an apostrophe before what a spreadsheet would
 * calculate. Not for what is read again.
 */
void csv_name(struct csv_row *row, const char *text, size_t length);

/* Whether csv_text() would leave the text as it is. */
bool csv_is_plain(const char *text, size_t length);

/* From here the next `size` bytes, quotes and commas too, lie side by side. */
void csv_reserve(struct csv_row *row, size_t size);

/* Cells that were written before, as they stand, with the comma behind each. */
void csv_again(struct csv_row *row, const char *cells, size_t length);

/* Ends the row: the last comma becomes the end of the line. */
static inline void csv_end(struct csv_row *row)
{
    row->at[-1] = '\n';
    output_used(row->output, row->at);
}

#endif
