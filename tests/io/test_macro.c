/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/io/test_macro.c - what $name becomes; the values are what postconf -x 3.7.11 shows */
#include "io/macro.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *look_up(const char *name, void *context)
{
    static const char *const known[][2] = {
        {"one", "1"},         {"alias", "$one"},     {"deep", "<$alias>"}, {"empty", ""},
        {"self", "a$self"},   {"ping", "${pong}"},   {"pong", "$ping"},    {"wrong", "${one"},
        {"blank_one", " 1 "}, {"nothing", "$empty"},
    };
    int *asked = context;

    if (asked != NULL)
        ++*asked;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(known[i][0], name) == 0)
            return known[i][1];
    return NULL;
}

struct row {
    char text[96], want[96];
};

#define ROWS(suite, name, ...)                                                                     \
    ParameterizedTestParameters(suite, name)                                                       \
    {                                                                                              \
        static struct row rows[] = {__VA_ARGS__};                                                  \
        return cr_make_param_array(struct row, rows, COUNT_OF(rows));                              \
    }                                                                                              \
    ParameterizedTest(struct row *row, suite, name)

static void expect_value(const char *text, const char *want)
{
    struct err err = {0};
    char *value;

    bool good = macro_expand(text, look_up, NULL, &value, &err);
    cr_assert(good, "'%s': %s", text, err.text);
    cr_expect_str_eq(value, want, "'%s' became '%s', not '%s'", text, value, want);
    free(value);
}

static void expect_refused(const char *text, const char *want)
{
    struct err err = {0};
    char *value;

    cr_expect_not(macro_expand(text, look_up, NULL, &value, &err), "'%s'", text);
    cr_expect_null(value);
    cr_expect_str_eq(err.text, want, "'%s': %s", text, err.text);
}

/* clang-format off */
ROWS(macro, puts_the_value_for_a_name,
     {"", ""}, {"plain", "plain"}, {"$one", "1"}, {"${one}", "1"}, {"$(one)", "1"},
     {"a${one}b$(one)c$one", "a1b1c1"}, {"$one.$one", "1.1"}, {"$one-x", "1-x"},
     {"$missing|${missing}|$(missing)", "||"}, {"$oneX", ""}, {"$ONE", ""},
     {"${ one }", "1"}, {"${\tone\r\n}", "1"}, {"$deep", "<1>"}, {"$blank_one", " 1 "})
{
    expect_value(row->text, row->want);
}

ROWS(macro, makes_one_dollar_of_two,
     {"$$", "$"}, {"$$$$", "$$"}, {"$$one", "$one"}, {"$$$one", "$1"}, {"a$$b", "a$b"},
     {"$${one}", "${one}"})
{
    expect_value(row->text, row->want);
}

ROWS(macro, puts_a_text_where_a_name_has_a_value_or_none,
     {"${one?yes}", "yes"}, {"${one:no}", ""}, {"${missing?yes}", ""}, {"${missing:no}", "no"},
     {"${empty?yes}", ""}, {"${empty:no}", "no"}, {"$(one?yes)", "yes"},
     {"${one?}", ""}, {"${missing:}", ""}, {"${one?a:b}", "a:b"}, {"${one? a }", " a "},
     {"${one?<$alias>}", "<1>"}, {"${missing:${alias}}", "1"}, {"${nothing?set}", "set"})
{
    expect_value(row->text, row->want);
}

ROWS(macro, chooses_between_two_texts,
     {"${one?{a}:{b}}", "a"}, {"${missing?{a}:{b}}", "b"}, {"${one?{a}:b}", "a"},
     {"${missing?{a}:b c}", "b c"}, {"${one ? {a} : {b} }", "a"}, {"${one?{a}}", "a"},
     {"${missing:{b}}", "b"}, {"${one?{}:{b}}", ""}, {"${one?{{a}}:{b}}", "{a}"},
     {"${one?{${missing?{x}:{y}}}:{z}}", "y"}, {"${missing?{${}}:{b}}", "b"})
{
    expect_value(row->text, row->want);
}

