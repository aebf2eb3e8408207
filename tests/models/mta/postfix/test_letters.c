/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/letters.h"

#include <criterion/criterion.h>

static struct letters letters;

static void end(void)
{
    letters_fini(&letters);
}

TestSuite(letters, .fini = end);

static struct letter *new_letter(uint32_t recipients)
{
    uint32_t number = letters_add(&letters, recipients);

    return &letters.list[number];
}

Test(letters, a_new_one_has_all_its_recipients_queued)
{
    const struct letter *letter = new_letter(3);

    cr_expect_eq(letter->count, 3);
    cr_expect_eq(letter->tally.queued, 3);
    cr_expect_eq(letter->tally.sent + letter->tally.bounced + letter->tally.expired, 0);
    cr_expect_eq(letter->notices, 0);
    for (size_t i = 0; i < 3; i++)
        cr_expect_not(letter->done[i]);
}

Test(letters, each_has_a_number_of_its_own)
{
    for (uint32_t i = 0; i < 100; i++)
        cr_expect_eq(letters_add(&letters, i + 2), i);
    for (uint32_t i = 0; i < 100; i++)
        cr_expect_eq(letters.list[i].count, i + 2);
}

Test(letters, numbers_are_used_again_the_last_freed_first)
{
    for (uint32_t i = 0; i < 4; i++)
        letters_add(&letters, 2);
    letters_remove(&letters, 1);
    letters_remove(&letters, 3);
    cr_expect_eq(letters_add(&letters, 5), 3);
    cr_expect_eq(letters_add(&letters, 6), 1);
    cr_expect_eq(letters_add(&letters, 7), 4);
    cr_expect_eq(letters.count, 5);
    cr_expect_eq(letters.list[1].count, 6);
    cr_expect_eq(letters.list[3].count, 5);
}

Test(letters, the_first_number_is_used_again_too)
{
    cr_expect_eq(letters_add(&letters, 2), 0);
    letters_remove(&letters, 0);
    cr_expect_eq(letters_add(&letters, 2), 0);
    cr_expect_eq(letters.count, 1);
}

Test(letters, one_that_is_used_again_remembers_nothing)
{
    uint32_t number = letters_add(&letters, 2);

    letters.list[number].notices = 9;
    letters.list[number].tally.sent = 2;
    letters.list[number].done[1] = true;
    letters_remove(&letters, number);
    cr_assert_eq(letters_add(&letters, 2), number);
    cr_expect_eq(letters.list[number].notices, 0);
    cr_expect_eq(letters.list[number].tally.sent, 0);
    cr_expect_not(letters.list[number].done[1]);
}

Test(letters, delivered_and_bounced_recipients_are_ticked_off)
{
    struct letter *letter = new_letter(5);
    struct attempt attempts[] = {
        {.recipient = 0, .outcome = OUTCOME_SENT},
        {.recipient = 1, .outcome = OUTCOME_DEFERRED},
        {.recipient = 3, .outcome = OUTCOME_BOUNCED},
        {.recipient = 4, .outcome = OUTCOME_SUSPENDED},
    };

    letter_tick_off(letter, attempts, 4);
    cr_expect_arr_eq(letter->done, ((bool[]){true, false, false, true, false}), 5 * sizeof(bool));
}

Test(letters, those_that_were_not_tried_stay_as_they_are)
{
    struct letter *letter = new_letter(3);
    struct attempt first = {.recipient = 2, .outcome = OUTCOME_SENT};
    struct attempt second = {.recipient = 0, .outcome = OUTCOME_DEFERRED};

    letter_tick_off(letter, &first, 1);
    letter_tick_off(letter, &second, 1);
    cr_expect_arr_eq(letter->done, ((bool[]){false, false, true}), 3 * sizeof(bool));
}
