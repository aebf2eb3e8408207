/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/goal.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "models/results.h"

/* Figures made up for the tests, in the order of their values. */
static struct goal_name list[] = {
    {"messages", "messages"},  {"recipients", "recipients"}, {"attempts", "attempts"},
    {"bounced", "recipients"}, {"expired", "recipients"},    {"lost", "recipients"},
    {"warnings", "messages"},  {"delay_p90", "s"},           {"bad_news_p90", "s"},
    {"dead_sites", "times"},   {"spool_full", "s"},          {"sent", "attempts"},
};
static const struct goal_names names = {list, COUNT_OF(list), COUNT_OF(list)};
static const double figures[] = {500, 1000, 3000, 7, 3, 0, 50, 90, 93600, 2, NAN, 1500};

static double figure(void *user, size_t name)
{
    const double *values = user;

    cr_assert_lt(name, COUNT_OF(list));
    return values[name];
}

static enum truth truth_under(const char *text, const double *values)
{
    struct goal goal;
    struct err err = {0};

    cr_assert(goal_parse(&goal, text, &names, &err), "%s: %s", text, err.text);
    enum truth truth = goal_holds(&goal, figure, (void *)values);
    goal_fini(&goal);
    return truth;
}

struct row {
    const char *text;
    enum truth truth;
};

static void expect_all(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(truth_under(rows[i].text, figures), rows[i].truth, "%s", rows[i].text);
}

Test(goal, compares_in_six_ways)
{
    static const struct row rows[] = {
        {"bounced < 7", TRUTH_NO},   {"bounced < 8", TRUTH_YES},  {"bounced <= 6", TRUTH_NO},
        {"bounced <= 7", TRUTH_YES}, {"bounced > 7", TRUTH_NO},   {"bounced > 6", TRUTH_YES},
        {"bounced >= 8", TRUTH_NO},  {"bounced >= 7", TRUTH_YES}, {"bounced = 7", TRUTH_YES},
        {"bounced = 8", TRUTH_NO},   {"bounced != 7", TRUTH_NO},  {"bounced != 8", TRUTH_YES},
    };

    expect_all(rows, COUNT_OF(rows));
}

Test(goal, durations_have_the_units_of_a_scenario)
{
    static const struct row rows[] = {
        {"delay_p90 = 90s", TRUTH_YES},          {"delay_p90 = 1.5min", TRUTH_YES},
        {"delay_p90 = 1.5m", TRUTH_YES},         {"delay_p90 = 90000ms", TRUTH_YES},
        {"bad_news_p90 = 26h", TRUTH_YES},       {"bad_news_p90 < 26h", TRUTH_NO},
        {"bad_news_p90 > 1d", TRUTH_YES},        {"bad_news_p90 < 1w", TRUTH_YES},
        {"delay_p90 < bad_news_p90", TRUTH_YES},
    };

    expect_all(rows, COUNT_OF(rows));
}

/* 7 of 1,000 recipients; 1,500 of 3,000 attempts; 50 of 500 messages. */
Test(goal, a_percentage_is_of_all_that_is_counted_alike)
{
    static const struct row rows[] = {
        {"bounced <= 0.7%", TRUTH_YES},
        {"bounced > 0.7%", TRUTH_NO},
        {"bounced = 0.7 %", TRUTH_YES},
        {"bounced >= 0.71%", TRUTH_NO},
        {"sent = 50%", TRUTH_YES},
        {"warnings = 10%", TRUTH_YES},
        {"0.7% = bounced", TRUTH_YES},
        {"0.6% > bounced", TRUTH_NO},
        {"bounced + expired = 1%", TRUTH_YES},
        {"bounced = 7", TRUTH_YES},
        {"2 * bounced = 1.4%", TRUTH_YES},
        {"bounced = 2 * 0.35%", TRUTH_YES},
        {"bounced = 0.35% * 2", TRUTH_YES},
        {"bounced / recipients = 0.7%", TRUTH_YES},
    };

    expect_all(rows, COUNT_OF(rows));
}

