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

TestSuite(site_reply, .init = begin, .fini = end);

Test(site_reply, holds_from_its_beginning_and_not_at_its_end)
{
    play_failure(&play, "reply", "from", "10s", "until", "20s", "text", "550 5.1.1 gone", NULL);

    cr_expect(play_accepts(&play, MADE, 0, 9.999999));
    cr_expect_str_eq(play_text(&play, MADE, 0, 10), "550 5.1.1 gone");
    cr_expect_str_eq(play_text(&play, MADE, 0, 19.999999), "550 5.1.1 gone");
    cr_expect(play_accepts(&play, MADE, 0, 20));
}

Test(site_reply, is_busy_at_rcpt_for_ever_where_nothing_is_said)
{
    play_failure(&play, "reply", NULL);

    struct met met = play_ask(&play, MADE, 0, 0);
    cr_expect_eq(met.stage, STAGE_RCPT);
    cr_expect_eq(met.reply->outcome, OUTCOME_DEFERRED);
    cr_expect_str_eq(met.reply->dsn, "4.2.0");
    cr_expect(!play_accepts(&play, MADE, 0, 1e9));
}

Test(site_reply, speaks_at_its_stage)
{
    play_failure(&play, "reply", "stage", "greeting", NULL);

    cr_expect_eq(play_ask(&play, MADE, 0, 0).stage, STAGE_GREETING);
}

/* The instant of the answer decides, not that of the attempt. */
Test(site_reply, hears_the_attempt_when_it_has_come_that_far)
{
    play_latency(&play, STAGE_CONNECT, "3s");
    play_failure(&play, "reply", "from", "10s", "until", "20s", NULL);

    cr_expect(play_accepts(&play, MADE, 0, 6.999999));
    cr_expect(!play_accepts(&play, MADE, 0, 7));
    cr_expect(play_accepts(&play, MADE, 0, 17));
}
