/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against the sorted numbers themselves. */
#include "sim/histogram.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "sim/check.h"
#include "sim/rng.h"

#define LAST (HISTOGRAM_BUCKETS - 1)
#define MOST 2000

/* Found by looking at each. */
static size_t bucket_with(uint64_t value)
{
    size_t i = 0;

    while (value < histogram_low(i) || value > histogram_high(i))
        i++;
    return i;
}

Test(histogram, buckets_cover_everything_once)
{
    size_t gaps = 0, empty = 0;

    for (size_t i = 0; i < LAST; i++) {
        gaps += histogram_high(i) + 1 != histogram_low(i + 1);
        empty += histogram_low(i) > histogram_high(i);
    }
    cr_expect_eq(gaps, 0);
    cr_expect_eq(empty, 0);
    cr_expect_eq(histogram_low(0), 0);
    cr_expect_eq(histogram_high(LAST), UINT64_MAX);
}

Test(histogram, small_numbers_have_a_bucket_each)
{
    for (size_t i = 0; i < 128; i++)
        cr_expect(histogram_low(i) == i && histogram_high(i) == i);
}

/* 1/128 is 0.78 %. */
Test(histogram, a_bucket_is_at_most_a_128th_wide)
{
    size_t wide = 0;

    for (size_t i = 128; i < LAST; i++)
        wide += (histogram_high(i) - histogram_low(i) + 1) * 128 > histogram_low(i);
    cr_expect_eq(wide, 0);
}

Test(histogram, both_ends_of_a_bucket_are_counted_there)
{
    struct histogram h = {0};
    size_t wrong = 0;

    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        histogram_add(&h, histogram_low(i), 1);
        histogram_add(&h, histogram_high(i), 1);
        wrong += h.buckets[i] != 2;
    }
    cr_expect_eq(wrong, 0);
    histogram_fini(&h);
}

Test(histogram, what_is_beyond_the_octaves_shares_the_last_bucket)
{
    struct histogram h = {0};

    histogram_add(&h, UINT64_C(1) << 43, 1);
    histogram_add(&h, UINT64_C(1) << 60, 1);
    histogram_add(&h, UINT64_MAX, 1);
    cr_expect_eq(h.buckets[LAST], 3);
    histogram_fini(&h);
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* By the definition: the smallest that at least a share q of all do not exceed. */
static uint64_t exact_quantile(const uint64_t *sorted, size_t count, double q)
{
    size_t i = 0;

    while ((double)(i + 1) < q * (double)count)
        i++;
    return sorted[i];
}

/* Quantiles of `count` numbers of up to `bits` bits: in the bucket of the exact one. */
static void expect_quantiles(size_t count, unsigned bits)
{
    struct histogram h = {0};
    uint64_t values[MOST];
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        values[i] = rng_mix(i + 1) >> (64 - 1 - i % bits);
        histogram_add(&h, values[i], 1);
    }
    qsort(values, count, sizeof *values, ascending);
    for (double q = 0; q <= 1; q += 0x1p-7) {
        uint64_t exact = exact_quantile(values, count, q);
        uint64_t got = histogram_quantile(&h, q);
        wrong += got < values[0] || got > values[count - 1];
        wrong += exact < 256 ? got != exact : bucket_with(got) != bucket_with(exact);
    }
    cr_expect_eq(wrong, 0, "%zu quantiles of %zu numbers", wrong, count);
    cr_expect_eq(histogram_quantile(&h, 0), values[0]);
    cr_expect_eq(histogram_quantile(&h, 1), values[count - 1]);
    histogram_fini(&h);
}

Test(histogram, quantiles_of_small_numbers_are_exact)
{
    expect_quantiles(MOST, 8);
    expect_quantiles(7, 8);
}

Test(histogram, quantiles_lie_in_the_bucket_of_the_exact_ones)
{
    for (size_t count = 1; count <= 20; count++)
        expect_quantiles(count, 42);
    expect_quantiles(999, 42);
    expect_quantiles(MOST, 30);
}

Test(histogram, a_quantile_in_the_last_bucket_is_the_maximum)
{
    struct histogram h = {0};

    histogram_add(&h, 5, 1);
    histogram_add(&h, UINT64_C(1) << 50, 3);
    histogram_add(&h, UINT64_C(1) << 51, 1);
    cr_expect_eq(histogram_quantile(&h, 0.5), UINT64_C(1) << 51);
    histogram_fini(&h);
}

