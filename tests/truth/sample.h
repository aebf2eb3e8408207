/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/truth/sample.h - numbers that were measured, recorded or ours
 */
#ifndef TESTS_TRUTH_SAMPLE_H
#define TESTS_TRUTH_SAMPLE_H

#include <stddef.h>

/* Zero is a valid empty sample. */
struct sample {
    double *list;
    size_t count, room;
};

void sample_add(struct sample *sample, double value);
void sample_sort(struct sample *sample);
void sample_fini(struct sample *sample);

/* The lower median of a sorted sample; NAN if it is empty. */
double sample_median(const struct sample *sample);

/*
 * The largest distance between the distribution functions of two sorted samples
 * (Kolmogorov and Smirnov): 0 to 1; 1 if one of them is empty, 0 if both are.
 */
double sample_distance(const struct sample *a, const struct sample *b);

#endif
