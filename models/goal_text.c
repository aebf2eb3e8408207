/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/goal_text.c - goals as people write them
 *
 * By precedence climbing. Each part is known by its kind, so that what is
 * compared or added can be, and a fault can be pointed at.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/goal_node.h"
#include "models/span.h"
#include "sim/nearest.h"

enum kind { KIND_TRUTH, KIND_NUMBER, KIND_SHARE, KIND_SPAN, KIND_COUNT };

/* A part of the text that was understood. */
struct operand {
    size_t node;
    enum kind kind;
    const char *unit; /* what a count counts */
    const char *at;
};

struct parser {
    const char *text, *next;
    const struct goal_names *names;
    struct goal *goal;
    int depth;
    struct err *err;
};

enum binding { BINDS_OR = 1, BINDS_AND, BINDS_COMPARISON, BINDS_SUM, BINDS_PRODUCT };

/* Before any that it begins with. */
static const struct sign {
    const char *text;
    enum goal_op op;
    enum binding binding;
} signs[] = {
    {"|", OP_OR, BINDS_OR},
    {"&", OP_AND, BINDS_AND},
    {"<=", OP_LESS_OR_EQUAL, BINDS_COMPARISON},
    {"<", OP_LESS, BINDS_COMPARISON},
    {">=", OP_MORE_OR_EQUAL, BINDS_COMPARISON},
    {">", OP_MORE, BINDS_COMPARISON},
    {"=", OP_EQUAL, BINDS_COMPARISON},
    {"!=", OP_UNEQUAL, BINDS_COMPARISON},
    {"+", OP_PLUS, BINDS_SUM},
    {"-", OP_MINUS, BINDS_SUM},
    {"*", OP_TIMES, BINDS_PRODUCT},
    {"/", OP_OVER, BINDS_PRODUCT},
};

#define DIGITS "0123456789."
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

/* Points to the place of the fault, of which err has the text. Returns false. */
static bool refuse(const struct parser *parser, const char *at)
{
    return err_at(parser->err, parser->text, (size_t)(at - parser->text));
}

static void skip_blanks(struct parser *parser)
{
    parser->next += strspn(parser->next, " \t\r\n");
}

/* The sign that comes next; NULL if none does. */
static const struct sign *sign_at(struct parser *parser)
{
    skip_blanks(parser);
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (strncmp(parser->next, signs[i].text, strlen(signs[i].text)) == 0)
            return &signs[i];
    }
    return NULL;
}

/* The number of a name; names->count where there is none of that name. */
static size_t name_number(const struct goal_names *names, const char *name)
{
    size_t i = 0;

    while (i < names->count && strcmp(names->list[i].name, name) != 0)
        i++;
    return i;
}

/* ------------------------------------------- what goes with what */

static const char *kind_text(const struct operand *operand, char text[80])
{
    static const char *const texts[] = {"a comparison", "a number", "a percentage", "a duration"};

    if (operand->kind != KIND_COUNT)
        return texts[operand->kind];
    snprintf(text, 80, "a number of %.60s", operand->unit);
    return text;
}

static bool lacks_unit(const struct operand *left, const struct operand *right)
{
    return left->kind == KIND_NUMBER || right->kind == KIND_NUMBER;
}

static bool refuse_pair(const struct parser *parser, const struct sign *sign, const char *at,
                        const struct operand *left, const struct operand *right)
{
    char texts[2][80];
    const char *a = kind_text(left, texts[0]), *b = kind_text(right, texts[1]);

    if (left->kind == KIND_TRUTH || right->kind == KIND_TRUTH)
        err_set(parser->err, "comparisons are joined by & or |, not by '%s'", sign->text);
    else if (sign->binding == BINDS_COMPARISON)
        err_set(parser->err, "%s cannot be compared with %s%s", a, b,
                lacks_unit(left, right) ? ": a unit is missing, as in 90min" : "");
    else
        err_set(parser->err, "there is no '%s' between %s and %s", sign->text, a, b);
    return refuse(parser, at);
}

