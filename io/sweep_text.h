/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/sweep_text.h - a sweep, for people: a line a point
 */
#ifndef IO_SWEEP_TEXT_H
#define IO_SWEEP_TEXT_H

#include <stdio.h>

#include "models/comparison.h"

/* Given up is the share of recipients that are refused or expired, with half of its 95 % interval;
 * the others are means. Below them, where mail was still queued at the end, of how many it was. */
void sweep_print(FILE *out, const struct comparison *comparison);

#endif
