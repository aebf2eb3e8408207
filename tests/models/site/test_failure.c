/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/site/failure.h"

#include "models/luck.h"
#include "tests/models/play.h"

static struct play play;

static void begin(void)
{
    play_init(&play);
    play_mail(&play, "m0", "s@a.example", "r@d.example");
    play_mail(&play, "m0", "s@a.example", "q@d.example");
    play_ready(&play);
}

static void end(void)
{
    play_fini(&play);
}

TestSuite(failure, .init = begin, .fini = end);

/* The word of one lane, asked for by itself. */
static uint32_t luck(struct message message, uint32_t recipient, unsigned lane)
{
    struct approach approach = {
        .catalogue = &play.catalogue, .message = &message, .recipient = recipient};

    return approach_luck(&approach, lane);
}

/* Four lanes share a block: going back and forth between blocks must not mix them up. */
Test(failure, has_luck_that_no_order_changes)
{
    struct message message = {.activations = 1};
    struct approach approach = {.catalogue = &play.catalogue, .message = &message};

    for (unsigned i = 0; i < 1000; i++) {
        unsigned lane = i * 7 % MOST_LANES;
        cr_assert_eq(approach_luck(&approach, lane), luck(message, 0, lane), "%u", lane);
    }
}

/* Of 256 words of 32 bits, two are the same once in 130,000 seeds. */
Test(failure, has_luck_of_its_own_in_each_lane)
{
    struct message message = {.activations = 1};

    for (unsigned lane = 0; lane < MOST_LANES; lane++)
        for (unsigned other = 0; other < lane; other++)
            cr_assert_neq(luck(message, 0, lane), luck(message, 0, other), "%u %u", lane, other);
}

Test(failure, has_luck_of_its_own_for_each_attempt)
{
    struct message message = {.activations = 1};
    uint32_t word = luck(message, 0, 0);

    cr_expect_neq(luck(message, 1, 0), word);
    cr_expect_neq(luck((struct message){.activations = 2}, 0, 0), word);
    cr_expect_neq(luck((struct message){.activations = 1, .number = 1}, 0, 0), word);
    cr_expect_neq(luck((struct message){.activations = 1, .traffic = 1}, 0, 0), word);
    cr_expect_neq(luck((struct message){.activations = 1, .notice = 1}, 0, 0), word);
}

/* Not of when it is, nor of what Postfix makes of it. */
Test(failure, has_luck_that_settings_do_not_touch)
{
    struct message message = {.activations = 3};
    struct message other = {.activations = 3, .arrival = 7, .created = 8, .mtime = 9, .warned = 1};

    for (unsigned lane = 0; lane < MOST_LANES; lane++)
        cr_assert_eq(luck(message, 0, lane), luck(other, 0, lane));
}

Test(failure, knows_sender_and_recipient)
{
    struct message message = {.traffic = LOG};
    struct approach approach = {.catalogue = &play.catalogue, .message = &message};
    uint64_t pair = approach_pair(&approach);

    cr_expect_eq(approach_pair(&approach), pair);
    approach.recipient = 1;
    cr_expect_neq(approach_pair(&approach), pair);
}
