/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/survival.h - what share is still waiting, by age
 *
 * The product-limit estimate (Kaplan and Meier, 1958) with delayed entry: what
 * was first seen at some age says nothing of younger ones, and is at risk from
 * there on (Klein and Moeschberger, "Survival Analysis", 2nd ed., 4.6).
 */
#ifndef MODELS_SURVIVAL_H
#define MODELS_SURVIVAL_H

#include <stdbool.h>
#include <stddef.h>

/* One that was watched, in seconds of its own age: at risk after `entry` and until `exit`. */
struct survival_subject {
    double entry, exit;
    bool recovered; /* at `exit`; else what came after is not known */
};

/* An age at which some recovered. */
struct survival_point {
    double age;
    size_t at_risk, recovered;
    double away;      /* share of all that are away longer than that */
    double low, high; /* its 95 % interval; NAN where away is 0 */
};

struct survival {
    struct survival_point *points; /* owned; by age */
    size_t count;
    double *entries, *exits; /* owned; ascending */
    size_t subjects;         /* of those that were at risk at all */
};

/*
 * Fills `survival`, whose last content is not freed. Intervals are Greenwood's
 * on the scale of log(-log) (Kalbfleisch and Prentice, "The Statistical Analysis
 * of Failure Time Data", 1.4). Subjects with exit <= entry are left out.
 */
void survival_init(struct survival *survival, const struct survival_subject *subjects,
                   size_t count);
void survival_fini(struct survival *survival);

/* How many were watched at that age: entered before it, and left at it or later. */
size_t survival_at_risk(const struct survival *survival, double age);

/* The last point at that age or before; NULL where nobody has recovered yet. */
const struct survival_point *survival_at(const struct survival *survival, double age);

/* The age up to which anything was seen; 0 if nobody was watched. */
double survival_last(const struct survival *survival);

#endif
