/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/names.h - each text once, known by a number
 *
 * Numbers count up from 0 in order of first sight, so they are the same in
 * every run. Zero is a valid empty set.
 */
#ifndef SIM_NAMES_H
#define SIM_NAMES_H

#include <stddef.h>
#include <stdint.h>

#define NAMES_NONE UINT32_MAX

struct name;

struct names {
    struct name *index; /* hash table */
    struct name **list; /* by number */
    size_t count, room;
};

void names_fini(struct names *names);

/* The number of these bytes, a new one if they were not seen before. */
uint32_t names_add(struct names *names, const char *text, size_t length);

/* The same of a text in lower case: names of hosts and domains. */
uint32_t names_add_lower(struct names *names, const char *text);

/* As names_add(), but NAMES_NONE if they were not seen before. */
uint32_t names_find(const struct names *names, const char *text, size_t length);

/* Requires a number that was given out. Belongs to `names`. */
const char *names_text(const struct names *names, uint32_t number);
size_t names_length(const struct names *names, uint32_t number);

#endif
