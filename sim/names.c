/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/names.h"

#include <ctype.h>
#include <stdlib.h>
#include <uthash.h>

#include "sim/alloc.h"
#include "sim/check.h"

struct name {
    char *text; /* owned */
    uint32_t number;
    UT_hash_handle hh;
};

void names_fini(struct names *names)
{
    struct name *name, *next;

    HASH_ITER(hh, names->index, name, next)
    {
        HASH_DEL(names->index, name);
        free(name->text);
        free(name);
    }
    free(names->list);
    *names = (struct names){0};
}

static struct name *find(const struct names *names, const char *text, size_t length)
{
    struct name *name;

    HASH_FIND(hh, names->index, text, length, name);
    return name;
}

uint32_t names_add_lower(struct names *names, const char *text)
{
    size_t length = strlen(text);
    char *lower = alloc_text(text, length);

    for (char *c = lower; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    uint32_t number = names_add(names, lower, length);
    free(lower);
    return number;
}

uint32_t names_find(const struct names *names, const char *text, size_t length)
{
    const struct name *name = find(names, text, length);

    return name == NULL ? NAMES_NONE : name->number;
}

uint32_t names_add(struct names *names, const char *text, size_t length)
{
    struct name *name = find(names, text, length);
    if (name != NULL)
        return name->number;

    REQUIRE(names->count < NAMES_NONE);
    names->list = alloc_grow(names->list, &names->room, names->count + 1, sizeof *names->list);
    name = names->list[names->count] = alloc_zeroed(sizeof *name);
    name->text = alloc_text(text, length);
    name->number = (uint32_t)names->count++;
    HASH_ADD_KEYPTR(hh, names->index, name->text, length, name);
    return name->number;
}

const char *names_text(const struct names *names, uint32_t number)
{
    REQUIRE(number < names->count);
    return names->list[number]->text;
}

size_t names_length(const struct names *names, uint32_t number)
{
    REQUIRE(number < names->count);
    return names->list[number]->hh.keylen;
}
