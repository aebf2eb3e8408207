/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/radix.h - sorts keys that carry their place
 */
#ifndef SIM_RADIX_H
#define SIM_RADIX_H

#include <stddef.h>
#include <stdint.h>

/*
 * Sorts by the upper 32 bits; keys that tie there keep their order. `scratch`
 * has room for `count` keys too. O(count).
 */
void radix_sort(uint64_t *keys, uint64_t *scratch, size_t count);

#endif
