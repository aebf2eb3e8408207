/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_row.h"

#include <csv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"
#include "sim/printable.h"

/* No more digits before the point than a whole number can have. */
static const double MOST_REAL = 1e18;

void csv_real(struct csv_row *row, double number, int decimals)
{
    REQUIRE(isnan(number) || fabs(number) < MOST_REAL);
    if (!isnan(number))
        row->at += sprintf(row->at, "%.*f", decimals, number);
    *row->at++ = ',';
}

/* Sixteen bytes at once: texts are most of what a row costs. */
typedef unsigned char bytes16 __attribute__((vector_size(16)));

static inline bytes16 special(bytes16 bytes)
{
    return (bytes16)((bytes < ' ') | (bytes == 0x7f) | (bytes == ',') | (bytes == '"'));
}

static inline bool any(bytes16 bytes)
{
    uint64_t halves[2];

    memcpy(halves, &bytes, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

static inline bytes16 copy16(char *to, const char *from)
{
    bytes16 bytes;

    memcpy(&bytes, from, sizeof bytes);
    memcpy(to, &bytes, sizeof bytes);
    return special(bytes);
}

/* Fewer than 16: both ends of 8 to 15 bytes overlap; less than that goes byte by byte. */
static inline bytes16 copy_short(char *to, const char *from, size_t length)
{
    unsigned char ends[16];
    bytes16 bytes;

    memset(ends, 'x', sizeof ends);
    if (length >= 8) {
        memcpy(ends, from, 8);
        memcpy(ends + 8, from + length - 8, 8);
        memcpy(to, ends, 8);
        memcpy(to + length - 8, ends + 8, 8);
    } else {
        for (size_t i = 0; i < length; i++)
            to[i] = (char)(ends[i] = (unsigned char)from[i]);
    }
    memcpy(&bytes, ends, sizeof bytes);
    return special(bytes);
}

/* Copies; whether the text may stand without quotes. */
static inline bool put_plain(char *to, const char *from, size_t length)
{
    bytes16 found = {0};

    if (length == 0)
        return true;
    for (size_t i = 0; i + 16 < length; i += 16)
        found |= copy16(to + i, from + i);
    found |=
        length >= 16 ? copy16(to + length - 16, from + length - 16) : copy_short(to, from, length);
    return !any(found) && from[0] != ' ' && from[length - 1] != ' ';
}

static char *put_quoted(char *at, const char *text, size_t length)
{
    char clean[CSV_TEXT_MOST];

    for (size_t i = 0; i < length; i++)
        clean[i] = is_control(text[i]) ? '?' : text[i];
    return at + csv_write(at, 2 * length + 2, clean, length);
}

bool csv_is_plain(const char *text, size_t length)
{
    char copy[CSV_TEXT_MOST];

    return length <= sizeof copy && put_plain(copy, text, length);
}

/* And the numbers behind it. */
static inline void make_room(struct csv_row *row, size_t size)
{
    if (LIKELY((size_t)(row->output->buffer + OUTPUT_BUFFER - row->at) >= size + CSV_NUMBERS_ROOM))
        return;
    output_used(row->output, row->at);
    row->at = output_room(row->output, size + CSV_NUMBERS_ROOM);
}

void csv_reserve(struct csv_row *row, size_t size)
{
    make_room(row, size);
}

void csv_text(struct csv_row *row, const char *text, size_t length)
{
    if (length > CSV_TEXT_MOST)
        length = CSV_TEXT_MOST;
    make_room(row, 2 * length + 4);
    if (LIKELY(put_plain(row->at, text, length)))
        row->at += length;
    else
        row->at = put_quoted(row->at, text, length);
    *row->at++ = ',';
}

void csv_name(struct csv_row *row, const char *text, size_t length)
{
    if (length == 0 || memchr("=+-@", text[0], 4) == NULL) {
        csv_text(row, text, length);
        return;
    }
    char *harmless =
        alloc_printf("'%.*s", (int)(length < CSV_TEXT_MOST ? length : CSV_TEXT_MOST), text);
    csv_text(row, harmless, strlen(harmless));
    free(harmless);
}

void csv_again(struct csv_row *row, const char *cells, size_t length)
{
    make_room(row, length);
    memcpy(row->at, cells, length);
    row->at += length;
}
