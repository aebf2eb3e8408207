/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/goal.h - what is to hold of a run's figures, as people write it
 *
 *     lost<=0.1% & bad_news_p90<=26h
 *
 * docs/expressions.md tells the language. Where a figure has no value, what is
 * said of it is unknown, and so is the whole if it depends on that.
 */
#ifndef MODELS_GOAL_H
#define MODELS_GOAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/err.h"

#define GOAL_LENGTH_MOST 1000 /* bytes of a text */
#define GOAL_DEPTH_MOST 32    /* of '(' and '!' within each other */

/* In order: & is the least of two, | the greatest. */
enum truth { TRUTH_NO, TRUTH_UNKNOWN, TRUTH_YES };

/* A figure that may be named. Its texts must outlive the list. */
struct goal_name {
    const char *name;
    const char *unit; /* as in struct metric: what is counted, or "s" */
};

/* Those there are; the place of one in the list is its number. Zero is a valid empty list. */
struct goal_names {
    struct goal_name *list; /* owned */
    size_t count, room;
};

void goal_names_fini(struct goal_names *names);
void goal_names_add(struct goal_names *names, const char *name, const char *unit);

/* Adds metrics[] in its order: in a list that was empty, a metric's number is its place there. */
void goal_names_add_metrics(struct goal_names *names);

/* A text that was understood. Zero is a valid goal that was not given; nothing can be asked of it.
 */
struct goal {
    struct goal_node *nodes; /* owned; operands before what joins them */
    size_t count, room;
};

void goal_fini(struct goal *goal);

/*
 * Fails where the text is no comparison of figures in `names`, or of what does
 * not compare; `err` points into the text then (err_at()), so the text should
 * outlive it, and `goal` is empty.
 */
bool goal_parse(struct goal *goal, const char *text, const struct goal_names *names,
                struct err *err) WARN_UNUSED;

/* The value of figure number `name`, durations in seconds; NAN where there is nothing to measure.
 */
typedef double goal_value_fn(void *user, size_t name);

/* Whether it holds. Requires a goal that was parsed. */
enum truth goal_holds(const struct goal *goal, goal_value_fn *value, void *user);

/*
 * Which of the conditions that are joined by & do not hold, or cannot be told: bit i of the i-th
 * from the left, from 0; those beyond the 64th share its bit. 0: it holds. As goal_holds().
 */
uint64_t goal_failed(const struct goal *goal, goal_value_fn *value, void *user);

/* Whether it asks for figure number `name`, be it as the total of which a share is taken. */
bool goal_needs(const struct goal *goal, size_t name);

#endif
