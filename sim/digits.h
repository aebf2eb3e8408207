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

static inline char *digits_put(char *at, uint64_t number)
{
    char reversed[DIGITS_MOST];
    size_t n = sizeof reversed;

    do {
        reversed[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    memcpy(at, reversed + n, sizeof reversed - n);
    return at + (sizeof reversed - n);
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
    *at++ = '.';
    *at++ = (char)('0' + ms / 100 % 10);
    *at++ = (char)('0' + ms / 10 % 10);
    *at++ = (char)('0' + ms % 10);
    return at;
}

#endif
