/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/digits.h - numbers as text, quickly
 *
 * printf() would take most of the time that a row of output takes. Each
 * function writes at `at`, without a NUL, and returns the end.
 */
#ifndef SIM_DIGITS_H
#define SIM_DIGITS_H

#include <string.h>

#include "sim/time.h"

#define DIGITS_MOST 20 /* of a 64-bit number */

#define HUNDRED_MILLION UINT64_C(100000000)

/* How many digits the number has. */
static inline unsigned digits_count(uint64_t number)
{
    static const uint64_t power[] = {
        0,
        10,
        100,
        1000,
        10000,
        100000,
        1000000,
        10000000,
        HUNDRED_MILLION * 1,
        HUNDRED_MILLION * 10,
        HUNDRED_MILLION * 100,
        HUNDRED_MILLION * 1000,
        HUNDRED_MILLION * 10000,
        HUNDRED_MILLION * 100000,
        HUNDRED_MILLION * 1000000,
        HUNDRED_MILLION * 10000000,
        HUNDRED_MILLION * HUNDRED_MILLION,
        HUNDRED_MILLION * HUNDRED_MILLION * 10,
        HUNDRED_MILLION * HUNDRED_MILLION * 100,
        HUNDRED_MILLION * HUNDRED_MILLION * 1000,
    };
    unsigned bits = 64 - (unsigned)__builtin_clzll(number | 1);
    unsigned guess = bits * 1233 >> 12; /* log10(2) = 0.30103 */

    return guess + (number >= power[guess]);
}

/* Two digits, of a number below 100. */
static inline void digits_put_pair(char *at, unsigned number)
{
    static const char pairs[] =
        "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243"
        "4445464748495051525354555657585960616263646566676869707172737475767778798081828384858687"
        "888990919293949596979899";

    memcpy(at, pairs + (size_t)2 * number, 2);
}

static inline char *digits_put(char *at, uint64_t number)
{
    unsigned count = digits_count(number);
    unsigned left = count;

    for (; number > UINT32_MAX; left -= 2, number /= 100)
        digits_put_pair(at + left - 2, (unsigned)(number % 100));
    uint32_t rest = (uint32_t)number; /* is divided more quickly */
    for (; left >= 2; left -= 2, rest /= 100)
        digits_put_pair(at + left - 2, rest % 100);
    if (left > 0)
        at[0] = (char)('0' + rest);
    return at + count;
}

/* Upper-case hexadecimal, at least `width` digits. */
static inline char *digits_put_hex(char *at, uint64_t number, unsigned width)
{
    unsigned digits = number == 0 ? 1 : (67 - (unsigned)__builtin_clzll(number)) / 4;
    unsigned count = digits > width ? digits : width;

    for (unsigned i = count; i-- > 0; number >>= 4)
        at[i] = "0123456789ABCDEF"[number & 15];
    return at + count;
}

/* Seconds with three decimals: "86400.000", "-0.250". Rounds to the nearest millisecond. */
static inline char *digits_put_seconds(char *at, sim_time span)
{
    uint64_t size = span < 0 ? -(uint64_t)span : (uint64_t)span;
    uint64_t ms = (size + 500) / 1000;

    if (span < 0 && ms > 0)
        *at++ = '-';
    at = digits_put(at, ms / 1000);
    unsigned rest = (unsigned)(ms % 1000);
    at[0] = '.';
    at[1] = (char)('0' + rest / 100);
    digits_put_pair(at + 2, rest % 100);
    return at + 4;
}

#endif
