/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/alloc.h"

void notes_fini(struct notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        free(notes->text[i]);
    free(notes->text);
    *notes = (struct notes){0};
}

void notes_add(struct notes *notes, const char *fmt, ...)
{
    char line[1024];
    va_list args;

    if (notes == NULL)
        return;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);

    notes->text = alloc_grow(notes->text, &notes->room, notes->count + 1, sizeof *notes->text);
    notes->text[notes->count++] = alloc_printf("%s", line);
}
