/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/models/play.h"

#define ATTEMPTS 20000

static struct play play;

static void begin(void)
{
    play_init(&play);
}

static void end(void)
{
    play_fini(&play);
}

TestSuite(site_random, .init = begin, .fini = end);

static int refused_of(uint32_t count)
{
    int refused = 0;

    for (uint32_t i = 0; i < count; i++)
        refused += !play_accepts(&play, MADE, i, 0);
    return refused;
}

Test(site_random, refuses_nobody_where_p_is_0)
{
    play_failure(&play, "random", "p", "0", NULL);

    cr_expect_eq(refused_of(ATTEMPTS), 0);
}

Test(site_random, refuses_everybody_where_p_is_1)
{
    play_failure(&play, "random", "p", "1", NULL);

    cr_expect_eq(refused_of(ATTEMPTS), ATTEMPTS);
}

/* Binomial(20000, 0.02): 400, deviation 19.8; the interval holds 99.99 % of all seeds. */
Test(site_random, refuses_its_share_of_messages)
{
    play_failure(&play, "random", "p", "0.02", NULL);
    int refused = refused_of(ATTEMPTS);

    cr_expect(refused >= 323 && refused <= 477, "%d", refused);
}

/* The same interval: the attempts of one message are as independent. */
Test(site_random, refuses_its_share_of_one_messages_attempts)
{
    play_failure(&play, "random", "p", "0.02", NULL);
    int refused = 0;

    for (play.activations = 1; play.activations <= ATTEMPTS; play.activations++)
        refused += !play_accepts(&play, MADE, 0, 0);
    cr_expect(refused >= 323 && refused <= 477, "%d", refused);
}

/* Luck belongs to the attempt: asking again, later, changes nothing. */
Test(site_random, says_the_same_to_the_same_attempt)
{
    play_failure(&play, "random", "p", "0.5", NULL);

    for (uint32_t i = 0; i < 200; i++)
        cr_expect_eq(play_accepts(&play, MADE, i, 0), play_accepts(&play, MADE, i, 7777));
}

/* Binomial(20000, 0.25): 5000, deviation 61.2; 99.99 % within 238. */
Test(site_random, draws_again_for_a_second_one)
{
    play_failure(&play, "random", "p", "0.5", NULL);
    play_failure(&play, "random", "p", "0.5", NULL);
    int accepted = ATTEMPTS - refused_of(ATTEMPTS);

    cr_expect(accepted >= 4762 && accepted <= 5238, "%d", accepted);
}

Test(site_random, speaks_at_its_stage_with_its_text)
{
    play_failure(&play, "random", "p", "1", "stage", "data", "text", "554 5.7.1 spam", NULL);
    struct met met = play_ask(&play, MADE, 0, 0);

    cr_expect_eq(met.stage, STAGE_DATA);
    cr_expect_eq(met.reply->outcome, OUTCOME_BOUNCED);
    cr_expect_str_eq(met.reply->text, "554 5.7.1 spam");
}
