/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/report_text.h"

#include <stdlib.h>
#include <string.h>

#include "io/report_words.h"
#include "io/wrapped.h"
#include "sim/alloc.h"
#include "sim/printable.h"

#define GAP 2           /* between columns */
#define NAME_LONGEST 40 /* of a row */
#define HEADING_LONGEST 24

static void print_blanks(FILE *out, size_t count)
{
    fprintf(out, "%*s", (int)count, "");
}

static void print_heading(FILE *out, const char *heading)
{
    fprintf(out, "\n%s\n\n", heading);
}

static void print_lines(FILE *out, const struct report_lines *lines, const char *mark)
{
    for (size_t i = 0; i < lines->count; i++) {
        fprintf(out, "%s", mark);
        print_wrapped(out, lines->text[i], strlen(mark));
    }
}

/* ------------------------------------------------------------------ tables */

/* Of the values, and of the heading as far as it does not wrap. */
static size_t column_width(const struct report_table *table, size_t column)
{
    size_t widest = 0;

    for (size_t row = 0; row < report_table_rows(table); row++) {
        const char *cell = report_table_cell(table, row, column);
        size_t width = width_of(cell, strlen(cell));
        size_t most = row > 0 ? TERMINAL_WIDTH : HEADING_LONGEST;
        if (column == 0)
            most = NAME_LONGEST;
        width = width < most ? width : most;
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* The last column of those that fit beside the names, from `first` on; at least one does. */
static size_t last_that_fits(const struct report_table *table, size_t first)
{
    size_t width = column_width(table, 0), column = first;

    for (; column < table->columns; column++) {
        width += GAP + column_width(table, column);
        if (width > TERMINAL_WIDTH && column > first)
            break;
    }
    return column;
}

static void print_right(FILE *out, const char *text, size_t length, size_t width)
{
    size_t shown = width_of(text, length);

    print_blanks(out, shown < width ? width - shown : 0);
    fprintf(out, "%.*s", (int)length, text);
}

/* Prints line number `line` of each heading. Returns whether one has more. */
static bool print_headings_line(FILE *out, const struct report_table *table, size_t first,
                                size_t last, size_t line)
{
    bool more = false;

    print_blanks(out, column_width(table, 0));
    for (size_t column = first; column < last; column++) {
        char *copy = harmless(report_table_cell(table, 0, column));
        const char *at = copy;
        size_t width = column_width(table, column), length = line_of(at, width);
        for (size_t i = 0; i < line; i++) {
            at += length;
            at += strspn(at, " ");
            length = line_of(at, width);
        }
        print_right(out, at, length, GAP + width);
        more = more || at[length] != '\0';
        free(copy);
    }
    fprintf(out, "\n");
    return more;
}

/* A longer name has a line of its own. */
static void print_row(FILE *out, const struct report_table *table, size_t row, size_t first,
                      size_t last)
{
    char *name = harmless(report_table_cell(table, row, 0));
    size_t width = column_width(table, 0), shown = width_of(name, strlen(name));

    fprintf(out, "%s%s", name, shown > width ? "\n" : "");
    print_blanks(out, shown > width ? width : width - shown);
    for (size_t column = first; column < last; column++) {
        char *cell = harmless(report_table_cell(table, row, column));
        print_right(out, cell, strlen(cell), GAP + column_width(table, column));
        free(cell);
    }
    fprintf(out, "\n");
    free(name);
}

/* Beside each other as many columns as there is room for. */
static void print_columns(FILE *out, const struct report_table *table)
{
    for (size_t first = 1, last; first < table->columns; first = last) {
        size_t line = 0;
        last = last_that_fits(table, first);
        if (first > 1)
            fprintf(out, "\n");
        while (print_headings_line(out, table, first, last, line))
            line++;
        for (size_t row = 1; row < report_table_rows(table); row++)
            print_row(out, table, row, first, last);
    }
}

static void print_table(FILE *out, report_table_fn *fill, const struct report *report)
{
    struct report_table table = {0};

    fill(report, &table);
    bool has_rows = report_table_rows(&table) > 1;
    if (has_rows || table.otherwise != NULL)
        print_heading(out, table.heading);
    if (has_rows)
        print_columns(out, &table);
    else if (table.otherwise != NULL)
        print_wrapped(out, table.otherwise, 0);
    report_table_fini(&table);
}

static void print_method(FILE *out, const struct report *report)
{
    struct report_table method = {0};

    report_method(report, &method);
    print_heading(out, method.heading);
    for (size_t row = 0; row < report_table_rows(&method); row++) {
        size_t width = column_width(&method, 0);
        fprintf(out, "%-*s", (int)(width + GAP), report_table_cell(&method, row, 0));
        print_wrapped(out, report_table_cell(&method, row, 1), width + GAP);
    }
    report_table_fini(&method);
}

/* ------------------------------------------------------------------- report */

/* The lines stay as they are; gnuplot begins with a form feed, and pads lines with blanks. */
static void print_drawing(FILE *out, const char *drawing)
{
    drawing += strspn(drawing, "\f\n");
    while (*drawing != '\0') {
        size_t length = strcspn(drawing, "\n");
        char *line = alloc_text(drawing, length);
        printable(line, length);
        drawing += length + (drawing[length] == '\n');
        while (length > 0 && line[length - 1] == ' ')
            length--;
        fprintf(out, "%.*s\n", (int)length, line);
        free(line);
    }
    fprintf(out, "\n");
}

static void print_picture(FILE *out, const struct report *report,
                          const struct report_picture *picture)
{
    char *note = report_picture_note(report, picture->plot);

    print_heading(out, picture->plot->question);
    print_wrapped(out, picture->plot->drawn, 0);
    fprintf(out, "\n");
    print_drawing(out, picture->wide);
    print_wrapped(out, note, 0);
    free(note);
}

void report_text_print(FILE *out, const struct report *report,
                       const struct report_pictures *pictures)
{
    struct report_lines verdict = {0}, unknown = {0};

    report_verdict(report, &verdict);
    report_unknown(report, &unknown);
    print_wrapped(out, report_title(report), 0);
    fprintf(out, "\n");
    print_lines(out, &verdict, "");
    if (unknown.count > 0) {
        print_heading(out, "What this cannot tell");
        print_lines(out, &unknown, "* ");
    }
    print_table(out, report_settings, report);
    print_table(out, report_outcome, report);
    print_table(out, report_classes, report);
    for (size_t i = 0; i < pictures->count; i++)
        print_picture(out, report, &pictures->list[i]);
    print_table(out, report_causes, report);
    print_method(out, report);
    report_lines_fini(&verdict);
    report_lines_fini(&unknown);
}
