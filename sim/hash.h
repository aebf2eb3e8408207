/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/hash.h - a number for a text, the same on every machine
 *
 * FNV-1a, 64 bit (Fowler, Noll, Vo).
 */
#ifndef SIM_HASH_H
#define SIM_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_EMPTY UINT64_C(0xcbf29ce484222325)

/* The hash of what `hash` stands for, with these bytes behind it. */
static inline uint64_t hash_more(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *byte = bytes;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
    return hash;
}

#endif