/* As many as there are of 10,000: each share is the percentage that is written for it. */
Test(goal, shares_are_exact_where_they_are_equal)
{
    double values[COUNT_OF(list)] = {0};

    values[1] = 10000;
    for (int i = 0; i <= 10000; i++) {
        char text[40];
        values[3] = i;
        snprintf(text, sizeof text, "bounced = %d.%02d%%", i / 100, i % 100);
        cr_expect_eq(truth_under(text, values), TRUTH_YES, "%s", text);
    }
}

Test(goal, counts_of_different_things_compare)
{
    static const struct row rows[] = {
        {"attempts <= 6 * messages", TRUTH_YES},
        {"attempts <= 5.9 * messages", TRUTH_NO},
        {"attempts / messages = 6", TRUTH_YES},
    };

    expect_all(rows, COUNT_OF(rows));
}

Test(goal, signs_bind_as_in_arithmetic)
{
    static const struct row rows[] = {
        {"1 + 2 * 3 = 7", TRUTH_YES},          {"(1 + 2) * 3 = 9", TRUTH_YES},
        {"10 - 4 - 3 = 3", TRUTH_YES},         {"10 - (4 - 3) = 9", TRUTH_YES},
        {"24 / 4 / 2 = 3", TRUTH_YES},         {"24 / (4 / 2) = 12", TRUTH_YES},
        {"24 / 4 * 2 = 12", TRUTH_YES},        {"2 * 3 + 4 * 5 = 26", TRUTH_YES},
        {"bounced - expired = 4", TRUTH_YES},  {"10 - 2 * 3 > 3 + 0", TRUTH_YES},
        {"delay_p90 + 30s = 2min", TRUTH_YES}, {"delay_p90 * 2 = 3min", TRUTH_YES},
        {"2 * delay_p90 = 3min", TRUTH_YES},   {"delay_p90 / 2 = 45s", TRUTH_YES},
        {"delay_p90 / 1min = 1.5", TRUTH_YES}, {"50% * delay_p90 = 45s", TRUTH_YES},
        {"50% * recipients = 500", TRUTH_YES}, {"recipients * 50% = 500", TRUTH_YES},
        {"2 * 5% = 10%", TRUTH_YES},           {"5% + 6% = 11%", TRUTH_YES},
        {"2 + bounced = 9", TRUTH_YES},        {"bounced < 5% * 20%", TRUTH_YES},
    };

    expect_all(rows, COUNT_OF(rows));
}

/* Where either order of binding would give another answer. */
Test(goal, and_binds_tighter_than_or_and_not_takes_one_comparison)
{
    static const struct row rows[] = {
        {"1=1 | 1=2 & 1=2", TRUTH_YES}, {"(1=1 | 1=2) & 1=2", TRUTH_NO},
        {"1=2 & 1=2 | 1=1", TRUTH_YES}, {"1=2 & (1=2 | 1=1)", TRUTH_NO},
        {"!1=1 | 1=1", TRUTH_YES},      {"!(1=1 | 1=1)", TRUTH_NO},
        {"!1=2 & 1=2", TRUTH_NO},       {"!(1=2 & 1=2)", TRUTH_YES},
        {"!!1=1", TRUTH_YES},           {"!2 + 2 = 5", TRUTH_YES},
        {"1=2 | 1=2", TRUTH_NO},        {"1=1 & 1=1", TRUTH_YES},
    };

    expect_all(rows, COUNT_OF(rows));
}

Test(goal, blanks_do_not_matter)
{
    static const struct row rows[] = {
        {"lost<=0.1%&bad_news_p90<=26h", TRUTH_YES},
        {" \tlost  <=\n0.1 % &\r bad_news_p90\t<= 26h ", TRUTH_YES},
        {"bounced>10|delay_p90>4h", TRUTH_NO},
        {"( bounced>6 )", TRUTH_YES},
    };

    expect_all(rows, COUNT_OF(rows));
}

