/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/io/rows.h - what an output holds once it is committed
 */
#ifndef TESTS_IO_ROWS_H
#define TESTS_IO_ROWS_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/output.h"
#include "sim/alloc.h"

/* Commits, and compares what stands after the header row. */
static inline void expect_rows(struct output *output, const char *header, const char *want)
{
    char *path = alloc_printf("%s", output->path), text[4096] = "";
    struct err err;

    cr_assert(output_commit(output, &err), "%s", err.text);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    free(path);
    char *rows = strchr(text, '\n');
    cr_assert_not_null(rows);
    *rows++ = '\0';
    cr_expect_str_eq(text, header);
    cr_expect_str_eq(rows, want, "\n%s not \n%s", rows, want);
}

#endif
