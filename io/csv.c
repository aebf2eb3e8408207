/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "io/input.h"
#include "sim/alloc.h"

#define MOST_COLUMNS 64
#define NOWHERE (-1)
#define ROW_NOT_BEGUN 0 /* csv_parser.pstate between rows: libcsv keeps the name to itself */

struct reading {
    const struct csv_rows *rows;
    const char *name;
    struct err *err;
    size_t line, row_line; /* of the file; where the row began */
    bool failed, has_header;

    char *text; /* the cells of the row under way, each with its NUL; owned */
    size_t length, room;
    size_t cells[MOST_COLUMNS]; /* where each begins */
    size_t cell_count;

    size_t wanted;           /* columns */
    int place[MOST_COLUMNS]; /* of each wanted column in a row; NOWHERE: it is missing */
};

static void fail(struct reading *r)
{
    err_within(r->err, "%s:%zu", r->name, r->row_line);
    r->err->status = EX_DATAERR;
    r->failed = true;
}

static void take_cell(void *cell, size_t length, void *user)
{
    struct reading *r = user;

    if (r->failed)
        return;
    if (r->cell_count == MOST_COLUMNS) {
        err_set(r->err, "more than %d columns", MOST_COLUMNS);
        fail(r);
        return;
    }
    r->cells[r->cell_count++] = r->length;
    r->text = alloc_grow(r->text, &r->room, r->length + length + 1, 1);
    if (length > 0)
        memcpy(r->text + r->length, cell, length);
    r->text[r->length + length] = '\0';
    if (memchr(r->text + r->length, '\0', length) != NULL) {
        err_set(r->err, "a NUL byte in column %zu", r->cell_count);
        fail(r);
    }
    r->length += length + 1;
}

static int find_column(const struct reading *r, const char *name)
{
    for (size_t i = 0; i < r->cell_count; i++) {
        if (strcmp(r->text + r->cells[i], name) == 0)
            return (int)i;
    }
    return NOWHERE;
}

static bool take_header(struct reading *r)
{
    for (size_t i = 0; i < r->wanted; i++) {
        r->place[i] = find_column(r, r->rows->columns[i]);
        if (r->place[i] == NOWHERE && i + r->rows->optional < r->wanted)
            return err_set(r->err, "no column '%s' in the header row", r->rows->columns[i]);
    }
    r->has_header = true;
    return true;
}

static bool take_values(struct reading *r)
{
    const char *cells[MOST_COLUMNS];

    for (size_t i = 0; i < r->wanted; i++) {
        cells[i] = "";
        if (r->place[i] == NOWHERE)
            continue;
        if ((size_t)r->place[i] >= r->cell_count)
            return err_set(r->err, "%zu cells, none for column '%s'", r->cell_count,
                           r->rows->columns[i]);
        cells[i] = r->text + r->cells[r->place[i]];
    }
    return r->rows->row(r->rows->user, cells, r->err);
}

static void take_row(int terminator, void *user)
{
    struct reading *r = user;

    (void)terminator;
    if (!r->failed && r->cell_count > 0) {
        if (!(r->has_header ? take_values(r) : take_header(r)))
            fail(r);
    }
    r->cell_count = 0;
    r->length = 0;
}

static void refuse(struct reading *r, int why)
{
    r->row_line = r->line;
    err_set(r->err, "%s",
            why == CSV_EPARSE ? "a quote stands within a cell: such a cell should be in quotes, "
                                "its own quotes doubled"
                              : csv_strerror(why));
    fail(r);
}

/* Line by line, so that a row knows where it is. */
static void parse_lines(struct reading *r, struct csv_parser *parser, const char *text,
                        size_t length)
{
    const char *end = text + length;

    while (text < end && !r->failed) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t size = newline == NULL ? (size_t)(end - text) : (size_t)(newline + 1 - text);
        r->line++;
        if (parser->pstate == ROW_NOT_BEGUN)
            r->row_line = r->line;
        if (csv_parse(parser, text, size, take_cell, take_row, r) != size && !r->failed)
            refuse(r, csv_error(parser));
        text += size;
    }
    if (!r->failed && csv_fini(parser, take_cell, take_row, r) != 0) {
        err_set(r->err, "a quote is not closed");
        fail(r);
    }
}

bool csv_read_text(const char *text, size_t length, const char *name, const struct csv_rows *rows,
                   struct err *err)
{
    struct csv_parser parser;
    struct reading r = {.rows = rows, .name = name, .err = err};

    while (rows->columns[r.wanted] != NULL)
        r.wanted++;
    REQUIRE(r.wanted <= MOST_COLUMNS);
    int refused = csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    REQUIRE(refused == 0);
    parse_lines(&r, &parser, text, length);
    csv_free(&parser);
    free(r.text);
    if (!r.failed && !r.has_header)
        return err_exit(err, EX_DATAERR, "%s: no header row", name);
    return !r.failed;
}

bool csv_read(const char *path, const struct csv_rows *rows, struct err *err)
{
    char *text;
    size_t length;

    if (!input_read_all(path, &text, &length, err))
        return false;
    bool good = csv_read_text(text, length, path, rows, err);
    free(text);
    return good;
}
