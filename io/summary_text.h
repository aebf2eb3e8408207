/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/summary_text.h - a run in a dozen lines, for people
 */
#ifndef IO_SUMMARY_TEXT_H
#define IO_SUMMARY_TEXT_H

#include <stdio.h>

#include "models/mta/postfix/parameters.h"
#include "models/results.h"
#include "sim/names.h"

struct summary_head {
    const char *scenario, *policy; /* policy: NULL if none was named */
    const struct postfix_settings *settings;
    uint64_t seed, replications;
    sim_time duration; /* SIM_NEVER: until all was done */
};

/*
 * A line a class, and below them all together; nothing where there are none.
 * Shares are of recipients; lost are those bounced or expired.
 */
void summary_print_classes(FILE *out, const struct names *names, const struct classes *classes);

/* Shares are of recipients; all replications together. */
void summary_print(FILE *out, const struct summary_head *head, const struct results *results);

#endif
