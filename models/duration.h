/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/duration.h - how long a logged answer took
 *
 * delays= has two digits: a trip of 123.4 s is one of 123. But the time stamp of
 * a deferred file is made of the second in which its trip ended, and one second
 * more or less can be another scan. What the stamps of the trip leave open is an
 * interval, and what delays= says is taken from within it.
 */
#ifndef MODELS_DURATION_H
#define MODELS_DURATION_H

#include <stdbool.h>

#include "models/logged.h"

/* Whole milliseconds; 0 <= least <= most. */
struct duration {
    sim_time best;        /* by what is measured most closely; may lie outside */
    sim_time least, most; /* with these and all between, the trip ends in the second logged */
};

/*
 * How far into its second a message came, at least, for its first trip to end in the second logged
 * after the time that delays= says; 0 where stamps have fractions, or disagree. Below a second.
 */
sim_time duration_lead(const struct logged_message *message);

/*
 * From when an agent had it. A replay begins a message's first trip so far into its second, and
 * each later one with its second, as a scan does. Stamps and delays= that are seconds apart tell of
 * a clock that was set: then it is delays=, give or take a second.
 */
struct duration duration_of(const struct logged_message *message,
                            const struct logged_attempt *attempt, sim_time lead);

/* Exactly so long. */
struct duration duration_exactly(sim_time took);

/* Whether one length can be both; then `known` is narrowed to those that can. */
bool duration_join(struct duration *known, const struct duration *more);

/* The likeliest. */
sim_time duration_likeliest(const struct duration *duration);

#endif
