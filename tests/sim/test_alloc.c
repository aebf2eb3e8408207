/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/alloc.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

Test(alloc, zeroed_is_zero)
{
    unsigned char *bytes = alloc_zeroed(1000);

    for (size_t i = 0; i < 1000; i++)
        cr_expect_eq(bytes[i], 0);
    free(bytes);
}

Test(alloc, grow_keeps_the_elements_and_doubles_the_room)
{
    size_t room = 0;
    int *numbers = NULL;

    for (int i = 0; i < 1000; i++) {
        numbers = alloc_grow(numbers, &room, (size_t)i + 1, sizeof *numbers);
        numbers[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        cr_expect_eq(numbers[i], i);
    cr_expect_eq(room, 1024);
    free(numbers);
}

Test(alloc, grow_leaves_an_array_alone_that_is_large_enough)
{
    size_t room = 0;
    char *first = alloc_grow(NULL, &room, 10, 1);
    char *second = alloc_grow(first, &room, room, 1);

    cr_expect_eq(first, second);
    free(second);
}

Test(alloc, text_copies_and_ends_it)
{
    char *text = alloc_text("abcdef", 3);

    cr_expect_str_eq(text, "abc");
    free(text);
    text = alloc_text("", 0);
    cr_expect_str_eq(text, "");
    free(text);
}

Test(alloc, printf_is_as_long_as_it_must_be)
{
    char *text = alloc_printf("%0500d|%s", 1, "x");

    cr_expect_eq(strlen(text), 502);
    free(text);
}

Test(alloc, more_than_there_is_ends_the_program, .exit_code = EX_OSERR)
{
    size_t room = 0;

    free(alloc_grow(NULL, &room, SIZE_MAX / 2, 16));
}
