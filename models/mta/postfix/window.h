/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/window.h - how many deliveries a destination may have at a time
 *
 * A destination's window grows with deliveries that its site did not fail, and
 * shrinks with those that it did; as many failures in a row as fill
 * failed_cohort_limit windows leave it dead: nothing is delivered there until
 * it is revived. The order of the arithmetic is Postfix's, and so is each bit of
 * the result.
 *
 * When to forget a window (its destination has no mail in the active queue and
 * is not dead) and when to revive a dead one is the caller's affair.
 *
 * Source: qmgr/qmgr_queue.c: qmgr_queue_throttle, qmgr_queue_unthrottle.
 */
#ifndef MODELS_MTA_POSTFIX_WINDOW_H
#define MODELS_MTA_POSTFIX_WINDOW_H

#include "models/mta/postfix/parameters.h"

/* A destination's window, and the feedback that moves it. */
struct window {
    int size;            /* deliveries at a time; 0: dead */
    double success;      /* towards one more */
    double failure;      /* below 0: one less */
    double fail_cohorts; /* windows filled with failures since the latest good delivery */
};

/* What rules the windows of a transport. */
struct window_rules {
    int initial;             /* at least 1; where there is a limit, not above it */
    int limit;               /* 0: none; below 0: no window grows */
    int failed_cohort_limit; /* 0 or less: never dead */
    struct postfix_feedback positive, negative;
};

/* As a destination has it that had no mail in the active queue. */
static inline void window_open(struct window *window, const struct window_rules *rules)
{
    *window = (struct window){.size = rules->initial};
}

static inline bool window_is_dead(const struct window *window)
{
    return window->size == 0;
}

/*
 * The dead time is over, or was ended; `busy` deliveries, handed over before, are under way.
 * Nothing happens where it is not dead.
 */
void window_revive(struct window *window, const struct window_rules *rules, int busy);

/* A step of growth, for window_good(). */
void window_grow(struct window *window, const struct window_rules *rules);

/*
 * A delivery ended without a failure of the site, whatever became of the mail. `busy` deliveries
 * are under way, this one counted. Revives a dead window.
 */
static inline void window_good(struct window *window, const struct window_rules *rules, int busy)
{
    window->fail_cohorts = 0;
    if (window_is_dead(window))
        window_revive(window, rules, busy);
    else if ((rules->limit == 0 || rules->limit > window->size)
             && window->size < busy + rules->initial)
        window_grow(window, rules);
}

/* The site failed a delivery. Returns whether that killed it; a dead one stays as it is. */
bool window_bad(struct window *window, const struct window_rules *rules);

#endif
