/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/span.h - a piece of a text that belongs to someone else
 *
 * Bytes and their number; no NUL at the end, and NULs may be within. The
 * take functions eat from the front of `rest` and leave it alone when they
 * return false.
 */
#ifndef IO_SPAN_H
#define IO_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
    const char *text;
    size_t length;
};

/* A string literal as a span; SPAN_INIT in the initialiser of a static table. */
#define SPAN_INIT(literal)                                                                         \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }
#define SPAN(literal) ((struct span)SPAN_INIT(literal))

static inline bool span_is(struct span span, struct span other)
{
    return span.length == other.length && memcmp(span.text, other.text, span.length) == 0;
}

static inline bool span_starts(struct span span, struct span with)
{
    return span.length >= with.length && memcmp(span.text, with.text, with.length) == 0;
}

static inline bool span_ends(struct span span, struct span with)
{
    return span.length >= with.length
           && memcmp(span.text + span.length - with.length, with.text, with.length) == 0;
}

static inline struct span span_from(struct span span, size_t start)
{
    return (struct span){span.text + start, span.length - start};
}

/* Where `byte` first stands; the length if nowhere. */
static inline size_t span_find(struct span span, char byte)
{
    const char *found = span.length == 0 ? NULL : memchr(span.text, byte, span.length);
    return found == NULL ? span.length : (size_t)(found - span.text);
}

/* Eats `prefix`. */
static inline bool span_take(struct span *rest, struct span prefix)
{
    if (!span_starts(*rest, prefix))
        return false;
    *rest = span_from(*rest, prefix.length);
    return true;
}

/* Eats `suffix` from the end. */
static inline bool span_drop(struct span *rest, struct span suffix)
{
    if (!span_ends(*rest, suffix))
        return false;
    rest->length -= suffix.length;
    return true;
}

/* Eats all before the first `byte` into `word`, and the byte. */
static inline bool span_take_until(struct span *rest, char byte, struct span *word)
{
    size_t end = span_find(*rest, byte);
    if (end == rest->length)
        return false;
    *word = (struct span){rest->text, end};
    *rest = span_from(*rest, end + 1);
    return true;
}

#endif
