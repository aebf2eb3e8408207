/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/window.h"

static double step(const struct postfix_feedback *feedback, int size)
{
    return feedback->per_window ? feedback->base / size : feedback->base;
}

void window_revive(struct window *window, const struct window_rules *rules, int busy)
{
    if (window_is_dead(window))
        *window = (struct window){.size = busy > 0 ? busy : rules->initial};
}

/*
 * The half step forgives what many steps lack of a whole by rounding. A step is at most 1, so the
 * window is at most one larger: Postfix's precautions against more can change nothing.
 */
void window_grow(struct window *window, const struct window_rules *rules)
{
    double feedback = step(&rules->positive, window->size);

    window->success += feedback;
    if (window->success + feedback / 2 >= 1) {
        window->size += 1;
        window->success -= 1;
        window->failure = 0;
    }
}

/* It shrinks at the start of a cycle, not at its end: by 2 at the first failure, at a step of 1. */
static void shrink(struct window *window, const struct window_rules *rules)
{
    double feedback = step(&rules->negative, window->size);

    window->failure -= feedback;
    while (window->failure - feedback / 2 < 0) {
        window->size -= 1;
        window->success = 0;
        window->failure += 1;
    }
    if (window->size < 1)
        window->size = 1;
}

bool window_bad(struct window *window, const struct window_rules *rules)
{
    if (window_is_dead(window))
        return false;
    window->fail_cohorts += 1.0 / window->size;
    if (rules->failed_cohort_limit > 0 && window->fail_cohorts >= rules->failed_cohort_limit) {
        window->size = 0;
        return true;
    }
    shrink(window, rules);
    return false;
}
