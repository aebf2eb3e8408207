/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Destination windows: spec 4.4. */
#include "models/mta/postfix/window.h"

#include <criterion/criterion.h>
#include <stdint.h>

#define AT_ONCE                                                                                    \
    {                                                                                              \
        1, false                                                                                   \
    }
#define BY_WINDOW                                                                                  \
    {                                                                                              \
        1, true                                                                                    \
    }

static const struct window_rules defaults = {5, 20, 1, AT_ONCE, AT_ONCE};
static const struct window_rules smooth = {5, 20, 1, BY_WINDOW, BY_WINDOW};

static struct window opened(const struct window_rules *rules)
{
    struct window window;

    window_open(&window, rules);
    return window;
}

static void expect_window(const struct window *window, int size, double success, double failure,
                          double fail_cohorts)
{
    cr_expect_eq(window->size, size, "size %d", window->size);
    cr_expect_float_eq(window->success, success, 1e-12, "success %g", window->success);
    cr_expect_float_eq(window->failure, failure, 1e-12, "failure %g", window->failure);
    cr_expect_float_eq(window->fail_cohorts, fail_cohorts, 1e-12, "fail_cohorts %g",
                       window->fail_cohorts);
}

/* That many failures, and not one less, kill a fresh window. */
static void expect_failures(struct window_rules rules, int initial, int failures)
{
    rules.initial = initial;
    struct window window = opened(&rules);

    for (int i = 1; i < failures; i++) {
        cr_expect_not(window_bad(&window, &rules), "from %d: failure %d", initial, i);
        cr_expect_gt(window.size, 0);
    }
    cr_expect(window_bad(&window, &rules), "from %d: failure %d", initial, failures);
    cr_expect(window_is_dead(&window));
}

Test(window, a_fresh_one_has_the_initial_size_and_no_history)
{
    struct window window = {9, 1, 1, 1};

    window_open(&window, &defaults);
    expect_window(&window, 5, 0, 0, 0);
}

Test(window, three_failures_kill_a_fresh_one)
{
    struct window window = opened(&defaults);

    cr_expect_not(window_bad(&window, &defaults));
    expect_window(&window, 3, 0, 1, 0.2);
    cr_expect_not(window_bad(&window, &defaults));
    expect_window(&window, 2, 0, 1, 0.2 + 1 / 3.0);
    cr_expect(window_bad(&window, &defaults));
    expect_window(&window, 0, 0, 1, 0.2 + 1 / 3.0 + 0.5);
}

Test(window, the_larger_the_more_failures_it_takes)
{
    expect_failures(defaults, 20, 13);
    expect_failures(defaults, 10, 7);
    expect_failures(defaults, 5, 3);
    expect_failures(defaults, 3, 2);
    expect_failures(defaults, 2, 2);
    expect_failures(defaults, 1, 1);
}

Test(window, feedback_by_the_window_takes_as_many_failures_as_it_is_large)
{
    expect_failures(smooth, 5, 5);
    expect_failures(smooth, 20, 20);
}

Test(window, feedback_by_the_window_shrinks_it_once_at_the_start_of_a_cycle)
{
    struct window window = opened(&smooth);

    window_bad(&window, &smooth);
    expect_window(&window, 4, 0, 0.8, 0.2);
    window_bad(&window, &smooth);
    expect_window(&window, 4, 0, 0.55, 0.45);
    window_bad(&window, &smooth);
    expect_window(&window, 4, 0, 0.3, 0.7);
    window_bad(&window, &smooth);
    expect_window(&window, 3, 0, 1.05, 0.95);
    cr_expect(window_bad(&window, &smooth));
}

Test(window, ten_cohorts_take_twelve_failures)
{
    struct window_rules rules = defaults;

    rules.failed_cohort_limit = 10;
    expect_failures(rules, 5, 12);
}

Test(window, without_a_cohort_limit_it_shrinks_to_one_and_stays_alive)
{
    struct window_rules rules = defaults;
    struct window window = opened(&rules);

    rules.failed_cohort_limit = 0;
    for (int i = 0; i < 100; i++)
        cr_expect_not(window_bad(&window, &rules));
    expect_window(&window, 1, 0, 1, 0.2 + 1 / 3.0 + 0.5 + 97);
    rules.failed_cohort_limit = -1;
    cr_expect_not(window_bad(&window, &rules));
}

Test(window, a_limit_reached_to_the_bit_kills)
{
    struct window_rules rules = {4, 20, 1, AT_ONCE, {0, false}};

    expect_failures(rules, 4, 4); /* 1/4 four times */
}

