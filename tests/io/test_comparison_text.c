/* SPDX-License-Identifier: GPL-3.0-or-later */
/* io/comparison_text - two policies side by side, worked out by hand */
#include "io/comparison_text.h"

#include <stdio.h>
#include <string.h>

#include "tests/models/compared.h"

static char *text;

static void print_comparison(const struct comparison *comparison)
{
    size_t length;
    FILE *out = open_memstream(&text, &length);

    comparison_print(out, comparison);
    fclose(out);
}

static void print(const struct figures_by_hand *trials, size_t replications)
{
    struct comparison comparison = two_policies(trials, replications);

    print_comparison(&comparison);
    comparison_fini(&comparison);
}

static void forget(void)
{
    free(text);
}

TestSuite(comparison_text, .fini = forget);

static void expect_line(const char *line)
{
    cr_expect_not_null(strstr(text, line), "no '%s' in\n%s", line, text);
}

/* 1 and 2 of 100, against 3 and 5: more by 2 and 3; t(0.975, 1 degree) = 12.7062, of a half: 6.4.
 */
Test(comparison_text, has_means_their_difference_and_half_its_interval)
{
    static const struct figures_by_hand trials[] = {
        {100, 1, 0, 60, 500}, {100, 3, 0, 90, 250}, {100, 2, 0, 60, 500}, {100, 5, 0, 90, 250}};

    print(trials, 2);
    expect_line("                              stock      one-day   difference    95 % +/-\n");
    expect_line("bounced                         1.5          4.0         +2.5          6.4\n");
    expect_line("attempts                        500          250         -250\n");
    expect_line("bad news p50               1 min 00     1 min 30        +30 s\n");
}

Test(comparison_text, leaves_out_what_there_is_none_of)
{
    static const struct figures_by_hand trials[] = {{100, 3, 0, 0, 10}, {100, 3, 0, 0, 10}};

    print(trials, 1);
    cr_expect_null(strstr(text, "expired"), "%s", text);
    cr_expect_null(strstr(text, "delay p50"), "nothing was measured: %s", text);
    cr_expect_null(strstr(text, "95 %"), "one replication has no interval: %s", text);
}

Test(comparison_text, tells_that_something_took_no_time)
{
    static const struct figures_by_hand trials[] = {{100, 3, 0, 0, 10}, {100, 3, 0, 0, 10}};

    print(trials, 1);
    expect_line("bad news p50                  0.0 s        0.0 s        0.0 s\n");
}

Test(comparison_text, has_no_difference_to_what_is_not_there)
{
    static const struct figures_by_hand trials[] = {{100, 3, 0, NAN, 10}, {100, 3, 0, 90, 10}};

    print(trials, 1);
    expect_line("bad news p50                      -     1 min 30\n");
}

/* -150 and 20: more by 170; without classes there is no such line. */
Test(comparison_text, tells_what_the_mail_of_classes_was_worth)
{
    static const struct figures_by_hand trials[] = {{100, 3, 0, NAN, 10}, {100, 3, 0, NAN, 10}};
    struct comparison comparison = two_policies(trials, 1);
    size_t utility = (size_t)(metric_find("utility") - metrics);

    print_comparison(&comparison);
    cr_expect_null(strstr(text, "utility"), "%s", text);
    free(text);
    comparison.samples.values[utility] = -150;
    comparison.samples.values[metric_count() + utility] = 20;
    print_comparison(&comparison);
    expect_line("utility of the mail            -150           20         +170\n");
    comparison_fini(&comparison);
}
