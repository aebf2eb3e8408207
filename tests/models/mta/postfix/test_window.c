/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window and its feedback, worked by hand from qmgr/qmgr_queue.c. */
#include "models/mta/postfix/window.h"

#include <criterion/criterion.h>

static const struct window_rules stock = {.initial = 5,
                                          .limit = 20,
                                          .failed_cohort_limit = 1,
                                          .positive = {1, false},
                                          .negative = {1, false}};

static struct window opened(const struct window_rules *rules)
{
    struct window window;

    window_open(&window, rules);
    return window;
}

/* How many failures in a row it takes to die from `size`; 1000: it does not. */
static int failures_from(int size, struct window_rules rules)
{
    struct window window = {.size = size};

    for (int n = 1; n < 1000; n++) {
        if (window_bad(&window, &rules))
            return n;
    }
    return 1000;
}

static void expect_window(const struct window *window, int size, double success, double failure,
                          double fail_cohorts)
{
    cr_expect_eq(window->size, size, "%d", window->size);
    cr_expect_float_eq(window->success, success, 1e-12, "%g", window->success);
    cr_expect_float_eq(window->failure, failure, 1e-12, "%g", window->failure);
    cr_expect_float_eq(window->fail_cohorts, fail_cohorts, 1e-12, "%g", window->fail_cohorts);
}

/* 1/5, + 1/3, + 1/2: the first failure takes two, the others one. */
Test(window, three_failures_kill_a_fresh_one)
{
    struct window window = opened(&stock);

    cr_expect_not(window_bad(&window, &stock));
    expect_window(&window, 3, 0, 1, 0.2);
    cr_expect_not(window_bad(&window, &stock));
    expect_window(&window, 2, 0, 1, 0.2 + 1.0 / 3);
    cr_expect(window_bad(&window, &stock));
    cr_expect_eq(window.size, 0);
    cr_expect_float_eq(window.fail_cohorts, 0.2 + 1.0 / 3 + 0.5, 1e-12);
}

Test(window, a_dead_one_does_not_die_again)
{
    struct window window = {.fail_cohorts = 1.5};

    cr_expect_not(window_bad(&window, &stock));
    cr_expect_eq(window.fail_cohorts, 1.5);
}

Test(window, larger_ones_take_more_failures)
{
    cr_expect_eq(failures_from(20, stock), 13);
    cr_expect_eq(failures_from(10, stock), 7);
    cr_expect_eq(failures_from(5, stock), 3);
    cr_expect_eq(failures_from(3, stock), 2);
    cr_expect_eq(failures_from(2, stock), 2);
    cr_expect_eq(failures_from(1, stock), 1);
}

Test(window, feedback_by_concurrency_takes_a_whole_cohort)
{
    struct window_rules rules = stock;

    rules.negative.per_window = true;
    cr_expect_eq(failures_from(5, rules), 5);
    cr_expect_eq(failures_from(20, rules), 20);
}

Test(window, the_limit_of_cohorts_is_patience)
{
    struct window_rules rules = stock;

    rules.failed_cohort_limit = 10;
    cr_expect_eq(failures_from(5, rules), 12);
    rules.failed_cohort_limit = 0;
    cr_expect_eq(failures_from(5, rules), 1000);
}

Test(window, never_closes_but_by_death)
{
    struct window_rules rules = stock;
    struct window window = {.size = 1};

    rules.failed_cohort_limit = 0;
    window_bad(&window, &rules);
    cr_expect_eq(window.size, 1);
}

Test(window, one_success_forgives_all)
{
    struct window window = opened(&stock);

    window_bad(&window, &stock);
    window_bad(&window, &stock);
    window_good(&window, &stock, 1);
    expect_window(&window, 3, 0, 0, 0);
}

/* It grows while it is smaller than what is under way and the initial one together. */
Test(window, grows_with_what_is_under_way)
{
    struct window window = opened(&stock);

    window_good(&window, &stock, 1);
    cr_expect_eq(window.size, 6);
    window_good(&window, &stock, 1);
    cr_expect_eq(window.size, 6);
    window_good(&window, &stock, 2);
    cr_expect_eq(window.size, 7);
}

Test(window, grows_to_its_limit_if_it_has_one)
{
    struct window_rules rules = stock;
    struct window window = opened(&rules);

    for (int i = 0; i < 40; i++)
        window_good(&window, &rules, 40);
    cr_expect_eq(window.size, 20);
    rules.limit = 0;
    for (int i = 0; i < 40; i++)
        window_good(&window, &rules, 100);
    cr_expect_eq(window.size, 60);
}

/* 1/5 + 1/5 ...: the sum and half a step reach 1 after the fifth. */
Test(window, positive_feedback_by_concurrency_takes_as_many_successes)
{
    struct window_rules rules = stock;
    struct window window = opened(&rules);
    int successes = 0;

    rules.positive.per_window = true;
    for (; window.size == 5; successes++)
        window_good(&window, &rules, 5);
    cr_expect_eq(successes, 5);
}

Test(window, revives_to_what_is_under_way_or_as_new)
{
    struct window window = {.fail_cohorts = 1.2, .failure = 1};

    window_revive(&window, &stock, 3);
    expect_window(&window, 3, 0, 0, 0);
    window = (struct window){.fail_cohorts = 1.2};
    window_revive(&window, &stock, 0);
    expect_window(&window, 5, 0, 0, 0);
    window = (struct window){.fail_cohorts = 1.2};
    window_good(&window, &stock, 2);
    expect_window(&window, 2, 0, 0, 0);
}