static bool is_plain(const struct operand *operand)
{
    return operand->kind == KIND_NUMBER || operand->kind == KIND_SHARE;
}

/* A bare 0 is nothing of whatever it is held against. */
static void take_kind_for_zero(const struct parser *parser, struct operand *zero,
                               const struct operand *other)
{
    const struct goal_node *node = &parser->goal->nodes[zero->node];

    if (node->op == OP_NUMBER && node->number == 0 && zero->kind == KIND_NUMBER) {
        zero->kind = other->kind;
        zero->unit = other->unit;
    }
}

/* Makes of a count its share of all that it could be: of the figure called as its unit. */
static bool take_share(struct parser *parser, struct operand *count, const char *at)
{
    size_t total = name_number(parser->names, count->unit);
    struct goal *goal = parser->goal;
    const struct goal_node *node = &goal->nodes[count->node];

    if (total == parser->names->count) {
        err_set(parser->err, "there is no total of which these %.60s could be a percentage",
                count->unit);
        return refuse(parser, at);
    }
    if (node->op == OP_FIGURE && node->name == total) {
        err_set(parser->err, "%.60s are always 100 %% of themselves", count->unit);
        return refuse(parser, at);
    }
    size_t base = goal_add(goal, &(struct goal_node){.op = OP_FIGURE, .name = total});
    count->node = goal_add(goal, &(struct goal_node){OP_OVER, 0, 0, count->node, base});
    count->kind = KIND_SHARE;
    return true;
}

static bool join_truths(struct parser *parser, const struct sign *sign, struct operand *left,
                        const struct operand *right)
{
    const struct operand *other = left->kind != KIND_TRUTH ? left : right;

    if (other->kind == KIND_TRUTH)
        return true;
    err_set(parser->err, "beside '%s' a comparison was expected, like delay_p90<=1h", sign->text);
    return refuse(parser, other->at);
}

static bool compare(struct parser *parser, const struct sign *sign, const char *at,
                    struct operand *left, struct operand *right)
{
    if (left->kind == KIND_COUNT && right->kind == KIND_SHARE && !take_share(parser, left, at))
        return false;
    if (left->kind == KIND_SHARE && right->kind == KIND_COUNT && !take_share(parser, right, at))
        return false;
    bool has_truth = left->kind == KIND_TRUTH || right->kind == KIND_TRUTH;
    bool one_is_span = (left->kind == KIND_SPAN) != (right->kind == KIND_SPAN);
    if (has_truth || one_is_span)
        return refuse_pair(parser, sign, at, left, right);
    left->kind = KIND_TRUTH;
    return true;
}

static bool add(struct parser *parser, const struct sign *sign, const char *at,
                struct operand *left, const struct operand *right)
{
    bool alike = left->kind == right->kind && left->kind != KIND_TRUTH
                 && (left->kind != KIND_COUNT || strcmp(left->unit, right->unit) == 0);

    if (alike || (left->kind == KIND_COUNT && right->kind == KIND_NUMBER))
        return true;
    if (left->kind != KIND_NUMBER || right->kind != KIND_COUNT)
        return refuse_pair(parser, sign, at, left, right);
    left->kind = KIND_COUNT;
    left->unit = right->unit;
    return true;
}

static bool multiply(struct parser *parser, const struct sign *sign, const char *at,
                     struct operand *left, const struct operand *right)
{
    bool has_truth = left->kind == KIND_TRUTH || right->kind == KIND_TRUTH;

    if (has_truth || (!is_plain(left) && !is_plain(right)))
        return refuse_pair(parser, sign, at, left, right);
    if (left->kind == KIND_NUMBER || !is_plain(right)) {
        left->kind = right->kind;
        left->unit = right->unit;
    }
    return true;
}

static bool divide(struct parser *parser, const struct sign *sign, const char *at,
                   struct operand *left, const struct operand *right)
{
    bool alike = left->kind == right->kind;

    if (left->kind == KIND_TRUTH || right->kind == KIND_TRUTH || (!alike && !is_plain(right)))
        return refuse_pair(parser, sign, at, left, right);
    if (alike)
        left->kind = KIND_NUMBER;
    return true;
}

