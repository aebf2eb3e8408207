/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/window.h - to be replaced
 */
#ifndef MODELS_MTA_POSTFIX_WINDOW_H
#define MODELS_MTA_POSTFIX_WINDOW_H

#include "models/mta/postfix/parameters.h"

struct window {
    int size;
    double success, failure, fail_cohorts;
};

struct window_rules {
    int initial;
    int limit;
    double failed_cohort_limit;
    struct postfix_feedback positive, negative;
};

static inline void window_open(struct window *w, const struct window_rules *r)
{
    *w = (struct window){.size = r->initial};
}

static inline double window_fb(struct postfix_feedback f, int size)
{
    return f.per_window ? f.base / size : f.base;
}

static inline void window_revive(struct window *w, const struct window_rules *r, int busy)
{
    *w = (struct window){.size = busy > 0 ? busy : r->initial};
}

static inline void window_good(struct window *w, const struct window_rules *r, int busy)
{
    w->fail_cohorts = 0;
    if (w->size == 0) {
        window_revive(w, r, busy);
        return;
    }
    if ((r->limit == 0 || r->limit > w->size) && w->size < busy + r->initial) {
        double fb = window_fb(r->positive, w->size);
        w->success += fb;
        while (w->success + fb / 2 >= 1) {
            w->size++;
            w->success -= 1;
            w->failure = 0;
            if (fb == 0)
                break;
        }
        if (r->limit > 0 && w->size > r->limit)
            w->size = r->limit;
    }
}

static inline bool window_bad(struct window *w, const struct window_rules *r)
{
    if (w->size == 0)
        return false;
    w->fail_cohorts += 1.0 / w->size;
    if (r->failed_cohort_limit > 0 && w->fail_cohorts >= r->failed_cohort_limit) {
        w->size = 0;
        return true;
    }
    double fb = window_fb(r->negative, w->size);
    w->failure -= fb;
    while (w->failure - fb / 2 < 0) {
        w->size--;
        w->success = 0;
        w->failure += 1;
    }
    if (w->size < 1)
        w->size = 1;
    return false;
}

#endif
