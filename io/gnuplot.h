/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/gnuplot.h - draws the plots of plots/ from the files of runs
 *
 * gnuplot is run without a shell, and every text is handed over as a quoted
 * string of gnuplot's: nothing in a name is read as a command. The variables
 * are those of plots/style.gp.
 */
#ifndef IO_GNUPLOT_H
#define IO_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "io/gnuplot_run.h"
#include "io/output.h"
#include "sim/err.h"

#define GNUPLOT_MOST_RUNS 8

/*
 * Draws `script` (a path) with `terminal` (svg, png, dumb, sixel) into `output`,
 * or on the standard output where that is NULL. `note` stands below. Fails with
 * EX_UNAVAILABLE without gnuplot, EX_SOFTWARE when it refuses.
 */
bool gnuplot_draw(const char *script, const char *terminal, struct output *output, const char *note,
                  const struct gnuplot_run *runs, size_t count, struct err *err) WARN_UNUSED;

/* How a picture looks that becomes part of a document. */
struct gnuplot_look {
    const char *terminal;
    unsigned width; /* pixels; 0: as the plot has it */
};

/*
 * The picture without heading and note, as the document has these. It has no NUL but at its end.
 * Allocated. Fails as gnuplot_draw() does, and where it is no text.
 */
bool gnuplot_picture(const char *script, struct gnuplot_look look, const struct gnuplot_run *runs,
                     size_t count, char **picture, struct err *err) WARN_UNUSED;

#endif
