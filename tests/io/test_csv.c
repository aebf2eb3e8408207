/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 4180, and where what is wrong stands. */
#include "io/csv.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "sim/alloc.h"

/* What was read: cells ended by '|', rows by '\n'. */
struct heard {
    char text[4096];
    const char *const *columns;
    const char *refused; /* a first cell that is refused */
};

static bool hear(void *user, const char *const *cells, struct err *err)
{
    struct heard *heard = user;

    if (heard->refused != NULL && strcmp(cells[0], heard->refused) == 0)
        return err_set(err, "a: '%s' is refused", cells[0]);
    for (size_t i = 0; heard->columns[i] != NULL; i++) {
        strcat(heard->text, cells[i]);
        strcat(heard->text, "|");
    }
    strcat(heard->text, "\n");
    return true;
}

static const char *const a_b[] = {"a", "b", NULL};

static void expect_rows_of(const char *const *columns, unsigned optional, const char *text,
                           const char *want)
{
    struct heard heard = {.columns = columns};
    struct csv_rows rows = {columns, optional, hear, &heard};
    struct err err = {0};

    cr_assert(csv_read_text(text, strlen(text), "x.csv", &rows, &err), "%s: %s", err.text, text);
    cr_expect_str_eq(heard.text, want, "'%s' for '%s'", heard.text, text);
}

static void expect_rows(const char *text, const char *want)
{
    expect_rows_of(a_b, 0, text, want);
}

static void expect_refused_bytes(const char *text, size_t length, const char *message)
{
    struct heard heard = {.columns = a_b, .refused = "bad"};
    struct csv_rows rows = {a_b, 0, hear, &heard};
    struct err err = {0};

    cr_expect_not(csv_read_text(text, length, "x.csv", &rows, &err), "%s", text);
    cr_expect_str_eq(err.text, message, "'%s' not '%s'", err.text, message);
    cr_expect_eq(err.status, EX_DATAERR);
}

static void expect_refused(const char *text, const char *message)
{
    expect_refused_bytes(text, strlen(text), message);
}

/* ------------------------------------------------------------------- rows */

Test(csv, hands_over_rows_after_the_header)
{
    expect_rows("a,b\n1,2\n3,4\n", "1|2|\n3|4|\n");
    expect_rows("a,b\n", "");
}

Test(csv, takes_each_kind_of_line_end_and_none_at_the_last)
{
    expect_rows("a,b\r\n1,2\r\n3,4", "1|2|\n3|4|\n");
    expect_rows("a,b\r1,2\r3,4\r", "1|2|\n3|4|\n");
}

Test(csv, passes_over_empty_lines)
{
    expect_rows("\n\na,b\n\n1,2\n\r\n3,4\n\n", "1|2|\n3|4|\n");
}

Test(csv, undoes_quotes)
{
    expect_rows("a,b\n\"x,y\",\"say \"\"no\"\"\"\n", "x,y|say \"no\"|\n");
    expect_rows("\"a\",\"b\"\n\"\",\"\"\"\"\n", "|\"|\n");
    expect_rows("a,b\n\"line\nbreak\",\"cr\r\nlf\"\n", "line\nbreak|cr\r\nlf|\n");
    expect_rows("a,b\n\" kept \",x\n", " kept |x|\n");
}

Test(csv, takes_empty_cells)
{
    expect_rows("a,b\n,\n1,\n,2\n", "||\n1||\n|2|\n");
}

Test(csv, passes_any_byte_through_but_nul)
{
    char text[600] = "a,b\n\"", want[600] = "";
    size_t used = strlen(text);

    for (int c = 1; c < 256; c++) {
        if (c == '"')
            text[used++] = '"';
        text[used++] = (char)c;
        want[c - 1] = (char)c;
    }
    memcpy(text + used, "\",x\n", 5);
    memcpy(want + 255, "|x|\n", 5);
    expect_rows(text, want);
}

/* ---------------------------------------------------------------- columns */

Test(csv, finds_columns_by_name_in_any_order_beside_others)
{
    expect_rows("c,b,d,a\n1,2,3,4\n", "4|2|\n");
    static const char *const b_b[] = {"b", "b", NULL};
    expect_rows_of(b_b, 0, "a,b\n1,2\n", "2|2|\n");
}

