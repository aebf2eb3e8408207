/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/report_html.h - a report as one page that needs nothing beside it
 */
#ifndef IO_REPORT_HTML_H
#define IO_REPORT_HTML_H

#include "io/output.h"
#include "io/report_picture.h"

/* No script, no reference to anything outside. Fails where a picture is no SVG. */
bool report_html_put(struct output *output, const struct report *report,
                     const struct report_pictures *pictures, struct err *err) WARN_UNUSED;

#endif
