/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classes in worlds made from a number: what they come to is what an observer sees that looks at
 * each recipient by itself, and together it is what became of all mail. */
#include "models/classes.h"

#include <criterion/criterion.h>

#include "models/results.h"
#include "tests/models/random_world.h"

#define SEEDS 400
#define MOST_CLASSES 4

/* Counts by class, from attempts and the tallies of messages that are gone. */
struct counter {
    struct observer observer;
    const struct scenario *scenario;
    uint64_t recipients[MOST_CLASSES], delivered[MOST_CLASSES], late[MOST_CLASSES];
    uint64_t lost[MOST_CLASSES], rest[MOST_CLASSES], delay_ms[MOST_CLASSES];
};

static uint32_t class_of(const struct counter *counter, const struct message *message)
{
    return counter->scenario->traffics[message->traffic].class;
}

static void count_arrival(struct observer *self, const struct message *message, uint32_t recipients)
{
    struct counter *counter = CONTAINER_OF(self, struct counter, observer);

    if (message->notice == 0)
        counter->recipients[class_of(counter, message)] += recipients;
}

static void count_delivery(struct counter *counter, uint32_t class, sim_time delay)
{
    sim_time deadline = counter->scenario->classes[class].deadline;

    counter->delivered[class]++;
    counter->delay_ms[class] += (uint64_t)((delay + 500) / 1000);
    if (deadline != 0 && delay > deadline)
        counter->late[class]++;
}

static void count_removal(struct counter *counter, uint32_t class, const struct tally *tally)
{
    counter->lost[class] += tally->bounced + tally->expired;
    counter->rest[class] += tally->deleted + tally->queued;
}

static void count_end(struct observer *self, const struct activation *activation)
{
    struct counter *counter = CONTAINER_OF(self, struct counter, observer);
    const struct message *message = activation->message;

    if (message->notice != 0)
        return;
    for (size_t i = 0; i < activation->count; i++) {
        const struct attempt *attempt = &activation->attempts[i];
        if (attempt->outcome == OUTCOME_SENT)
            count_delivery(counter, class_of(counter, message), attempt->end - message->arrival);
    }
    if (activation->fate != FATE_DEFERRED)
        count_removal(counter, class_of(counter, message), &activation->tally);
}

static void count_operation(struct observer *self, sim_time at, enum operation_kind kind,
                            const struct message *message, const struct tally *tally)
{
    struct counter *counter = CONTAINER_OF(self, struct counter, observer);

    (void)at;
    if (kind == OPERATION_DELETE && message->notice == 0)
        count_removal(counter, class_of(counter, message), tally);
}

static void count_left(struct observer *self, sim_time at, const struct message *message,
                       const struct tally *tally)
{
    count_operation(self, at, OPERATION_DELETE, message, tally);
}

static const struct observer_ops counter_ops = {
    .arrived = count_arrival, .ended = count_end, .operated = count_operation, .left = count_left};

/* 0 to 3 classes; some traffic has none. */
static void add_classes(struct scenario *scenario, uint64_t seed)
{
    static const char *const names[] = {"transactional", "newsletter", "notice"};
    struct dice dice = {rng_mix(seed * 2 + 31)};
    uint32_t count = dice_below(&dice, MOST_CLASSES);

    for (uint32_t i = 0; i < count; i++) {
        struct class_spec *spec = scenario_add_class(scenario, names[i]);
        if (!dice_one_in(&dice, 3))
            spec->deadline = 1 + (sim_time)dice_below(&dice, 1000) * SIM_SECOND;
        spec->late = (double)dice_from(&dice, -4, 4) / 4;
        spec->lost = (double)dice_from(&dice, -4, 4) / 4;
    }
    for (size_t i = 0; i < scenario->traffic_count; i++)
        scenario->traffics[i].class = dice_below(&dice, count + 1);
}

static void make_world(struct scenario *scenario, struct postfix_settings *settings, uint64_t seed)
{
    *settings = random_settings(seed);
    random_scenario(scenario, seed, false);
    random_contention(scenario, settings, seed);
    add_classes(scenario, seed);
}

static void run_world(const struct scenario *scenario, const struct postfix_settings *settings,
                      uint64_t seed, uint32_t replication, struct results *results,
                      struct counter *counter)
{
    struct observers observers = {0};

    *counter = (struct counter){.observer.ops = &counter_ops, .scenario = scenario};
    results_init(results);
    observers_add(&observers, &results->observer);
    observers_add(&observers, &counter->observer);
    world_run(
        &(struct run){scenario, mta_find("postfix"), settings, seed, replication, &observers});
}

