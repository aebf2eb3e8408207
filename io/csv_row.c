/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_row.h"

#include <csv.h>
#include <math.h>
#include <stdio.h>

/* No more digits before the point than a whole number can have. */
static const double MOST_REAL = 1e18;

void csv_real(struct csv_row *row, double number, int decimals)
{
    REQUIRE(isnan(number) || fabs(number) < MOST_REAL);
    if (!isnan(number))
        row->at += sprintf(row->at, "%.*f", decimals, number);
    *row->at++ = ',';
}

static bool is_plain(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < ' ' || c == ',' || c == '"' || c == 0x7f)
            return false;
    }
    return length == 0 || (text[0] != ' ' && text[length - 1] != ' ');
}

static char *put_quoted(char *at, const char *text, size_t length)
{
    char clean[CSV_TEXT_MOST];

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        clean[i] = (char)(c < ' ' || c == 0x7f ? '?' : c);
    }
    return at + csv_write(at, 2 * length + 2, clean, length);
}

void csv_text(struct csv_row *row, const char *text, size_t length, size_t more)
{
    if (length > CSV_TEXT_MOST)
        length = CSV_TEXT_MOST;
    output_used(row->output, row->at);
    row->at = output_room(row->output, 2 * length + 4 + (more + 1) * (DIGITS_MOST + 8));
    if (is_plain(text, length)) {
        memcpy(row->at, text, length);
        row->at += length;
    } else {
        row->at = put_quoted(row->at, text, length);
    }
    *row->at++ = ',';
}
