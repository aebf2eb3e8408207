/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Known answers: Random123 1.14.0, tests/kat_vectors, the lines "philox4x32 10". */
#include "sim/rng.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdbool.h>
#include <string.h>

struct known {
    uint32_t counter[4], key[2], answer[4];
};

ParameterizedTestParameters(rng, blocks_are_those_of_philox4x32_10)
{
    static struct known known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    return cr_make_param_array(struct known, known, sizeof known / sizeof known[0]);
}

static uint64_t joined(uint32_t low, uint32_t high)
{
    return (uint64_t)high << 32 | low;
}

/* The counter is index, entity (two words), and replication above purpose; the key is the seed. */
ParameterizedTest(struct known *known, rng, blocks_are_those_of_philox4x32_10)
{
    const uint32_t *counter = known->counter;
    struct rng rng = {joined(known->key[0], known->key[1]), counter[3] >> 8};
    uint32_t words[4];

    rng_block(&rng, counter[3] & 0xff, joined(counter[1], counter[2]), counter[0], words);
    cr_expect_arr_eq(words, known->answer, sizeof words);
}

static bool same_block(const struct rng *a, unsigned purpose, uint64_t entity, uint32_t index,
                       const uint32_t words[4])
{
    uint32_t other[4];

    rng_block(a, purpose, entity, index, other);
    return memcmp(other, words, sizeof other) == 0;
}

Test(rng, every_coordinate_counts)
{
    const struct rng rng = {1, 2};
    uint32_t words[4];

    rng_block(&rng, 3, 4, 5, words);
    cr_expect(same_block(&rng, 3, 4, 5, words));
    cr_expect_not(same_block(&(struct rng){1 | UINT64_C(1) << 32, 2}, 3, 4, 5, words));
    cr_expect_not(same_block(&(struct rng){1, 3}, 3, 4, 5, words));
    cr_expect_not(same_block(&rng, 2, 4, 5, words));
    cr_expect_not(same_block(&rng, 3, 4 | UINT64_C(1) << 63, 5, words));
    cr_expect_not(same_block(&rng, 3, 4, 6, words));
}

Test(rng, a_unit_lies_strictly_between_0_and_1)
{
    cr_expect_eq(rng_unit(0), 0x1p-33);
    cr_expect_eq(rng_unit(UINT32_MAX), 1 - 0x1p-33);
    cr_expect_eq(rng_unit(UINT32_C(1) << 31), 0.5 + 0x1p-33);
}

/* MurmurHash3's fmix64, computed apart. */
Test(rng, mix_is_the_finaliser_of_murmurhash3)
{
    cr_expect_eq(rng_mix(0), 0);
    cr_expect_eq(rng_mix(1), UINT64_C(0xb456bcfc34c2cb2c));
    cr_expect_eq(rng_mix(2), UINT64_C(0x3abf2a20650683e7));
    cr_expect_eq(rng_mix(UINT64_MAX), UINT64_C(0x64b5720b4b825f21));
}

/* Step by step backwards; the factors are the inverses modulo 2^64. */
static uint64_t unmixed(uint64_t x)
{
    x = (x ^ x >> 33) * UINT64_C(0x9cb4b2f8129337db);
    x = (x ^ x >> 33) * UINT64_C(0x4f74430c22a54005);
    return x ^ x >> 33;
}

Test(rng, mixing_loses_nothing)
{
    size_t lost = 0;

    for (uint64_t i = 0; i < 100000; i++) {
        uint64_t x = i * UINT64_C(0x9e3779b97f4a7c15);
        lost += unmixed(rng_mix(x)) != x;
    }
    cr_expect_eq(lost, 0);
}

Test(rng, gsl_gets_the_words_in_order)
{
    const struct rng rng = {7, 8};
    gsl_rng *gsl = rng_gsl(&rng, 9, 10);
    uint32_t words[4];

    for (uint32_t index = 0; index < 3; index++) {
        rng_block(&rng, 9, 10, index, words);
        for (int i = 0; i < 4; i++)
            cr_expect_eq(gsl_rng_get(gsl), words[i], "word %d of block %u", i, index);
    }
    gsl_rng_free(gsl);
}

Test(rng, gsl_begins_with_the_known_answer)
{
    gsl_rng *gsl = rng_gsl(&(struct rng){0}, 0, 0);

    cr_expect_eq(gsl_rng_get(gsl), 0x6627e8d5);
    cr_expect_eq(gsl_rng_get(gsl), 0xe169c58d);
    gsl_rng_free(gsl);
}

Test(rng, gsl_knows_the_range)
{
    gsl_rng *gsl = rng_gsl(&(struct rng){0}, 0, 0);

    cr_expect_eq(gsl_rng_min(gsl), 0);
    cr_expect_eq(gsl_rng_max(gsl), UINT32_MAX);
    cr_expect_eq(gsl_rng_uniform(gsl), 0x6627e8d5 * 0x1p-32);
    gsl_rng_free(gsl);
}

Test(rng, gsl_generators_do_not_disturb_each_other)
{
    const struct rng rng = {7, 8};
    gsl_rng *one = rng_gsl(&rng, 1, 10), *two = rng_gsl(&rng, 2, 10);
    uint32_t words[4];

    rng_block(&rng, 1, 10, 0, words);
    for (int i = 0; i < 4; i++) {
        cr_expect_eq(gsl_rng_get(one), words[i]);
        gsl_rng_get(two);
    }
    gsl_rng_free(one);
    gsl_rng_free(two);
}

Test(rng, gsl_may_set_the_seed)
{
    gsl_rng *gsl = rng_gsl(&(struct rng){7, 8}, 9, 10);
    uint32_t words[4];

    gsl_rng_get(gsl);
    gsl_rng_set(gsl, 12345);
    rng_block(&(struct rng){.seed = 12345}, 0, 0, 0, words);
    cr_expect_eq(gsl_rng_get(gsl), words[0]);
    gsl_rng_free(gsl);
}

/* 40000 words in 16 classes: chi-square of 15 degrees, below 37.7 in 999 of 1000 streams. */
Test(rng, words_of_a_stream_are_uniform)
{
    gsl_rng *gsl = rng_gsl(&(struct rng){1, 0}, 0, 0);
    unsigned count[16] = {0};
    double chi = 0;

    for (int i = 0; i < 40000; i++)
        count[gsl_rng_get(gsl) >> 28]++;
    for (int i = 0; i < 16; i++)
        chi += (count[i] - 2500.0) * (count[i] - 2500.0) / 2500;
    cr_expect_lt(chi, 37.7);
    gsl_rng_free(gsl);
}
