/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/histogram.h"

#include <math.h>
#include <stdlib.h>

#include "sim/alloc.h"
#include "sim/check.h"

#define SUB_BUCKETS (1u << HISTOGRAM_SUB_BITS)
#define LAST (HISTOGRAM_BUCKETS - 1)

void histogram_fini(struct histogram *h)
{
    free(h->buckets);
    *h = (struct histogram){0};
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

void histogram_add(struct histogram *h, uint64_t value, uint64_t times)
{
    if (times == 0)
        return;
    need_buckets(h);
    h->buckets[bucket_of(value)] += times;
    if (h->count == 0 || value < h->min)
        h->min = value;
    if (h->count == 0 || value > h->max)
        h->max = value;
    h->count += times;
    h->sum += value * times;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    if (from->count == 0)
        return;
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
    while ((seen += h->buckets[i]) < rank)
        i++;
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
