/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/lifetimes.h - how long mail might be kept instead
 *
 * The values of maximal_queue_lifetime that a log is replayed under, and how
 * much of each the log can tell.
 */
#ifndef MODELS_MTA_POSTFIX_LIFETIMES_H
#define MODELS_MTA_POSTFIX_LIFETIMES_H

#include "models/mta/postfix/parameters.h"
#include "sim/time.h"

#define LIFETIMES_MOST 12

/* Seconds, shortest first, each once. */
struct lifetimes {
    long list[LIFETIMES_MOST];
    size_t count;
};

/* From an hour to a week, in steps as people choose them; and `own`, the one in force. */
struct lifetimes lifetimes_with(long own);

/*
 * `settings` with mail kept for `lifetime`. bounce_queue_lifetime goes down with it where it
 * would be greater, as the queue manager has it (parameters.h), and does not go up.
 */
struct postfix_settings lifetime_settings(const struct postfix_settings *settings, long lifetime);

/*
 * Whether mail kept for so long lives longer than a log of length `span` can tell, that was
 * written while mail was kept for `own`: what would have been answered then nobody asked.
 */
bool lifetime_is_extrapolated(long lifetime, long own, sim_time span);

#endif
