/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/models/play.h"

static struct play play;

static void begin(void)
{
    play_init(&play);
    play_mail(&play, "m0", "s@a.example", "r@d.example");
    play_mail(&play, "m1", "s@a.example", "r@d.example");
    play_mail(&play, "m2", "s@a.example", "other@d.example");
    play_mail(&play, "m3", "other@a.example", "r@d.example");
}

static void end(void)
{
    play_fini(&play);
}

TestSuite(greylist, .init = begin, .fini = end);

Test(greylist, accepts_who_returns_after_the_delay)
{
    play_failure(&play, "greylist", NULL);

    cr_expect_str_eq(play_text(&play, LOG, 0, 100), "450 4.2.0 Greylisted");
    cr_expect(!play_accepts(&play, LOG, 0, 399.999999));
    cr_expect(play_accepts(&play, LOG, 0, 400));
    cr_expect(play_accepts(&play, LOG, 0, 1e6));
}

/* The clock runs from the first RCPT: coming back too early does not reset it. */
Test(greylist, does_not_punish_impatience)
{
    play_failure(&play, "greylist", "delay", "60s", NULL);

    for (int second = 0; second < 60; second++)
        cr_expect(!play_accepts(&play, LOG, 0, second));
    cr_expect(play_accepts(&play, LOG, 0, 60));
}

Test(greylist, knows_the_two_in_another_message)
{
    play_failure(&play, "greylist", NULL);

    cr_expect(!play_accepts(&play, LOG, 0, 0));
    cr_expect(play_accepts(&play, LOG, 1, 300));
}

Test(greylist, tells_senders_and_recipients_apart)
{
    play_failure(&play, "greylist", NULL);

    cr_expect(!play_accepts(&play, LOG, 0, 0));
    cr_expect(!play_accepts(&play, LOG, 2, 300));
    cr_expect(!play_accepts(&play, LOG, 3, 300));
}

Test(greylist, knows_made_up_recipients_by_their_message)
{
    play_failure(&play, "greylist", NULL);

    cr_expect(!play_accepts(&play, MADE, 0, 0));
    cr_expect(!play_accepts(&play, MADE, 1, 300));
    cr_expect(play_accepts(&play, MADE, 0, 300));
}

Test(greylist, lets_all_in_without_a_delay)
{
    play_failure(&play, "greylist", "delay", "0", NULL);

    cr_expect(play_accepts(&play, LOG, 0, 0));
}

/* What was turned away before RCPT was not seen. */
Test(greylist, counts_from_rcpt)
{
    play_latency(&play, STAGE_MAIL, "10s");
    play_failure(&play, "reply", "stage", "mail", "until", "100s", NULL);
    play_failure(&play, "greylist", NULL);

    cr_expect_eq(play_ask(&play, LOG, 0, 0).stage, STAGE_MAIL);
    cr_expect_eq(play_ask(&play, LOG, 0, 100).stage, STAGE_RCPT);
    cr_expect(!play_accepts(&play, LOG, 0, 399.999999));
    cr_expect(play_accepts(&play, LOG, 0, 400));
}

Test(greylist, may_never_accept)
{
    play_failure(&play, "greylist", "delay", "never", NULL);

    cr_expect(!play_accepts(&play, LOG, 0, 0));
    cr_expect(!play_accepts(&play, LOG, 0, 1e12));
}

/* Drawn once for the two: who was refused for a minute is not refused for another. */
Test(greylist, keeps_what_it_drew_for_the_two)
{
    play_failure(&play, "greylist", "delay", "uniform(100s, 200s)", NULL);
    int second = 0;

    while (second < 1000 && !play_accepts(&play, LOG, 0, second))
        second++;
    cr_expect(second >= 100 && second <= 200, "%d", second);
    cr_expect(play_accepts(&play, LOG, 0, second + 1));
    cr_expect(play_accepts(&play, LOG, 1, second + 2), "the same two");
}

Test(greylist, draws_for_each_two_anew)
{
    play_failure(&play, "greylist", "delay", "uniform(0s, 100s)", NULL);
    int accepted = 0;

    for (uint32_t message = 0; message < 4; message++)
        play_accepts(&play, LOG, message, 0);
    for (int second = 0; second < 100; second++)
        accepted += play_accepts(&play, LOG, 0, second) != play_accepts(&play, LOG, 2, second);
    cr_expect_gt(accepted, 0, "the other recipient waits as long");
}
