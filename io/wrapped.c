/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/wrapped.h"

#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"
#include "sim/printable.h"

size_t width_of(const char *text, size_t length)
{
    size_t width = 0;

    for (size_t i = 0; i < length; i++)
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    return width;
}

char *harmless(const char *text)
{
    char *copy = alloc_text(text, strlen(text));

    printable(copy, strlen(copy));
    return copy;
}

/* Up to the blank behind the next word; a number keeps its unit: "19 %". */
static size_t word_end(const char *text)
{
    size_t end = strspn(text, " ");

    end += strcspn(text + end, " ");
    return text[end] == ' ' && text[end + 1] == '%' ? end + 1 + strcspn(text + end + 1, " ") : end;
}

size_t line_of(const char *text, size_t width)
{
    size_t fits = 0, at = 0;

    while (text[at] != '\0') {
        size_t word = at + word_end(text + at);
        if (width_of(text, word) > width)
            break;
        fits = at = word;
    }
    if (fits > 0 || text[0] == '\0')
        return fits;
    while (text[at] != '\0' && (width_of(text, at + 1) <= width))
        at++;
    return at;
}

void print_wrapped(FILE *out, const char *text, size_t indent)
{
    char *copy = harmless(text);
    const char *at = copy;

    while (*at != '\0') {
        size_t length = line_of(at, TERMINAL_WIDTH - indent);
        if (at != copy)
            fprintf(out, "%*s", (int)indent, "");
        fprintf(out, "%.*s\n", (int)length, at);
        at += length;
        at += strspn(at, " ");
    }
    free(copy);
}
