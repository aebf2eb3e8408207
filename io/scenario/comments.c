/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario/comments.h"

#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

struct scan {
    char *at;
    char before; /* the byte before it; '\n' at the start */
    int line;
    int *open; /* the lines of the '{' that are open; owned */
    size_t depth, room;
};

static void pass(struct scan *scan)
{
    scan->line += *scan->at == '\n';
    scan->before = *scan->at++;
}

static void blank(struct scan *scan)
{
    if (*scan->at != '\n')
        *scan->at = ' ';
    pass(scan);
}

/* What libconfuse takes from the environment: up to the '}', quotes and braces too. */
static bool pass_variable(struct scan *scan, struct err *err)
{
    size_t length = strcspn(scan->at, "}");

    if (scan->at[length] == '\0')
        return err_set(err, "a '${' without its '}'");
    if (memchr(scan->at, '\n', length) != NULL)
        return err_set(err, "a '${' whose '}' is not in the same line");
    scan->at += length;
    pass(scan);
    return true;
}

static bool is_variable(const struct scan *scan)
{
    return scan->at[0] == '$' && scan->at[1] == '{';
}

static bool pass_text(struct scan *scan, struct err *err)
{
    char quote = *scan->at;

    pass(scan);
    while (*scan->at != quote) {
        if (quote == '"' && is_variable(scan)) {
            if (!pass_variable(scan, err))
                return false;
            continue;
        }
        if (*scan->at == '\\' && scan->at[1] != '\0')
            pass(scan);
        if (*scan->at == '\0')
            return err_set(err, "a text without its closing %c", quote);
        pass(scan);
    }
    pass(scan);
    return true;
}

static bool blank_long_comment(struct scan *scan, struct err *err)
{
    blank(scan);
    blank(scan);
    while (strncmp(scan->at, "*/", 2) != 0) {
        if (*scan->at == '\0')
            return err_set(err, "a comment without its '*/'");
        blank(scan);
    }
    blank(scan);
    blank(scan);
    return true;
}

static void blank_line(struct scan *scan)
{
    while (*scan->at != '\0' && *scan->at != '\n')
        blank(scan);
}

static void open_brace(struct scan *scan)
{
    scan->open = alloc_grow(scan->open, &scan->room, scan->depth + 1, sizeof *scan->open);
    scan->open[scan->depth++] = scan->line;
    pass(scan);
}

static bool close_brace(struct scan *scan, struct err *err)
{
    if (scan->depth == 0)
        return err_set(err, "a '}' without its '{'");
    scan->depth--;
    pass(scan);
    return true;
}

/* Paths have "//" within; nothing that is written here has "/" and "*". */
static bool begins_comment(const struct scan *scan)
{
    bool within_word = strchr(" \t\r\n={}()+,\"'", scan->before) == NULL;

    return *scan->at == '#' || (!within_word && strncmp(scan->at, "//", 2) == 0);
}

static bool step(struct scan *scan, struct err *err)
{
    if (begins_comment(scan))
        blank_line(scan);
    else if (strncmp(scan->at, "/*", 2) == 0)
        return blank_long_comment(scan, err);
    else if (*scan->at == '"' || *scan->at == '\'')
        return pass_text(scan, err);
    else if (is_variable(scan))
        return pass_variable(scan, err);
    else if (*scan->at == '{')
        open_brace(scan);
    else if (*scan->at == '}')
        return close_brace(scan, err);
    else
        pass(scan);
    return true;
}

bool comments_blank(char *text, int *line, struct err *err)
{
    struct scan scan = {.at = text, .before = '\n', .line = 1};
    bool good = true;

    while (good && *scan.at != '\0') {
        *line = scan.line;
        good = step(&scan, err);
    }
    if (good && scan.depth > 0) {
        *line = scan.open[scan.depth - 1];
        good = err_set(err, "a '{' without its '}'");
    }
    free(scan.open);
    return good;
}
