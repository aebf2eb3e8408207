/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written can be read again, and does nothing to a terminal. */
#include "io/csv_row.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv.h"
#include "sim/alloc.h"

static struct output output;

static void make_output(void)
{
    output = (struct output){.file = -1, .buffer = alloc_zeroed(OUTPUT_BUFFER)};
}

static void free_output(void)
{
    free(output.buffer);
}

TestSuite(csv_row, .init = make_output, .fini = free_output);

static void expect_written(const char *want)
{
    output.buffer[output.used] = '\0';
    cr_expect_str_eq(output.buffer, want, "'%s' not '%s'", output.buffer, want);
    output.used = 0;
}

static void expect_text(const char *text, const char *want)
{
    struct csv_row row = csv_row(&output);

    csv_text(&row, text, strlen(text));
    csv_end(&row);
    expect_written(want);
}

static void expect_real(double number, int decimals, const char *want)
{
    struct csv_row row = csv_row(&output);

    csv_real(&row, number, decimals);
    csv_end(&row);
    expect_written(want);
}

Test(csv_row, writes_numbers_between_commas)
{
    struct csv_row row = csv_row(&output);

    csv_number(&row, 0);
    csv_number(&row, UINT64_MAX);
    csv_empty(&row);
    csv_seconds(&row, 1500000);
    csv_seconds(&row, -250000);
    csv_end(&row);
    expect_written("0,18446744073709551615,,1.500,-0.250\n");
}

Test(csv_row, writes_reals_with_so_many_decimals)
{
    expect_real(2.0 / 3, 3, "0.667\n");
    expect_real(1e15, 0, "1000000000000000\n");
    expect_real(-0.5, 1, "-0.5\n");
    expect_real(NAN, 3, "\n");
}

Test(csv_row, has_no_room_for_reals_beyond_measure, .exit_code = 70)
{
    expect_real(1e300, 3, "");
}

Test(csv_row, leaves_plain_text_as_it_is)
{
    expect_text("250 2.0.0 Ok: it's <fine>; \\ = \xc3\xa4",
                "250 2.0.0 Ok: it's <fine>; \\ = \xc3\xa4\n");
    expect_text("", "\n");
}

Test(csv_row, quotes_what_would_be_misread)
{
    expect_text("a,b", "\"a,b\"\n");
    expect_text("say \"no\"", "\"say \"\"no\"\"\"\n");
    expect_text("\"", "\"\"\"\"\n");
    expect_text(" a", "\" a\"\n");
    expect_text("a ", "\"a \"\n");
    expect_text(" ", "\" \"\n");
}

Test(csv_row, puts_question_marks_for_control_characters)
{
    expect_text("a\nb\r\tc", "\"a?b??c\"\n");
    expect_text("\033[31mred\033[0m", "\"?[31mred?[0m\"\n");
    expect_text("\033]0;title\007", "\"?]0;title?\"\n");
    expect_text("\177", "\"?\"\n");

    for (int c = 1; c < 256; c++) {
        char text[] = {'x', (char)c, 'x', '\0'};
        struct csv_row row = csv_row(&output);
        csv_text(&row, text, 3);
        csv_end(&row);
        output.used--;
        bool left = memchr(output.buffer, c, output.used) != NULL;
        cr_expect_eq(left, c >= ' ' && c != 0x7f, "byte %d", c);
        output.used = 0;
    }
}

Test(csv_row, takes_a_nul_byte_for_a_control_character)
{
    struct csv_row row = csv_row(&output);

    csv_text(&row, "a\0b", 3);
    csv_end(&row);
    expect_written("\"a?b\"\n");
}

Test(csv_row, cuts_texts_that_are_too_long)
{
    static const char bytes[] = {'x', '"'};
    char *text = alloc_zeroed(CSV_TEXT_MOST + 10);

    for (size_t i = 0; i < COUNT_OF(bytes); i++) {
        memset(text, bytes[i], CSV_TEXT_MOST + 1);
        struct csv_row row = csv_row(&output);
        csv_text(&row, text, CSV_TEXT_MOST + 1);
        csv_end(&row);
        cr_expect_eq(output.used, i == 0 ? CSV_TEXT_MOST + 1 : 2 * CSV_TEXT_MOST + 3);
        output.used = 0;
    }
    free(text);
}

/* -------------------------------------------------------------- round trip */

#define CELLS 5
#define ROWS 200

static const char *const columns[] = {"a", "b", "c", "d", "e", NULL};

/* Bytes of which many mean something. */
static void make_up(char *text, size_t length, unsigned *state)
{
    static const char likely[] = "ab,\"\" ;'\\|=#\x80\xff";

    for (size_t i = 0; i < length; i++) {
        *state = *state * 1103515245 + 12345;
        text[i] = likely[(*state >> 16) % (sizeof likely - 1)];
    }
    text[length] = '\0';
}

struct remembered {
    char text[ROWS][CELLS][24];
    size_t rows;
};

static bool compare(void *user, const char *const *cells, struct err *err)
{
    struct remembered *all = user;

    (void)err;
    for (size_t i = 0; i < CELLS; i++)
        cr_expect_str_eq(cells[i], all->text[all->rows][i]);
    all->rows++;
    return true;
}

Test(csv_row, writes_what_reads_the_same)
{
    struct remembered *all = alloc_zeroed(sizeof *all);
    struct csv_rows rows = {columns, 0, compare, all};
    unsigned state = 1;
    struct err err;

    output_write(&output, "a,b,c,d,e\n", 10);
    for (size_t i = 0; i < ROWS; i++) {
        struct csv_row row = csv_row(&output);
        for (size_t k = 0; k < CELLS; k++) {
            make_up(all->text[i][k], (i * 7 + k * 3) % 23, &state);
            csv_text(&row, all->text[i][k], strlen(all->text[i][k]));
        }
        csv_end(&row);
    }
    cr_expect(csv_read_text(output.buffer, output.used, "x", &rows, &err), "%s", err.text);
    cr_expect_eq(all->rows, ROWS);
    free(all);
}

Test(csv_row, makes_no_formula_of_a_name)
{
    static const char *const names[] = {"=1+1", "+a@d", "-a", "@SUM(1)", "=\"x\"", "a=b", "", "'a"};
    struct csv_row row = csv_row(&output);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        csv_name(&row, names[i], strlen(names[i]));
    csv_end(&row);
    output.buffer[output.used] = '\0';
    cr_expect_str_eq(output.buffer, "'=1+1,'+a@d,'-a,'@SUM(1),\"'=\"\"x\"\"\",a=b,,'a\n");
}
