/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/report_figures.h - numbers from files, which may be any, as people read them
 */
#ifndef IO_REPORT_FIGURES_H
#define IO_REPORT_FIGURES_H

#include "io/figures.h"

/* Both as in io/figures.h, rounded; "-" for NAN, and what they cannot hold in short. */
const char *report_count(double number, char text[FIGURE_MOST]);
const char *report_span(double seconds, char text[FIGURE_MOST]);

#endif
