/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario/parts.h"

#include <stdlib.h>

#include "sim/alloc.h"

static int by_place(const void *a, const void *b)
{
    const struct part *x = a, *y = b;

    return (x->place > y->place) - (x->place < y->place);
}

struct part *parts_list(const struct reading *r, cfg_t *section, const char *(*name_of)(size_t),
                        size_t *count)
{
    struct part *parts = alloc_zeroed(sizeof *parts);
    size_t room = 1;

    *count = 0;
    for (size_t kind = 0; name_of(kind) != NULL; kind++) {
        for (unsigned i = 0; i < cfg_size(section, name_of(kind)); i++) {
            cfg_t *one = cfg_getnsec(section, name_of(kind), i);
            parts = alloc_grow(parts, &room, *count + 1, sizeof *parts);
            parts[(*count)++] = (struct part){kind, one, reading_place(r, one)};
        }
    }
    qsort(parts, *count, sizeof *parts, by_place);
    return parts;
}
