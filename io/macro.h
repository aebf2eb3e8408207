/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/macro.h - $name in the values of main.cf
 *
 * $name, ${name} and $(name); $$ for a dollar; ${name?text}, ${name:text} and
 * ${name?{text}:{text}}; comparisons ${{x} == {y}?{text}:{text}} with == != < <=
 * >= > of numbers where both are all digits and of text otherwise, and of
 * compatibility levels with "level" behind the operator. What is found is
 * expanded again.
 *
 * Source: Postfix 3.7 and later, util/mac_parse.c, util/mac_expand.c,
 * global/compat_level.c.
 */
#ifndef IO_MACRO_H
#define IO_MACRO_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/check.h"
#include "sim/err.h"

/* The value of a name, not expanded; NULL where it has none. */
typedef const char *macro_lookup_fn(const char *name, void *context);

/*
 * Expands `text` and returns it in *value, allocated (NULL on failure). A name
 * without a value is empty. Fails, in Postfix's words, where the syntax is wrong
 * or names go round in a circle; and, unlike Postfix, where the result would need
 * more than MACRO_CALLS references or MACRO_ROOM bytes.
 */
bool macro_expand(const char *text, macro_lookup_fn *lookup, void *context, char **value,
                  struct err *err) WARN_UNUSED;

#define MACRO_CALLS 10000
#define MACRO_ROOM ((size_t)1 << 20)

#endif
