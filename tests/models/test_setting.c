/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/setting.h"

#include <criterion/criterion.h>
#include <string.h>

#define START (INT64_C(1780272000) * SIM_SECOND) /* 2026-06-01T00:00Z */

static const char *const colours[] = {"red", "green", NULL};

/* A field of each type, and some with bounds. */
struct object {
    sim_time span, bounded_span, at, bounded_at;
    struct dist dist;
    int64_t count, bounded_count;
    double share, rate, bounded_rate, amount, bounded_amount;
    struct reply reply;
    int colour;
    char *text, *file;
};

#define AT(field) offsetof(struct object, field)

static const struct setting table[] = {
    {"span", SETTING_SPAN, AT(span), "5min", 0, 0, NULL, ""},
    {"bounded_span", SETTING_SPAN, AT(bounded_span), NULL, 10, 20, NULL, ""},
    {"at", SETTING_INSTANT, AT(at), "never", 0, 0, NULL, ""},
    {"bounded_at", SETTING_INSTANT, AT(bounded_at), NULL, 0, 3600, NULL, ""},
    {"dist", SETTING_DIST, AT(dist), "uniform(1s, 3s)", 0, 0, NULL, ""},
    {"count", SETTING_COUNT, AT(count), "12", 0, 0, NULL, ""},
    {"bounded_count", SETTING_COUNT, AT(bounded_count), NULL, 1, 100, NULL, ""},
    {"share", SETTING_SHARE, AT(share), "0.25", 0, 0, NULL, ""},
    {"rate", SETTING_RATE, AT(rate), "30/min", 0, 0, NULL, ""},
    {"bounded_rate", SETTING_RATE, AT(bounded_rate), NULL, 1, 10, NULL, ""},
    {"amount", SETTING_AMOUNT, AT(amount), "-1.5", 0, 0, NULL, ""},
    {"bounded_amount", SETTING_AMOUNT, AT(bounded_amount), NULL, -2, 3, NULL, ""},
    {"reply", SETTING_REPLY, AT(reply), "450 4.2.0 busy", 0, 0, NULL, ""},
    {"colour", SETTING_CHOICE, AT(colour), "green", 0, 0, colours, ""},
    {"text", SETTING_TEXT, AT(text), "hello", 0, 0, NULL, ""},
    {"file", SETTING_FILE, AT(file), NULL, 0, 0, NULL, ""},
    {0},
};

static struct object object;
static struct err err;

static void begin(void)
{
    settings_init(table, &object);
}

static void end(void)
{
    settings_fini(table, &object);
}

TestSuite(setting, .init = begin, .fini = end);

static bool set(const char *name, const char *text)
{
    const struct text_context context = {.start = START};

    return setting_set(setting_find(table, name), &object, text, &context, &err);
}

static void expect_refused(const char *name, const char *text, const char *why)
{
    cr_expect(!set(name, text), "%s = %s", name, text);
    cr_expect_str_eq(err.text, why);
}

Test(setting, finds_each_by_its_name)
{
    for (const struct setting *setting = table; setting->name != NULL; setting++)
        cr_expect_eq(setting_find(table, setting->name), setting);
    cr_expect_null(setting_find(table, "spa"));
    cr_expect_null(setting_find(table, "spans"));
    cr_expect_null(setting_find(table, ""));
}

Test(setting, begins_with_the_fallbacks)
{
    cr_expect_eq(object.span, 300 * SIM_SECOND);
    cr_expect_eq(object.at, SIM_NEVER);
    cr_expect_eq(object.dist.kind, DIST_UNIFORM);
    cr_expect_eq(object.count, 12);
    cr_expect_eq(object.share, 0.25);
    cr_expect_eq(object.rate, 0.5);
    cr_expect_eq(object.reply.code, 450);
    cr_expect_eq(object.colour, 1);
    cr_expect_str_eq(object.text, "hello");
}

Test(setting, leaves_what_has_no_fallback)
{
    cr_expect_eq(object.bounded_span, 0);
    cr_expect_eq(object.bounded_count, 0);
    cr_expect_null(object.file);
}

Test(setting, leaves_what_may_be_left_out)
{
    static const struct setting optional[] = {
        {"count", SETTING_COUNT, 0, "", 1, 5, NULL, "within bounds, if it is given"}, {0}};
    int64_t count = 0;

    settings_init(optional, &count);
    cr_expect_eq(count, 0);
}

Test(setting, takes_the_place_of_what_was_there)
{
    cr_assert(set("dist", "exponential(1h)") && set("reply", "550 5.1.1 gone"));
    cr_assert(set("text", "good") && set("text", "bye") && set("file", "a.csv"));
    cr_expect_eq(object.dist.kind, DIST_EXPONENTIAL);
    cr_expect_eq(object.dist.a, 3600e6);
    cr_expect_eq(object.reply.outcome, OUTCOME_BOUNCED);
    cr_expect_str_eq(object.text, "bye");
    cr_expect_str_eq(object.file, "a.csv");
}

Test(setting, keeps_what_was_there_when_it_refuses)
{
    cr_expect(!set("span", "soon") && !set("dist", "normal(1s)") && !set("reply", "busy"));
    cr_expect(!set("count", "many") && !set("colour", "blue") && !set("share", "2"));
    cr_expect(!set("at", "2026-13-01T00:00Z") && !set("rate", "5"));

    cr_expect_eq(object.span, 300 * SIM_SECOND);
    cr_expect_eq(object.at, SIM_NEVER);
    cr_expect_eq(object.dist.kind, DIST_UNIFORM);
    cr_expect_str_eq(object.reply.text, "450 4.2.0 busy");
    cr_expect_eq(object.count, 12);
    cr_expect_eq(object.colour, 1);
    cr_expect_eq(object.share, 0.25);
    cr_expect_eq(object.rate, 0.5);
}