ROWS(macro, compares_numbers_as_numbers_and_the_rest_as_text,
     {"${{1} == {1}}", "true"}, {"${{1} == {2}}", ""}, {"${{1}!={2}}", "true"},
     {"${{1} != {1}}", ""}, {"${{9} < {10}}", "true"}, {"${{10} < {9}}", ""},
     {"${{10} < {9s}}", "true"}, {"${{9} < {9}}", ""}, {"${{9} <= {9}}", "true"},
     {"${{10} <= {9}}", ""}, {"${{9} >= {9}}", "true"}, {"${{9} >= {10}}", ""},
     {"${{10} > {9}}", "true"}, {"${{9} > {9}}", ""}, {"${{010} == {10}}", "true"},
     {"${{} == {}}", "true"}, {"${{} < {0}}", "true"}, {"${{b} > {a}}", "true"},
     {"${{ 1} == {1}}", ""}, {"${{+1} == {1}}", ""})
{
    expect_value(row->text, row->want);
}

ROWS(macro, compares_what_both_sides_become,
     {"${{$one} == {1}}", "true"}, {"${{$alias$one} == {11}?{a}:{b}}", "a"},
     {"${{$missing} == {}?{a}:{b}}", "a"}, {"${{1} == {2}?a:b}", ""}, {"${{1} == {2}?{a}:b}", "b"},
     {"${{1} == {2}:b}", "b"}, {"${{1} == {1}:b}", ""}, {"${{1} == {1} ? {a} : {b} }", "a"},
     {"${{${{1} == {1}}} == {true}?{a}}", "a"})
{
    expect_value(row->text, row->want);
}

ROWS(macro, compares_levels_part_by_part,
     {"${{3.10} >level {3.9}}", "true"}, {"${{3.10} > {3.9}}", ""},
     {"${{3} ==level {3.0.0}}", "true"}, {"${{3} <level{3.0.1}?{a}:b}", "a"},
     {"${{2.1023.1023} <level {3}}", "true"}, {"${{3.9} >=level {3.9}}", "true"},
     {"${{3.6} !=level {3.06}}", ""}, {"${{0} <level {2}}", "true"})
{
    expect_value(row->text, row->want);
}

ROWS(macro, refuses_what_is_not_whole,
     {"$", "empty macro name: \"$\""}, {"a$ b", "empty macro name: \"a$ b\""},
     {"${}", "empty macro name: \"${}\""}, {"$-", "empty macro name: \"$-\""},
     {"${one", "truncated macro reference: \"${one\""},
     {"$(one}", "truncated macro reference: \"$(one}\""},
     {"$wrong", "truncated macro reference: \"${one\""},
     {"${a b}", "attribute name syntax error at: \"...a>>> b\""},
     {"${a-b}", "attribute name syntax error at: \"...a>>>-b\""},
     {"${one?{a} b}", "\":\" expected at: \"...a}>>>b\""},
     {"${one?{a}:{b}c}", "unexpected input at: \"...b}>>>c\""},
     {"${{1}}x", "\"==\", \"!=\", \"<\", \"<=\", \">=\" or \">\" expected at: \"...1}>>>\""},
     {"${{1} == 1}", "\"{expression}\" expected at: \"...{1} ==>>> 1\""},
     {"${{1} ==x {1}}", "bad operator suffix at: \"...==>>>x\""},
     {"${{1} == {1} x}", "\"?\" or \":\" expected at: \"...}>>>x\""},
     {"${{x} <level {3}}", "malformed compatibility level syntax: \"x\""})
{
    expect_refused(row->text, row->want);
}

ROWS(macro, refuses_a_level_that_is_out_of_range,
     {"3.1024", "3.1024"}, {"3.1.1024", "3.1.1024"}, {"3.1.1.1", "3.1.1.1"}, {"3.", "3."},
     {"-1", "-1"}, {"", ""}, {"8796093022208", "8796093022208"})
{
    char text[160], want[160];

    snprintf(text, sizeof text, "${{%s} <level {3}}", row->text);
    snprintf(want, sizeof want, "malformed compatibility level syntax: \"%s\"", row->want);
    expect_refused(text, want);
}
/* clang-format on */

Test(macro, takes_the_highest_level)
{
    expect_value("${{8796093022207.1023.1023} >level {3}}", "true");
}

