/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file with a text in it. For tests alone. */
#ifndef TESTS_IO_PUT_FILE_H
#define TESTS_IO_PUT_FILE_H

#include <criterion/criterion.h>
#include <stdio.h>

static inline void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    cr_assert_not_null(file, "%s", path);
    fputs(text, file);
    cr_assert_eq(fclose(file), 0);
}

#endif