Test(window, a_dead_one_cannot_fail)
{
    struct window window = {0, 0, 1, 1.5};

    cr_expect_not(window_bad(&window, &defaults));
    expect_window(&window, 0, 0, 1, 1.5);
}

Test(window, any_good_delivery_forgets_the_failed_cohorts)
{
    struct window window = opened(&defaults);

    window_bad(&window, &defaults);
    window_bad(&window, &defaults);
    window_good(&window, &defaults, 1);
    expect_window(&window, 3, 0, 0, 0);
    window.size = 20;
    window.fail_cohorts = 0.5;
    window_good(&window, &defaults, 20);
    expect_window(&window, 20, 0, 0, 0);
}

Test(window, a_step_of_growth_restarts_the_cycle_of_failures)
{
    struct window window = opened(&defaults);

    window_bad(&window, &defaults); /* 3, failure 1 */
    window_good(&window, &defaults, 5);
    expect_window(&window, 4, 0, 0, 0);
    window_bad(&window, &defaults);
    expect_window(&window, 2, 0, 1, 0.25);
}

Test(window, a_step_back_restarts_the_cycle_of_successes)
{
    struct window window = opened(&smooth);

    window_good(&window, &smooth, 5);
    window_good(&window, &smooth, 5);
    expect_window(&window, 5, 0.4, 0, 0);
    window_bad(&window, &smooth);
    expect_window(&window, 4, 0, 0.8, 0.2);
}

Test(window, good_deliveries_between_steps_leave_the_cycle_of_failures)
{
    struct window window = opened(&smooth);

    window_bad(&window, &smooth);
    window_good(&window, &smooth, 5);
    expect_window(&window, 4, 0.25, 0.8, 0);
}

Test(window, a_busy_one_grows_to_the_limit)
{
    struct window window = opened(&defaults);

    for (int size = 5; size < 20; size++) {
        expect_window(&window, size, 0, 0, 0);
        window_good(&window, &defaults, size);
    }
    expect_window(&window, 20, 0, 0, 0);
    window_good(&window, &defaults, 20);
    expect_window(&window, 20, 0, 0, 0);
}

Test(window, limits_of_one_ten_and_none_hold)
{
    static const struct {
        int initial, limit, size;
    } rows[] = {{1, 1, 1}, {5, 10, 10}, {5, 0, 105}, {5, -1, 5}};

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct window_rules rules = {rows[i].initial, rows[i].limit, 1, AT_ONCE, AT_ONCE};
        struct window window = opened(&rules);
        for (int n = 0; n < 100; n++)
            window_good(&window, &rules, window.size);
        cr_expect_eq(window.size, rows[i].size, "limit %d: %d", rows[i].limit, window.size);
    }
}

Test(window, an_idle_one_does_not_grow_ahead_of_its_deliveries)
{
    struct window window = opened(&defaults);

    window_good(&window, &defaults, 1);
    expect_window(&window, 6, 0, 0, 0);
    window_good(&window, &defaults, 1); /* 6 of 1 + 5 */
    expect_window(&window, 6, 0, 0, 0);
    window_good(&window, &defaults, 2);
    expect_window(&window, 7, 0, 0, 0);
}

Test(window, feedback_by_the_window_grows_it_once_in_so_many)
{
    struct window window = opened(&smooth);

    for (int i = 1; i <= 4; i++) {
        window_good(&window, &smooth, 5);
        expect_window(&window, 5, 0.2 * i, 0, 0);
    }
    window_good(&window, &smooth, 5);
    expect_window(&window, 6, 0, 0, 0);
}

/* Ten tenths make 1 - 2^-53. */
Test(window, rounding_does_not_put_a_step_off)
{
    struct window window = {.size = 10};

    for (int i = 0; i < 9; i++)
        window_good(&window, &smooth, 10);
    cr_expect_eq(window.size, 10);
    window_good(&window, &smooth, 10);
    cr_expect_eq(window.size, 11);
    cr_expect_eq(window.success, -0x1p-53, "%a", window.success);
}

Test(window, half_a_step_short_is_enough_to_grow_and_not_to_shrink)
{
    static const struct window_rules rules = {5, 20, 0, {0.5, false}, {0.5, false}};
    struct window window = {.size = 5, .success = 0.25};

    window_good(&window, &rules, 5); /* 0.75 + 0.25 */
    expect_window(&window, 6, -0.25, 0, 0);
    window = (struct window){.size = 4, .failure = 0.75};
    window_bad(&window, &rules); /* 0.25 - 0.25 */
    expect_window(&window, 4, 0, 0.25, 0.25);
}

Test(window, no_feedback_leaves_the_size_alone)
{
    static const struct window_rules rules = {5, 20, 0, {0, false}, {0, true}};
    struct window window = opened(&rules);

    for (int i = 0; i < 50; i++) {
        window_good(&window, &rules, 5);
        window_bad(&window, &rules);
    }
    expect_window(&window, 5, 0, 0, 0.2);
}