/* Whether the sign can stand between the two; `left` becomes what it makes of them. */
static bool fit(struct parser *parser, const struct sign *sign, const char *at,
                struct operand *left, struct operand *right)
{
    if (sign->binding == BINDS_COMPARISON || sign->binding == BINDS_SUM) {
        take_kind_for_zero(parser, left, right);
        take_kind_for_zero(parser, right, left);
    }
    switch (sign->binding) {
    case BINDS_OR:
    case BINDS_AND:
        return join_truths(parser, sign, left, right);
    case BINDS_COMPARISON:
        return compare(parser, sign, at, left, right);
    case BINDS_SUM:
        return add(parser, sign, at, left, right);
    default:
        return sign->op == OP_TIMES ? multiply(parser, sign, at, left, right)
                                    : divide(parser, sign, at, left, right);
    }
}

/* ------------------------------------------------------------ the text */

static bool parse(struct parser *parser, enum binding least, struct operand *whole);

static bool take_number(struct parser *parser, struct operand *operand, enum kind kind,
                        double number)
{
    operand->kind = kind;
    operand->node = goal_add(parser->goal, &(struct goal_node){.op = OP_NUMBER, .number = number});
    return true;
}

/* The nearest number to the fraction, as a share of counts is: 0.7 % and 7 of 1,000 are equal. */
static double fraction_of(const char *percentage)
{
    char text[48];

    snprintf(text, sizeof text, "%.40se-2", percentage);
    return strtod(text, NULL);
}

/* "1e3", as programs write 1000. */
static bool has_exponent(const char *word)
{
    const char *letter = word + strspn(word, DIGITS);

    return (*letter == 'e' || *letter == 'E') && letter[1 + strspn(letter + 1, DIGITS)] == '\0';
}

static bool read_number(const char *word, bool is_span, double *number, sim_time *span,
                        struct err *err)
{
    if (has_exponent(word))
        return err_set(err, "'%s': there are no exponents: 1000 was expected, not 1e3", word);
    return is_span ? span_parse(span, word, err) : number_parse(number, word, err);
}

static bool parse_number(struct parser *parser, struct operand *operand)
{
    char word[48];
    size_t digits = strspn(parser->next, DIGITS);
    size_t length = digits + strspn(parser->next + digits, DIGITS LETTERS);
    double number = 0;
    sim_time span = 0;

    snprintf(word, sizeof word, "%.*s", (int)length, parser->next);
    if (!read_number(word, digits < length, &number, &span, parser->err))
        return refuse(parser, operand->at);
    parser->next += length;
    if (digits < length)
        return take_number(parser, operand, KIND_SPAN, (double)span / (double)SIM_SECOND);
    skip_blanks(parser);
    if (*parser->next != '%')
        return take_number(parser, operand, KIND_NUMBER, number);
    parser->next++;
    return take_number(parser, operand, KIND_SHARE, fraction_of(word));
}

static bool refuse_name(const struct parser *parser, const char *word, const char *at)
{
    const struct goal_names *names = parser->names;
    char lower[GOAL_LENGTH_MOST + 1];
    size_t length = strlen(word);

    for (size_t i = 0; i <= length; i++)
        lower[i] = (char)tolower((unsigned char)word[i]);
    const char *meant = nearest(lower, names->list, names->count, sizeof *names->list);

    if (meant == NULL)
        err_set(parser->err, "no such metric");
    else
        err_set(parser->err, "no such metric (did you mean '%s'?)", meant);
    return refuse(parser, at);
}

static bool parse_name(struct parser *parser, struct operand *operand)
{
    char word[GOAL_LENGTH_MOST + 1];
    size_t length = strspn(parser->next, DIGITS LETTERS);

    snprintf(word, sizeof word, "%.*s", (int)length, parser->next);
    size_t name = name_number(parser->names, word);
    if (name == parser->names->count)
        return refuse_name(parser, word, operand->at);
    parser->next += length;
    operand->unit = parser->names->list[name].unit;
    operand->kind = strcmp(operand->unit, "s") == 0 ? KIND_SPAN : KIND_COUNT;
    operand->node = goal_add(parser->goal, &(struct goal_node){.op = OP_FIGURE, .name = name});
    return true;
}

