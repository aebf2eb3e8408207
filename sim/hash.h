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
#include <string.h>

#define HASH_EMPTY UINT64_C(0xcbf29ce484222325)

/* The hash of what `hash` stands for, with these bytes behind it. */
static inline uint64_t hash_more(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *byte = bytes;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Another number, eight bytes at a time: where many bytes are to be told from others. */
static inline uint64_t hash_words(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    uint64_t word, rest = (uint64_t)length << 56;

    for (; length >= sizeof word; at += sizeof word, length -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x100000001b3);
        hash ^= hash >> 32;
    }
    for (; length > 0; length--)
        rest = rest << 8 ^ at[length - 1];
    hash = (hash ^ rest) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

/* The hash of several texts together, in any order: 0 with each added. */
static inline uint64_t hash_beside(uint64_t hash, uint64_t other)
{
    return hash + (other ^ other >> 32) * UINT64_C(0x9e3779b97f4a7c15);
}

#endif
