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

/* The line that a break at line 12 of a.c writes to stderr, in a process of its own. */
static void last_words(char *line, int size)
{
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        check_failed("a.c", 12, "x == 3");
    }
    close(ends[1]);
    FILE *words = fdopen(ends[0], "r");
    cr_expect_not_null(fgets(line, size, words));
    fclose(words);
    waitpid(child, NULL, 0);
}

Test(check, the_last_words_are_the_place_and_the_condition)
{
    char line[500] = "";

    last_words(line, sizeof line);
    cr_expect_str_eq(line, "tempfail: internal error: a.c:12: check failed: x == 3\n");
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
