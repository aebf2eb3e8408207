/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dozen lines for people: figures made up here, lines worked out by hand. */
#include "io/summary_text.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "models/scenario.h"
#include "sim/alloc.h"

static struct postfix_settings settings;
static struct results results;
static struct summary_head head;

static void make_run(void)
{
    postfix_settings_init(&settings);
    results_init(&results);
    head = (struct summary_head){.scenario = "weekend.conf",
                                 .settings = &settings,
                                 .seed = 1,
                                 .replications = 1,
                                 .duration = 7 * 86400 * SIM_SECOND};
}

static void free_run(void)
{
    results_fini(&results);
}

TestSuite(summary_text, .init = make_run, .fini = free_run);

static char *printed(void)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    cr_assert_not_null(out);
    summary_print(out, &head, &results);
    fclose(out);
    return text;
}

static void expect_line(const char *line)
{
    char *text = printed(), *all = alloc_printf("\n%s", text),
         *whole = alloc_printf("\n%s\n", line);

    cr_expect_not_null(strstr(all, whole), "no '%s' in\n%s", line, text);
    free(text);
    free(all);
    free(whole);
}

Test(summary_text, begins_with_what_was_run)
{
    expect_line("weekend.conf: postfix 300s/300s/4000s, lifetime 5 d 00 h, bounces 5 d 00 h");
    expect_line("seed 1, 1 replication, 7 days");
    head.policy = "one-day";
    head.seed = UINT64_MAX;
    head.replications = 20;
    head.duration = SIM_NEVER;
    expect_line("weekend.conf, one-day: postfix 300s/300s/4000s, lifetime 5 d 00 h, "
                "bounces 5 d 00 h");
    expect_line("seed 18446744073709551615, 20 replications");
}

Test(summary_text, tells_recipients_and_their_shares)
{
    results.recipients = 2500;
    results.messages = 2000;
    results.fates.delivered = 2394;
    results.fates.delivered_at_once = 1480;
    results.fates.expired = 106;
    results.outcomes[OUTCOME_SENT] = 2394;
    results.outcomes[OUTCOME_DEFERRED] = 11706;
    results.deferred_max = 1014;
    histogram_add(&results.attempts_per_scan, 1873, 1);
    expect_line("delivered                     2,394   95.8 %");
    expect_line("  at the first attempt        1,480   59.2 %");
    expect_line("bounced                           0    0.0 %");
    expect_line("expired                         106    4.2 %");
    expect_line("attempts                     14,100  7.0 per message, busiest scan 1,873");
    expect_line("deferred queue, most          1,014");
}

Test(summary_text, tells_what_dead_sites_and_operators_bring_about)
{
    results.recipients = 200;
    results.messages = 200;
    results.fates.deleted = 1;
    results.outcomes[OUTCOME_SENT] = 150;
    results.outcomes[OUTCOME_SUSPENDED] = 50;
    results.flushed = 66;
    expect_line("deleted                           1    0.5 %");
    expect_line("  not tried, site dead           50   25.0 %");
    expect_line("  made by flushes                66   33.0 %");
}

static void expect_spans(const char *what, const char *spans)
{
    char *text = printed(), *line = strstr(text, what);

    cr_assert_not_null(line);
    line[strcspn(line, "\n")] = '\0';
    size_t length = strlen(line), want = strlen(spans);
    cr_assert_geq(length, want);
    cr_expect_str_eq(line + length - want, spans, "%s", line);
    free(text);
}

