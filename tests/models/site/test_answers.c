/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/models/play.h"

static struct play play;
static void *settings;

static void begin(void)
{
    play_init(&play);
    play_mail(&play, "m0", "s@a.example", "r@d.example");
    play_mail(&play, "m1", "s@a.example", "r@d.example");
    play_mail(&play, "m2", "s@a.example", "other@d.example");
    play_mail(&play, "m3", "", "r@d.example");
    settings = play_failure(&play, "answers", NULL);
}

static void end(void)
{
    play_fini(&play);
}

TestSuite(answers, .init = begin, .fini = end);

static bool add(struct err *err, const char *sender, const char *recipient, const char *attempt,
                const char *text)
{
    const char *const cells[] = {sender, recipient, attempt, text};

    return failure_find("answers")->rows->add(settings, cells, &play.scenario.names, err);
}

static void row(const char *sender, const char *recipient, const char *attempt, const char *text)
{
    struct err err;

    cr_assert(add(&err, sender, recipient, attempt, text), "%s", err.text);
}

static void ready(void)
{
    failure_find("answers")->rows->ready(settings);
}

Test(answers, gives_the_nth_answer_to_the_nth_rcpt)
{
    row("s@a.example", "r@d.example", "1", "450 4.2.0 first");
    row("s@a.example", "r@d.example", "2", "451 4.7.1 second");
    row("s@a.example", "r@d.example", "3", "250 2.0.0 Ok");
    ready();

    cr_expect_str_eq(play_text(&play, LOG, 0, 0), "450 4.2.0 first");
    cr_expect_str_eq(play_text(&play, LOG, 0, 0), "451 4.7.1 second");
    cr_expect(play_accepts(&play, LOG, 0, 0));
}

Test(answers, needs_no_order_in_the_file)
{
    row("s@a.example", "r@d.example", "2", "451 4.7.1 second");
    row("s@a.example", "other@d.example", "1", "452 4.5.3 other");
    row("s@a.example", "r@d.example", "1", "450 4.2.0 first");
    ready();

    cr_expect_str_eq(play_text(&play, LOG, 0, 0), "450 4.2.0 first");
    cr_expect_str_eq(play_text(&play, LOG, 2, 0), "452 4.5.3 other");
    cr_expect_str_eq(play_text(&play, LOG, 0, 0), "451 4.7.1 second");
}

Test(answers, repeats_the_last_one)
{
    row("s@a.example", "r@d.example", "1", "450 4.2.0 first");
    row("s@a.example", "r@d.example", "2", "550 5.1.1 last");
    ready();

    cr_expect_str_eq(play_text(&play, LOG, 0, 0), "450 4.2.0 first");
    for (int i = 0; i < 5; i++)
        cr_expect_str_eq(play_text(&play, LOG, 0, 0), "550 5.1.1 last");
}

/* Attempts 3 and 4 are not recorded: what held before them holds; before the first row, none. */
Test(answers, fills_gaps_from_before)
{
    row("s@a.example", "r@d.example", "2", "450 4.2.0 second");
    row("s@a.example", "r@d.example", "5", "451 4.7.1 fifth");
    ready();

    cr_expect(play_accepts(&play, LOG, 0, 0));
    for (int attempt = 2; attempt < 5; attempt++)
        cr_expect_str_eq(play_text(&play, LOG, 0, 0), "450 4.2.0 second");
    cr_expect_str_eq(play_text(&play, LOG, 0, 0), "451 4.7.1 fifth");
}

Test(answers, counts_the_two_across_messages)
{
    row("s@a.example", "r@d.example", "1", "450 4.2.0 first");
    row("s@a.example", "r@d.example", "2", "451 4.7.1 second");
    ready();

    cr_expect_str_eq(play_text(&play, LOG, 0, 0), "450 4.2.0 first");
    cr_expect_str_eq(play_text(&play, LOG, 1, 0), "451 4.7.1 second");
}

Test(answers, accepts_two_without_a_row)
{
    row("s@a.example", "r@d.example", "1", "450 4.2.0 first");
    ready();

    cr_expect(play_accepts(&play, LOG, 2, 0));
    cr_expect(play_accepts(&play, LOG, 3, 0));
    cr_expect(play_accepts(&play, MADE, 0, 0));
}

/* A recorded success is no objection: what comes after RCPT may still have one. */
Test(answers, that_accept_leave_the_rest_to_others)
{
    row("s@a.example", "r@d.example", "1", "250 2.1.5 Ok");
    ready();
    play_failure(&play, "reply", "stage", "data", "until", "10s", NULL);

    cr_expect_eq(play_ask(&play, LOG, 0, 0).stage, STAGE_DATA);
    cr_expect(!play_accepts(&play, LOG, 0, 0));
    cr_expect(play_accepts(&play, LOG, 0, 10));
}

Test(answers, of_nothing_accepts_everybody)
{
    ready();

    cr_expect(play_accepts(&play, LOG, 0, 0));
}

Test(answers, knows_the_null_sender)
{
    row("", "r@d.example", "1", "550 5.7.1 no bounces");
    ready();

    cr_expect_str_eq(play_text(&play, LOG, 3, 0), "550 5.7.1 no bounces");
    cr_expect(play_accepts(&play, LOG, 0, 0));
}

Test(answers, speaks_at_rcpt)
{
    row("s@a.example", "r@d.example", "1", "450 4.2.0 first");
    ready();

    cr_expect_eq(play_ask(&play, LOG, 0, 0).stage, STAGE_RCPT);
}

/* An attempt that did not get to RCPT has no number. */
Test(answers, counts_only_what_reaches_rcpt)
{
    row("s@a.example", "r@d.example", "1", "450 4.2.0 first");
    row("s@a.example", "r@d.example", "2", "451 4.7.1 second");
    ready();
    play_failure(&play, "outage", "for", "1h", NULL);

    cr_expect_eq(play_ask(&play, LOG, 0, 0).stage, STAGE_CONNECT);
    cr_expect_str_eq(play_text(&play, LOG, 0, 3600), "450 4.2.0 first");
}

Test(answers, says_what_is_wrong_with_a_row)
{
    struct err err;

    cr_expect(!add(&err, "s@a", "r@d", "0", "450 x"));
    cr_expect_str_eq(err.text, "attempt: '0' is no number from 1 on");
    cr_expect(!add(&err, "s@a", "r@d", "", "450 x"));
    cr_expect(!add(&err, "s@a", "r@d", "2nd", "450 x"));
    cr_expect(!add(&err, "s@a", "r@d", "1", "busy"));
    cr_expect(strncmp(err.text, "text: 'busy'", 12) == 0, "%s", err.text);
}
