/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fuzz/parts.h - one input as several files, which NUL bytes part
 */
#ifndef TESTS_FUZZ_PARTS_H
#define TESTS_FUZZ_PARTS_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/check.h"

/* The next part goes into the file; an empty one is none, and what was there is gone. */
static inline void put_part(const uint8_t **bytes, const uint8_t *end, const char *path)
{
    const uint8_t *stop = *bytes < end ? memchr(*bytes, '\0', (size_t)(end - *bytes)) : end;
    size_t length = (size_t)((stop == NULL ? end : stop) - *bytes);

    unlink(path);
    if (length > 0) {
        FILE *file = fopen(path, "w");
        EXPECT(file != NULL && fwrite(*bytes, 1, length, file) == length);
        fclose(file);
    }
    *bytes = stop == NULL || stop == end ? end : stop + 1;
}

#endif
