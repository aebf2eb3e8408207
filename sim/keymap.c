/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/keymap.h"

#include <stdlib.h>
#include <uthash.h>

#include "sim/alloc.h"

struct keymap_entry {
    uint64_t key;
    int64_t value;
    UT_hash_handle hh;
};

void keymap_fini(struct keymap *map)
{
    struct keymap_entry *entry, *next;

    HASH_ITER(hh, map->index, entry, next)
    {
        HASH_DEL(map->index, entry);
        free(entry);
    }
}

static struct keymap_entry *find(const struct keymap *map, uint64_t key)
{
    struct keymap_entry *entry;

    HASH_FIND(hh, map->index, &key, sizeof key, entry);
    return entry;
}

int64_t *keymap_find(const struct keymap *map, uint64_t key)
{
    struct keymap_entry *entry = find(map, key);

    return entry == NULL ? NULL : &entry->value;
}

int64_t *keymap_at(struct keymap *map, uint64_t key, int64_t initial)
{
    struct keymap_entry *entry = find(map, key);

    if (entry == NULL) {
        entry = alloc_zeroed(sizeof *entry);
        entry->key = key;
        entry->value = initial;
        HASH_ADD(hh, map->index, key, sizeof entry->key, entry);
    }
    return &entry->value;
}