/* Three of a kind near either end of the bucket from 999424 to 1003519. */
Test(histogram, no_quantile_leaves_what_was_recorded)
{
    struct histogram low = {0}, high = {0};

    histogram_add(&low, 999500, 3);
    histogram_add(&high, 1003000, 3);
    cr_expect_eq(histogram_quantile(&low, 0.5), 999500);
    cr_expect_eq(histogram_quantile(&high, 0.5), 1003000);
    histogram_fini(&low);
    histogram_fini(&high);
}

/* Of four: a share of 1/4 is reached by the first, of anything more by the second. */
Test(histogram, a_share_that_is_reached_exactly_is_enough)
{
    struct histogram h = {0};

    for (uint64_t i = 1; i <= 4; i++)
        histogram_add(&h, 10 * i, 1);
    cr_expect_eq(histogram_quantile(&h, 0.25), 10);
    cr_expect_eq(histogram_quantile(&h, 0.26), 20);
    cr_expect_eq(histogram_quantile(&h, 0.5), 20);
    cr_expect_eq(histogram_quantile(&h, 0.75), 30);
    cr_expect_eq(histogram_quantile(&h, 0.76), 40);
    histogram_fini(&h);
}

Test(histogram, times_are_repeated_values)
{
    struct histogram many = {0}, one = {0};

    histogram_add(&many, 1000, 3);
    histogram_add(&many, 7, 0);
    for (int i = 0; i < 3; i++)
        histogram_add(&one, 1000, 1);
    cr_expect_arr_eq(many.buckets, one.buckets, HISTOGRAM_BUCKETS * sizeof *one.buckets);
    cr_expect(many.count == 3 && many.sum == 3000 && many.min == 1000 && many.max == 1000);
    histogram_fini(&many);
    histogram_fini(&one);
}

Test(histogram, knows_count_sum_and_ends_exactly)
{
    struct histogram h = {0};

    histogram_add(&h, 1000001, 1);
    histogram_add(&h, 999999, 2);
    histogram_add(&h, 5000003, 1);
    cr_expect(h.count == 4 && h.sum == 8000002 && h.min == 999999 && h.max == 5000003);
    histogram_fini(&h);
}

Test(histogram, zero_is_a_number_too)
{
    struct histogram h = {0};

    histogram_add(&h, 5, 1);
    histogram_add(&h, 0, 2);
    cr_expect(h.min == 0 && h.max == 5 && h.count == 3);
    cr_expect_eq(histogram_quantile(&h, 0.5), 0);
    histogram_fini(&h);
}

static bool same(const struct histogram *a, const struct histogram *b)
{
    return a->count == b->count && a->sum == b->sum && a->min == b->min && a->max == b->max
           && memcmp(a->buckets, b->buckets, HISTOGRAM_BUCKETS * sizeof *a->buckets) == 0;
}

Test(histogram, merging_in_any_order_is_counting_together)
{
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    struct histogram part[3] = {{0}}, all = {0};

    for (uint64_t i = 0; i < 3000; i++) {
        uint64_t value = rng_mix(i) >> (20 + i % 40);
        histogram_add(&part[i * i % 3], value, 1 + i % 2);
        histogram_add(&all, value, 1 + i % 2);
    }
    histogram_add(&part[2], 1, 1);
    histogram_add(&all, 1, 1);
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        struct histogram merged = {0};
        for (int k = 0; k < 3; k++)
            histogram_merge(&merged, &part[orders[i][k]]);
        cr_expect(same(&merged, &all), "order %zu", i);
        histogram_fini(&merged);
    }
    for (int k = 0; k < 3; k++)
        histogram_fini(&part[k]);
    histogram_fini(&all);
}

Test(histogram, merging_nothing_changes_nothing)
{
    struct histogram h = {0}, none = {0};

    histogram_add(&h, 50, 1);
    histogram_merge(&h, &none);
    cr_expect(h.count == 1 && h.min == 50 && h.max == 50);
    histogram_merge(&none, &none);
    cr_expect_eq(none.count, 0);
    histogram_merge(&none, &h);
    cr_expect(none.count == 1 && none.min == 50 && none.max == 50);
    histogram_fini(&h);
    histogram_fini(&none);
}

