/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/experiment.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "models/scenario.h"
#include "tests/models/told.h"

#define RUNS 5

static struct results runs[RUNS];

/* Run r delivers r messages, after 1, 2, ... r seconds, and has a scan of 10 r. Run 0 has nothing.
 */
static void begin(void)
{
    for (int r = 0; r < RUNS; r++) {
        results_init(&runs[r]);
        for (int i = 1; i <= r; i++)
            tell_delivery(&runs[r], i);
        if (r > 0)
            tell_scan(&runs[r], 300, 0, 10 * (uint64_t)r);
    }
}

static void end(void)
{
    for (int r = 0; r < RUNS; r++)
        results_fini(&runs[r]);
}

TestSuite(experiment, .init = begin, .fini = end);

static struct interval figure_of(const struct experiment *experiment, const char *name)
{
    return experiment_figure(experiment, (size_t)(metric_find(name) - metrics));
}

Test(experiment, of_nothing_knows_nothing)
{
    struct experiment experiment = {0};

    cr_expect(isnan(figure_of(&experiment, "messages").mean));
    experiment_fini(&experiment);
}

Test(experiment, of_one_run_has_no_interval)
{
    struct experiment experiment;

    experiment_init(&experiment);
    experiment_add(&experiment, &runs[3]);
    struct interval it = figure_of(&experiment, "messages");
    cr_expect_eq(it.mean, 3);
    cr_expect(isnan(it.low) && isnan(it.high));
    experiment_fini(&experiment);
}

/* 1, 2, 3: mean 2, deviation 1; t(0.975, 2) = 4.302653, over sqrt 3: 2.484138. */
Test(experiment, has_the_mean_and_its_interval)
{
    struct experiment experiment;

    experiment_init(&experiment);
    for (int r = 1; r <= 3; r++)
        experiment_add(&experiment, &runs[r]);
    struct interval it = figure_of(&experiment, "messages");
    cr_expect_eq(experiment.figures.count, 3);
    cr_expect_float_eq(it.mean, 2, 1e-12);
    cr_expect_float_eq(it.low, 2 - 2.484138, 1e-6);
    cr_expect_float_eq(it.high, 2 + 2.484138, 1e-6);
    cr_expect_float_eq(figure_of(&experiment, "attempts_per_scan_max").mean, 20, 1e-12);
    experiment_fini(&experiment);
}

/* Run 0 delivered nothing: it has no delay, and none that is 0. */
Test(experiment, leaves_out_runs_that_have_no_such_figure)
{
    struct experiment experiment;

    experiment_init(&experiment);
    experiment_add(&experiment, &runs[0]);
    cr_expect(isnan(figure_of(&experiment, "delay_max").mean));
    experiment_add(&experiment, &runs[2]);
    cr_expect_eq(figure_of(&experiment, "delay_max").mean, 2);
    cr_expect(isnan(figure_of(&experiment, "delay_max").low));
    experiment_add(&experiment, &runs[4]);
    cr_expect_eq(figure_of(&experiment, "delay_max").mean, 3);
    cr_expect_eq(figure_of(&experiment, "messages").mean, 2);
    experiment_fini(&experiment);
}

/* ------------------------------------------------------------------- ages */

static size_t age_number(uint64_t ms)
{
    size_t i = 0;

    while (experiment_age(i) < ms)
        i++;
    cr_assert_eq(experiment_age(i), ms);
    return i;
}

Test(experiment, has_ages_from_a_tenth_of_a_second_to_a_million_in_steps_of_about_a_tenth)
{
    cr_expect_eq(experiment_age(0), 100);
    cr_expect_eq(experiment_age(23), 910);
    cr_expect_eq(experiment_age(24), 1000);
    cr_expect_eq(experiment_age(EXPERIMENT_AGES - 1), 1000000000);
    for (size_t i = 1; i < EXPERIMENT_AGES; i++) {
        double step = (double)experiment_age(i) / (double)experiment_age(i - 1);
        cr_expect(step > 1.06 && step < 1.16, "age %zu: %g", i, step);
    }
}

