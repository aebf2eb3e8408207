/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/window.h - how many deliveries a next hop gets at a time
 *
 * Deliveries that fail by the site's fault make it smaller, the others larger,
 * in steps of the feedback that is configured. Failures are summed up as shares
 * of the window, too ("pseudo-cohorts"): when the sum reaches the limit the site
 * is dead. Numbers are IEEE doubles, added in Postfix's order.
 *
 * Source: qmgr/qmgr_queue.c: qmgr_queue_unthrottle, qmgr_queue_throttle;
 * qmgr/qmgr_feedback.c. The manual's pseudo-code (SCHEDULER_README) differs in
 * two comparisons.
 */
#ifndef MODELS_MTA_POSTFIX_WINDOW_H
#define MODELS_MTA_POSTFIX_WINDOW_H

#include "models/mta/postfix/parameters.h"

struct window {
    int size;                /* deliveries at a time; 0: dead */
    double success, failure; /* what is left of steps that were not whole */
    double fail_cohorts;
};

/* What rules the windows of a transport. */
struct window_rules {
    int initial;             /* at least 1 */
    int limit;               /* 0: none */
    int failed_cohort_limit; /* 0: never dead */
    struct postfix_feedback positive, negative;
};

/* As new. */
static inline void window_open(struct window *window, const struct window_rules *rules)
{
    *window = (struct window){.size = rules->initial};
}

/* The dead time is over, or somebody flushed. busy: deliveries under way. */
static inline void window_revive(struct window *window, const struct window_rules *rules, int busy)
{
    *window = (struct window){.size = busy > 0 ? busy : rules->initial};
}

static inline double window_step(const struct postfix_feedback *feedback, int size)
{
    return feedback->per_window ? feedback->base / size : feedback->base;
}

/*
 * A delivery ended, and the site was not to blame. busy: those under way, this one
 * too. Brings a dead one back to life.
 */
void window_good(struct window *window, const struct window_rules *rules, int busy);

/* The site was to blame. Whether that killed it; a dead one stays as it is. */
bool window_bad(struct window *window, const struct window_rules *rules);

#endif
