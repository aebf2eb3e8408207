/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids of a recorded run (tests/truth/08-operator), decoded by hand. */
#include "io/queue_id.h"

#include <criterion/criterion.h>
#include <string.h>

/* The first message: its file was made at 36.292 s of a run that began 2026-06-01 00:00. */
Test(queue_id, a_long_one_tells_when_its_file_was_made)
{
    cr_expect_eq(queue_id_second("4gTDch2417z61Z"), 1780272036);
    cr_expect_eq(queue_id_second("4gTF1S5KkFz6NB"), 1780273116);
}

Test(queue_id, a_short_one_does_not)
{
    cr_expect_eq(queue_id_second("D7D47A8E0C6"), -1);
    cr_expect_eq(queue_id_second("z"), -1);
    cr_expect_eq(queue_id_second(""), -1);
    cr_expect_eq(queue_id_second("gTDch2417z61Z"), -1); /* a digit less */
}

Test(queue_id, what_is_no_number_is_none)
{
    cr_expect_eq(queue_id_second("AgTDch2417z61Z"), -1); /* no vowel is a digit */
    cr_expect_eq(queue_id_second("zzzzzzzzzzzzzzzzzzz2417z61Z"), -1);
    cr_expect_eq(queue_id_second("0000000001z1"), 0);
}

/* 292091 us are 474FB; leading zeros stay. */
Test(queue_id, names_the_folders_of_hashed_queues)
{
    cr_expect_str_eq(queue_id_digits("4gTDch2417z61Z").text, "474FB");
    cr_expect_str_eq(queue_id_digits("0000000001z1").text, "00001");
    cr_expect_str_eq(queue_id_digits("D7D47A8E0C6").text, "D7D47A8E0C6");
}

Test(queue_id, letters_and_digits_only)
{
    char longest[QUEUE_ID_LONGEST + 2];

    memset(longest, 'A', sizeof longest);
    cr_expect(queue_id_is_good("4gTDch2417z61Z", 14));
    cr_expect(queue_id_is_good(longest, QUEUE_ID_LONGEST));
    cr_expect_not(queue_id_is_good(longest, QUEUE_ID_LONGEST + 1));
    cr_expect_not(queue_id_is_good("", 0));
    cr_expect_not(queue_id_is_good("../A", 4));
    cr_expect_not(queue_id_is_good("A*", 2));
    cr_expect_not(queue_id_is_good("A\0A", 3));
}
