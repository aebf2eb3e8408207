/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/notes.h"

#include <criterion/criterion.h>
#include <string.h>

Test(notes, keep_their_order)
{
    struct notes notes = {0};

    for (int i = 0; i < 100; i++)
        notes_add(&notes, "note %d", i);
    cr_assert_eq(notes.count, 100);
    cr_expect_str_eq(notes.text[0], "note 0");
    cr_expect_str_eq(notes.text[99], "note 99");
    notes_fini(&notes);
}

Test(notes, are_empty_again_after_fini)
{
    struct notes notes = {0};

    notes_add(&notes, "x");
    notes_fini(&notes);
    cr_expect_eq(notes.count, 0);
    cr_expect_null(notes.text);
    notes_fini(&notes);
}

Test(notes, may_be_absent)
{
    notes_add(NULL, "nobody %s", "listens");
}

Test(notes, cut_a_line_that_is_too_long)
{
    struct notes notes = {0};
    char text[5000];

    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    notes_add(&notes, "%s", text);
    cr_expect_eq(strlen(notes.text[0]), 1023);
    notes_fini(&notes);
}
