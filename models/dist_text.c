/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/dist_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "models/span.h"
#include "sim/alloc.h"

#define MOST_PARTS 16
#define MOST_DEPTH 4

const struct dist_form dist_forms[] = {
    {"exponential", DIST_EXPONENTIAL, "s", "exponential(mean)"},
    {"lognormal", DIST_LOGNORMAL, "sn", "lognormal(median, sigma)"},
    {"weibull", DIST_WEIBULL, "sn", "weibull(scale, shape)"},
    {"pareto", DIST_PARETO, "sn", "pareto(min, alpha)"},
    {"uniform", DIST_UNIFORM, "ss", "uniform(a, b)"},
    {"empirical", DIST_EMPIRICAL, "f", "empirical(\"file.csv\")"},
    {"mixture", DIST_MIXTURE, "m", "mixture(0.6: never, 0.4: exponential(1h))"},
    {NULL, DIST_NEVER, NULL, NULL},
};

/* Pieces of a text: the arguments between the parentheses, trimmed. */
struct pieces {
    char *copy; /* owned */
    char *piece[MOST_PARTS];
    size_t count;
};

static char *trimmed(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* Cuts at the commas that stand in no inner parentheses or quotes. */
static bool pieces_cut(struct pieces *pieces, const char *text, struct err *err)
{
    int depth = 0;
    bool quoted = false;
    char *from = pieces->copy = alloc_text(text, strlen(text));

    for (char *c = from;; c++) {
        quoted ^= *c == '"';
        depth += quoted ? 0 : (*c == '(') - (*c == ')');
        if (*c != '\0' && (*c != ',' || depth > 0 || quoted))
            continue;
        if (pieces->count == MOST_PARTS)
            return err_set(err, "more than %d arguments", MOST_PARTS);
        bool last = *c == '\0';
        *c = '\0';
        pieces->piece[pieces->count++] = trimmed(from);
        from = c + 1;
        if (last)
            return true;
    }
}

static bool parse(struct dist *dist, const char *text, const struct text_context *context,
                  int depth, struct err *err);

static bool parse_span(double *field, const char *text, struct err *err)
{
    sim_time span;

    if (!span_parse(&span, text, err))
        return false;
    *field = (double)span;
    return true;
}

static bool parse_positive(double *field, const char *text, struct err *err)
{
    if (!number_parse(field, text, err))
        return false;
    return *field > 0 || err_set(err, "'%.60s' should be more than 0", text);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static bool parse_file(struct dist *dist, char *text, const struct text_context *context,
                       struct err *err)
{
    size_t length = strlen(text);

    if (context == NULL || context->samples == NULL)
        return err_set(err, "no file can be named here");
    if (length < 2 || text[0] != '"' || text[length - 1] != '"')
        return err_set(err, "a file name in quotes was expected, not %.60s", text);
    text[length - 1] = '\0';
    if (!context->samples(context->user, text + 1, &dist->samples, &dist->count, err))
        return false;
    if (dist->count == 0)
        return err_set(err, "%.100s holds no values", text + 1);
    for (size_t i = 0; i < dist->count; i++)
        dist->samples[i] *= (double)SIM_SECOND;
    qsort(dist->samples, dist->count, sizeof *dist->samples, ascending);
    return true;
}

static bool parse_part(struct dist *dist, char *text, const struct text_context *context, int depth,
                       struct err *err)
{
    char *colon = strchr(text, ':');

    if (colon == NULL)
        return err_set(err, "'%.60s' should be a weight, ':' and a distribution", text);
    *colon = '\0';
    size_t i = dist->count;
    if (!parse_positive(&dist->weights[i], trimmed(text), err))
        return false;
    dist->count++;
    return parse(&dist->parts[i], trimmed(colon + 1), context, depth + 1, err);
}

static bool parse_parts(struct dist *dist, const struct pieces *pieces,
                        const struct text_context *context, int depth, struct err *err)
{
    dist->parts = alloc_zeroed(pieces->count * sizeof *dist->parts);
    dist->weights = alloc_zeroed(pieces->count * sizeof *dist->weights);
    for (size_t i = 0; i < pieces->count; i++) {
        if (!parse_part(dist, pieces->piece[i], context, depth, err))
            return false;
    }
    return true;
}

static bool parse_arguments(struct dist *dist, const struct dist_form *form, struct pieces *pieces,
                            const struct text_context *context, int depth, struct err *err)
{
    double *field[] = {&dist->a, &dist->b};

    if (form->kind == DIST_MIXTURE)
        return parse_parts(dist, pieces, context, depth, err);
    if (pieces->count != strlen(form->arguments))
        return err_set(err, "%zu arguments", pieces->count);
    for (size_t i = 0; i < pieces->count; i++) {
        char *piece = pieces->piece[i];
        bool good = form->arguments[i] == 'f'   ? parse_file(dist, piece, context, err)
                    : form->arguments[i] == 's' ? parse_span(field[i], piece, err)
                                                : parse_positive(field[i], piece, err);
        if (!good)
            return false;
    }
    return true;
}

/* Of the two-span form: from the lower to the higher. A pareto minimum of 0 stays 0 for ever. */
static bool is_sound(const struct dist *dist, struct err *err)
{
    if (dist->kind == DIST_UNIFORM && dist->a > dist->b)
        return err_set(err, "the first is longer than the second");
    bool needs_scale = dist->kind == DIST_EXPONENTIAL || dist->kind == DIST_LOGNORMAL
                       || dist->kind == DIST_WEIBULL || dist->kind == DIST_PARETO;
    return !needs_scale || dist->a > 0 || err_set(err, "the duration should be more than 0");
}

static const struct dist_form *form_of(const char *text, const char **arguments)
{
    const char *open = strchr(text, '(');
    size_t length = open == NULL ? 0 : (size_t)(open - text);

    *arguments = open;
    for (const struct dist_form *form = dist_forms; open != NULL && form->name != NULL; form++) {
        if (strlen(form->name) == length && strncmp(form->name, text, length) == 0)
            return form;
    }
    return NULL;
}

static bool parse_form(struct dist *dist, const struct dist_form *form, const char *arguments,
                       const struct text_context *context, int depth, struct err *err)
{
    struct pieces pieces = {0};
    size_t length = strlen(arguments);

    if (depth > MOST_DEPTH)
        return err_set(err, "distributions nest deeper than %d", MOST_DEPTH);
    if (length < 2 || arguments[length - 1] != ')')
        return err_set(err, "the closing ')' is missing: %s", form->usage);
    char *inner = alloc_text(arguments + 1, length - 2);
    dist->kind = form->kind;
    bool good = pieces_cut(&pieces, inner, err)
                && parse_arguments(dist, form, &pieces, context, depth, err) && is_sound(dist, err);
    if (!good)
        err_within(err, "%s", form->usage);
    free(pieces.copy);
    free(inner);
    return good;
}

static bool parse(struct dist *dist, const char *text, const struct text_context *context,
                  int depth, struct err *err)
{
    const char *arguments;
    const struct dist_form *form = form_of(text, &arguments);

    *dist = (struct dist){0};
    if (form != NULL)
        return parse_form(dist, form, arguments, context, depth, err);
    if (strcmp(text, "never") == 0) {
        dist->kind = DIST_NEVER;
        return true;
    }
    if (arguments != NULL)
        return err_set(err,
                       "'%.60s': no such distribution (there are exponential, lognormal, "
                       "weibull, pareto, uniform, empirical, mixture)",
                       text);
    return parse_span(&dist->a, text, err);
}

bool dist_parse(struct dist *dist, const char *text, const struct text_context *context,
                struct err *err)
{
    if (!parse(dist, text, context, 0, err)) {
        dist_fini(dist);
        return false;
    }
    dist_prepare(dist);
    return true;
}
