/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classes of mail, told by hand what happened: "fast" is late after 10 s, "slow" never, and mail of
 * traffic 2 has no class. */
#include "models/classes.h"

#include <criterion/criterion.h>
#include <math.h>

#include "models/scenario.h"
#include "tests/models/told.h"

#define FAST 0
#define SLOW 1
#define NONE 2

static struct scenario scenario;
static struct results results;

static void add_traffic(uint32_t class)
{
    scenario_add_traffic(&scenario, "mail")->class = class;
}

static void begin(void)
{
    scenario_init(&scenario);
    *scenario_add_class(&scenario, "fast") =
        (struct class_spec){.deadline = 10 * SIM_SECOND, .value = 1, .late = 0.25, .lost = -2};
    scenario_add_class(&scenario, "slow");
    add_traffic(1);
    add_traffic(2);
    add_traffic(0);
    results_init(&results);
}

static void end(void)
{
    results_fini(&results);
    scenario_fini(&scenario);
}

TestSuite(classes, .init = begin, .fini = end);

static void tell_beginning(struct results *of)
{
    of->observer.ops->begun(&of->observer, &scenario);
}

/* A message of that traffic to one recipient, delivered after so many seconds. */
static void tell_mail(struct results *of, unsigned traffic, double delay)
{
    const struct message message = {
        .arrival = 100 * SIM_SECOND, .traffic = traffic & 0xffff, .activations = 1};

    tell_arrival(of, &message, 1);
    tell_end(of, &message, 100 + delay, "s", FATE_REMOVED, (struct tally){.sent = 1});
}

static const struct class_sum *sum(size_t number)
{
    cr_assert_lt(number, results.classes.count);
    return &results.classes.list[number];
}

Test(classes, are_unknown_where_the_scenario_has_none)
{
    struct scenario plain;

    scenario_init(&plain);
    results.observer.ops->begun(&results.observer, &plain);
    cr_expect_eq(results.classes.count, 0);
    cr_expect(isnan(classes_late(&results.classes)) && isnan(classes_utility(&results.classes)));
    tell_mail(&results, FAST, 11);
    tell_finished(&results);
    cr_expect(isnan(figure(&results, "late")) && isnan(figure(&results, "utility")));
    scenario_fini(&plain);
}

Test(classes, of_a_run_without_mail_have_nothing_late)
{
    tell_beginning(&results);
    cr_expect_eq(results.classes.count, 3);
    cr_expect_eq(figure(&results, "late"), 0);
    cr_expect_eq(figure(&results, "utility"), 0);
    cr_expect(!signbit(figure(&results, "utility")), "a zero has no sign");
}

/* What is delivered at the deadline is in time. */
Test(classes, are_late_after_the_deadline)
{
    tell_beginning(&results);
    tell_mail(&results, FAST, 9);
    tell_mail(&results, FAST, 10);
    tell_mail(&results, FAST, 10.000001);
    tell_mail(&results, FAST, 5000);
    tell_finished(&results);
    cr_expect_eq(sum(1)->fates.delivered, 4);
    cr_expect_eq(sum(1)->late, 2);
    cr_expect_eq(figure(&results, "late"), 2);
    cr_expect_eq(figure(&results, "utility"), 2 + 2 * 0.25);
}

Test(classes, without_a_deadline_are_never_late)
{
    tell_beginning(&results);
    tell_mail(&results, SLOW, 1e6);
    tell_mail(&results, NONE, 1e6);
    cr_expect_eq(figure(&results, "late"), 0);
    cr_expect_eq(sum(2)->fates.delivered, 1);
    cr_expect_eq(sum(0)->fates.delivered, 1);
    cr_expect_eq(figure(&results, "utility"), 1, "slow is worth 1 by default, no class nothing");
}

/* One to five recipients, of which each came to another end: 1 - 2 - 2, and nothing for the rest.
 */