Test(goal, a_bare_zero_is_nothing_of_anything)
{
    static const struct row rows[] = {
        {"delay_p90 > 0", TRUTH_YES},       {"0 < delay_p90", TRUTH_YES}, {"lost = 0", TRUTH_YES},
        {"0 + delay_p90 = 90s", TRUTH_YES}, {"lost <= 0%", TRUTH_YES},
    };

    expect_all(rows, COUNT_OF(rows));
}

/* Kleene's tables; spool_full has no value. */
Test(goal, what_has_no_value_is_neither_true_nor_false)
{
    static const struct row rows[] = {
        {"spool_full > 1h", TRUTH_UNKNOWN},
        {"spool_full <= 1h", TRUTH_UNKNOWN},
        {"spool_full != 1h", TRUTH_UNKNOWN},
        {"1h = spool_full", TRUTH_UNKNOWN},
        {"spool_full + 1h > 1h", TRUTH_UNKNOWN},
        {"!spool_full > 1h", TRUTH_UNKNOWN},
        {"spool_full > 1h & 1=1", TRUTH_UNKNOWN},
        {"1=1 & spool_full > 1h", TRUTH_UNKNOWN},
        {"spool_full > 1h & 1=2", TRUTH_NO},
        {"1=2 & spool_full > 1h", TRUTH_NO},
        {"spool_full > 1h | 1=1", TRUTH_YES},
        {"1=1 | spool_full > 1h", TRUTH_YES},
        {"spool_full > 1h | 1=2", TRUTH_UNKNOWN},
        {"1=2 | spool_full > 1h", TRUTH_UNKNOWN},
        {"spool_full>1h | spool_full<1h", TRUTH_UNKNOWN},
        {"spool_full>1h & spool_full<1h", TRUTH_UNKNOWN},
    };

    expect_all(rows, COUNT_OF(rows));
}

Test(goal, a_division_by_zero_has_no_value)
{
    static const double nothing[COUNT_OF(list)] = {0};
    static const struct row rows[] = {
        {"bounced / lost > 1", TRUTH_UNKNOWN},
        {"lost / lost = 1", TRUTH_UNKNOWN},
        {"1 / 0 > 1", TRUTH_UNKNOWN},
    };

    expect_all(rows, COUNT_OF(rows));
    cr_expect_eq(truth_under("bounced <= 1%", nothing), TRUTH_UNKNOWN, "no recipients: no share");
    cr_expect_eq(truth_under("bounced <= 1", nothing), TRUTH_YES);
}

static uint64_t failed_under(const char *text)
{
    struct goal goal;
    struct err err = {0};

    cr_assert(goal_parse(&goal, text, &names, &err), "%s: %s", text, err.text);
    uint64_t failed = goal_failed(&goal, figure, (void *)figures);
    goal_fini(&goal);
    return failed;
}

Test(goal, tells_which_of_its_conditions_fail)
{
    cr_expect_eq(failed_under("1=1"), 0);
    cr_expect_eq(failed_under("1=2"), 1);
    cr_expect_eq(failed_under("1=1 & 1=2"), 2);
    cr_expect_eq(failed_under("1=2 & 1=1 & 1=2"), 5);
    cr_expect_eq(failed_under("1=2 & (1=1 & 1=2)"), 5);
    cr_expect_eq(failed_under("1=1 & (1=2 | 1=2) & 1=1"), 2, "one condition, either way");
    cr_expect_eq(failed_under("1=1 & !(1=1 & 1=1) & 1=2"), 6, "one condition");
    cr_expect_eq(failed_under("spool_full > 1h & 1=1"), 1, "it cannot be told");
}