Test(window, its_time_over_a_dead_one_starts_afresh)
{
    struct window window = {0, 0.5, 1, 1.5};

    window_revive(&window, &defaults, 0);
    expect_window(&window, 5, 0, 0, 0);
}

Test(window, its_time_over_it_is_as_large_as_what_is_under_way)
{
    struct window window = {0, 0.5, 1, 1.5};

    window_revive(&window, &defaults, 2);
    expect_window(&window, 2, 0, 0, 0);
}

Test(window, a_good_delivery_revives_a_dead_one_and_does_not_make_it_grow)
{
    struct window window = {0, 0.5, 1, 1.5};

    window_good(&window, &defaults, 1);
    expect_window(&window, 1, 0, 0, 0);
}

Test(window, one_that_is_alive_cannot_be_revived)
{
    struct window window = {3, 0.5, 1, 0.2};

    window_revive(&window, &defaults, 2);
    expect_window(&window, 3, 0.5, 1, 0.2);
}

/* Spec 4.4, statement by statement: what window.c leaves out must not matter. */
static double spec_step(struct postfix_feedback feedback, int window)
{
    return feedback.per_window ? feedback.base / window : feedback.base;
}

static void spec_good(struct window *queue, const struct window_rules *rules, int busy)
{
    queue->fail_cohorts = 0;
    if (queue->size == 0) {
        queue->size = busy > 0 ? busy : rules->initial;
        queue->success = queue->failure = 0;
        return;
    }
    if (rules->limit == 0 || rules->limit > queue->size)
        if (queue->size < busy + rules->initial) {
            double feedback = spec_step(rules->positive, queue->size);
            queue->success += feedback;
            while (queue->success + feedback / 2 >= 1) {
                queue->size += 1;
                queue->success -= 1;
                queue->failure = 0;
            }
            if (rules->limit > 0 && queue->size > rules->limit)
                queue->size = rules->limit;
        }
}

static void spec_bad(struct window *queue, const struct window_rules *rules)
{
    if (queue->size > 0) {
        queue->fail_cohorts += 1.0 / queue->size;
        if (rules->failed_cohort_limit > 0 && queue->fail_cohorts >= rules->failed_cohort_limit)
            queue->size = 0;
    }
    if (queue->size > 0) {
        double feedback = spec_step(rules->negative, queue->size);
        queue->failure -= feedback;
        while (queue->failure - feedback / 2 < 0) {
            queue->size -= 1;
            queue->success = 0;
            queue->failure += 1;
        }
        if (queue->size < 1)
            queue->size = 1;
    }
}

static void expect_as_specified(const struct window_rules *rules, uint32_t luck)
{
    struct window window = opened(rules), spec = window;

    for (int i = 0; i < 1000; i++) {
        luck = luck * 1664525u + 1013904223u;
        int busy = 1 + (int)(luck >> 24) % 25;
        if ((luck >> 16) % 100 < 60) {
            window_good(&window, rules, busy);
            spec_good(&spec, rules, busy);
        } else {
            bool alive = spec.size > 0;
            spec_bad(&spec, rules);
            cr_assert_eq(window_bad(&window, rules), alive && spec.size == 0);
        }
        cr_assert_eq(window.size, spec.size, "event %d", i);
        cr_assert(window.success == spec.success, "event %d", i);
        cr_assert(window.failure == spec.failure, "event %d", i);
        cr_assert(window.fail_cohorts == spec.fail_cohorts, "event %d", i);
    }
}

Test(window, moves_by_the_spec_to_the_bit)
{
    static const double bases[] = {0, 0.001, 0.1, 0.3, 0.5, 0.7, 0.99, 1};
    static const int limits[] = {0, 1, 2, 7, 20}, cohorts[] = {0, 1, 3};

    for (size_t up = 0; up < 2 * COUNT_OF(bases); up++)
        for (size_t down = 0; down < 2 * COUNT_OF(bases); down++)
            for (size_t i = 0; i < COUNT_OF(limits) * COUNT_OF(cohorts); i++) {
                struct window_rules rules = {
                    .limit = limits[i % COUNT_OF(limits)],
                    .failed_cohort_limit = cohorts[i / COUNT_OF(limits)],
                    .positive = {bases[up / 2], up % 2},
                    .negative = {bases[down / 2], down % 2},
                };
                rules.initial = rules.limit == 0 || rules.limit > 5 ? 5 : rules.limit;
                expect_as_specified(&rules, (uint32_t)(up * 1000 + down * 16 + i));
            }
}
