/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against printf(). */
#include "sim/digits.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/check.h"
#include "sim/rng.h"

static const uint64_t extremes[] = {
    0,
    1,
    9,
    10,
    11,
    15,
    16,
    17,
    99,
    100,
    255,
    256,
    UINT32_MAX,
    UINT64_C(1) << 32,
    UINT64_C(9999999999999999999),
    UINT64_C(10000000000000000000),
    INT64_MAX,
    UINT64_C(1) << 63,
    UINT64_MAX,
};

/* An extreme, then numbers of every length. */
static uint64_t number(size_t i)
{
    uint64_t luck = rng_mix(i + 1);

    return i < COUNT_OF(extremes) ? extremes[i] : luck >> (i % 64);
}

/* What was written ends at `end`, is `want`, and nothing behind it was touched. */
static size_t differs(const char *text, const char *end, const char *want)
{
    size_t length = (size_t)(end - text);

    return length != strlen(want) || memcmp(text, want, length) != 0 || *end != '#';
}

Test(digits, decimals_are_those_of_printf)
{
    size_t wrong = 0;

    for (size_t i = 0; i < 20000; i++) {
        char text[40], want[40];
        memset(text, '#', sizeof text);
        snprintf(want, sizeof want, "%" PRIu64, number(i));
        wrong += differs(text, digits_put(text, number(i)), want);
    }
    cr_expect_eq(wrong, 0);
}

Test(digits, the_longest_number_has_as_many_as_promised)
{
    char text[40];

    cr_expect_eq(digits_put(text, UINT64_MAX) - text, DIGITS_MOST);
}

Test(digits, hexadecimals_are_those_of_printf)
{
    size_t wrong = 0;

    for (size_t i = 0; i < 20000; i++) {
        char text[40], want[40];
        int width = (int)(i % 21);
        memset(text, '#', sizeof text);
        snprintf(want, sizeof want, "%0*" PRIX64, width, number(i));
        wrong += differs(text, digits_put_hex(text, number(i), (unsigned)width), want);
    }
    cr_expect_eq(wrong, 0);
}

Test(digits, hexadecimals_of_every_length_at_no_width)
{
    size_t wrong = 0;

    for (unsigned bit = 0; bit < 64; bit++) {
        char text[40], want[40];
        uint64_t n = UINT64_C(1) << bit;
        memset(text, '#', sizeof text);
        snprintf(want, sizeof want, "%" PRIX64, n);
        wrong += differs(text, digits_put_hex(text, n, 0), want);
    }
    cr_expect_eq(wrong, 0);
}

static void expect_seconds(sim_time span, const char *want)
{
    char text[40];

    *digits_put_seconds(text, span) = '\0';
    cr_expect_str_eq(text, want);
}

Test(digits, seconds_have_three_decimals)
{
    expect_seconds(0, "0.000");
    expect_seconds(86400 * SIM_SECOND, "86400.000");
    expect_seconds(1234567890, "1234.568");
    expect_seconds(50000, "0.050");
    expect_seconds(1000, "0.001");
}

Test(digits, seconds_before_the_start_have_a_sign)
{
    expect_seconds(-250000, "-0.250");
    expect_seconds(-1 * SIM_SECOND, "-1.000");
    expect_seconds(-12345678, "-12.346");
}

Test(digits, half_a_millisecond_is_rounded_away_from_zero)
{
    expect_seconds(499, "0.000");
    expect_seconds(500, "0.001");
    expect_seconds(-500, "-0.001");
    expect_seconds(999499, "0.999");
    expect_seconds(999500, "1.000");
}

Test(digits, what_rounds_to_zero_has_no_sign)
{
    expect_seconds(-499, "0.000");
    expect_seconds(-1, "0.000");
}

Test(digits, seconds_of_the_extremes)
{
    expect_seconds(INT64_MAX, "9223372036854.776");
    expect_seconds(INT64_MIN, "-9223372036854.776");
}

Test(digits, seconds_are_those_of_printf)
{
    size_t wrong = 0;

    for (size_t i = 0; i < 20000; i++) {
        char text[40], want[40];
        sim_time span = (sim_time)(rng_mix(i + 1) >> (i % 63 + 1)) * (i % 2 == 0 ? 1 : -1);
        long long ms = llroundl((long double)span / 1000);
        memset(text, '#', sizeof text);
        snprintf(want, sizeof want, "%s%lld.%03lld", ms < 0 ? "-" : "", llabs(ms) / 1000,
                 llabs(ms) % 1000);
        wrong += differs(text, digits_put_seconds(text, span), want);
    }
    cr_expect_eq(wrong, 0);
}