Test(goal, conditions_beyond_the_sixty_fourth_share_its_bit)
{
    char text[1000] = "1=1";

    for (int i = 1; i < 70; i++)
        strcat(text, i == 62 || i > 63 ? " & 1=2" : " & 1=1");
    cr_expect_eq(failed_under(text), UINT64_C(1) << 63 | UINT64_C(1) << 62);
}

/* ------------------------------------------------------------------ faults */

/* `caret` has its ^ under the spot. */
static const struct fault {
    const char *text, *caret, *reason;
} faults[] = {
    {"lost<=0.1% & bad_news_p9<=26h", /**/
     "             ^", "no such metric (did you mean 'bad_news_p90'?)"},
    {"lost<=0.1% & cost>5", /**/
     "             ^", "no such metric (did you mean 'lost'?)"},
    {"bytes>5", /**/
     "^", "no such metric"},
    {"bounced > 10 or lost > 1", /**/
     "             ^", "a sign was expected, like & | <= or +"},
    {"", /**/
     "^", "the name of a metric, a number or '(' was expected"},
    {"lost > ", /**/
     "       ^", "the name of a metric, a number or '(' was expected"},
    {"lost > 1 && lost < 3", /**/
     "          ^", "one '&' is enough"},
    {"lost > 1 || lost < 3", /**/
     "          ^", "one '|' is enough"},
    {"lost == 1", /**/
     "      ^", "one '=' is enough"},
    {"lost = 1 & & lost = 2", /**/
     "           ^", "the name of a metric, a number or '(' was expected"},
    {"&lost = 2", /**/
     "^", "the name of a metric, a number or '(' was expected"},
    {"lost ++ 1 > 5", /**/
     "      ^", "the name of a metric, a number or '(' was expected"},
    {"EXPIRED > 5", /**/
     "^", "no such metric (did you mean 'expired'?)"},
    {"lost < 1e3", /**/
     "       ^", "'1e3': there are no exponents: 1000 was expected, not 1e3"},
    {"lost < 2.5E-3", /**/
     "       ^", "'2.5E': there are no exponents: 1000 was expected, not 1e3"},
    {"lost < 1e3s", /**/
     "       ^",
     "'1e3s' is no duration: a number and ms, s, min, h, d or w was expected, "
     "like 90min or 1.5h"},
    {"lost > -1", /**/
     "       ^", "the name of a metric, a number or '(' was expected"},
    {"lost > ()", /**/
     "        ^", "the name of a metric, a number or '(' was expected"},
    {"lost > 1 & (lost < 5 | lost = 7", /**/
     "           ^", "this '(' is not closed"},
    {"(lost > 1)) & lost < 5", /**/
     "          ^", "there is no '(' for this ')'"},
    {"lost", /**/
     "    ^", "a comparison was expected, like bounced<=1%"},
    {"lost > 1 & bounced", /**/
     "           ^", "beside '&' a comparison was expected, like delay_p90<=1h"},
    {"(lost + 1) | bounced > 1", /**/
     "^", "beside '|' a comparison was expected, like delay_p90<=1h"},
    {"lost = 1 & !bounced & lost = 2", /**/
     "            ^", "behind '!' a comparison was expected, like delay_p90<=1h"},
    {"delay_p90 <= 5%", /**/
     "          ^", "a duration cannot be compared with a percentage"},
    {"5% > delay_p90", /**/
     "   ^", "a percentage cannot be compared with a duration"},
    {"lost = 1 | bounced > 4h", /**/
     "                   ^", "a number of recipients cannot be compared with a duration"},
    {"delay_p90 > attempts", /**/
     "          ^", "a duration cannot be compared with a number of attempts"},
    {"delay_p90 <= 90", /**/
     "          ^", "a duration cannot be compared with a number: a unit is missing, as in 90min"},
    {"90 >= delay_p90", /**/
     "   ^", "a number cannot be compared with a duration: a unit is missing, as in 90min"},
    {"dead_sites > 5%", /**/
     "           ^", "there is no total of which these times could be a percentage"},
    {"recipients > 5%", /**/
     "           ^", "recipients are always 100 % of themselves"},
    {"1 < lost < 5", /**/
     "         ^", "comparisons are joined by & or |, not by '<'"},
    {"1 + (lost < 5) > 7", /**/
     "  ^", "comparisons are joined by & or |, not by '+'"},
    {"(lost < 5) * 2 > 7", /**/
     "           ^", "comparisons are joined by & or |, not by '*'"},
    {"7 / (lost < 5) > 7", /**/
     "  ^", "comparisons are joined by & or |, not by '/'"},
    {"5 = (lost < 5)", /**/
     "  ^", "comparisons are joined by & or |, not by '='"},
    {"0 = (lost < 5)", /**/
     "  ^", "comparisons are joined by & or |, not by '='"},
    {"(lost < 5) / (lost < 5) > 7", /**/
     "           ^", "comparisons are joined by & or |, not by '/'"},
    {"0 + (lost < 5) > 7", /**/
     "  ^", "comparisons are joined by & or |, not by '+'"},
    {"(lost < 5) + (lost < 5) > 7", /**/
     "           ^", "comparisons are joined by & or |, not by '+'"},
    {"lost + 5% > 7", /**/
     "     ^", "there is no '+' between a number of recipients and a percentage"},
    {"5% + 1 > bounced", /**/
     "   ^", "there is no '+' between a percentage and a number"},
    {"lost + warnings > 7", /**/
     "     ^", "there is no '+' between a number of recipients and a number of messages"},
    {"delay_p90 - 5 > 7s", /**/
     "          ^", "there is no '-' between a duration and a number"},
    {"lost * bounced > 7", /**/
     "     ^", "there is no '*' between a number of recipients and a number of recipients"},
    {"delay_p90 * lost > 7s", /**/
     "          ^", "there is no '*' between a duration and a number of recipients"},
    {"5 / lost > 7", /**/
     "  ^", "there is no '/' between a number and a number of recipients"},
    {"lost / delay_p90 > 7", /**/
     "     ^", "there is no '/' between a number of recipients and a duration"},
    {"delay_p90 < 10x", /**/
     "            ^",
     "'10x' is no duration: a number and ms, s, min, h, d or w was expected, "
     "like 90min or 1.5h"},
    {"lost < 1.2.3", /**/
     "       ^", "'1.2.3' is no number"},
    {"lost < 1.2.3%", /**/
     "       ^", "'1.2.3' is no number"},
    {"lost < .", /**/
     "       ^", "'.' is no number"},
    {"lost < 12345678901234567890123456789012", /**/
     "       ^", "'12345678901234567890123456789012' is no number"},
    {"delay_p90 < 101000d", /**/
     "            ^", "'101000d' is longer than a century"},
    {"lost \x1b[31m > 5", /**/
     "     ^", "a sign was expected, like & | <= or +"},
};

