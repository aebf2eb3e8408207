/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/wrapped.h - sentences on a terminal
 *
 * UTF-8, one place a character. Control characters, which a log or a file may
 * bring, do nothing to the terminal.
 */
#ifndef IO_WRAPPED_H
#define IO_WRAPPED_H

#include <stddef.h>
#include <stdio.h>

#define TERMINAL_WIDTH 80

/* Places that `length` bytes take. */
size_t width_of(const char *text, size_t length);

/* A copy that does nothing to a terminal. */
char *harmless(const char *text);

/* How many bytes of the text make a line so wide: whole words, or a part of a long one. */
size_t line_of(const char *text, size_t width);

/* Broken at blanks; the lines after the first begin so far to the right. Ends a line. */
void print_wrapped(FILE *out, const char *text, size_t indent);

#endif
