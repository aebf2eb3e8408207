/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/summary_text.h - a run in a dozen lines, for people
 */
#ifndef IO_SUMMARY_TEXT_H
#define IO_SUMMARY_TEXT_H

#include <stdio.h>

#include "models/mta/postfix/parameters.h"
#include "models/results.h"

struct summary_head {
    const char *scenario, *policy; /* policy: NULL if none was named */
    const struct postfix_settings *settings;
    uint64_t seed, replications;
    sim_time duration; /* SIM_NEVER: until all was done */
};

/* Shares are of recipients; all replications together. */
void summary_print(FILE *out, const struct summary_head *head, const struct results *results);

#endif