Test(experiment, knows_no_age_beyond_the_last, .exit_code = 70)
{
    experiment_age(EXPERIMENT_AGES);
}

/*
 * Two replications of two recipients: one delivers one after 1 s, the other one after 1 s and one
 * after 100 s. By 1.1 s: 1/2 of each, no doubt; of the delivered 1 and 1/2. By 100 s: 1/2 and 1,
 * mean 3/4, deviation sqrt(1/8); t(0.975, 1) = 12.706205, over sqrt 2: 3.176551.
 */
Test(experiment, has_the_share_delivered_by_an_age_and_its_interval)
{
    static const struct message message;
    struct experiment experiment;
    struct experiment_share share;

    tell_arrival(&runs[1], &message, 1);
    results_fini(&runs[2]);
    results_init(&runs[2]);
    tell_delivery(&runs[2], 1);
    tell_delivery(&runs[2], 100);
    experiment_init(&experiment);
    experiment_add(&experiment, &runs[1]);
    experiment_add(&experiment, &runs[2]);
    share = experiment_share(&experiment, age_number(910));
    cr_expect(share.delivered.mean == 0 && share.delivered.high == 0);
    share = experiment_share(&experiment, age_number(1100));
    cr_expect(share.delivered.mean == 0.5 && share.delivered.low == 0.5);
    cr_expect_eq(share.of_delivered.mean, 0.75);
    share = experiment_share(&experiment, age_number(91000));
    cr_expect_eq(share.delivered.mean, 0.5);
    share = experiment_share(&experiment, age_number(100000));
    cr_expect_float_eq(share.delivered.mean, 0.75, 1e-12);
    cr_expect_float_eq(share.delivered.low, 0.75 - 3.176551, 1e-6);
    cr_expect_float_eq(share.delivered.high, 0.75 + 3.176551, 1e-6);
    cr_expect(share.of_delivered.mean == 1 && share.of_delivered.low == 1);
    experiment_fini(&experiment);
}

/* Of no mail there is no share; of mail that nobody got, none of the delivered. */
Test(experiment, has_no_share_of_nothing)
{
    static const struct message message;
    struct experiment experiment;

    experiment_init(&experiment);
    experiment_add(&experiment, &runs[0]);
    cr_expect(isnan(experiment_share(&experiment, 5).delivered.mean));
    tell_arrival(&runs[0], &message, 1);
    experiment_add(&experiment, &runs[0]);
    cr_expect_eq(experiment_share(&experiment, 5).delivered.mean, 0);
    cr_expect(isnan(experiment_share(&experiment, 5).delivered.low));
    cr_expect(isnan(experiment_share(&experiment, 5).of_delivered.mean));
    experiment_fini(&experiment);
}

/* ------------------------------------------------------------------ total */

static void expect_same_histogram(const struct histogram *a, const struct histogram *b)
{
    cr_expect(a->count == b->count && a->sum == b->sum && a->min == b->min && a->max == b->max);
    cr_assert(a->buckets != NULL && b->buckets != NULL);
    cr_expect_eq(memcmp(a->buckets, b->buckets, HISTOGRAM_BUCKETS * sizeof *a->buckets), 0);
}

static void expect_same(const struct results *a, const struct results *b)
{
    for (const struct metric *metric = metrics; metric->name != NULL; metric++) {
        double x = metric->value(a), y = metric->value(b);
        cr_expect(x == y || (isnan(x) && isnan(y)), "%s: %g, %g", metric->name, x, y);
    }
    expect_same_histogram(&a->delay, &b->delay);
    expect_same_histogram(&a->attempts_per_scan, &b->attempts_per_scan);
    expect_same_histogram(&a->attempts_per_message, &b->attempts_per_message);
}

static void merge(struct results *into, const int *order)
{
    results_init(into);
    for (int i = 0; i < RUNS; i++)
        results_merge(into, &runs[order[i]]);
}

