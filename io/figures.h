/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/figures.h - numbers as people read them
 */
#ifndef IO_FIGURES_H
#define IO_FIGURES_H

#include "sim/time.h"

/* Room for any of them, with its NUL. */
#define FIGURE_MOST 32

/* 1234567 as "1,234,567". Returns `text`. */
const char *figure_count(uint64_t number, char text[FIGURE_MOST]);

/* Milliseconds as "0.3 s", "12 min 05", "31 h 02" or "4 d 23 h". Returns `text`. */
const char *figure_span(uint64_t ms, char text[FIGURE_MOST]);

/* An instant since 1970 as "2026-06-01T00:00:00Z"; "" beyond what a calendar holds. Returns `text`.
 */
const char *figure_utc(sim_time at, char text[FIGURE_MOST]);

#endif
