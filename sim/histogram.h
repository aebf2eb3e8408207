/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/histogram.h - counts of whole numbers in log-linear buckets
 *
 * Numbers below 128 have a bucket each; above, every octave is cut into 128
 * buckets, so that a bucket is at most 0.8 % wide. Merging adds integers: the
 * result is the same in any order, from any number of threads.
 */
#ifndef SIM_HISTOGRAM_H
#define SIM_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_SUB_BITS 7
#define HISTOGRAM_OCTAVES 36 /* 2^43 and above share the last bucket */
#define HISTOGRAM_BUCKETS ((HISTOGRAM_OCTAVES + 1) << HISTOGRAM_SUB_BITS)

/* Zero is a valid empty histogram. */
struct histogram {
    uint64_t *buckets; /* owned; HISTOGRAM_BUCKETS of them, NULL while empty */
    uint64_t count, sum;
    uint64_t min, max; /* exact; meaningless while count is 0 */
    bool keeps;        /* the numbers themselves */
    uint64_t *kept;    /* owned; `count` of them, if it does */
    size_t room;
};

void histogram_fini(struct histogram *h);

/* From now on keeps the numbers, 8 bytes each, for exact quantiles. Requires that there are none.
 */
void histogram_keep(struct histogram *h);

void histogram_add(struct histogram *h, uint64_t value, uint64_t times);

/* What is made of several keeps no numbers: its size does not hang on how many there are. */
void histogram_merge(struct histogram *into, const struct histogram *from);

/*
 * The smallest recorded value that at least a share q of all do not exceed:
 * exact where numbers are kept, else to within the width of its bucket; min and
 * max are exact. 0 if empty.
 * Requires 0 <= q <= 1.
 */
uint64_t histogram_quantile(const struct histogram *h, double q);

/*
 * How many recorded values do not exceed `value`: none too many, and too few by
 * no more than share its bucket; exact from max on.
 */
uint64_t histogram_count_to(const struct histogram *h, uint64_t value);

/* The lowest and highest value that share bucket i. */
uint64_t histogram_low(size_t i);
uint64_t histogram_high(size_t i);

#endif
