/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against qsort() of the keys together with the places they came from. */
#include "sim/radix.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sim/rng.h"

#define MOST 5000

struct placed {
    uint64_t key;
    size_t place;
};

static int by_upper_half_then_place(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    uint32_t x = (uint32_t)(a->key >> 32), y = (uint32_t)(b->key >> 32);

    if (x != y)
        return x < y ? -1 : 1;
    return a->place < b->place ? -1 : 1;
}

/* Keys whose upper halves are `upper[i]`; the lower halves are scattered and must not matter. */
static void expect_sorted(const uint32_t *upper, size_t count)
{
    static uint64_t keys[MOST], scratch[MOST];
    static struct placed placed[MOST];
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        keys[i] = (uint64_t)upper[i] << 32 | (uint32_t)rng_mix(i + 1);
        placed[i] = (struct placed){keys[i], i};
    }
    radix_sort(keys, scratch, count);
    qsort(placed, count, sizeof *placed, by_upper_half_then_place);
    for (size_t i = 0; i < count; i++)
        wrong += keys[i] != placed[i].key;
    cr_expect_eq(wrong, 0, "%zu of %zu keys misplaced", wrong, count);
}

static const size_t counts[] = {0, 1, 2, 3, 31, 32, 33, 34, 255, 256, 257, 1000, MOST};

/* The upper halves are drawn from a range that is 2^bits wide. */
static void expect_sorted_within(unsigned bits)
{
    static uint32_t upper[MOST];

    for (size_t i = 0; i < MOST; i++)
        upper[i] = (uint32_t)(rng_mix(i + 77) >> (64 - bits));
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        expect_sorted(upper, counts[i]);
}

Test(radix, sorts_scattered_keys)
{
    expect_sorted_within(32);
}

Test(radix, keys_that_tie_keep_their_order)
{
    expect_sorted_within(1);
    expect_sorted_within(4);
}

Test(radix, sorts_by_all_four_digits)
{
    expect_sorted_within(9);
    expect_sorted_within(17);
    expect_sorted_within(25);
}

Test(radix, sorts_what_is_sorted_or_reversed)
{
    static uint32_t up[MOST], down[MOST];

    for (size_t i = 0; i < MOST; i++) {
        up[i] = (uint32_t)i * 800000;
        down[i] = UINT32_MAX - up[i];
    }
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        expect_sorted(up, counts[i]);
        expect_sorted(down, counts[i]);
    }
}

Test(radix, sorts_extremes)
{
    static uint32_t upper[100];

    for (size_t i = 0; i < 100; i++)
        upper[i] = i % 3 == 0 ? UINT32_MAX : i % 3 == 1 ? 0 : UINT32_C(0x80000000);
    expect_sorted(upper, 100);
    expect_sorted(upper, 20);
}

Test(radix, touches_nothing_beyond_the_keys)
{
    uint64_t keys[41], scratch[41];

    for (size_t i = 0; i < 41; i++)
        keys[i] = scratch[i] = (uint64_t)(40 - i) << 32;
    radix_sort(keys, scratch, 40);
    cr_expect_eq(keys[40], 0);
    cr_expect_eq(scratch[40], 0);
    cr_expect_eq(keys[0], UINT64_C(1) << 32);
}
