/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/report_text.h - a report as text of 80 columns
 */
#ifndef IO_REPORT_TEXT_H
#define IO_REPORT_TEXT_H

#include <stdio.h>

#include "io/report_picture.h"

/* What is from files does nothing to a terminal. */
void report_text_print(FILE *out, const struct report *report,
                       const struct report_pictures *pictures);

#endif