static void expect_seen(const struct results *results, const struct counter *counter, uint64_t seed)
{
    for (size_t i = 0; i < results->classes.count; i++) {
        const struct class_sum *sum = &results->classes.list[i];
        const struct tally_sum *fates = &sum->fates;
        const struct class_spec *spec = &counter->scenario->classes[i];
        bool same = sum->recipients == counter->recipients[i]
                    && fates->delivered == counter->delivered[i] && sum->late == counter->late[i]
                    && sum->delay.count == counter->delivered[i]
                    && sum->delay.sum == counter->delay_ms[i]
                    && fates->bounced + fates->expired == counter->lost[i]
                    && fates->deleted + fates->queued == counter->rest[i];
        double utility = (double)(counter->delivered[i] - counter->late[i]) * spec->value
                         + (double)counter->late[i] * spec->late
                         + (double)counter->lost[i] * spec->lost;
        cr_assert(same, "seed %llu, class %zu", (unsigned long long)seed, i);
        cr_assert_float_eq(class_sum_utility(sum), utility, 1e-9, "seed %llu",
                           (unsigned long long)seed);
    }
}

/* Together, of all classes and of none, it is all mail. */
static void expect_totals(const struct results *results, uint64_t seed)
{
    struct class_sum all = {0};

    for (size_t i = 0; i < results->classes.count; i++)
        class_sum_merge(&all, &results->classes.list[i]);
    bool same = all.recipients == results->recipients
                && memcmp(&all.fates, &results->fates, sizeof all.fates) == 0
                && all.delay.count == results->delay.count && all.delay.sum == results->delay.sum
                && all.delay.min == results->delay.min && all.delay.max == results->delay.max;
    cr_assert(same, "seed %llu", (unsigned long long)seed);
    cr_assert_eq(metric_find("late")->value(results), (double)all.late);
    histogram_fini(&all.delay);
}

Test(class_worlds, each_class_is_what_its_mail_came_to_and_all_are_the_total)
{
    uint64_t late = 0, in_time = 0, lost = 0, without = 0, plain = 0;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct postfix_settings settings;
        struct scenario scenario;
        struct results results;
        struct counter counter;

        make_world(&scenario, &settings, seed);
        run_world(&scenario, &settings, seed, 0, &results, &counter);
        cr_assert_eq(results.classes.count == 0, !scenario_has_classes(&scenario));
        expect_seen(&results, &counter, seed);
        if (results.classes.count > 0)
            expect_totals(&results, seed);
        plain += results.classes.count == 0;
        without += results.classes.count > 0 ? counter.recipients[0] : 0;
        for (size_t i = 1; i < MOST_CLASSES; i++) {
            late += counter.late[i];
            in_time += counter.delivered[i] - counter.late[i];
            lost += counter.lost[i];
        }
        results_fini(&results);
        scenario_fini(&scenario);
    }
    cr_expect(late > 500 && in_time > 500 && lost > 500 && without > 500 && plain > 10,
              "late %llu, in time %llu, lost %llu, of none %llu, worlds without %llu",
              (unsigned long long)late, (unsigned long long)in_time, (unsigned long long)lost,
              (unsigned long long)without, (unsigned long long)plain);
}

static bool same_classes(const struct classes *a, const struct classes *b)
{
    bool same = a->count == b->count;

    for (size_t i = 0; same && i < a->count; i++) {
        const struct class_sum *x = &a->list[i], *y = &b->list[i];
        same = x->recipients == y->recipients && x->late == y->late
               && memcmp(&x->fates, &y->fates, sizeof x->fates) == 0
               && x->delay.count == y->delay.count && x->delay.sum == y->delay.sum
               && histogram_quantile(&x->delay, 0.9) == histogram_quantile(&y->delay, 0.9);
    }
    return same;
}

/* Three replications, one after the other, and the last two first: to the last bit. */
Test(class_worlds, the_order_of_merging_makes_no_difference)
{
    for (uint64_t seed = 1; seed <= SEEDS / 4; seed++) {
        struct postfix_settings settings;
        struct scenario scenario;
        struct results parts[3], forward, pair, backward;
        struct counter counter;

        make_world(&scenario, &settings, seed);
        results_init(&forward);
        results_init(&pair);
        results_init(&backward);
        for (uint32_t r = 0; r < 3; r++) {
            run_world(&scenario, &settings, seed, r, &parts[r], &counter);
            results_merge(&forward, &parts[r]);
        }
        results_merge(&pair, &parts[2]);
        results_merge(&pair, &parts[1]);
        results_merge(&backward, &pair);
        results_merge(&backward, &parts[0]);
        double one = classes_utility(&forward.classes), other = classes_utility(&backward.classes);
        cr_assert(same_classes(&forward.classes, &backward.classes), "seed %llu",
                  (unsigned long long)seed);
        cr_assert_eq(memcmp(&one, &other, sizeof one), 0, "seed %llu", (unsigned long long)seed);
        for (int r = 0; r < 3; r++)
            results_fini(&parts[r]);
        results_fini(&forward);
        results_fini(&pair);
        results_fini(&backward);
        scenario_fini(&scenario);
    }
}