Test(classes, value_recipients_by_what_became_of_them)
{
    const struct message gone = {.several = 1, .activations = 1};
    const struct message left = {.number = 1, .activations = 1};

    tell_beginning(&results);
    tell_arrival(&results, &gone, 4);
    tell_end(&results, &gone, 1, "sbdd", FATE_EXPIRED,
             (struct tally){.sent = 1, .bounced = 1, .expired = 1, .deleted = 1});
    tell_arrival(&results, &left, 1);
    tell_left(&results, &left, (struct tally){.queued = 1});
    tell_finished(&results);
    cr_expect_eq(sum(1)->recipients, 5);
    cr_expect_eq(sum(1)->fates.delivered, 1);
    cr_expect_eq(sum(1)->fates.delivered_at_once, 1);
    cr_expect_eq(sum(1)->fates.bounced, 1);
    cr_expect_eq(sum(1)->fates.expired, 1);
    cr_expect_eq(sum(1)->fates.deleted, 1);
    cr_expect_eq(sum(1)->fates.queued, 1);
    cr_expect_eq(class_sum_utility(sum(1)), -3);
    cr_expect_eq(sum(2)->recipients + sum(0)->recipients, 0);
}

Test(classes, do_not_count_notices)
{
    const struct message notice = {.traffic = FAST, .notice = 1, .activations = 1};

    tell_beginning(&results);
    tell_arrival(&results, &notice, 1);
    tell_end(&results, &notice, 1000, "s", FATE_REMOVED, (struct tally){.sent = 1});
    tell_finished(&results);
    cr_expect_eq(sum(1)->recipients, 0);
    cr_expect_eq(sum(1)->fates.delivered, 0);
    cr_expect_eq(figure(&results, "late"), 0);
}

Test(classes, have_delays_of_their_own)
{
    tell_beginning(&results);
    tell_mail(&results, FAST, 0.0005);
    tell_mail(&results, FAST, 0.05);
    tell_mail(&results, SLOW, 100);
    cr_expect_eq(sum(1)->delay.count, 2);
    cr_expect_eq(sum(1)->delay.min, 1);
    cr_expect_eq(sum(1)->delay.max, 50);
    cr_expect_eq(sum(2)->delay.min, 100000);
}

Test(classes, go_on_counting_when_another_run_begins)
{
    tell_beginning(&results);
    tell_mail(&results, FAST, 11);
    tell_beginning(&results);
    tell_mail(&results, FAST, 12);
    cr_expect_eq(figure(&results, "late"), 2);
}

/* Into what has seen no run yet, as the total of an experiment begins. */
Test(classes, are_merged_with_what_they_are_worth)
{
    struct results one, total;

    results_init(&one);
    results_init(&total);
    tell_beginning(&results);
    tell_beginning(&one);
    tell_mail(&results, FAST, 11);
    tell_mail(&one, FAST, 1);
    tell_mail(&one, SLOW, 1);
    results_merge(&total, &results);
    results_merge(&total, &one);
    results_merge(&total, &(struct results){0});
    cr_expect_eq(figure(&total, "late"), 1);
    cr_expect_eq(figure(&total, "utility"), 0.25 + 1 + 1);
    cr_expect_eq(total.classes.list[1].recipients, 2);
    cr_expect_eq(total.classes.list[1].delay.count, 2);
    cr_expect_eq(total.classes.list[2].spec.value, 1);
    results_fini(&one);
    results_fini(&total);
}

Test(classes, are_not_merged_with_those_of_another_scenario, .exit_code = 70)
{
    struct results other;

    results_init(&other);
    tell_beginning(&other);
    scenario_add_class(&scenario, "third");
    tell_beginning(&results);
    results_merge(&results, &other);
}

Test(classes, refuse_books_that_do_not_balance, .exit_code = 70)
{
    const struct message fast = {.traffic = FAST, .activations = 1};
    const struct message slow = {.traffic = SLOW, .activations = 1};

    tell_beginning(&results);
    tell_arrival(&results, &fast, 1);
    tell_end(&results, &slow, 1, "s", FATE_REMOVED, (struct tally){.sent = 1});
    tell_finished(&results);
}
