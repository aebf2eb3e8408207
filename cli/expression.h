/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/expression.h - expressions over metrics, as options take them
 */
#ifndef CLI_EXPRESSION_H
#define CLI_EXPRESSION_H

#include "io/figures.h"
#include "models/comparison.h"
#include "models/goal.h"
#include "models/scenario.h"

/* Where what was asked for is missed: --fail-if holds, --goal does not. */
#define EXIT_MISSED 1

/* Reads the value of `option` ("--goal"). Fails with EX_USAGE. */
bool expression_take(struct goal *goal, const char *option, const char *text,
                     const struct goal_names *names, struct err *err) WARN_UNUSED;

/*
 * Fails with EX_USAGE, and points to it, where `text`, the value of `option`, names a metric that
 * has no value in a scenario without classes, and this one has none.
 */
bool expression_fits_classes(const char *option, const char *text, const struct scenario *scenario,
                             struct err *err) WARN_UNUSED;

/* A mean of counts, to two decimals where there are any: "2,608.67". Returns `text`. */
const char *expression_count(double count, char text[FIGURE_MOST]);

/* "bounced 106, recipients 2,500": the figures that a goal needs; allocated. */
char *expression_figures(const struct goal *goal, const struct goal_names *names,
                         goal_value_fn *value, void *user);

/*
 * Where policies are compared `lost` may be named too, behind the metrics: by how
 * many recipients fewer are delivered to than at the first point. These are the
 * figures of a point: means, or those of one replication.
 */
void expression_add_lost(struct goal_names *names);

struct expression_point {
    const struct comparison *comparison;
    size_t point, replication;
};
double expression_mean(void *expression_point, size_t name);
double expression_value(void *expression_point, size_t name);

/* --fail-if. One that was not given never holds. */
struct fail_if {
    const char *text; /* NULL: not given */
    struct goal goal;
    struct goal_names names; /* more may be added until it is taken */
    bool holds;              /* of any figures that it was tested on */
};

/* The metrics may be named: figure number i is metrics[i]. */
void fail_if_init(struct fail_if *fail_if);
void fail_if_fini(struct fail_if *fail_if);

/* Takes the option, once. Fails with EX_USAGE. */
bool fail_if_take(struct fail_if *fail_if, const char *text, struct err *err) WARN_UNUSED;

/*
 * Says on stderr that it holds, or that it cannot be told, of the figures of
 * `policy`; NULL: none was named.
 */
void fail_if_test(struct fail_if *fail_if, const char *policy, goal_value_fn *value, void *user);

#endif
