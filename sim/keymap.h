/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/keymap.h - a number remembered for each 64-bit key
 *
 * Zero is a valid empty map. Nothing iterates over it, so hash order reaches
 * no result.
 */
#ifndef SIM_KEYMAP_H
#define SIM_KEYMAP_H

#include <stdint.h>

struct keymap_entry;

struct keymap {
    struct keymap_entry *index;
};

void keymap_fini(struct keymap *map);

/* Where the number for `key` is kept, `initial` if it is new. Valid until keymap_fini(). */
int64_t *keymap_at(struct keymap *map, uint64_t key, int64_t initial);

/* As keymap_at(), but NULL if there is no such key. */
int64_t *keymap_find(const struct keymap *map, uint64_t key);

#endif
