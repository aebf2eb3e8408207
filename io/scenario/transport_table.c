/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario/transport_table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "io/input.h"
#include "io/scenario/files.h"
#include "models/mta/postfix/parameters.h"

#define BLANKS " \t\r\v\f"

static bool is_blank(char c)
{
    return c == '\n' || (c != '\0' && strchr(BLANKS, c) != NULL);
}

static bool check_pattern(const char *pattern, struct err *err)
{
    bool all = strcmp(pattern, "*") == 0;

    return all || strpbrk(pattern, "@*/:") == NULL
           || err_set(err, "'%.60s' is no pattern: a domain, .domain or * was expected", pattern);
}

/* "smtp:[relay.example]:587" is cut at its first colon. */
static bool add(struct scenario *scenario, char *pattern, char *result, struct err *err)
{
    size_t length = strcspn(result, ":");
    const char *nexthop = result[length] == ':' ? result + length + 1 : "";

    if (!check_pattern(pattern, err))
        return false;
    if (length >= POSTFIX_TRANSPORT_ROOM)
        return err_set(err, "'%.60s...' is no transport: its name is too long", result);
    result[length] = '\0';
    scenario_add_transport(scenario, pattern, result, nexthop);
    return true;
}

/* A logical line, its newlines gone. */
static bool take_line(struct scenario *scenario, char *line, struct err *err)
{
    char *gap = line + strcspn(line, BLANKS), *end = line + strlen(line);

    if (gap == line)
        return err_set(err, "begins with a blank, and there is no line that it goes on with");
    while (is_blank(end[-1]))
        *--end = '\0';
    if (*gap == '\0')
        return err_set(err, "'%.60s' should be followed by a blank and TRANSPORT:NEXTHOP", line);
    *gap = '\0';
    return add(scenario, line, gap + 1 + strspn(gap + 1, BLANKS), err);
}

static bool is_nothing(const char *line, size_t length)
{
    size_t i = 0;

    while (i < length && is_blank(line[i]))
        i++;
    return i == length || line[i] == '#';
}

struct lines {
    char *at, *end;
    size_t line;  /* physical lines passed */
    size_t first; /* of them, the first of the logical line */
};

/* The next physical line, its newline a blank. */
static char *next_line(struct lines *lines, size_t *length)
{
    char *line = lines->at;
    char *newline = memchr(line, '\n', (size_t)(lines->end - line));

    lines->at = newline == NULL ? lines->end : newline + 1;
    lines->line++;
    if (newline != NULL)
        *newline = ' ';
    *length = (size_t)(lines->at - line);
    return line;
}

/* Moves the parts of the next logical line together, where its first began; returns their end. */
static char *gather(struct lines *lines)
{
    char *logical = lines->at, *used = logical;

    do {
        size_t length;
        char *line = next_line(lines, &length);
        if (is_nothing(line, length))
            continue;
        if (used == logical)
            lines->first = lines->line;
        memmove(used, line, length);
        used += length;
    } while (lines->at < lines->end && (is_blank(*lines->at) || *lines->at == '#'));
    return used;
}

bool transport_table_read(struct scenario *scenario, char *text, size_t length, const char *name,
                          struct err *err)
{
    struct lines lines = {.at = text, .end = text + length};

    if (memchr(text, '\0', length) != NULL)
        return err_exit(err, EX_DATAERR, "%s: a NUL byte in it: this is no text", name);
    while (lines.at < lines.end) {
        char *logical = lines.at, *end = gather(&lines), next = *end;
        *end = '\0'; /* which may be the first byte of the next line */
        bool good = end == logical || take_line(scenario, logical, err);
        *end = next;
        if (!good) {
            err->status = EX_DATAERR;
            return err_within(err, "%s:%zu", name, lines.first);
        }
    }
    return true;
}

bool reading_transports(struct reading *r, cfg_t *section)
{
    const char *file = section_text(section, "transport");
    char *text;
    size_t length;

    if (file == NULL)
        return true;
    char *path = path_beside(r, file);
    bool good = read_named(r, path, &text, &length, r->err);
    if (good) {
        good = transport_table_read(r->scenario, text, length, path, r->err);
        free(text);
    }
    free(path);
    return good || reading_fail_setting(r, section, "transport");
}
