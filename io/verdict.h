/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/verdict.h - what a comparison comes to, in a sentence
 */
#ifndef IO_VERDICT_H
#define IO_VERDICT_H

#include "models/comparison.h"

#define VERDICT_MOST 512

/*
 * "one-day instead of stock: +0.4 % bounced (0.3 to 0.5), senders learn 95 h
 * earlier, 76 % fewer attempts". What bounces are recipients given up, refused
 * or expired; when senders learn is the median. In brackets 95 % intervals of
 * paired differences, where there is more than one replication. Names are of the
 * points' first key. Returns `text`.
 */
const char *verdict_text(const struct comparison *comparison, size_t point,
                         char text[VERDICT_MOST]);

#endif
