/* SPDX-License-Identifier: GPL-3.0-or-later */
/* io/wrapped - lines of at most 80 places */
#include "io/wrapped.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void expect_lines(const char *text, size_t indent, const char *want)
{
    char *printed;
    size_t length;
    FILE *out = open_memstream(&printed, &length);

    print_wrapped(out, text, indent);
    fclose(out);
    cr_expect_str_eq(printed, want, "'%s'", printed);
    free(printed);
}

#define TEN "abcdefghi "
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN

Test(wrapped, breaks_between_words)
{
    expect_lines(SEVENTY "1234567890 x", 0,
                 "abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi "
                 "abcdefghi abcdefghi 1234567890\nx\n");
    expect_lines(SEVENTY "12345678901", 0,
                 "abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi "
                 "abcdefghi abcdefghi\n12345678901\n");
}

Test(wrapped, leaves_a_number_its_unit)
{
    expect_lines(SEVENTY "1234567 19 % more", 0,
                 "abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi "
                 "abcdefghi abcdefghi 1234567\n19 % more\n");
}

Test(wrapped, indents_what_follows)
{
    expect_lines(SEVENTY "12345678 x", 2,
                 "abcdefghi abcdefghi abcdefghi abcdefghi abcdefghi "
                 "abcdefghi abcdefghi 12345678\n  x\n");
}

Test(wrapped, breaks_a_word_that_is_longer_than_a_line)
{
    char word[101], want[104];

    memset(word, 'x', 100);
    word[100] = '\0';
    snprintf(want, sizeof want, "%.80s\n%.20s\n", word, word);
    expect_lines(word, 0, want);
}

Test(wrapped, counts_characters_and_not_bytes)
{
    cr_expect_eq(width_of("\xc3\xa4\xc3\xb6u", 5), 3);
}

Test(wrapped, does_nothing_to_a_terminal)
{
    expect_lines("a\033[2Jb", 0, "a?[2Jb\n");
}
