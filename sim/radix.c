/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/radix.h"

#define DIGIT_BITS 8
#define DIGITS (1u << DIGIT_BITS)
#define SMALL 32

/* Few keys: moving them one by one is quicker than counting digits. */
static void insertion_sort(uint64_t *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t key = keys[i];
        size_t hole = i;
        for (; hole > 0 && keys[hole - 1] >> 32 > key >> 32; hole--)
            keys[hole] = keys[hole - 1];
        keys[hole] = key;
    }
}

static size_t digit(uint64_t key, unsigned shift)
{
    return (size_t)(key >> shift) & (DIGITS - 1);
}

static void sort_by_digit(const uint64_t *from, uint64_t *to, size_t count, unsigned shift)
{
    size_t place[DIGITS + 1] = {0};

    for (size_t i = 0; i < count; i++)
        place[digit(from[i], shift) + 1]++;
    for (size_t d = 1; d < DIGITS; d++)
        place[d] += place[d - 1];
    for (size_t i = 0; i < count; i++)
        to[place[digit(from[i], shift)]++] = from[i];
}

void radix_sort(uint64_t *keys, uint64_t *scratch, size_t count)
{
    if (count <= SMALL) {
        insertion_sort(keys, count);
        return;
    }
    for (unsigned shift = 32; shift < 64; shift += 2 * DIGIT_BITS) {
        sort_by_digit(keys, scratch, count, shift);
        sort_by_digit(scratch, keys, count, shift + DIGIT_BITS);
    }
}
