/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/keymap.h"

#include <criterion/criterion.h>

#include "sim/rng.h"

Test(keymap, a_new_key_has_the_initial_number)
{
    struct keymap map = {0};

    cr_expect_eq(*keymap_at(&map, 7, -3), -3);
    keymap_fini(&map);
}

Test(keymap, a_known_key_keeps_its_number)
{
    struct keymap map = {0};

    *keymap_at(&map, 7, 1) = INT64_MAX;
    cr_expect_eq(*keymap_at(&map, 7, 2), INT64_MAX);
    cr_expect_eq(*keymap_find(&map, 7), INT64_MAX);
    keymap_fini(&map);
}

Test(keymap, finding_adds_nothing)
{
    struct keymap map = {0};

    cr_expect_null(keymap_find(&map, 7));
    keymap_at(&map, 8, 0);
    cr_expect_null(keymap_find(&map, 7));
    cr_expect_eq(*keymap_at(&map, 7, 5), 5, "it is new still");
    keymap_fini(&map);
}

/* A key is all of its 64 bits: these differ in one each. */
Test(keymap, every_bit_of_a_key_counts)
{
    struct keymap map = {0};

    *keymap_at(&map, 0, 0) = -1;
    for (int bit = 0; bit < 64; bit++)
        *keymap_at(&map, UINT64_C(1) << bit, 0) = bit;
    for (int bit = 0; bit < 64; bit++)
        cr_expect_eq(*keymap_find(&map, UINT64_C(1) << bit), bit);
    cr_expect_eq(*keymap_find(&map, 0), -1);
    cr_expect_null(keymap_find(&map, UINT64_MAX));
    keymap_fini(&map);
}

Test(keymap, numbers_stay_where_they_are_while_the_map_grows)
{
    struct keymap map = {0};
    int64_t *first = keymap_at(&map, 12345, 1);
    size_t wrong = 0;

    for (uint64_t i = 0; i < 20000; i++)
        *keymap_at(&map, rng_mix(i), -1) += (int64_t)i;
    for (uint64_t i = 0; i < 20000; i++)
        wrong += *keymap_find(&map, rng_mix(i)) != (int64_t)i - 1;
    cr_expect_eq(wrong, 0);
    cr_expect_eq(keymap_find(&map, 12345), first);
    cr_expect_eq(*first, 1);
    keymap_fini(&map);
}

Test(keymap, is_empty_again_after_fini)
{
    struct keymap map = {0};

    keymap_at(&map, 7, 1);
    keymap_fini(&map);
    cr_expect_null(keymap_find(&map, 7));
    cr_expect_eq(*keymap_at(&map, 7, 2), 2);
    keymap_fini(&map);
    keymap_fini(&map);
}
