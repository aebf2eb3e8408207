/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/infer/votes.h - which numbers do most of many intervals hold?
 *
 * Each observation says between which whole numbers a setting lies. Some are
 * wrong, so their intersection would say nothing: what most of them agree on is
 * looked for, exactly, by a sweep over their ends. 16 bytes an interval.
 */
#ifndef MODELS_INFER_VOTES_H
#define MODELS_INFER_VOTES_H

#include <stddef.h>
#include <stdint.h>

/* The end of an interval that has none. */
#define VOTES_NO_END INT64_MAX

/* Zero is a valid empty set. */
struct votes {
    int64_t *lows, *highs; /* sorted apart by votes_most() */
    size_t count, low_room, high_room;
};

/* From `low` to `high`, both included. An interval that holds nothing is left out. */
void votes_add(struct votes *votes, int64_t low, int64_t high);
void votes_clear(struct votes *votes);
void votes_fini(struct votes *votes);

/* The numbers from `low` to `high` are each in `votes` intervals. */
struct votes_range {
    int64_t low, high; /* high can be VOTES_NO_END */
    uint64_t votes;
};

/*
 * The range within [from, until] that most intervals hold. Of several that are
 * equal: the one that holds `preferred`, else the widest, else the lowest.
 * Without intervals all of [from, until], with 0 votes. Requires from <= until.
 */
struct votes_range votes_most(struct votes *votes, int64_t from, int64_t until, int64_t preferred);

#endif