static bool parse_parentheses(struct parser *parser, struct operand *operand)
{
    const char *open = parser->next++;

    if (!parse(parser, BINDS_OR, operand))
        return false;
    operand->at = open;
    skip_blanks(parser);
    if (*parser->next != ')') {
        err_set(parser->err, "this '(' is not closed");
        return refuse(parser, open);
    }
    parser->next++;
    return true;
}

static bool parse_not(struct parser *parser, struct operand *operand)
{
    parser->next++;
    if (!parse(parser, BINDS_COMPARISON, operand))
        return false;
    if (operand->kind != KIND_TRUTH) {
        err_set(parser->err, "behind '!' a comparison was expected, like delay_p90<=1h");
        return refuse(parser, operand->at);
    }
    operand->node =
        goal_add(parser->goal, &(struct goal_node){.op = OP_NOT, .left = operand->node});
    return true;
}

static bool refuse_operand(const struct parser *parser)
{
    const char *at = parser->next;
    bool is_double = at > parser->text && *at == at[-1] && strchr("&|=", *at) != NULL;

    if (*at != '\0' && is_double)
        err_set(parser->err, "one '%c' is enough", *at);
    else
        err_set(parser->err, "the name of a metric, a number or '(' was expected");
    return refuse(parser, at);
}

/* What stands between two signs. */
static bool parse_operand(struct parser *parser, struct operand *operand)
{
    skip_blanks(parser);
    char first = *parser->next;

    *operand = (struct operand){.at = parser->next};
    if (first != '\0' && strchr(DIGITS, first) != NULL)
        return parse_number(parser, operand);
    if (first != '\0' && strchr(LETTERS, first) != NULL)
        return parse_name(parser, operand);
    if (first != '(' && first != '!')
        return refuse_operand(parser);
    if (parser->depth == GOAL_DEPTH_MOST) {
        err_set(parser->err, "more than %d of '(' and '!' within each other", GOAL_DEPTH_MOST);
        return refuse(parser, parser->next);
    }
    parser->depth++;
    bool good = first == '(' ? parse_parentheses(parser, operand) : parse_not(parser, operand);
    parser->depth--;
    return good;
}

/* All that is joined by signs that bind as tightly as `least`, or tighter. */
static bool parse(struct parser *parser, enum binding least, struct operand *whole)
{
    const struct sign *sign;

    if (!parse_operand(parser, whole))
        return false;
    while ((sign = sign_at(parser)) != NULL && sign->binding >= least) {
        struct operand right;
        const char *at = parser->next;

        parser->next += strlen(sign->text);
        if (!parse(parser, sign->binding + 1, &right) || !fit(parser, sign, at, whole, &right))
            return false;
        whole->node =
            goal_add(parser->goal, &(struct goal_node){sign->op, 0, 0, whole->node, right.node});
    }
    return true;
}

static bool parse_whole(struct parser *parser)
{
    struct operand whole;

    if (!parse(parser, BINDS_OR, &whole))
        return false;
    if (*parser->next != '\0') {
        err_set(parser->err, *parser->next == ')' ? "there is no '(' for this ')'"
                                                  : "a sign was expected, like & | <= or +");
        return refuse(parser, parser->next);
    }
    if (whole.kind != KIND_TRUTH) {
        err_set(parser->err, "a comparison was expected, like bounced<=1%%");
        return refuse(parser, parser->next);
    }
    return true;
}

bool goal_parse(struct goal *goal, const char *text, const struct goal_names *names,
                struct err *err)
{
    struct parser parser = {text, text, names, goal, 0, err};

    *goal = (struct goal){0};
    if (strlen(text) > GOAL_LENGTH_MOST)
        return err_set(err, "longer than %d characters", GOAL_LENGTH_MOST);
    if (parse_whole(&parser))
        return true;
    goal_fini(goal);
    return false;
}
