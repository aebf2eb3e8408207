/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/line_copies.h - lines that several files of a log have
 *
 * Where files overlap in time, a line counts as often as the file has it that
 * has it most often: the union of multisets. So a log and a copy of it count
 * once, while two lines of one file that happen to be equal stay two, and
 * other hosts' lines differ by their host.
 *
 * Files are compared while they are merged by time: a copy comes soon after
 * the line, and all that came earlier may be forgotten. Memory grows with the
 * lines of a few seconds.
 */
#ifndef IO_LINE_COPIES_H
#define IO_LINE_COPIES_H

#include <stdbool.h>
#include <stddef.h>

#include "io/span.h"
#include "sim/time.h"

/* Set to zero; leave it to these functions. */
struct line_copies {
    struct line_copy *by_line, *oldest;
};

/*
 * Notes that the file of that number has `line` once more, `now` being the last stamp in it.
 * Returns whether other files gave it already. Copies that are further apart than `apart` are not
 * found.
 */
bool line_copies_add(struct line_copies *copies, size_t file, struct span line, sim_time now,
                     sim_time apart);

/* Leaves it empty. */
void line_copies_free(struct line_copies *copies);

#endif
