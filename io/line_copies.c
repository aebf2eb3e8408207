/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/line_copies.h"

#include <stdint.h>
#include <stdlib.h>
#include <uthash.h>
#include <utlist.h>

#include "sim/alloc.h"
#include "sim/hash.h"

#undef uthash_malloc
#define uthash_malloc(size) alloc_zeroed(size)

/* Instead of a file's number: what was given to the reader of the whole. */
#define GIVEN UINT64_MAX

/* How often a file has a line. */
struct line_copy {
    struct {
        uint64_t line, file;
    } key;
    uint64_t count;
    sim_time first;
    struct line_copy *prev, *next;
    UT_hash_handle hh;
};

static void forget(struct line_copies *copies, struct line_copy *copy)
{
    DL_DELETE(copies->oldest, copy);
    HASH_DEL(copies->by_line, copy);
    free(copy);
}

static struct line_copy *find_or_add(struct line_copies *copies, uint64_t line, uint64_t file,
                                     sim_time now)
{
    struct line_copy wanted = {.key = {line, file}}, *copy;

    HASH_FIND(hh, copies->by_line, &wanted.key, sizeof wanted.key, copy);
    if (copy != NULL)
        return copy;
    copy = alloc_zeroed(sizeof *copy);
    copy->key = wanted.key;
    copy->first = now;
    HASH_ADD(hh, copies->by_line, key, sizeof copy->key, copy);
    DL_APPEND(copies->oldest, copy);
    return copy;
}

bool line_copies_add(struct line_copies *copies, size_t file, struct span line, sim_time now,
                     sim_time apart)
{
    while (copies->oldest != NULL && copies->oldest->first < now - apart)
        forget(copies, copies->oldest);

    uint64_t hash = hash_more(HASH_EMPTY, line.text, line.length);
    struct line_copy *here = find_or_add(copies, hash, file, now);
    struct line_copy *given = find_or_add(copies, hash, GIVEN, now);
    if (++here->count <= given->count)
        return true;
    given->count = here->count;
    return false;
}

void line_copies_free(struct line_copies *copies)
{
    while (copies->oldest != NULL)
        forget(copies, copies->oldest);
}
