/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario/parse.h"

#include <stdio.h>
#include <string.h>

#include "io/scenario/comments.h"
#include "sim/nearest.h"

/* libconfuse's hooks are given nothing of ours: this is the reading under way. */
static _Thread_local struct reading *current;
static _Thread_local const cfg_t *innermost; /* the section that is being parsed */

/* ------------------------------------------------------------ what is wrong */

static size_t option_count(const cfg_t *section)
{
    size_t count = 0;

    while (section->opts[count].name != NULL)
        count++;
    return count;
}

static void no_such_setting(struct reading *r, const cfg_t *section, const char *name)
{
    char prefix[80];
    const char *meant = /* the first option is none of the language's: see options.c */
        nearest(name, section->opts + 1, option_count(section) - 1, sizeof section->opts[0]);

    section_prefix(section, prefix, sizeof prefix);
    if (meant != NULL)
        err_set(r->err, "%s'%.60s': no such setting (did you mean '%s'?)", prefix, name, meant);
    else
        err_set(r->err, "%s'%.60s': no such setting ('tempfail models' lists them)", prefix, name);
}

static void given_twice(struct reading *r, const cfg_t *section, const char *name, int first)
{
    char prefix[80];

    err_set(r->err, "%s'%.60s' is given twice (first in line %d)",
            section_prefix(section, prefix, sizeof prefix), name, first);
}

/* libconfuse does not say which kind of section it is: a traffic and a site may share a name. */
static void title_twice(struct reading *r, const cfg_t *file, const char *title)
{
    const cfg_t *first = NULL;
    int namesakes = 0;

    for (cfg_opt_t *opt = file->opts; opt->name != NULL; opt++) {
        cfg_t *section = opt->type == CFGT_SEC ? cfg_opt_gettsec(opt, title) : NULL;
        namesakes += section != NULL;
        first = section != NULL ? section : first;
    }
    if (namesakes == 1)
        given_twice(r, first, title, reading_line(r, first));
    else
        err_set(r->err, "'%.60s' is given twice: each section needs a name of its own", title);
}

/* libconfuse's words, and how we go on after what it found. */
static const struct wording {
    const char *theirs, *ours;
} wordings[] = {
    {"unexpected token '%s'",
     "was not expected here: a text with blanks, commas or brackets in it needs quotes"},
    {"missing equal sign after option '%s'", "should be followed by '=' and a value"},
    {"missing opening brace for section '%s'", "should be followed by '{'"},
    {"missing title for section '%s'", "should be followed by a name and '{'"},
    {"attempt to append to non-list option '%s'", "is no list: '=' sets it, not '+='"},
    {"invalid octal number '%s'", "is no byte: \\0 to \\377 was expected"},
    {"bad escape sequence '%s'", "is no byte: \\0 to \\377 was expected"},
};

static void reword(struct reading *r, const cfg_t *section, const char *fmt, va_list args)
    __attribute__((format(printf, 3, 0)));

static void reword(struct reading *r, const cfg_t *section, const char *fmt, va_list args)
{
    char text[300], prefix[80];

    section_prefix(section, prefix, sizeof prefix);
    for (size_t i = 0; i < COUNT_OF(wordings); i++) {
        if (strcmp(fmt, wordings[i].theirs) == 0) {
            err_set(r->err, "%s'%.60s' %s", prefix, va_arg(args, const char *), wordings[i].ours);
            return;
        }
    }
    vsnprintf(text, sizeof text, fmt, args);
    err_set(r->err, "%s%.280s", prefix,
            strcmp(fmt, "premature end of file") == 0 ? "the file ends within a setting" : text);
}

static void on_error(cfg_t *section, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

static void on_error(cfg_t *section, const char *fmt, va_list args)
{
    struct reading *r = current;

    if (r->failed)
        return;
    if (strncmp(fmt, "no such option", 14) == 0 || strncmp(fmt, "no sub-section", 14) == 0)
        no_such_setting(r, section, va_arg(args, const char *));
    else if (strcmp(fmt, "found duplicate title '%s'") == 0)
        title_twice(r, section, va_arg(args, const char *));
    else
        reword(r, section, fmt, args);
    reading_fail(r, section->line);
}

/* ------------------------------------------------------ what stands where */

/* libconfuse lets one section set the options of another: "site=a|latency". */
static bool is_foreign(const cfg_t *section, const cfg_opt_t *opt)
{
    return opt < section->opts || opt >= section->opts + option_count(section);
}

static int on_open(cfg_t *section, cfg_opt_t *opt, const char *value, void *result)
{
    struct reading *r = current;

    if (reading_place(r, section) >= 0) {
        no_such_setting(r, section, opt->name);
        reading_fail(r, section->line);
        return -1;
    }
    reading_mark(r, section, section->line);
    innermost = section;
    *(const char **)result = value;
    return 0;
}

/* A list is marked where its first value stands, the other values each by themselves. */
static int on_text(cfg_t *section, cfg_opt_t *opt, const char *value, void *result)
{
    struct reading *r = current;
    bool is_next = (opt->flags & CFGF_LIST) != 0 && opt->nvalues > 1;
    const void *what = is_next ? (const void *)opt->values[opt->nvalues - 1] : opt;

    if (is_foreign(section, opt) || (!is_next && reading_place(r, opt) >= 0)) {
        if (is_foreign(section, opt))
            no_such_setting(r, section, opt->name);
        else
            given_twice(r, section, opt->name, reading_line(r, opt));
        reading_fail(r, section->line);
        return -1;
    }
    reading_mark(r, what, section->line);
    *(const char **)result = value;
    return 0;
}

static int on_close(cfg_t *section, cfg_opt_t *opt)
{
    innermost = section;
    if (!is_foreign(section, opt))
        return 0;
    no_such_setting(current, section, opt->name);
    reading_fail(current, section->line);
    return -1;
}

/* ---------------------------------------------------------------- the file */

static const struct option_hooks hooks = {on_open, on_text, on_close};

static cfg_t *parse(struct reading *r, struct options *options, const char *text)
{
    cfg_t *file = cfg_init(options_init(options, &hooks, text), CFGF_NONE);

    REQUIRE(file != NULL);
    cfg_set_error_function(file, on_error);
    if (cfg_parse_buf(file, text) == CFG_SUCCESS && !r->failed)
        return file;
    if (!r->failed) {
        err_set(r->err, "this is no setting and no section");
        reading_fail(r, innermost->line);
    }
    cfg_free(file);
    return NULL;
}

cfg_t *scenario_parse(struct reading *r, struct options *options, char *text)
{
    int line = 0;

    if (!comments_blank(text, &line, r->err)) {
        reading_fail(r, line);
        return NULL;
    }
    current = r;
    cfg_t *file = parse(r, options, text);
    current = NULL;
    innermost = NULL;
    return file;
}
