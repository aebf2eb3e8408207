/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/mta/postfix/golden.h - attempts and ends over every whole-second phase of the scans
 *
 * A message arrives at 0 and each attempt fails at once. Computed apart from this program, from the
 * rules in docs/models/postfix.md: a table of five policies and four lifetimes.
 */
#ifndef TESTS_MODELS_MTA_POSTFIX_GOLDEN_H
#define TESTS_MODELS_MTA_POSTFIX_GOLDEN_H

#include "models/mta/postfix/parameters.h"

struct golden {
    long run, min, max, lifetime; /* seconds */
    size_t fewest, most;          /* attempts */
    long phases_with_fewest;
    long end_low, end_high; /* when it is given up, seconds; 0: not in the table */
};

static const struct golden golden_rows[] = {
    /* stock */
    {300, 300, 4000, 14400, 8, 9, 297, 0, 0},
    {300, 300, 4000, 86400, 25, 26, 297, 88502, 88801},
    {300, 300, 4000, 172800, 46, 47, 299, 0, 0},
    {300, 300, 4000, 432000, 107, 108, 297, 432902, 433201},
    /* mailcow */
    {300, 300, 1800, 14400, 11, 12, 297, 0, 0},
    {300, 300, 1800, 86400, 51, 52, 297, 86702, 87001},
    {300, 300, 1800, 172800, 99, 100, 297, 0, 0},
    {300, 300, 1800, 432000, 243, 244, 297, 432302, 432601},
    /* Postfix before 2.4 */
    {1000, 1000, 4000, 14400, 6, 7, 997, 0, 0},
    {1000, 1000, 4000, 86400, 24, 25, 997, 87002, 88001},
    {1000, 1000, 4000, 172800, 46, 47, 997, 0, 0},
    {1000, 1000, 4000, 432000, 111, 112, 999, 432000, 435999},
    /* the recipe of one hour */
    {300, 300, 900, 14400, 18, 19, 297, 0, 0},
    {300, 300, 900, 86400, 98, 99, 297, 86402, 86701},
    {300, 300, 900, 172800, 194, 195, 297, 0, 0},
    {300, 300, 900, 432000, 482, 483, 297, 432002, 432301},
    /* a scan each minute */
    {60, 300, 4000, 14400, 9, 9, 60, 0, 0},
    {60, 300, 4000, 86400, 27, 27, 60, 89219, 90178},
    {60, 300, 4000, 172800, 48, 48, 60, 0, 0},
    {60, 300, 4000, 432000, 113, 113, 60, 434939, 435898},
};

static inline struct postfix_settings golden_settings(const struct golden *row)
{
    struct postfix_settings settings;

    postfix_settings_init(&settings);
    settings.queue_run_delay = row->run;
    settings.minimal_backoff_time = row->min;
    settings.maximal_backoff_time = row->max;
    settings.maximal_queue_lifetime = row->lifetime;
    return settings;
}

#endif
