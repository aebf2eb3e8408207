/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/dist.h - spans of time that are drawn
 *
 * A draw is a function of one uniform number, so that luck stays counter-based
 * (sim/rng.h). GSL supplies the quantile functions; dist_prepare() tabulates
 * them for draws that are made once per attempt.
 */
#ifndef SIM_DIST_H
#define SIM_DIST_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/time.h"

enum dist_kind {
    DIST_CONSTANT,    /* a */
    DIST_NEVER,       /* SIM_NEVER */
    DIST_EXPONENTIAL, /* mean a */
    DIST_LOGNORMAL,   /* median a, sigma b */
    DIST_WEIBULL,     /* scale a, shape b */
    DIST_PARETO,      /* minimum a, exponent b */
    DIST_UNIFORM,     /* from a to b */
    DIST_EMPIRICAL,   /* one of `samples`, each as likely */
    DIST_MIXTURE,     /* parts[i] with probability weights[i] / their sum */
};

/* Zero is the constant 0. Spans are in microseconds, sigma and shapes are pure numbers. */
struct dist {
    enum dist_kind kind;
    double a, b;
    double *samples;              /* owned; ascending */
    struct dist *parts;           /* owned */
    double *weights;              /* owned */
    size_t count;                 /* of samples or parts */
    float *table;                 /* owned; quantiles at i / DIST_KNOTS, NULL until prepared */
    unsigned low_tail, high_tail; /* of the table only the cells between are used */
};

#define DIST_KNOTS 1024

void dist_fini(struct dist *dist);

/* Never more than a constant; needs no luck. */
static inline bool dist_is_constant(const struct dist *dist)
{
    return dist->kind == DIST_CONSTANT || dist->kind == DIST_NEVER;
}

/*
 * The span at probability u. Requires 0 < u < 1. For a mixture, u first picks
 * the part and what is left of it the place within. Spans of more than a
 * thousand years are SIM_NEVER.
 */
sim_time dist_quantile(const struct dist *dist, double u);

/* Makes dist_draw() fast. The draws are within 0.1 % of dist_quantile(). */
void dist_prepare(struct dist *dist);

/* As dist_quantile(), from a uniform 32-bit word. */
sim_time dist_draw(const struct dist *dist, uint32_t word);

#endif
