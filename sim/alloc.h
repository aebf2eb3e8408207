/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/alloc.h - memory that is there or ends the program
 *
 * A simulation that runs out of memory has no useful answer left to give, so
 * these print the request and exit with status 71 (EX_OSERR) instead of
 * returning NULL. Everything is released with free().
 */
#ifndef SIM_ALLOC_H
#define SIM_ALLOC_H

#include <stddef.h>

void *alloc_zeroed(size_t size);

/*
 * Room for at least `need` elements of `size` bytes: returns `array`, moved if
 * it had to grow, and updates *room. Growth doubles, so appends cost O(1). The
 * new elements are not initialised.
 */
void *alloc_grow(void *array, size_t *room, size_t need, size_t size);

/* A copy of the first `length` bytes of `text`, ended with a NUL. */
char *alloc_text(const char *text, size_t length);

/* The formatted text, allocated. */
char *alloc_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