Test(setting, counts_instants_from_the_start)
{
    cr_assert(set("at", "90min"));
    cr_expect_eq(object.at, 5400 * SIM_SECOND);
    cr_assert(set("at", "2026-06-02T01:00Z"));
    cr_expect_eq(object.at, 90000 * SIM_SECOND);
    cr_assert(set("at", "2026-05-31T23:59:59.5Z"));
    cr_expect_eq(object.at, -SIM_SECOND / 2);
    cr_assert(set("at", "never"));
    cr_expect_eq(object.at, SIM_NEVER);
}

Test(setting, counts_instants_from_1970_without_a_context)
{
    cr_assert(setting_set(setting_find(table, "at"), &object, "1970-01-01T00:01Z", NULL, &err));
    cr_expect_eq(object.at, 60 * SIM_SECOND);
}

Test(setting, accepts_its_bounds)
{
    cr_expect(set("bounded_span", "10s") && set("bounded_span", "20s"));
    cr_expect(set("bounded_count", "1") && set("bounded_count", "100"));
    cr_expect(set("bounded_rate", "1/s") && set("bounded_rate", "10/s"));
    cr_expect(set("bounded_at", "0") && set("bounded_at", "1h"));
    cr_expect(set("bounded_at", "2026-06-01T00:00Z") && set("bounded_at", "2026-06-01T01:00Z"));
    cr_expect(set("share", "0") && set("share", "1"));
}

Test(setting, refuses_what_is_out_of_bounds)
{
    expect_refused("bounded_span", "9.999s",
                   "'9.999s' is out of bounds: from 10 to 20 s was expected");
    expect_refused("bounded_span", "21s", "'21s' is out of bounds: from 10 to 20 s was expected");
    expect_refused("bounded_count", "0", "'0' is out of bounds: from 1 to 100 was expected");
    expect_refused("bounded_count", "101", "'101' is out of bounds: from 1 to 100 was expected");
    expect_refused("bounded_rate", "59/min",
                   "'59/min' is out of bounds: from 1 to 10 was expected");
    expect_refused("share", "1.01", "'1.01' is out of bounds: from 0 to 1 was expected");
}

Test(setting, holds_an_instant_to_its_bounds_however_it_is_written)
{
    expect_refused("bounded_at", "61min",
                   "'61min' is out of bounds: from 0 to 3600 s from the start was expected");
    expect_refused(
        "bounded_at", "2026-05-31T23:59Z",
        "'2026-05-31T23:59Z' is out of bounds: from 0 to 3600 s from the start was expected");
    expect_refused(
        "bounded_at", "2026-06-01T01:01Z",
        "'2026-06-01T01:01Z' is out of bounds: from 0 to 3600 s from the start was expected");
    expect_refused("bounded_at", "never",
                   "'never' is out of bounds: from 0 to 3600 s from the start was expected");
}

Test(setting, counts_in_whole_numbers_only)
{
    cr_expect(set("count", "0") && object.count == 0);
    cr_expect(set("count", "999999999999999999") && object.count == 999999999999999999);
    expect_refused("count", "1000000000000000000", "'1000000000000000000' is no whole number");
    expect_refused("count", "1.5", "'1.5' is no whole number");
    expect_refused("count", "-1", "'-1' is no whole number");
    expect_refused("count", " 1", "' 1' is no whole number");
    expect_refused("count", "", "'' is no whole number");
}

Test(setting, has_no_share_below_nothing)
{
    expect_refused("share", "-0.5", "'-0.5' is no number");
    expect_refused("share", "50%", "'50%' is no number");
}

Test(setting, takes_amounts_below_nothing)
{
    cr_expect_eq(object.amount, -1.5);
    cr_expect(set("amount", "0.125") && object.amount == 0.125);
    cr_expect(set("amount", "-20") && object.amount == -20);
    cr_expect(set("bounded_amount", "-2") && set("bounded_amount", "3"));
    expect_refused("amount", "--1", "'--1' is no number");
    expect_refused("amount", "-", "'-' is no number");
    expect_refused("amount", "- 1", "'- 1' is no number");
    expect_refused("amount", "1e3", "'1e3' is no number");
    expect_refused("bounded_amount", "-2.5", "'-2.5' is out of bounds: from -2 to 3 was expected");
    expect_refused("bounded_amount", "4", "'4' is out of bounds: from -2 to 3 was expected");
    cr_expect_eq(object.amount, -20);
}

Test(setting, names_the_choices)
{
    cr_expect(set("colour", "red") && object.colour == 0);
    expect_refused("colour", "Red", "'Red' is none of red, green");
    expect_refused("colour", "", "'' is none of red, green");
}

Test(setting, cuts_long_texts_in_its_complaint)
{
    char text[200];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    cr_expect(!set("colour", text));
    cr_expect(strlen(err.text) < 100, "%s", err.text);
}

Test(setting, has_a_name_for_each_type)
{
    for (int type = SETTING_SPAN; type <= SETTING_FILE; type++)
        for (int other = SETTING_SPAN; other < type; other++)
            cr_expect_str_neq(setting_type_name((enum setting_type)type),
                              setting_type_name((enum setting_type)other));
}

Test(setting, releases_its_texts_once)
{
    settings_fini(table, &object);
    cr_expect_null(object.text);
    cr_expect_null(object.reply.text);
}

Test(setting, has_sound_fallbacks, .exit_code = 70)
{
    static const struct setting bad[] = {
        {"span", SETTING_SPAN, 0, "soon", 0, 0, NULL, ""},
        {0},
    };
    struct object other = {0};

    settings_init(bad, &other);
}
