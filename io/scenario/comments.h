/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/comments.h - what libconfuse is better not shown
 *
 * It counts the lines of comments more than once, and says nothing of sections
 * and comments that end with the file. So comments are blanked, and what is
 * opened must be closed, before it reads a scenario.
 */
#ifndef IO_SCENARIO_COMMENTS_H
#define IO_SCENARIO_COMMENTS_H

#include <stdbool.h>

#include "sim/err.h"

/*
 * Turns each comment of `text` into blanks: from '#', or '//' before a word, to the
 * end of the line, and between slash-star and star-slash. Fails with *line where
 * what is never closed began, or a '}' is too many.
 */
bool comments_blank(char *text, int *line, struct err *err) WARN_UNUSED;

#endif
