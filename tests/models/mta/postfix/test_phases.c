/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The simulator over every whole-second phase: a message arrives at each second between two scans,
 * at a site that refuses all at once. What becomes of them is what the rules alone say (golden.h).
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "tests/models/mta/postfix/golden.h"
#include "tests/models/small_world.h"

#define MOST_PHASES 1000

/* Of the mail, not of its notices. */
struct lives {
    size_t attempts[MOST_PHASES];
    sim_time age[MOST_PHASES]; /* when it was given up */
};

static void make_world(struct small_world *world, const struct golden *row)
{
    small_world_init(world);
    world->settings = golden_settings(row);
    for (long second = 0; second < row->run; second++)
        small_world_mail(world, (double)second, "s@a.example", "r@refusing.example");
    FAIL(world, "refusing.example", "reply", "text", "450 4.2.0 later");
}

static void follow(const struct diary *diary, struct lives *lives)
{
    *lives = (struct lives){0};
    for (size_t i = 0; i < diary->trip_count; i++)
        lives->attempts[diary->trips[i].message.number] += diary->trips[i].message.notice == 0;
    for (size_t i = 0; i < diary->notice_count; i++) {
        const struct diary_notice *notice = &diary->notices[i];
        cr_assert_eq(notice->kind, NOTICE_NON_DELIVERY);
        lives->age[notice->about.number] = notice->at - notice->about.arrival;
    }
}

static void expect_attempts(const struct lives *lives, const struct golden *row)
{
    long with_fewest = 0;

    for (long phase = 0; phase < row->run; phase++) {
        size_t attempts = lives->attempts[phase];
        cr_expect(attempts == row->fewest || attempts == row->most, "phase %ld: %zu attempts",
                  phase, attempts);
        with_fewest += attempts == row->fewest;
    }
    cr_expect_eq(with_fewest, row->phases_with_fewest, "%ld phases", with_fewest);
}

static void expect_ends(const struct lives *lives, const struct golden *row)
{
    sim_time low = SIM_NEVER, high = 0;

    for (long phase = 0; phase < row->run; phase++) {
        low = lives->age[phase] < low ? lives->age[phase] : low;
        high = lives->age[phase] > high ? lives->age[phase] : high;
    }
    cr_expect_geq(low, row->lifetime * SIM_SECOND);
    if (row->end_high > 0) {
        cr_expect_eq(low, row->end_low * SIM_SECOND, "%.3f s", (double)low / 1e6);
        cr_expect_eq(high, row->end_high * SIM_SECOND, "%.3f s", (double)high / 1e6);
    }
}

ParameterizedTestParameters(phases, have_the_exact_attempts_and_ends)
{
    size_t count = sizeof golden_rows / sizeof golden_rows[0];

    return cr_make_param_array(const struct golden, (void *)golden_rows, count);
}

ParameterizedTest(const struct golden *row, phases, have_the_exact_attempts_and_ends)
{
    struct small_world world;
    struct lives lives;

    make_world(&world, row);
    small_world_run(&world);
    cr_assert_eq(world.diary.notice_count, (size_t)row->run);
    follow(&world.diary, &lives);
    expect_attempts(&lives, row);
    expect_ends(&lives, row);
    small_world_fini(&world);
}
