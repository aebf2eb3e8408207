/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/window.h"

static void grow(struct window *window, const struct window_rules *rules)
{
    double step = window_step(&rules->positive, window->size);

    window->success += step;
    while (window->success + step / 2 >= 1) {
        window->size++;
        window->success -= 1;
        window->failure = 0;
    }
    if (rules->limit > 0 && window->size > rules->limit)
        window->size = rules->limit;
}

void window_good(struct window *window, const struct window_rules *rules, int busy)
{
    window->fail_cohorts = 0;
    if (window->size == 0) {
        window_revive(window, rules, busy);
        return;
    }
    bool may_grow = rules->limit == 0 || rules->limit > window->size;
    if (may_grow && window->size < busy + rules->initial)
        grow(window, rules);
}

static void shrink(struct window *window, const struct window_rules *rules)
{
    double step = window_step(&rules->negative, window->size);

    window->failure -= step;
    while (window->failure - step / 2 < 0) {
        window->size--;
        window->success = 0;
        window->failure += 1;
    }
    if (window->size < 1)
        window->size = 1;
}

bool window_bad(struct window *window, const struct window_rules *rules)
{
    if (window->size == 0)
        return false;
    window->fail_cohorts += 1.0 / window->size;
    if (rules->failed_cohort_limit > 0 && window->fail_cohorts >= rules->failed_cohort_limit) {
        window->size = 0;
        return true;
    }
    shrink(window, rules);
    return false;
}
