/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/models/play.h"

static struct play play;

static void begin(void)
{
    play_init(&play);
}

static void end(void)
{
    play_fini(&play);
}

TestSuite(quota, .init = begin, .fini = end);

Test(quota, accepts_as_many_as_its_limit)
{
    play_failure(&play, "quota", "limit", "3", NULL);

    for (uint32_t i = 0; i < 3; i++)
        cr_expect(play_accepts(&play, MADE, i, i));
    cr_expect_str_eq(play_text(&play, MADE, 3, 3), "452 4.5.3 too many recipients");
    cr_expect_eq(play_ask(&play, MADE, 3, 4).stage, STAGE_RCPT);
}

/* Aligned to t = 0, whenever the first one came. */
Test(quota, begins_anew_with_each_period)
{
    play_failure(&play, "quota", "limit", "1", "per", "10s", NULL);

    cr_expect(play_accepts(&play, MADE, 0, 9));
    cr_expect(!play_accepts(&play, MADE, 1, 9.999999));
    cr_expect(play_accepts(&play, MADE, 1, 10));
    cr_expect(!play_accepts(&play, MADE, 2, 19.999999));
    cr_expect(play_accepts(&play, MADE, 2, 50));
    cr_expect(!play_accepts(&play, MADE, 3, 50));
}

/* What one period leaves over is not carried into the next. */
Test(quota, saves_nothing)
{
    play_failure(&play, "quota", "limit", "2", "per", "10s", NULL);

    cr_expect(play_accepts(&play, MADE, 0, 0));
    cr_expect(play_accepts(&play, MADE, 1, 10));
    cr_expect(play_accepts(&play, MADE, 2, 10));
    cr_expect(!play_accepts(&play, MADE, 3, 10));
}

Test(quota, counts_only_whom_it_accepts)
{
    play_failure(&play, "quota", "limit", "1", "per", "10s", NULL);

    cr_expect(play_accepts(&play, MADE, 0, 0));
    for (uint32_t i = 0; i < 100; i++)
        cr_expect(!play_accepts(&play, MADE, 1, 1));
    cr_expect(play_accepts(&play, MADE, 1, 10));
}

/* Turned away before: not counted. */
Test(quota, does_not_count_whom_another_failure_stopped)
{
    play_failure(&play, "reply", "until", "5s", NULL);
    play_failure(&play, "quota", "limit", "1", NULL);

    cr_expect(!play_accepts(&play, MADE, 0, 0));
    cr_expect(play_accepts(&play, MADE, 0, 5));
    cr_expect(!play_accepts(&play, MADE, 1, 5));
}

Test(quota, of_nothing_accepts_nobody)
{
    play_failure(&play, "quota", "limit", "0", NULL);

    cr_expect(!play_accepts(&play, MADE, 0, 0));
    cr_expect(!play_accepts(&play, MADE, 0, 1e6));
}

/* A slow attempt may reach RCPT after one that started later did. */
Test(quota, does_not_turn_back_for_one_who_was_quicker)
{
    play_failure(&play, "quota", "limit", "1", "per", "10s", NULL);

    cr_expect(play_accepts(&play, MADE, 0, 10));
    cr_expect(!play_accepts(&play, MADE, 1, 9));
    cr_expect(!play_accepts(&play, MADE, 2, 11));
}
