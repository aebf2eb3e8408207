/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/comparison_text.h - a comparison of policies, for people
 */
#ifndef IO_COMPARISON_TEXT_H
#define IO_COMPARISON_TEXT_H

#include <stdio.h>

#include "models/comparison.h"

/* For each point but the first: the verdict, and its figures beside those of the first. */
void comparison_print(FILE *out, const struct comparison *comparison);

#endif
