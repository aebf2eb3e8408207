/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "sim/alloc.h"
#include "sim/printable.h"

static const char *escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void put(struct output *output, const char *text)
{
    output_write(output, text, strlen(text));
}

void html_text(struct output *output, const char *text)
{
    char *copy = alloc_text(text, strlen(text));

    printable(copy, strlen(copy));
    for (const char *c = copy; *c != '\0'; c++) {
        if (escape_of(*c) != NULL)
            put(output, escape_of(*c));
        else
            output_write(output, c, 1);
    }
    free(copy);
}

/* --------------------------------------------------------------- pictures */

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Behind the next `what`, or at the end. */
static const char *behind(const char *text, const char *what)
{
    const char *at = strstr(text, what);

    return at == NULL ? text + strlen(text) : at + strlen(what);
}

/* Puts the start tag. Returns what is behind gnuplot's, or NULL. */
static const char *put_start(struct output *output, const char *svg, const char *label)
{
    const char *start = strstr(svg, "<svg");
    const char *box = start == NULL ? NULL : strstr(start, "viewBox=\"");
    unsigned width, height;

    if (box == NULL || box > strchr(start, '>')
        || sscanf(box, "viewBox=\"0 0 %u %u\"", &width, &height) != 2)
        return NULL;
    output_print(output, "<svg viewBox=\"0 0 %u %u\" role=\"img\" aria-label=\"", width, height);
    html_text(output, label);
    put(output, "\">");
    return behind(box, ">");
}

/* What stands in a tag; gnuplot's attributes hold no '>'. */
static const char *put_tag(struct output *output, const char *at, const char *name)
{
    static const struct change {
        const char *from, *to;
        bool named; /* the name goes behind it */
    } changes[] = {
        {" id='", " id='", true},
        {" id=\"", " id=\"", true},
        {"url(#", "url(#", true},
        {"xlink:href='#", "href='#", true},
        {" xml:space=\"preserve\"", "", false},
    };
    bool colour = false;

    while (*at != '\0' && *at != '>') {
        const struct change *change = NULL;
        for (size_t i = 0; i < COUNT_OF(changes); i++) {
            if (begins(at, changes[i].from))
                change = &changes[i];
        }
        colour = begins(at, "rgb(") || (colour && *at != ')');
        if (change != NULL) {
            put(output, change->to);
            put(output, change->named ? name : "");
            at += strlen(change->from);
        } else {
            if (!colour || *at != ' ')
                output_write(output, at, 1);
            at++;
        }
    }
    return at;
}

/* gnuplot has escaped it, but may have cut a character in two. */
static const char *put_run(struct output *output, const char *at)
{
    size_t length = strcspn(at, "<");
    char *copy = alloc_text(at, length);

    for (size_t from = 0; from < length;) {
        size_t line = strcspn(copy + from, "\n\t");
        printable(copy + from, line);
        from += line + 1;
    }
    output_write(output, copy, length);
    free(copy);
    return at + length;
}

bool html_svg(struct output *output, const char *svg, const char *name, const char *label,
              struct err *err)
{
    const char *at = put_start(output, svg, label);

    if (at == NULL || strstr(at, "</svg>") == NULL)
        return err_exit(err, EX_SOFTWARE, "gnuplot drew no SVG");
    const char *end = strstr(at, "</svg>");
    while (at < end) {
        if (begins(at, "<title"))
            at = behind(at, "</title>");
        else if (begins(at, "<desc"))
            at = behind(at, "</desc>");
        else
            at = *at == '<' ? put_tag(output, at, name) : put_run(output, at);
    }
    put(output, "</svg>");
    return true;
}