Test(summary_text, says_spans_as_people_do)
{
    static const struct {
        uint64_t ms;
        const char *spoken;
    } cases[] = {
        {0, "      0.0 s"},         {300, "      0.3 s"},       {9949, "      9.9 s"},
        {9950, "       10 s"},      {59499, "       59 s"},     {59500, "   1 min 00"},
        {725000, "  12 min 05"},    {3599499, "  59 min 59"},   {3599500, "     1 h 00"},
        {111720000, "    31 h 02"}, {172799499, "    47 h 59"}, {172799500, "   2 d 00 h"},
        {428400000, "   4 d 23 h"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        results_fini(&results);
        results_init(&results);
        results.recipients = 1;
        histogram_add(&results.delay, cases[i].ms, 1);
        expect_spans("delivered", cases[i].spoken);
    }
}

Test(summary_text, tells_median_ninth_tenth_and_maximum)
{
    results.recipients = 10;
    for (uint64_t i = 1; i <= 10; i++)
        histogram_add(&results.bad_news, i * 1000, 1);
    expect_spans("  sender told of failure", "      5.0 s      9.0 s       10 s");
}

Test(summary_text, leaves_out_what_did_not_happen)
{
    char *text = printed();

    cr_expect_null(strstr(text, "still queued"));
    cr_expect_null(strstr(text, "delay warnings"));
    cr_expect_null(strstr(text, "deleted"));
    cr_expect_null(strstr(text, "not tried"));
    cr_expect_null(strstr(text, "flushes"));
    cr_expect_null(strstr(text, "nan"));
    free(text);
    results.recipients = 4;
    results.fates.queued = 1;
    results.warnings = 1234567;
    expect_line("still queued                      1   25.0 %");
    expect_line("delay warnings            1,234,567");
}

Test(summary_text, groups_digits_by_three)
{
    static const struct {
        uint64_t number;
        const char *line;
    } cases[] = {
        {999, "deferred queue, most            999"},
        {1000, "deferred queue, most          1,000"},
        {123456, "deferred queue, most        123,456"},
        {UINT64_MAX, "deferred queue, most     18,446,744,073,709,551,615"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        results.deferred_max = cases[i].number;
        expect_line(cases[i].line);
    }
}

Test(summary_text, fits_80_columns)
{
    results.recipients = 123456789;
    results.messages = 1;
    results.fates.delivered = results.fates.queued = 123456789;
    histogram_add(&results.delay, 428400000, 5);
    histogram_add(&results.bad_news, 428400000, 5);
    char *text = printed();

    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
        cr_expect_leq(strlen(line), 80, "%s", line);
    free(text);
}

/* ------------------------------------------------------------- classes */

static struct scenario scenario;
static struct classes classes;

static void make_classes(void)
{
    scenario_init(&scenario);
    *scenario_add_class(&scenario, "transactional") =
        (struct class_spec){.deadline = SIM_SECOND, .value = 1, .late = 0.5, .lost = -1};
    scenario_add_class(&scenario, "a-name-that-is-too-long-for-it");
    classes_begin(&classes, &scenario);
}

static void free_classes(void)
{
    classes_fini(&classes);
    scenario_fini(&scenario);
}

TestSuite(summary_classes, .init = make_classes, .fini = free_classes);

static void expect_classes(const char *want)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    cr_assert_not_null(out);
    summary_print_classes(out, &scenario.class_names, &classes);
    fclose(out);
    cr_expect_str_eq(text, want, "\n%s not \n%s", text, want);
    free(text);
}

static struct class_sum *sum_up(size_t number, uint64_t delivered, uint64_t late, uint64_t lost)
{
    struct class_sum *sum = &classes.list[number];

    sum->recipients = delivered + lost;
    sum->fates = (struct tally_sum){.delivered = delivered, .bounced = lost / 2};
    sum->fates.expired = lost - lost / 2;
    sum->late = late;
    return sum;
}

#define CLASS_HEAD                                                                                 \
    "\nclass           recipients in time    late    lost delay p50       p90   utility\n"

/* 1500 in time, 300 late, 200 lost: 1500 + 150 - 200. */
Test(summary_classes, have_a_line_each_and_one_together)
{
    histogram_add(&sum_up(1, 1800, 300, 200)->delay, 300, 1800);
    sum_up(2, 0, 0, 0);
    sum_up(0, 1000, 0, 1000);
    expect_classes(
        CLASS_HEAD
        "transactional        2,000  75.0 %  15.0 %  10.0 %     0.3 s     0.3 s    1450.0\n"
        "a-name-that-is-too-long-for-it\n"
        "                         0                                                   0.0\n"
        "(none)               2,000  50.0 %   0.0 %  50.0 %                           0.0\n"
        "(all)                4,000  62.5 %   7.5 %  30.0 %     0.3 s     0.3 s    1450.0\n");
}

Test(summary_classes, are_not_summed_up_where_there_is_one)
{
    free_classes();
    scenario_init(&scenario);
    scenario_add_class(&scenario, "slow");
    classes_begin(&classes, &scenario);
    histogram_add(&sum_up(1, 1, 0, 0)->delay, 3599000, 1);
    expect_classes(
        CLASS_HEAD
        "slow                     1 100.0 %   0.0 %   0.0 % 59 min 59 59 min 59       1.0\n");
}

Test(summary_classes, without_any_say_nothing)
{
    free_classes();
    scenario_init(&scenario);
    expect_classes("");
}
