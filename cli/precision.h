/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/precision.h - how many replications are enough
 *
 * The sequential rule of Chow and Robbins (1965): go on until the interval is
 * narrow. It is looked at after whole rounds only, so that the answer does not
 * hang on threads, and so that the first few do not end it by chance.
 */
#ifndef CLI_PRECISION_H
#define CLI_PRECISION_H

#include "models/comparison.h"
#include "sim/err.h"

#define MOST_REPLICATIONS (1u << 20)

/* "0.1%", of recipients, as a fraction. */
bool take_precision(double *precision, const char *text, struct err *err) WARN_UNUSED;

/* Replications at most: those that were asked for, if they are not 0; else what the precision may
 * need, or `usual` if none is asked for. */
uint64_t replications_wanted(uint64_t asked, double precision, uint64_t usual);

/* Whether the share given up is known to be no further than the precision off at any point, by the
 * 95 % interval of its difference to the first. */
bool is_precise(const struct comparison *comparison, double precision);

#endif