Test(csv, leaves_the_cells_of_missing_optional_columns_empty)
{
    static const char *const columns[] = {"a", "b", "c", NULL};

    expect_rows_of(columns, 2, "a\n1\n", "1|||\n");
    expect_rows_of(columns, 2, "c,a\n1,2\n", "2||1|\n");
    expect_rows_of(columns, 1, "b,a\n1,2\n", "2|1||\n");
}

Test(csv, takes_rows_that_are_short_where_nothing_is_wanted)
{
    expect_rows("a,b,c\n1,2\n", "1|2|\n");
    expect_rows("a,b\n1,2,3\n", "1|2|\n");
}

Test(csv, wants_the_columns_that_must_be_there)
{
    expect_refused("a,c\n1,2\n", "x.csv:1: no column 'b' in the header row");
    expect_refused("\n\nA,b\n", "x.csv:3: no column 'a' in the header row");
    expect_refused("a,b\n1,2\n1\n", "x.csv:3: 1 cells, none for column 'b'");
    expect_refused("", "x.csv: no header row");
    expect_refused("\n \r\n", "x.csv: no header row");
}

Test(csv, takes_64_columns_and_no_more)
{
    char text[300] = "a,b", message[] = "x.csv:2: more than 64 columns";

    for (int i = 2; i < 64; i++)
        strcat(text, ",c");
    expect_rows(text, "");
    strcat(text, "\n1,2");
    for (int i = 2; i < 65; i++)
        strcat(text, ",");
    expect_refused(text, message);
}

/* -------------------------------------------------------------- what is wrong */

Test(csv, tells_the_line_where_a_refused_row_begins)
{
    expect_refused("a,b\n1,2\nbad,2\n3,4\n", "x.csv:3: a: 'bad' is refused");
    expect_refused("a,b\n\n\nbad,2", "x.csv:4: a: 'bad' is refused");
    expect_refused("a,b\r\n\r\nbad,2\r\n", "x.csv:3: a: 'bad' is refused");
    expect_refused("a,b\n\"1\n2\",\"3\n\n4\"\nbad,\"5\n6\"\n", "x.csv:6: a: 'bad' is refused");
    expect_refused("b,a\n\"1\n2\",bad\n", "x.csv:2: a: 'bad' is refused");
}

Test(csv, tells_the_line_where_an_open_quote_stands)
{
    expect_refused("a,b\n1,\"2\n3,4\n", "x.csv:2: a quote is not closed");
    expect_refused("a,b\n1,2\n\"3,4\n5,6\n", "x.csv:3: a quote is not closed");
    expect_refused("\"a,b\n", "x.csv:1: a quote is not closed");
}

Test(csv, refuses_quotes_within_a_cell)
{
    const char *message = "x.csv:2: a quote stands within a cell: such a cell should be in quotes, "
                          "its own quotes doubled";

    expect_refused("a,b\n1,2\"3\n", message);
    expect_refused("a,b\n1,\"2\"3\n", message);
}

Test(csv, refuses_nul_bytes)
{
    expect_refused_bytes("a,b\n1,2\0003\n", 10, "x.csv:2: a NUL byte in column 2");
    expect_refused_bytes("a,b\n\0,2\n", 8, "x.csv:2: a NUL byte in column 1");
}

Test(csv, hands_over_nothing_after_what_is_wrong)
{
    struct heard heard = {.columns = a_b, .refused = "bad"};
    struct csv_rows rows = {a_b, 0, hear, &heard};
    const char *text = "a,b\n1,2\nbad,2\n3,4\n";
    struct err err = {0};

    cr_expect_not(csv_read_text(text, strlen(text), "x.csv", &rows, &err));
    cr_expect_str_eq(heard.text, "1|2|\n");
}

/* ------------------------------------------------------------------ files */

Test(csv, reads_a_file)
{
    char path[] = P_tmpdir "/tempfail-csv-XXXXXX";
    int fd = mkstemp(path);
    struct heard heard = {.columns = a_b};
    struct csv_rows rows = {a_b, 0, hear, &heard};
    struct err err = {0};

    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, "a,b\n1,2\n", 8), 8);
    close(fd);
    cr_expect(csv_read(path, &rows, &err));
    cr_expect_str_eq(heard.text, "1|2|\n");
    unlink(path);
    cr_expect_not(csv_read(path, &rows, &err));
    cr_expect_eq(err.status, EX_NOINPUT);
}
