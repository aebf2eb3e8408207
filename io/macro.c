/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/macro.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

/* Postfix's limit to references within references: mac_expand_callback(). */
#define NESTING_MAX 100

/*
 * Each side of a comparison starts that count anew, so one that contains itself
 * runs Postfix out of stack. This is the end of it here.
 */
#define COMPARISONS_MAX 30

/* A part of a text. */
struct span {
    const char *at, *end;
};

struct expansion {
    macro_lookup_fn *lookup;
    void *context;
    struct err *err;
    long *calls;     /* references so far, of the outermost text */
    int nesting;     /* references this one stands in, since the last comparison */
    int comparisons; /* comparisons it stands in */
    char *text;      /* the result so far, not ended */
    size_t length, room;
};

static bool expand_span(struct expansion *x, struct span text);

static int span_length(struct span span)
{
    return (int)(span.end - span.at);
}

/* As much of it as Postfix shows in "... at: >>>". */
static int excerpt(struct span span)
{
    enum { SHOWN = 20 };
    return span.end - span.at < SHOWN ? span_length(span) : SHOWN;
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static const char *skip(struct span span, const char *set)
{
    while (span.at < span.end && is_one_of(*span.at, set))
        span.at++;
    return span.at;
}

static const char *skip_blanks(struct span span)
{
    return skip(span, " \t\r\n");
}

/* ASCII only, in any locale. */
static const char *skip_name(struct span span)
{
    return skip(span, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}

/* Is there a brace, after blanks? Then `*text` begins with it. */
static bool find_brace(struct span *text)
{
    const char *at = skip_blanks(*text);

    if (at == text->end || *at != '{')
        return false;
    text->at = at;
    return true;
}

/* Takes "{inside} " from the front of a text that begins with a brace. */
static bool take_braced(struct expansion *x, struct span *text, struct span *inside)
{
    int level = 0;

    for (const char *at = text->at; at < text->end; at++) {
        if (*at == '{')
            level++;
        if (*at == '}' && --level == 0) {
            *inside = (struct span){text->at + 1, at};
            *text = (struct span){at + 1, text->end};
            text->at = skip_blanks(*text);
            return true;
        }
    }
    return err_set(x->err, "unbalanced {} in attribute expression: \"%.*s\"", span_length(*text),
                   text->at);
}

static bool put(struct expansion *x, struct span text)
{
    size_t more = (size_t)(text.end - text.at);

    if (x->nesting > NESTING_MAX)
        return err_set(x->err, "unreasonable macro call nesting: \"%.*s\"", span_length(text),
                       text.at);
    if (more > MACRO_ROOM - x->length)
        return err_set(x->err, "the value is longer than %zu bytes", MACRO_ROOM);
    x->text = alloc_grow(x->text, &x->room, x->length + more + 1, 1);
    memcpy(x->text + x->length, text.at, more);
    x->length += more;
    return true;
}

/* Expands a side of a comparison. *value is allocated. */
static bool expand_side(struct expansion *x, struct span side, char **value)
{
    struct expansion inner = *x;

    inner.text = NULL;
    inner.length = inner.room = 0;
    inner.nesting = 0;
    inner.comparisons++;
    bool good = expand_span(&inner, side);
    *value = good ? alloc_text(inner.length > 0 ? inner.text : "", inner.length) : NULL;
    free(inner.text);
    return good;
}

static int sign(long a, long b)
{
    return (a > b) - (a < b);
}

static bool is_all_digits(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static bool read_number(struct expansion *x, const char *text, long *number)
{
    errno = 0;
    *number = strtol(text, NULL, 10);
    if (errno == ERANGE)
        return err_set(x->err, "mac_exp_eval: bad conversion: %s", text);
    return true;
}

/* "3", "3.10" or "3.10.2" as one number that sorts: compat_level_from_string(). */
static bool read_level(struct expansion *x, const char *text, long *level)
{
    static const struct {
        int shift;
        long max;
    } part[] = {{20, LONG_MAX >> 20}, {10, 1023}, {0, 1023}};
    const char *at = text;

    *level = 0;
    for (size_t i = 0; i < COUNT_OF(part); i++) {
        char *end;
        errno = 0;
        long number = strtol(at, &end, 10);
        if (end == at || errno == ERANGE || number < 0 || number > part[i].max)
            break;
        *level |= number << part[i].shift;
        if (*end == '\0')
            return true;
        if (*end != '.')
            break;
        at = end + 1;
    }
    return err_set(x->err, "malformed compatibility level syntax: \"%s\"", text);
}

/* Which side is larger: -1, 0 or 1 in *order. */
static bool compare(struct expansion *x, const char *left, const char *right, bool by_level,
                    int *order)
{
    long a, b;

    if (by_level) {
        if (!read_level(x, left, &a) || !read_level(x, right, &b))
            return false;
        *order = sign(a, b);
    } else if (is_all_digits(left) && is_all_digits(right)) {
        if (!read_number(x, left, &a) || !read_number(x, right, &b))
            return false;
        *order = sign(a, b);
    } else {
        *order = sign(strcmp(left, right), 0);
    }
    return true;
}

/* The orders that make it true, from "smaller" to "larger". */
static const struct operation {
    const char *sign;
    bool holds[3];
} operations[] = {
    {"==", {false, true, false}}, {"!=", {true, false, true}}, {"<", {true, false, false}},
    {"<=", {true, true, false}},  {">=", {false, true, true}}, {">", {false, false, true}},
};

static const struct operation *find_operation(struct span sign_found)
{
    size_t length = (size_t)(sign_found.end - sign_found.at);

    for (size_t i = 0; i < COUNT_OF(operations); i++)
        if (strlen(operations[i].sign) == length
            && memcmp(operations[i].sign, sign_found.at, length) == 0)
            return &operations[i];
    return NULL;
}

/* Takes the operator between the braces, and the "level" that may stand behind it. */
static bool take_operation(struct expansion *x, struct span left, struct span *text,
                           const struct operation **operation, bool *by_level)
{
    struct span found = {text->at, skip(*text, "<>!=?+-*/~&|%")};

    *operation = find_operation(found);
    if (*operation == NULL)
        return err_set(x->err,
                       "\"==\", \"!=\", \"<\", \"<=\", \">=\" or \">\" expected at:"
                       " \"...%.*s}>>>%.*s\"",
                       span_length(left), left.at, excerpt(*text), text->at);
    text->at = found.end;

    struct span suffix = {text->at, skip(*text, "abcdefghijklmnopqrstuvwxyz"
                                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")};
    *by_level = span_length(suffix) == 5 && memcmp(suffix.at, "level", 5) == 0;
    if (!*by_level && suffix.at != suffix.end)
        return err_set(x->err, "bad operator suffix at: \"...%.*s>>>%.*s\"", span_length(found),
                       found.at, span_length(suffix), suffix.at);
    text->at = suffix.end;
    return true;
}

static bool compare_sides(struct expansion *x, struct span left, struct span right, bool by_level,
                          int *order)
{
    char *left_value = NULL, *right_value = NULL;
    bool good = expand_side(x, left, &left_value) && expand_side(x, right, &right_value)
                && compare(x, left_value, right_value, by_level, order);

    free(right_value);
    free(left_value);
    return good;
}

/* Takes "{left} operator {right}". A comparison is worth "true" or nothing. */
static bool take_comparison(struct expansion *x, struct span *text, const char **value)
{
    const struct operation *operation;
    struct span left, right, behind_left;
    bool by_level;
    int order;

    if (x->comparisons >= COMPARISONS_MAX)
        return err_set(x->err, "unreasonable macro call nesting: \"%.*s\"", span_length(*text),
                       text->at);
    if (!take_braced(x, text, &left))
        return false;
    behind_left = *text;
    if (!take_operation(x, left, text, &operation, &by_level))
        return false;
    if (!find_brace(text))
        return err_set(x->err, "\"{expression}\" expected at: \"...{%.*s} %.*s>>>%.*s\"",
                       span_length(left), left.at, (int)(text->at - behind_left.at), behind_left.at,
                       excerpt(*text), text->at);
    if (!take_braced(x, text, &right) || !compare_sides(x, left, right, by_level, &order))
        return false;
    *value = operation->holds[order + 1] ? "true" : "";
    if (text->at < text->end && *text->at != '?' && *text->at != ':')
        return err_set(x->err, "\"?\" or \":\" expected at: \"...}>>>%.*s\"", excerpt(*text),
                       text->at);
    return true;
}

/* Takes "name", with blanks about it, as far as the end or an operator. */
static bool take_name(struct expansion *x, struct span *text, const char **value)
{
    struct span name = {skip_blanks(*text), text->end};
    struct span rest = {name.end = skip_name(name), text->end};

    rest.at = skip_blanks(rest);
    if (rest.at < rest.end && *rest.at != '?' && *rest.at != ':')
        return err_set(x->err, "attribute name syntax error at: \"...%.*s>>>%.*s\"",
                       (int)(name.end - text->at), text->at,
                       excerpt((struct span){name.end, text->end}), name.end);

    char *copy = alloc_text(name.at, (size_t)(name.end - name.at));
    *value = x->lookup(copy, x->context);
    free(copy);
    *text = rest;
    return true;
}

/* Takes "{text}" or, where there is no brace, all that is left. */
static bool take_branch(struct expansion *x, struct span *text, struct span *branch)
{
    if (find_brace(text))
        return take_braced(x, text, branch);
    *branch = *text;
    text->at = text->end;
    return true;
}

/* What follows a name or a comparison: "?text", ":text" or "?{text}:{text}". */
static bool expand_branches(struct expansion *x, struct span text, bool is_true)
{
    struct span branch;

    if (*text.at == '?') {
        text.at++;
        if (!take_branch(x, &text, &branch) || (is_true && !expand_span(x, branch)))
            return false;
        if (text.at == text.end)
            return true;
        if (*text.at != ':')
            return err_set(x->err, "\":\" expected at: \"...%.*s}>>>%.*s\"", span_length(branch),
                           branch.at, excerpt(text), text.at);
    }
    text.at++;
    if (!take_branch(x, &text, &branch) || (!is_true && !expand_span(x, branch)))
        return false;
    if (text.at < text.end)
        return err_set(x->err, "unexpected input at: \"...%.*s}>>>%.*s\"", span_length(branch),
                       branch.at, excerpt(text), text.at);
    return true;
}

/* Expands what stands between "${" and "}", or behind "$". */
static bool expand_call(struct expansion *x, struct span call)
{
    struct span text = call;
    const char *value = NULL;

    if (x->nesting > NESTING_MAX)
        return err_set(x->err, "unreasonable macro call nesting: \"%.*s\"", span_length(call),
                       call.at);
    if (++*x->calls > MACRO_CALLS)
        return err_set(x->err, "the value needs more than %d references", MACRO_CALLS);

    bool good = find_brace(&text) ? take_comparison(x, &text, &value) : take_name(x, &text, &value);
    if (!good)
        return false;
    x->nesting++;
    if (text.at < text.end)
        good = expand_branches(x, text, value != NULL && *value != '\0');
    else if (value != NULL)
        good = expand_span(x, (struct span){value, value + strlen(value)});
    x->nesting--;
    return good;
}

/* Takes the call that begins at a dollar sign: "$name", "${call}" or "$(call)". */
static bool take_call(struct expansion *x, struct span whole, struct span *text, struct span *call)
{
    const char *at = text->at + 1;
    char open = at < text->end ? *at : '\0';

    if (open == '{' || open == '(') {
        char close = open == '{' ? '}' : ')';
        int level = 1;

        call->at = ++at;
        for (; level > 0; at++) {
            if (at == text->end)
                return err_set(x->err, "truncated macro reference: \"%.*s\"", span_length(whole),
                               whole.at);
            level += (*at == open) - (*at == close);
        }
        call->end = at - 1;
    } else {
        call->at = at;
        call->end = at = skip_name((struct span){at, text->end});
    }
    if (call->at == call->end)
        return err_set(x->err, "empty macro name: \"%.*s\"", span_length(whole), whole.at);
    text->at = at;
    return true;
}

static bool expand_span(struct expansion *x, struct span text)
{
    struct span whole = text, call = {text.end, text.end};

    while (text.at < text.end) {
        const char *dollar = memchr(text.at, '$', (size_t)(text.end - text.at));
        struct span literal = {text.at, dollar != NULL ? dollar : text.end};
        bool doubled = dollar != NULL && dollar + 1 < text.end && dollar[1] == '$';

        text.at = literal.end;
        if (doubled) {
            literal.end++; /* the first of "$$" is literal */
            text.at += 2;
        }
        if (literal.at < literal.end && !put(x, literal))
            return false;
        if (dollar != NULL && !doubled
            && (!take_call(x, whole, &text, &call) || !expand_call(x, call)))
            return false;
    }
    return true;
}

bool macro_expand(const char *text, macro_lookup_fn *lookup, void *context, char **value,
                  struct err *err)
{
    long calls = 0;
    struct expansion x = {.lookup = lookup, .context = context, .err = err, .calls = &calls};
    struct span all = {text, text + strlen(text)};

    *value = NULL;
    if (!expand_span(&x, all)) {
        free(x.text);
        return false;
    }
    *value = alloc_grow(x.text, &x.room, x.length + 1, 1);
    (*value)[x.length] = '\0';
    return true;
}
