/* SPDX-License-Identifier: GPL-3.0-or-later */
/* models/endings and models/trials - how mail ends under two settings, with the same luck */
#include "models/endings.h"

#include "models/trials.h"
#include "tests/models/small_world.h"

/* Message 0 is delivered at once, 1 after an hour, 2 refused for good, 3 never delivered. */
static struct small_world world;
static struct postfix_settings patient, hasty;

static void make_world(void)
{
    small_world_init(&world);
    world.scenario.duration = 10 * 86400 * SIM_SECOND;
    FAIL(&world, "away.example", "outage", "at", "0s", "for", "1h");
    FAIL(&world, "no.example", "reply", "text", "550 5.1.1 unknown");
    FAIL(&world, "gone.example", "outage", "at", "0s", "for", "never");
    small_world_mail(&world, 1, "me@here.example", "a@well.example");
    small_world_mail(&world, 2, "me@here.example", "b@away.example");
    small_world_mail(&world, 3, "me@here.example", "c@no.example d@well.example");
    small_world_mail(&world, 4, "me@here.example", "e@gone.example");
    patient = hasty = world.settings;
    hasty.maximal_queue_lifetime = hasty.bounce_queue_lifetime = 600;
    world.scenario.traffics[0].ops->rows->ready(world.scenario.traffics[0].settings);
    scenario_ready(&world.scenario);
}

static void forget_world(void)
{
    small_world_fini(&world);
}

TestSuite(endings, .init = make_world, .fini = forget_world);
TestSuite(trials, .init = make_world, .fini = forget_world);

static const void *const both[] = {&patient, &hasty};

static struct trials trials_of(unsigned threads)
{
    return (struct trials){
        .scenario = &world.scenario,
        .mta = mta_find("postfix"),
        .settings = both,
        .points = 2,
        .seed = 7,
        .threads = threads,
        .with_endings = true,
    };
}

/* What was taken, in its order. */
struct taken {
    uint64_t numbers[16];
    double delivered[16];
    struct endings endings[2];
    size_t count, enough;
};

static bool take(void *user, struct trial *trial)
{
    struct taken *taken = user;

    if (taken->count < 2) {
        taken->endings[taken->count] = trial->endings;
        endings_init(&trial->endings);
    }
    taken->numbers[taken->count] = trial->number;
    taken->delivered[taken->count] = trial->figures[metric_find("delivered") - metrics];
    taken->count++;
    return taken->count != taken->enough;
}

static void forget_taken(struct taken *taken)
{
    endings_fini(&taken->endings[0]);
    endings_fini(&taken->endings[1]);
}

static void expect_words(const struct endings *endings, const char *const words[4])
{
    cr_assert_eq(endings->count, 4);
    for (uint32_t i = 0; i < 4; i++) {
        cr_expect_eq(endings->list[i].id.number, i);
        cr_expect_str_eq(tally_word(&endings->list[i].tally), words[i]);
    }
}

Test(endings, are_told_by_number_and_in_a_word)
{
    struct trials trials = trials_of(1);
    struct taken taken = {0};

    cr_expect(trials_run(&trials, NULL, 2, take, &taken));
    expect_words(&taken.endings[0],
                 (const char *const[]){"delivered", "delivered", "mixed", "expired"});
    expect_words(&taken.endings[1],
                 (const char *const[]){"delivered", "expired", "mixed", "expired"});
    cr_expect_eq(taken.endings[0].list[1].arrival, 2 * SIM_SECOND);
    cr_expect_gt(taken.endings[0].list[1].end, 3600 * SIM_SECOND);
    forget_taken(&taken);
}

Test(endings, differ_by_who_got_it_and_not_by_when)
{
    struct trials trials = trials_of(1);
    struct taken taken = {0};

    trials_run(&trials, NULL, 2, take, &taken);
    for (size_t i = 0; i < 4; i++)
        cr_expect_eq(endings_differ(&taken.endings[0].list[i], &taken.endings[1].list[i]), i == 1,
                     "message %zu", i);
    cr_expect_neq(taken.endings[0].list[3].end, taken.endings[1].list[3].end);
    forget_taken(&taken);
}

Test(endings, of_what_is_still_there_have_no_end)
{
    struct trials trials = trials_of(1);
    struct taken taken = {0};

    world.scenario.duration = 1800 * SIM_SECOND;
    trials_run(&trials, NULL, 1, take, &taken);
    cr_assert_eq(taken.endings[0].count, 4);
    cr_expect_str_eq(tally_word(&taken.endings[0].list[1].tally), "queued");
    cr_expect_eq(taken.endings[0].list[1].end, SIM_NEVER);
    forget_taken(&taken);
}

Test(trials, are_points_within_replications)
{
    struct trials trials = trials_of(1);

    cr_expect_eq(trial_replication(&trials, 5), 2);
    cr_expect_eq(trial_point(&trials, 5), 1);
}

Test(trials, are_the_same_on_any_number_of_threads)
{
    for (unsigned threads = 1; threads <= 3; threads++) {
        struct trials trials = trials_of(threads);
        struct taken taken = {0};
        cr_expect(trials_run(&trials, NULL, 8, take, &taken));
        cr_assert_eq(taken.count, 8);
        for (size_t i = 0; i < 8; i++) {
            cr_expect_eq(taken.numbers[i], i);
            cr_expect_eq(taken.delivered[i], i % 2 == 0 ? 3 : 2, "trial %zu", i);
        }
        forget_taken(&taken);
    }
}

Test(trials, may_be_some_of_them_alone)
{
    struct trials trials = trials_of(2);
    struct taken taken = {0};

    cr_expect(trials_run(&trials, (const uint64_t[]){3, 4, 9}, 3, take, &taken));
    cr_expect_arr_eq(taken.numbers, ((uint64_t[]){3, 4, 9}), 3 * sizeof *taken.numbers);
    cr_expect_eq(taken.delivered[0], 2);
    cr_expect_eq(taken.delivered[1], 3);
    forget_taken(&taken);
}

Test(trials, end_when_it_is_enough)
{
    struct trials trials = trials_of(2);
    struct taken taken = {.enough = 5};

    cr_expect_not(trials_run(&trials, NULL, 100, take, &taken));
    cr_expect_eq(taken.count, 5);
    forget_taken(&taken);
}
