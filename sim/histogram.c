/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/histogram.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"
#include "sim/check.h"

#define SUB_BUCKETS (1u << HISTOGRAM_SUB_BITS)
#define LAST (HISTOGRAM_BUCKETS - 1)

void histogram_fini(struct histogram *h)
{
    free(h->buckets);
    free(h->kept);
    *h = (struct histogram){0};
}

void histogram_keep(struct histogram *h)
{
    REQUIRE(h->count == 0);
    h->keeps = true;
}

static size_t bucket_of(uint64_t value)
{
    if (value < SUB_BUCKETS)
        return (size_t)value;
    unsigned shift = 63 - (unsigned)__builtin_clzll(value) - HISTOGRAM_SUB_BITS;
    size_t i = ((size_t)shift << HISTOGRAM_SUB_BITS) + (size_t)(value >> shift);
    return i < LAST ? i : LAST;
}

static unsigned shift_of(size_t i)
{
    return i < 2 * SUB_BUCKETS ? 0 : (unsigned)(i >> HISTOGRAM_SUB_BITS) - 1;
}

uint64_t histogram_low(size_t i)
{
    unsigned shift = shift_of(i);

    return (uint64_t)(i - ((size_t)shift << HISTOGRAM_SUB_BITS)) << shift;
}

uint64_t histogram_high(size_t i)
{
    return i == LAST ? UINT64_MAX : histogram_low(i + 1) - 1;
}

static void need_buckets(struct histogram *h)
{
    if (h->buckets == NULL)
        h->buckets = alloc_zeroed(HISTOGRAM_BUCKETS * sizeof *h->buckets);
}

static void keep(struct histogram *h, uint64_t value, uint64_t times)
{
    h->kept = alloc_grow(h->kept, &h->room, h->count + times, sizeof *h->kept);
    for (uint64_t i = 0; i < times; i++)
        h->kept[h->count + i] = value;
}

void histogram_add(struct histogram *h, uint64_t value, uint64_t times)
{
    if (times == 0)
        return;
    need_buckets(h);
    if (h->keeps)
        keep(h, value, times);
    h->buckets[bucket_of(value)] += times;
    if (h->count == 0 || value < h->min)
        h->min = value;
    if (h->count == 0 || value > h->max)
        h->max = value;
    h->count += times;
    h->sum += value * times;
}

/* Alone it is as exact as it was. */
static void merge_kept(struct histogram *into, const struct histogram *from)
{
    into->keeps = into->count == 0 && from->keeps;
    if (into->keeps) {
        into->kept = alloc_grow(into->kept, &into->room, from->count, sizeof *into->kept);
        memcpy(into->kept, from->kept, from->count * sizeof *into->kept);
        return;
    }
    free(into->kept);
    into->kept = NULL;
    into->room = 0;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    if (from->count == 0)
        return;
    merge_kept(into, from);
    need_buckets(into);
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        into->buckets[i] += from->buckets[i];
    if (into->count == 0 || from->min < into->min)
        into->min = from->min;
    if (into->count == 0 || from->max > into->max)
        into->max = from->max;
    into->count += from->count;
    into->sum += from->sum;
}

static uint64_t within(const struct histogram *h, uint64_t value)
{
    if (value < h->min)
        return h->min;
    return value > h->max ? h->max : value;
}

/* The number of this rank among those of bucket i, from 0. Times are below 2^53. */
static uint64_t kept_of_rank(const struct histogram *h, size_t i, uint64_t rank)
{
    uint64_t low = histogram_low(i), high = histogram_high(i);
    double *values = alloc_zeroed(h->buckets[i] * sizeof *values);
    size_t count = 0;

    for (uint64_t k = 0; k < h->count; k++) {
        if (h->kept[k] >= low && h->kept[k] <= high)
            values[count++] = (double)h->kept[k];
    }
    uint64_t value = (uint64_t)gsl_stats_select(values, 1, count, rank);
    free(values);
    return value;
}

uint64_t histogram_quantile(const struct histogram *h, double q)
{
    REQUIRE(q >= 0 && q <= 1);
    if (h->count == 0)
        return 0;

    uint64_t rank = (uint64_t)ceil(q * (double)h->count);
    if (rank <= 1)
        return h->min;
    if (rank >= h->count)
        return h->max;
    uint64_t seen = 0;
    size_t i = 0;
    for (; seen + h->buckets[i] < rank; i++)
        seen += h->buckets[i];
    if (h->keeps)
        return kept_of_rank(h, i, rank - seen - 1);
    return within(h, i == LAST ? h->max : histogram_low(i) / 2 + (histogram_high(i) + 1) / 2);
}

uint64_t histogram_count_to(const struct histogram *h, uint64_t value)
{
    uint64_t count = 0;

    if (h->count == 0 || value >= h->max)
        return h->count;
    for (size_t i = 0; histogram_high(i) <= value; i++)
        count += h->buckets[i];
    return count;
}
