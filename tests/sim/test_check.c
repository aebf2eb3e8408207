/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A broken promise ends the program and says where. Slow checks are on in this file. */
#undef NDEBUG
#include "sim/check.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

Test(check, a_kept_promise_is_nothing)
{
    REQUIRE(1 + 1 == 2);
    EXPECT("a pointer" != NULL);
    SLOW_EXPECT(2);
}

Test(check, a_broken_requirement_ends_the_program, .exit_code = EX_SOFTWARE)
{
    REQUIRE(1 + 1 == 3);
}

Test(check, a_broken_expectation_ends_the_program, .exit_code = EX_SOFTWARE)
{
    EXPECT(1 + 1 == 3);
}

Test(check, a_broken_slow_expectation_ends_a_debug_build, .exit_code = EX_SOFTWARE)
{
    SLOW_EXPECT(1 + 1 == 3);
}

Test(check, the_status_is_seventy, .exit_code = 70)
{
    check_failed("a.c", 1, "x");
}

/* A break at line 12 of a.c in a process of its own, and what it writes to stderr. */
static size_t last_words(char *text, size_t size)
{
    int ends[2];
    size_t length = 0;
    ssize_t n;

    cr_assert_eq(pipe(ends), 0);
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        check_failed("a.c", 12, "x == 3");
    }
    close(ends[1]);
    while ((n = read(ends[0], text + length, size - 1 - length)) > 0)
        length += (size_t)n;
    text[length] = '\0';
    close(ends[0]);
    waitpid(child, NULL, 0);
    return length;
}

Test(check, the_last_words_are_the_place_and_the_condition)
{
    char text[500];

    last_words(text, sizeof text);
    cr_expect_str_eq(text, "tempfail: internal error: a.c:12: check failed: x == 3\n");
}

Test(check, a_condition_is_evaluated_once)
{
    int times = 0;

    REQUIRE(++times > 0);
    cr_expect_eq(times, 1);
    SLOW_EXPECT(++times > 0);
    cr_expect_eq(times, 2);
}

Test(check, a_check_is_a_statement_like_any_other)
{
    bool reached = false;

    if (1 + 1 == 3)
        REQUIRE(false);
    else
        reached = true;
    cr_expect(reached);
}

Test(check, an_object_is_found_by_its_member)
{
    struct pair {
        int first;
        double second;
    } pair;

    cr_expect_eq(CONTAINER_OF(&pair.second, struct pair, second), &pair);
    cr_expect_eq(CONTAINER_OF(&pair.first, struct pair, first), &pair);
}

Test(check, an_array_knows_its_count)
{
    double numbers[7];
    const char *const one[] = {"one"};

    cr_expect_eq(COUNT_OF(numbers), 7);
    cr_expect_eq(COUNT_OF(one), 1);
}