Test(goal, a_fault_is_pointed_at)
{
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        const struct fault *fault = &faults[i];
        struct goal goal;
        struct err err = {0};
        cr_expect_not(goal_parse(&goal, fault->text, &names, &err), "%s", fault->text);
        cr_expect_str_eq(err.text, fault->reason, "%s: %s", fault->text, err.text);
        cr_expect_eq(err.line, fault->text, "%s", fault->text);
        cr_expect_eq(err.spot, strlen(fault->caret) - 1, "%s: %zu", fault->text, err.spot);
        cr_expect(goal.nodes == NULL && goal.count == 0, "%s", fault->text);
    }
}

static bool parses(const char *text, struct err *err)
{
    struct goal goal;
    bool good = goal_parse(&goal, text, &names, err);

    goal_fini(&goal);
    return good;
}

/* `depth` times `open` before "1=1" and `shut` behind it. */
static void nest(char *text, const char *open, int depth, const char *shut)
{
    *text = '\0';
    for (int i = 0; i < depth; i++)
        strcat(text, open);
    strcat(text, "1=1");
    for (int i = 0; i < depth; i++)
        strcat(text, shut);
}

Test(goal, nests_thirty_two_deep_and_no_deeper)
{
    char text[200];
    struct err err = {0};

    nest(text, "(", 32, ")");
    cr_expect(parses(text, &err), "%s", err.text);
    nest(text, "!", 32, "");
    cr_expect(parses(text, &err), "%s", err.text);
    nest(text, "(", 33, ")");
    cr_expect_not(parses(text, &err));
    cr_expect_str_eq(err.text, "more than 32 of '(' and '!' within each other");
    cr_expect_eq(err.spot, 32);
    nest(text, "!", 33, "");
    cr_expect_not(parses(text, &err));
    cr_expect_eq(err.spot, 32);
}