Test(macro, refuses_numbers_that_no_long_holds)
{
    expect_value("${{9223372036854775807} > {9223372036854775806}}", "true");
    expect_refused("${{9223372036854775808} > {0}}",
                   "mac_exp_eval: bad conversion: 9223372036854775808");
}

/* mac_expand_callback(): the level is tested where there is something to expand or to put. */
Test(macro, refuses_names_that_go_round_in_a_circle)
{
    expect_refused("$ping", "unreasonable macro call nesting: \"pong\"");
    expect_refused("$self", "unreasonable macro call nesting: \"a\"");
}

/* "$n60" is sixty references deep, and compares at the end what is sixty deep, too. */
static const char *look_up_chain(const char *name, void *context)
{
    static char texts[64][32];
    int n = atoi(name + 1);

    (void)context;
    if (n == 0)
        return *name == 'n' ? "${{$m60} == {end}?yes}" : "end";
    snprintf(texts[n], sizeof texts[n], "$%c%d", *name, n - 1);
    return texts[n];
}

Test(macro, counts_anew_on_each_side_of_a_comparison)
{
    struct err err = {0};
    char *value;

    cr_assert(macro_expand("$n60", look_up_chain, NULL, &value, &err), "%s", err.text);
    cr_expect_str_eq(value, "yes");
    free(value);
}

/* Postfix recurses until its stack is used up. */
Test(macro, refuses_a_comparison_that_contains_itself)
{
    struct err err = {0};
    char text[1024] = "1", *value;

    for (int i = 0; i < 31; i++) {
        char inner[1024];
        snprintf(inner, sizeof inner, "${{%.900s} == {1}?{1}}", text);
        strcpy(text, inner);
        if (i == 29) {
            expect_value(text, "1");
        }
    }
    cr_expect_not(macro_expand(text, look_up, NULL, &value, &err));
    cr_expect_eq(strncmp(err.text, "unreasonable macro call nesting: ", 33), 0, "%s", err.text);
}

Test(macro, never_asks_for_a_name_in_a_branch_that_is_not_taken)
{
    struct err err = {0};
    int asked = 0;
    char *value;

    cr_assert(macro_expand("${missing?{$one}:{b}}", look_up, &asked, &value, &err));
    cr_expect_eq(asked, 1);
    free(value);
}

/* n names, each of them twice the next: 2^n references. */
static const char *look_up_double(const char *name, void *context)
{
    static char texts[64][32];
    int n = atoi(name + 1);

    (void)context;
    snprintf(texts[n], sizeof texts[n], "$n%d$n%d", n - 1, n - 1);
    return n == 0 ? "" : texts[n];
}

Test(macro, gives_up_where_references_multiply)
{
    struct err err = {0};
    char *value;

    cr_assert(macro_expand("$n10", look_up_double, NULL, &value, &err), "%s", err.text);
    free(value);
    cr_expect_not(macro_expand("$n40", look_up_double, NULL, &value, &err));
    cr_expect_str_eq(err.text, "the value needs more than 10000 references");
}

Test(macro, takes_ten_thousand_references)
{
    char *text = calloc((size_t)MACRO_CALLS + 2, 2), *value;
    struct err err = {0};

    for (size_t i = 0; i <= MACRO_CALLS; i++)
        memcpy(text + 2 * i, "$x", 2);
    cr_expect_not(macro_expand(text, look_up, NULL, &value, &err));
    cr_assert(macro_expand(text + 2, look_up, NULL, &value, &err), "%s", err.text);
    free(value);
    free(text);
}

static const char *look_up_long(const char *name, void *context)
{
    (void)name;
    return context;
}

Test(macro, gives_up_where_a_value_becomes_too_long)
{
    size_t half = MACRO_ROOM / 2;
    char *text = malloc(half + 1), *value;
    struct err err = {0};

    memset(text, 'a', half);
    text[half] = '\0';
    cr_assert(macro_expand("$x$x", look_up_long, text, &value, &err), "%s", err.text);
    cr_expect_eq(strlen(value), MACRO_ROOM);
    free(value);
    cr_expect_not(macro_expand("$x$x.", look_up_long, text, &value, &err));
    cr_expect_str_eq(err.text, "the value is longer than 1048576 bytes");
    free(text);
}
