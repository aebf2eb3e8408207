/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/expression.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static const struct goal_name list[] = {
    {"messages", "messages"}, {"recipients", "recipients"}, {"bounced", "recipients"},
    {"delay_p50", "s"},       {"delay_p90", "s"},           {"bad_news_p90", "s"},
    {"bad_news_p50", "s"},    {"late", "recipients"},       {"expired", "recipients"},
};
static const struct goal_names names = {(struct goal_name *)list, COUNT_OF(list), COUNT_OF(list)};

static double figure(void *user, size_t name)
{
    static const double values[] = {2608.6666667, 12500,      106, 0.335, 111720,
                                    NAN,          46790.7796, NAN, 0};

    (void)user;
    return values[name];
}

static void expect_figures(const char *text, const char *figures)
{
    struct goal goal;
    struct err err = {0};

    cr_assert(expression_take(&goal, "--goal", text, &names, &err), "%s", err.text);
    char *said = expression_figures(&goal, &names, figure, NULL);
    cr_expect_str_eq(said, figures, "%s: %s", text, said);
    free(said);
    goal_fini(&goal);
}

Test(expression, figures_are_told_as_people_read_and_as_they_compare)
{
    expect_figures("bounced > 10", "bounced 106");
    expect_figures("bounced > 1%", "recipients 12,500, bounced 106 (0.848 %)");
    expect_figures("recipients > 10 & messages > 0", "messages 2,608.67, recipients 12,500");
    expect_figures("messages > 10", "messages 2,608.67");
    expect_figures("delay_p50 > 1s", "delay_p50 0.335 s");
    expect_figures("delay_p90 > 1d", "delay_p90 31 h 02 (111720 s)");
    expect_figures("bad_news_p50 > 1d", "bad_news_p50 12 h 59 (46790.8 s)");
    expect_figures("bad_news_p90 > 1d", "bad_news_p90 has no value");
    expect_figures("late > 1", "late has no value, as there are no classes of mail");
    expect_figures("bounced / expired > 1",
                   "bounced 106, expired 0; what is divided by 0 has no value");
    expect_figures("1 / 0 > 1", "what is divided by 0 has no value");
    expect_figures("1 = 1", "");
}

static void expect_count(double count, const char *said)
{
    char text[FIGURE_MOST];

    cr_expect_str_eq(expression_count(count, text), said, "%.10g: %s", count, text);
}

Test(expression, means_have_two_decimals_at_most)
{
    expect_count(0, "0");
    expect_count(-1 / 3.0, "-0.33");
    expect_count(-0.001, "0");
    expect_count(-1234.5, "-1,234.5");
    expect_count(9924.333333, "9,924.33");
    expect_count(99.999, "100");
    expect_count(1000000, "1,000,000");
    expect_count(1e300, "1e+300");
}

Test(expression, a_fault_is_one_of_usage_and_names_the_option)
{
    struct goal goal;
    struct err err = {0};

    cr_expect_not(expression_take(&goal, "--goal", "bounced > 1s", &names, &err));
    cr_expect_str_eq(err.text, "--goal: a number of recipients cannot be compared with a duration");
    cr_expect_eq(err.status, EX_USAGE);
    cr_expect_eq(err.spot, 8);
    cr_expect_not_null(err.line);
}

Test(expression, lost_is_told_to_be_of_comparisons)
{
    struct goal goal;
    struct err err = {0};

    cr_expect_not(expression_take(&goal, "--fail-if", "bounced > 1 & lost > 1%", &names, &err));
    cr_expect_str_eq(err.text, "--fail-if: lost is of compare and tune, which measure against what "
                               "is configured");
    cr_expect_eq(err.spot, 14);
    cr_expect_not(expression_take(&goal, "--fail-if", "bounced >> 1 & lost > 1%", &names, &err));
    cr_expect_eq(err.spot, 9, "the first fault is told");

    struct goal_names with_lost = {0};
    goal_names_add(&with_lost, "lost", "recipients");
    cr_expect_not(expression_take(&goal, "--goal", "lost & 1=1", &with_lost, &err));
    cr_expect_str_eq(err.text, "--goal: beside '&' a comparison was expected, like delay_p90<=1h");
    goal_names_fini(&with_lost);
}

Test(expression, of_classes_there_is_no_figure_where_there_are_none)
{
    struct scenario scenario;
    struct err err = {0};

    scenario_init(&scenario);
    cr_expect_not(expression_fits_classes("--goal", "lost<1 & late<5", &scenario, &err));
    cr_expect_eq(err.status, EX_USAGE);
    cr_expect_eq(err.spot, 9);
    cr_expect(expression_fits_classes("--goal", "lost<1 & later<5", &scenario, &err));
    cr_expect(expression_fits_classes("--goal", "lost<1 &", &scenario, &err));
    cr_expect_not(expression_fits_classes("--minimise", "utility", &scenario, &err));
    scenario_add_class(&scenario, "letter");
    cr_expect(expression_fits_classes("--minimise", "utility", &scenario, &err));
    scenario_fini(&scenario);
}

Test(expression, fail_if_that_was_not_given_never_holds)
{
    struct fail_if fail_if;

    fail_if_init(&fail_if);
    fail_if_test(&fail_if, NULL, figure, NULL);
    cr_expect_not(fail_if.holds);
    fail_if_fini(&fail_if);
}
