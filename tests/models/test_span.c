/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/span.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/check.h"

#define MS ((sim_time)1000)
#define HOUR (3600 * SIM_SECOND)

static sim_time span(const char *text)
{
    struct err err = {0};
    sim_time span = -1;

    cr_expect(span_parse(&span, text, &err), "%s: %s", text, err.text);
    return span;
}

static void expect_no_span(const char *text)
{
    struct err err = {0};
    sim_time span = -1;

    cr_expect_not(span_parse(&span, text, &err), "'%s' is %lld", text, (long long)span);
    cr_expect_neq(err.text[0], '\0');
    cr_expect_eq(span, -1, "'%s' left its mark", text);
}

Test(span, has_seven_units)
{
    cr_expect_eq(span("3ms"), 3 * MS);
    cr_expect_eq(span("3s"), 3 * SIM_SECOND);
    cr_expect_eq(span("3m"), 180 * SIM_SECOND);
    cr_expect_eq(span("3min"), 180 * SIM_SECOND);
    cr_expect_eq(span("3h"), 3 * HOUR);
    cr_expect_eq(span("3d"), 72 * HOUR);
    cr_expect_eq(span("3w"), 504 * HOUR);
}

Test(span, may_have_decimals)
{
    cr_expect_eq(span("1.5h"), 5400 * SIM_SECOND);
    cr_expect_eq(span("0.25s"), 250 * MS);
    cr_expect_eq(span(".5s"), 500 * MS);
    cr_expect_eq(span("2.d"), 48 * HOUR);
    cr_expect_eq(span("0.001ms"), 1);
}

Test(span, is_rounded_to_the_microsecond)
{
    cr_expect_eq(span("0.0000014s"), 1);
    cr_expect_eq(span("0.0000016s"), 2);
    cr_expect_eq(span("0.1s"), 100 * MS);
}

Test(span, zero_needs_no_unit)
{
    cr_expect_eq(span("0"), 0);
    cr_expect_eq(span("0.0"), 0);
    cr_expect_eq(span("0h"), 0);
}

Test(span, anything_else_needs_one)
{
    expect_no_span("5");
    expect_no_span("0.1");
}

Test(span, is_a_number_and_a_unit_and_nothing_else)
{
    static const char *const wrong[] = {
        "",     " ",     "h",    "5 h",   " 5h", "5h ",  "5hours", "5H",  "5min30s",
        "-5h",  "+5h",   "1e3s", "0x10s", "inf", "nan",  "infs",   ".h",  "1.5.2h",
        "1,5h", "5 min", "5M",   "5us",   "5S",  "..5h", "never",  "5h5", "5%",
    };

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        expect_no_span(wrong[i]);
}

Test(span, is_at_most_a_century)
{
    cr_expect_eq(span("36525d"), 36525 * 24 * HOUR);
    expect_no_span("36525.1d");
    expect_no_span("9999999999999999999w");
    expect_no_span("99999999999999999999999999999999999999999999h");
}

Test(span, the_refusal_quotes_what_was_found_and_says_what_would_do)
{
    struct err err = {0};
    sim_time at;

    cr_expect_not(span_parse(&at, "5 hours", &err));
    cr_expect_str_eq(err.text, "'5 hours' is no duration: a number and ms, s, min, h, d or w was "
                               "expected, like 90min or 1.5h");
    cr_expect_not(span_parse(&at, "99999d", &err));
    cr_expect_str_eq(err.text, "'99999d' is longer than a century");
}

static double rate(const char *text)
{
    struct err err = {0};
    double rate = -1;

    cr_expect(rate_parse(&rate, text, &err), "%s: %s", text, err.text);
    return rate;
}

Test(span, a_rate_is_per_second)
{
    cr_expect_float_eq(rate("20/min"), 1.0 / 3, 1e-12);
    cr_expect_float_eq(rate("20/m"), 1.0 / 3, 1e-12);
    cr_expect_float_eq(rate("1.5/s"), 1.5, 1e-12);
    cr_expect_float_eq(rate("3600/h"), 1, 1e-12);
    cr_expect_float_eq(rate("1/ms"), 1000, 1e-9);
    cr_expect_eq(rate("0/d"), 0);
}

Test(span, a_rate_has_a_number_and_a_unit)
{
    static const char *const wrong[] = {"",        "20",       "20/",  "/min",    "20min",
                                        "20 /min", "20/ min",  "-1/s", "20/hour", "20//s",
                                        "20:s",    "20/min/s", "0"};
    struct err err = {0};
    double rate = -1;

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        cr_expect_not(rate_parse(&rate, wrong[i], &err), "'%s' is %g", wrong[i], rate);
    cr_expect_eq(rate, -1);
    cr_expect_str_eq(err.text,
                     "'0' is no rate: a number, '/' and a unit was expected, like 20/min");
}

static double number(const char *text)
{
    struct err err = {0};
    double number = -1;

    cr_expect(number_parse(&number, text, &err), "%s: %s", text, err.text);
    return number;
}

Test(span, a_number_is_plain)
{
    static const char *const wrong[] = {"",    " 1",  "1 ",    "-1", "+1", "1e3", "0x1",
                                        "inf", "nan", "1.2.3", ".",  "1s", "1,5"};
    struct err err = {0};
    double none;

    cr_expect_eq(number("0"), 0);
    cr_expect_eq(number("0.25"), 0.25);
    cr_expect_eq(number("007"), 7);
    cr_expect_eq(number(".5"), 0.5);
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        cr_expect_not(number_parse(&none, wrong[i], &err), "'%s'", wrong[i]);
    cr_expect_str_eq(err.text, "'1,5' is no number");
}

/* Up to 31 digits: more is no number that anyone means. */
Test(span, a_number_has_its_limits)
{
    struct err err = {0};
    double most = number("1000000000000000000000000000000");

    cr_expect_float_eq(most, 1e30, 1e15);
    cr_expect_not(number_parse(&most, "10000000000000000000000000000000", &err));
}
