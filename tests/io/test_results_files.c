/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.csv, histograms.csv and ages.csv of figures made up here. */
#include "io/results_files.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv.h"
#include "tests/io/experiment_by_hand.h"

TestSuite(results_files, .init = make_figures, .fini = free_figures);

/* ---------------------------------------------------------------- summary */

Test(results_files, sums_up_one_run_without_intervals)
{
    add_run(7, 1500);
    summary_put(&output, &experiment);
    cr_expect_eq(strncmp(written(), "metric,unit,value,ci95_low,ci95_high\nmessages,", 46), 0);
    expect_line("messages,messages,7,,");
    expect_line("sent,attempts,7,,");
    expect_line("delay_max,s,1.500,,");
}

Test(results_files, leaves_empty_what_was_not_measured)
{
    add_run(0, 0);
    summary_put(&output, &experiment);
    expect_line("messages,messages,0,,");
    expect_line("delay_max,s,,,");
    expect_line("bad_news_max,s,,,");
}

Test(results_files, sums_up_several_runs_with_their_interval)
{
    add_run(10, 1000);
    add_run(14, 3000);
    summary_put(&output, &experiment);
    /* mean 12, s = 2.828, t(0.975, 1) = 12.706: 12 +- 12.706 * 2.828 / sqrt 2 */
    expect_line("messages,messages,12.000,-13.412,37.412");
    expect_line("delay_max,s,2.000,-10.706,14.706");
}

Test(results_files, has_what_classes_are_worth_where_there_are_some)
{
    add_run_with_classes();
    summary_put(&output, &experiment);
    expect_line("late,recipients,0,,");
    expect_line("utility,value,0.700,,");
}

Test(results_files, leaves_empty_what_only_classes_have)
{
    add_run(3, 1);
    summary_put(&output, &experiment);
    expect_line("late,recipients,,,");
    expect_line("utility,value,,,");
}

static bool count_row(void *user, const char *const *cells, struct err *err)
{
    (void)err;
    cr_expect_not_null(metric_find(cells[0]), "%s", cells[0]);
    ++*(size_t *)user;
    return true;
}

Test(results_files, has_a_row_for_each_metric)
{
    static const char *const columns[] = {"metric", "unit", "value", "ci95_low", "ci95_high", NULL};
    size_t rows = 0, want = 0;
    struct err err;

    add_run(1, 1);
    summary_put(&output, &experiment);
    cr_expect(csv_read_text(written(), output.used, "x",
                            &(struct csv_rows){columns, 0, count_row, &rows}, &err));
    while (metrics[want].name != NULL)
        want++;
    cr_expect_eq(rows, want);
}

/* ------------------------------------------------------------- histograms */

Test(results_files, writes_the_buckets_that_are_not_empty)
{
    add_run(7, 1500);
    histograms_put(&output, &experiment.total);
    cr_expect_eq(strncmp(written(), "metric,unit,low,high,count\n", 27), 0);
    /* 1500 ms lies in 1024 to 2047, cut into buckets of 8 ms; the last one ends at the maximum */
    expect_line("delay,s,1.496,1.500,7");
    /* 300 in 256 to 511, buckets of 2 */
    expect_line("attempts_per_scan,attempts,300,300,1");
    cr_expect_null(strstr(written(), "bad_news"));
}

/* ------------------------------------------------------------------- ages */

Test(results_files, writes_the_shares_that_were_delivered_by_each_age)
{
    add_run(2, 1500);
    add_run(4, 1500);
    ages_put(&output, &experiment);
    cr_expect_eq(strncmp(written(), "age_s,replications,delivered,delivered_low,", 43), 0);
    expect_line("0.100,2,0.000000,0.000000,0.000000,0.000000,0.000000,0.000000");
    expect_line("1000000.000,2,1.000000,1.000000,1.000000,1.000000,1.000000,1.000000");
}

/* One of four, and that is all that was delivered. */
Test(results_files, tells_the_share_of_all_from_that_of_the_delivered)
{
    struct results results;

    results_init(&results);
    results.recipients = 4;
    histogram_add(&results.delay, 1500, 1);
    experiment_add(&experiment, &results);
    results_fini(&results);
    ages_put(&output, &experiment);
    expect_line("1.500,1,0.250000,,,1.000000,,");
}

Test(results_files, leaves_the_intervals_of_ages_empty_for_one_run)
{
    add_run(2, 1500);
    ages_put(&output, &experiment);
    expect_line("1.300,1,0.000000,,,0.000000,,");
    expect_line("1.500,1,1.000000,,,1.000000,,");
}

Test(results_files, leaves_the_shares_of_ages_empty_without_mail)
{
    add_run(0, 0);
    ages_put(&output, &experiment);
    expect_line("1.500,1,,,,,,");
}
