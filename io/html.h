/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/html.h - text and pictures as parts of a page
 *
 * Whatever a text holds, it does nothing there but to be read.
 */
#ifndef IO_HTML_H
#define IO_HTML_H

#include "io/output.h"

/*
 * The text, for anywhere between tags or in a quoted attribute. Bytes that are
 * no UTF-8, and control characters, become '?'.
 */
void html_text(struct output *output, const char *text);

/*
 * A picture as gnuplot's svg terminal draws it, scaled to the room that it is
 * given: without its size, prologue and titles, its ids told from those of other
 * pictures by `name` (letters and digits), its colours written without blanks for
 * a style sheet to find. `label` tells what it shows to those who do not see it.
 * Fails with EX_SOFTWARE where it is no such picture.
 */
bool html_svg(struct output *output, const char *svg, const char *name, const char *label,
              struct err *err) WARN_UNUSED;

#endif
