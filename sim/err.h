/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/err.h - why something given from outside was refused
 *
 * Functions that can fail through no fault of the program return bool and take
 * a struct err last. The text is for a person: the innermost function says what
 * was found and what would be accepted, and each caller adds where.
 */
#ifndef SIM_ERR_H
#define SIM_ERR_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/check.h"

struct err {
    int status; /* the exit status that suits it (sysexits.h); 0: the caller's choice */
    char text[512];
    const char *line; /* what the text is about, not owned; NULL: not a part of something longer */
    size_t spot;      /* where in `line`, in bytes */
};

/* Replaces the text. Returns false, so that a failing function can `return err_set(...)`. */
bool err_set(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Puts "CONTEXT: " before the text. Returns false. */
bool err_within(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* As err_set(), with the exit status: EX_DATAERR, EX_NOINPUT, EX_IOERR ... */
bool err_exit(struct err *err, int status, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Points to the spot that the text is about, which must outlive `err`. Returns false. */
bool err_at(struct err *err, const char *line, size_t spot);

#endif
