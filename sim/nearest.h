/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/nearest.h - "did you mean ...?"
 */
#ifndef SIM_NEAREST_H
#define SIM_NEAREST_H

#include <stddef.h>

/*
 * Returns the name that `word` may be a misspelling of: a few letters added,
 * lost, changed or swapped with their neighbour (1 in a word of up to 3 letters,
 * 2 up to 7, 3 beyond). Among equals the first wins. NULL where nothing is that
 * close. A name equal to the word is its own nearest.
 *
 * `first` points to `count` elements, `stride` bytes apart, each of which begins
 * with a `const char *`: an array of names, or of structs whose first member is
 * the name. Elements whose name is NULL are passed over.
 */
const char *nearest(const char *word, const void *first, size_t count, size_t stride);

#endif