Test(histogram, quantiles_of_kept_numbers_are_exact)
{
    struct histogram h = {0};
    uint64_t values[MOST];
    size_t wrong = 0;

    histogram_keep(&h);
    for (size_t i = 0; i < MOST; i++) { /* many in a bucket, all over the range of times */
        values[i] = (432000000 + rng_mix(i) % 30000) >> (i % 5 * 6);
        histogram_add(&h, values[i], 1);
    }
    qsort(values, MOST, sizeof *values, ascending);
    for (double q = 0; q <= 1; q += 0x1p-7)
        wrong += histogram_quantile(&h, q) != exact_quantile(values, MOST, q);
    cr_expect_eq(wrong, 0);
    histogram_fini(&h);
}

Test(histogram, a_kept_number_counts_as_often_as_it_came)
{
    struct histogram h = {0};

    histogram_keep(&h);
    histogram_add(&h, 432000001, 3);
    histogram_add(&h, 432000002, 0);
    histogram_add(&h, 432000003, 2);
    cr_expect_eq(histogram_quantile(&h, 0.6), 432000001);
    cr_expect_eq(histogram_quantile(&h, 0.61), 432000003);
    histogram_fini(&h);
}

/* 430,000,000 and 432,000,000 share the bucket whose middle is 430,964,736. */
Test(histogram, merging_keeps_the_numbers_of_one_alone)
{
    struct histogram one = {0}, merged = {0};

    histogram_keep(&one);
    histogram_add(&one, 430000000, 2);
    histogram_add(&one, 432000000, 2);
    histogram_merge(&merged, &one);
    cr_expect_eq(histogram_quantile(&merged, 0.75), 432000000);
    cr_expect_eq(histogram_quantile(&merged, 0.3), 430000000);
    histogram_merge(&merged, &one);
    cr_expect_null(merged.kept);
    cr_expect_eq(histogram_quantile(&merged, 0.3), 430964736);
    histogram_fini(&one);
    histogram_fini(&merged);
}

Test(histogram, too_late_to_keep_numbers_that_came, .exit_code = EX_SOFTWARE)
{
    struct histogram h = {0};

    histogram_add(&h, 1, 1);
    histogram_keep(&h);
}

Test(histogram, of_nothing_every_quantile_is_0)
{
    struct histogram h = {0};

    cr_expect_eq(histogram_quantile(&h, 0), 0);
    cr_expect_eq(histogram_quantile(&h, 0.5), 0);
    cr_expect_eq(histogram_quantile(&h, 1), 0);
}

Test(histogram, is_empty_again_after_fini)
{
    struct histogram h = {0};

    histogram_add(&h, 50, 1);
    histogram_fini(&h);
    cr_expect_eq(h.count, 0);
    cr_expect_null(h.buckets);
    histogram_fini(&h);
}

/* 1500 is in the bucket 1496 to 1503, 1600 in 1600 to 1607. */
Test(histogram, counts_the_values_up_to_one)
{
    struct histogram h = {0};

    cr_expect_eq(histogram_count_to(&h, 50), 0);
    histogram_add(&h, 50, 2);
    histogram_add(&h, 1500, 3);
    histogram_add(&h, 1600, 4);
    cr_expect_eq(histogram_count_to(&h, 49), 0);
    cr_expect_eq(histogram_count_to(&h, 50), 2);
    cr_expect_eq(histogram_count_to(&h, 1502), 2);
    cr_expect_eq(histogram_count_to(&h, 1503), 5);
    cr_expect_eq(histogram_count_to(&h, 1599), 5);
    cr_expect_eq(histogram_count_to(&h, 1600), 9);
    cr_expect_eq(histogram_count_to(&h, UINT64_MAX), 9);
    histogram_fini(&h);
}

Test(histogram, refuses_a_share_above_1, .exit_code = EX_SOFTWARE)
{
    struct histogram h = {0};

    histogram_quantile(&h, 1.0001);
}

Test(histogram, refuses_a_share_below_0, .exit_code = EX_SOFTWARE)
{
    struct histogram h = {0};

    histogram_quantile(&h, -0.0001);
}

Test(histogram, refuses_what_is_no_number, .exit_code = EX_SOFTWARE)
{
    struct histogram h = {0};

    histogram_quantile(&h, NAN);
}
