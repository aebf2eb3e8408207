/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fuzz/fuzz_csv.c - any bytes as CSV
 *
 * What is read and written again is read the same, but for control characters.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv.h"
#include "io/csv_row.h"
#include "sim/alloc.h"

#define MOST_INPUT 4096 /* so much fits the buffer when it is written again: nothing is flushed */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char *const columns[] = {"a", "b", "c", NULL};

struct copy {
    struct output output; /* what was read, written again */
    size_t rows;
};

/* Control characters become '?', here as in csv_text(): what is written is then the same twice. */
static void put_cell(struct csv_row *row, const char *cell)
{
    size_t length = strlen(cell);
    char *clean = alloc_text(cell, length);

    for (char *c = clean; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    }
    csv_text(row, clean, length);
    free(clean);
}

/* Puts the cell as it is, looks at it, and takes it back. */
static void check_harmless(struct csv_row *row, const char *cell)
{
    size_t before = (size_t)(row->at - row->output->buffer);

    csv_text(row, cell, strlen(cell));
    for (char *c = row->output->buffer + before; c < row->at; c++)
        EXPECT((unsigned char)*c >= ' ' && *c != 0x7f);
    row->at = row->output->buffer + before;
}

static bool write_row(void *user, const char *const *cells, struct err *err)
{
    struct copy *copy = user;
    struct csv_row row = csv_row(&copy->output);

    (void)err;
    csv_number(&row, copy->rows++);
    for (size_t i = 0; i < 3; i++) {
        check_harmless(&row, cells[i]);
        put_cell(&row, cells[i]);
    }
    csv_end(&row);
    return true;
}

/* Reads what write_row() wrote, and writes it once more. */
static void check_again(const struct copy *first)
{
    struct copy second = {.output = {.buffer = alloc_zeroed(OUTPUT_BUFFER)}};
    struct err err = {0};
    struct csv_rows rows = {columns, 0, write_row, &second};

    output_write(&second.output, "n,a,b,c\n", 8);
    bool good = csv_read_text(first->output.buffer, first->output.used, "y", &rows, &err);
    EXPECT(good);
    EXPECT(second.rows == first->rows);
    EXPECT(second.output.used == first->output.used);
    EXPECT(memcmp(second.output.buffer, first->output.buffer, first->output.used) == 0);
    free(second.output.buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct copy first = {.output = {.buffer = alloc_zeroed(OUTPUT_BUFFER)}};
    struct csv_rows rows = {columns, 2, write_row, &first};
    struct err err = {0};

    if (size > MOST_INPUT)
        size = MOST_INPUT;
    output_write(&first.output, "n,a,b,c\n", 8);
    if (csv_read_text((const char *)bytes, size, "x", &rows, &err))
        check_again(&first);
    else
        EXPECT(strncmp(err.text, "x:", 2) == 0);
    free(first.output.buffer);
    return 0;
}