/* As parts that ran on several threads may come in. */
Test(experiment, adds_up_the_same_in_any_order)
{
    static const int orders[][RUNS] = {{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 0, 4, 1, 3}};
    struct results first, other;

    merge(&first, orders[0]);
    for (size_t i = 1; i < COUNT_OF(orders); i++) {
        merge(&other, orders[i]);
        expect_same(&first, &other);
        results_fini(&other);
    }
    results_fini(&first);
}

/* ((1 + 2) + (3 + 4)) is ((((0 + 1) + 2) + 3) + 4). */
Test(experiment, adds_up_the_same_in_parts)
{
    struct results whole, low, high;
    static const int order[] = {0, 1, 2, 3, 4};

    merge(&whole, order);
    results_init(&low);
    results_init(&high);
    results_merge(&low, &runs[1]);
    results_merge(&low, &runs[2]);
    results_merge(&high, &runs[3]);
    results_merge(&high, &runs[4]);
    results_merge(&low, &high);
    expect_same(&whole, &low);
    results_fini(&whole);
    results_fini(&low);
    results_fini(&high);
}

/* 10 deliveries in all; queues stood beside each other, they do not add up. */
Test(experiment, has_the_total_of_its_runs)
{
    struct experiment experiment;

    experiment_init(&experiment);
    for (int r = 0; r < RUNS; r++)
        experiment_add(&experiment, &runs[r]);
    cr_expect_eq(figure(&experiment.total, "messages"), 10);
    cr_expect_eq(figure(&experiment.total, "delivered"), 10);
    cr_expect_eq(figure(&experiment.total, "delivered_at_once"), 10);
    cr_expect_eq(figure(&experiment.total, "attempts"), 10);
    cr_expect_eq(figure(&experiment.total, "delay_max"), 4);
    cr_expect_eq(figure(&experiment.total, "attempts_per_scan_max"), 40);
    experiment_fini(&experiment);
}

/* Every figure that is a sum: the total of two copies is twice the one. */
Test(experiment, forgets_no_figure)
{
    struct results twice;
    struct message message = {.activations = 1};
    struct message warned = {.number = 1, .activations = 2, .warned = 1};
    struct message notice = {.notice = 1, .activations = 1};
    struct scenario scenario;

    scenario_init(&scenario);
    *scenario_add_class(&scenario, "late") = (struct class_spec){.deadline = 1, .late = 9};
    scenario_add_traffic(&scenario, "mail")->class = 1;
    runs[4].observer.ops->begun(&runs[4].observer, &scenario);
    tell_arrival(&runs[4], &message, 6);
    tell_arrival(&runs[4], &notice, 1);
    tell_notice(&runs[4], &message, 5, NOTICE_DELAY, 1);
    tell_notice(&runs[4], &message, 5, NOTICE_NON_DELIVERY, 1);
    tell_end(&runs[4], &message, 5, "sdbud", FATE_DEFERRED, (struct tally){.sent = 1});
    tell_left(&runs[4], &message,
              (struct tally){.bounced = 2, .expired = 1, .deleted = 1, .queued = 1});
    tell_arrival(&runs[4], &warned, 1);
    tell_end(&runs[4], &warned, 5, "s", FATE_REMOVED, (struct tally){.sent = 1});
    tell_flush(&runs[4], 5, 1, 6);
    tell_death(&runs[4], 5);
    tell_peaks(&runs[4], 1, 1);
    results_init(&twice);
    results_merge(&twice, &runs[4]);
    results_merge(&twice, &runs[4]);
    for (const struct metric *metric = metrics; metric->name != NULL; metric++) {
        bool is_sum = strcmp(metric->unit, "s") != 0 && strstr(metric->name, "_max") == NULL;
        double once = metric->value(&runs[4]);
        cr_expect(once > 0, "%s", metric->name);
        cr_expect_eq(metric->value(&twice), is_sum ? 2 * once : once, "%s", metric->name);
    }
    results_fini(&twice);
    scenario_fini(&scenario);
}
