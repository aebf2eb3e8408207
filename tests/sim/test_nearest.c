/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/nearest.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/check.h"

static const char *const words[] = {"from", "until", "for", "how", "text", "maximal_backoff_time"};

static const char *among_words(const char *word)
{
    return nearest(word, words, COUNT_OF(words), sizeof words[0]);
}

Test(nearest, finds_a_word_with_a_letter_lost_added_changed_or_swapped)
{
    cr_expect_str_eq(among_words("util"), "until");
    cr_expect_str_eq(among_words("untill"), "until");
    cr_expect_str_eq(among_words("untol"), "until");
    cr_expect_str_eq(among_words("unitl"), "until");
    cr_expect_str_eq(among_words("maximal_backof_tiem"), "maximal_backoff_time");
}

Test(nearest, says_nothing_where_nothing_is_close)
{
    cr_expect_null(among_words("sender"));
    cr_expect_null(among_words("maximum_retry_delay"));
    cr_expect_null(among_words(""));
    cr_expect_null(nearest("from", words, 0, sizeof words[0]));
}

Test(nearest, allows_more_steps_in_longer_words)
{
    cr_expect_null(among_words("hxy"), "two steps of three letters");
    cr_expect_str_eq(among_words("texxx"), "text", "two steps of five letters");
    cr_expect_null(among_words("uxxxl"), "three steps of five letters");
    cr_expect_str_eq(among_words("maximal_backoff_tXXX"), "maximal_backoff_time");
    cr_expect_null(among_words("maximal_backoff_XXXX"));
}

Test(nearest, counts_a_swap_as_one_step)
{
    cr_expect_str_eq(among_words("hwo"), "how");
}

Test(nearest, needs_something_in_common)
{
    static const char *const letters[] = {"x"};

    cr_expect_null(nearest("y", letters, 1, sizeof letters[0]));
}

Test(nearest, takes_the_first_of_two_that_are_equally_close)
{
    cr_expect_str_eq(among_words("fom"), "from", "and not 'for'");
    cr_expect_str_eq(among_words("fo"), "for");
}

Test(nearest, finds_a_word_in_itself)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        cr_expect_str_eq(among_words(words[i]), words[i]);
}

Test(nearest, looks_through_structs_that_begin_with_a_name)
{
    static const struct {
        const char *name;
        double more;
    } rows[] = {{"alpha", 1}, {NULL, 2}, {"gamma", 3}};

    cr_expect_str_eq(nearest("gama", rows, COUNT_OF(rows), sizeof rows[0]), "gamma");
}

Test(nearest, passes_over_words_and_names_beyond_measure)
{
    char long_word[200];
    const char *names[] = {long_word, "abc"};

    memset(long_word, 'x', sizeof long_word - 1);
    long_word[sizeof long_word - 1] = '\0';
    cr_expect_null(nearest(long_word, names, COUNT_OF(names), sizeof names[0]));
    cr_expect_str_eq(nearest("abd", names, COUNT_OF(names), sizeof names[0]), "abc");
}
