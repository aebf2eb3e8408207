/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/alloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static void *or_die(void *p, size_t size)
{
    if (p == NULL && size > 0) {
        fprintf(stderr, "tempfail: out of memory: %zu bytes\n", size);
        exit(EX_OSERR);
    }
    return p;
}

void *alloc_zeroed(size_t size)
{
    return or_die(calloc(1, size), size);
}

void *alloc_grow(void *array, size_t *room, size_t need, size_t size)
{
    if (need <= *room)
        return array;
    size_t more = *room == 0 ? 16 : *room;
    while (more < need)
        more = more > SIZE_MAX / 2 ? need : 2 * more;
    if (more > SIZE_MAX / size)
        or_die(NULL, SIZE_MAX);
    *room = more;
    return or_die(realloc(array, more * size), more * size);
}

char *alloc_text(const char *text, size_t length)
{
    char *copy = or_die(malloc(length + 1), length + 1);

    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *alloc_printf(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);

    size_t room = (size_t)length + 1;
    char *text = or_die(malloc(room), room);
    va_start(args, fmt);
    vsnprintf(text, room, fmt, args);
    va_end(args);
    return text;
}