Test(goal, one_after_the_other_is_not_deep)
{
    char text[400] = "(1=1)";
    struct err err = {0};

    for (int i = 0; i < 40; i++)
        strcat(text, "&(1=1)");
    cr_expect(parses(text, &err), "%s", err.text);
}

Test(goal, is_a_thousand_bytes_long_at_most)
{
    char text[1002];
    struct err err = {0};

    memset(text, ' ', sizeof text);
    memcpy(text, "1=1", 3);
    text[1000] = '\0';
    cr_expect(parses(text, &err), "%s", err.text);
    text[1000] = ' ', text[1001] = '\0';
    cr_expect_not(parses(text, &err));
    cr_expect_str_eq(err.text, "longer than 1000 characters");
    cr_expect_null(err.line, "so long a line is not shown");
}

Test(goal, the_longest_sum_is_added_up)
{
    char text[1001] = "499=1";
    struct err err = {0};

    for (size_t i = strlen(text); i + 2 < sizeof text; i += 2)
        strcpy(text + i, "+1");
    cr_expect(parses(text, &err), "%s", err.text);
    cr_expect_eq(truth_under(text, figures), TRUTH_NO, "it is 498");
    text[2] = '8', memcpy(text, "498", 3);
    cr_expect_eq(truth_under(text, figures), TRUTH_YES);
}

/* ------------------------------------------------------------------- names */

Test(goal, knows_which_figures_it_needs)
{
    struct goal goal;
    struct err err = {0};

    cr_assert(goal_parse(&goal, "bounced<=1% & delay_p90<1h", &names, &err));
    for (size_t i = 0; i < COUNT_OF(list); i++) {
        bool needed = i == 3 || i == 1 || i == 7; /* bounced, of recipients, delay_p90 */
        cr_expect_eq(goal_needs(&goal, i), needed, "%s", list[i].name);
    }
    goal_fini(&goal);
    cr_expect_not(goal_needs(&goal, 3));
}

Test(goal, every_metric_may_be_named_by_its_number)
{
    struct goal_names all = {0};

    goal_names_add_metrics(&all);
    goal_names_add(&all, "lost", "recipients");
    for (size_t i = 0; metrics[i].name != NULL; i++) {
        char text[80];
        struct goal goal;
        struct err err = {0};
        cr_expect_str_eq(all.list[i].name, metrics[i].name);
        snprintf(text, sizeof text, "%s > 0 & lost = 0", metrics[i].name);
        cr_assert(goal_parse(&goal, text, &all, &err), "%s: %s", text, err.text);
        cr_expect(goal_needs(&goal, i) && goal_needs(&goal, all.count - 1));
        goal_fini(&goal);
    }
    goal_names_fini(&all);
    cr_expect(all.list == NULL && all.count == 0);
}

Test(goal, one_that_was_not_given_cannot_be_asked, .exit_code = 70)
{
    struct goal goal = {0};

    goal_holds(&goal, figure, (void *)figures);
}
