/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a report is about, its sentences and its tables. */
#include "io/report_words.h"

#include <math.h>
#include <string.h>
#include <sysexits.h>

#include "tests/io/reported.h"

TestSuite(report, .init = make_folder, .fini = remove_folder);

static void expect_verdict(const char *operand, size_t line, const char *want)
{
    struct report report;
    struct report_lines lines = {0};

    read_report(&report, operand);
    report_verdict(&report, &lines);
    cr_assert_gt(lines.count, line);
    cr_expect_str_eq(lines.text[line], want, "'%s' not '%s'", lines.text[line], want);
    report_lines_fini(&lines);
    report_fini(&report);
}

static void expect_unknown(const char *operand, const char *want)
{
    struct report report;
    struct report_lines lines = {0};
    bool found = false;

    read_report(&report, operand);
    report_unknown(&report, &lines);
    for (size_t i = 0; i < lines.count; i++)
        found = found || strcmp(lines.text[i], want) == 0;
    cr_expect(found, "not said: %s; but: %s", want, lines.count > 0 ? lines.text[0] : "nothing");
    report_lines_fini(&lines);
    report_fini(&report);
}

static void expect_row(report_table_fn *fill, const char *operand, size_t row, const char *want)
{
    struct report report;
    struct report_table table = {0};
    char cells[1000] = "";

    read_report(&report, operand);
    fill(&report, &table);
    cr_assert_gt(report_table_rows(&table), row);
    for (size_t column = 0; column < table.columns; column++)
        snprintf(cells + strlen(cells), sizeof cells - strlen(cells), "%s%s", column > 0 ? "|" : "",
                 report_table_cell(&table, row, column));
    cr_expect_str_eq(cells, want, "'%s' not '%s'", cells, want);
    report_table_fini(&table);
    report_fini(&report);
}

/* 41 of 1,000 more; 342,000 s are 95 h; half the attempts. */
Test(report, says_what_a_policy_does_instead_of_the_first)
{
    put_two_runs();
    expect_verdict(
        "out", 0,
        "one-day instead of stock: 4.1 % more of all recipients bounce, senders learn of "
        "failures 3 d 23 h earlier, 50.0 % fewer attempts.");
}

Test(report, says_what_happens_under_one_policy)
{
    put_run("one", MANIFEST("5d"), STOCK);
    expect_verdict(
        "one", 0,
        "Of 1,000 recipients 96.0 % have their mail, half of them within 0.5 s and nine "
        "in ten within 10 min 00; 4.0 % bounce, and half of their senders know after 5 d "
        "00 h. That takes 5,000 attempts.");
}

/* 10 to 50 and 30 to 60 of 1,000: from -20 to 50 apart. */
Test(report, takes_the_outer_ends_of_two_intervals)
{
    cr_assert_eq(mkdir("out", 0777), 0);
    put_run("out/stock", MANIFEST("5d"),
            "recipients,recipients,1000,990,1010\nbounced,recipients,0,0,0\n"
            "expired,recipients,30,10,50\nattempts,attempts,100,90,110\n");
    put_run("out/x", MANIFEST("1d"),
            "recipients,recipients,1000,990,1010\nbounced,recipients,0,0,0\n"
            "expired,recipients,45,30,60\nattempts,attempts,200,190,210\n");
    expect_verdict(
        "out", 0,
        "x instead of stock: 1.5 % more of all recipients bounce (-2.0 to 5.0, which may "
        "be chance), 100.0 % more attempts (80.0 to 120.0).");
}

Test(report, prefers_the_differences_of_compare_csv_and_its_order)
{
    put_two_runs();
    put_file("out/compare.csv",
             "policy,metric,unit,value,ci95_low,ci95_high,diff,diff_low,diff_high\n"
             "one-day,expired,recipients,71,,,,,\n"
             "stock,expired,recipients,30,,,-40,-45,-35\n"
             "stock,bounced,recipients,10,,,0,0,0\n");
    expect_verdict("out", 0,
                   "stock instead of one-day: 4.0 % fewer of all recipients bounce (3.5 to 4.5), "
                   "senders learn of failures 3 d 23 h later, 100.0 % more attempts.");
}

Test(report, begins_with_what_others_are_measured_by)
{
    static const char *const want[] = {"replayed", "stock", "a", "z"};
    struct report report;

    cr_assert_eq(mkdir("out", 0777), 0);
    put_run("out/z", MANIFEST("1d"), STOCK);
    put_run("out/stock", MANIFEST("5d"), STOCK);
    put_run("out/a", MANIFEST("1d"), STOCK);
    put_run("out/replayed", MANIFEST("5d"), STOCK);
    read_report(&report, "out");
    cr_assert_eq(report.count, COUNT_OF(want));
    for (size_t i = 0; i < COUNT_OF(want); i++)
        cr_expect_str_eq(report.runs[i].name, want[i]);
    report_fini(&report);
}

Test(report, takes_a_comparison_without_its_runs)
{
    cr_assert_eq(mkdir("out", 0777), 0);
    put_file("out/compare.csv",
             "policy,metric,unit,value,ci95_low,ci95_high,diff,diff_low,diff_high\n"
             "b,recipients,recipients,1000,990,1010,,,\nb,expired,recipients,10,8,12,,,\n"
             "b,bounced,recipients,0,0,0,,,\n"
             "a,recipients,recipients,1000,990,1010,0,0,0\na,expired,recipients,30,25,35,20,16,24\n"
             "a,bounced,recipients,0,0,0,0,0,0\n");
    expect_verdict("out", 0, "a instead of b: 2.0 % more of all recipients bounce (1.6 to 2.4).");
    expect_row(report_outcome, "out", 2, "expired|1.0 %|3.0 %|+2.0 points (+1.6 to +2.4)");
    expect_row(report_method, "out", 0,
               "Intervals|95 %, of the differences between replications with the same luck; "
               "figures are means");
    struct report report;
    struct report_lines unknown = {0};
    read_report(&report, "out");
    report_unknown(&report, &unknown);
    cr_expect_eq(unknown.count, 0, "%s", unknown.count > 0 ? unknown.text[0] : "");
    report_lines_fini(&unknown);
    report_fini(&report);
}

#define COMPARED                                                                                   \
    "policy,metric,unit,value,ci95_low,ci95_high,diff,diff_low,diff_high\n"                        \
    "stock,expired,recipients,30,25,35,0,0,0\n"                                                    \
    "one-day,expired,recipients,71,60,80,41,39,43\n"

Test(report, has_the_figures_of_compare_csv_and_says_of_how_many_replications)
{
    put_two_runs();
    put_file("out/compare.csv", COMPARED);
    expect_row(report_method, "out", 2,
               "Replications|1 in pictures and causes; the figures are those of compare.csv");
    put_file("out/compare.json", "{\"scenario_fnv1a\": \"12\", \"seed\": 7, \"replications\": 20}");
    expect_row(report_method, "out", 2, "Replications|20, in pictures and causes 1");
    put_file("out/compare.json", "{\"scenario_fnv1a\": \"12\", \"seed\": 7, \"replications\": 1}");
    expect_row(report_method, "out", 2, "Replications|1");
}

Test(report, takes_no_comparison_of_something_else)
{
    static const char *const others[] = {"{\"scenario_fnv1a\": \"13\", \"seed\": 7}",
                                         "{\"scenario_fnv1a\": \"12\", \"seed\": 8}"};
    const char *operand = "out";

    put_two_runs();
    put_file("out/compare.csv", COMPARED);
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct report report;
        struct err err = {0};
        put_file("out/compare.json", others[i]);
        cr_expect_not(report_read(&report, &operand, 1, &err));
        cr_expect_eq(err.status, EX_DATAERR);
        cr_expect_not_null(strstr(err.text, "another scenario or seed"), "%s", err.text);
        report_fini(&report);
    }
}

/* put_two_runs() are of one replication; compare.csv knows the two, but not the third. */
Test(report, sets_no_run_of_other_replications_beside_a_comparison)
{
    const char *operand = "out";
    struct report report;
    struct err err = {0};

    put_two_runs();
    put_run("out/mailcow", MANIFEST("4d"), STOCK);
    put_file("out/compare.csv", COMPARED);
    put_file("out/compare.json", "{\"scenario_fnv1a\": \"12\", \"seed\": 7, \"replications\": 3}");
    cr_expect_not(report_read(&report, &operand, 1, &err));
    cr_expect_eq(err.status, EX_DATAERR);
    cr_expect_not_null(strstr(err.text, "run mailcow is of 1 replication and not in compare.csv, "
                                        "which is of 3: run it with --replications 3"),
                       "%s", err.text);
    report_fini(&report);
    put_file("out/compare.json", "{\"scenario_fnv1a\": \"12\", \"seed\": 7, \"replications\": 1}");
    read_report(&report, "out");
    cr_expect_eq(report.count, 3);
    report_fini(&report);
}

/* 1.3 more of a hundred, between 0.8 and 1.8: all with the decimals of the first. */
Test(report, tells_ends_of_an_interval_as_finely_as_its_middle)
{
    cr_assert_eq(mkdir("out", 0777), 0);
    put_file(
        "out/compare.csv",
        "policy,metric,unit,value,ci95_low,ci95_high,diff,diff_low,diff_high\n"
        "b,recipients,recipients,100,90,110,,,\nb,expired,recipients,1,1,1,,,\n"
        "a,recipients,recipients,100,90,110,0,0,0\na,expired,recipients,2.3,2,3,1.3,0.78,1.82\n"
        "b,deleted,recipients,1,1,1,,,\na,deleted,recipients,1,1,1,0,-0.3,0.3\n");
    expect_row(report_outcome, "out", 2, "expired|1.0 %|2.3 %|+1.3 points (+0.8 to +1.8)");
    expect_row(report_outcome, "out", 3, "deleted|1.0 %|1.0 %|0.00 points (-0.30 to +0.30)");
}

Test(report, has_rows_of_classes_where_there_are_some)
{
    cr_assert_eq(mkdir("out", 0777), 0);
    put_run("out/stock", MANIFEST("5d"), STOCK "late,recipients,20,,\nutility,value,-150,,\n");
    put_run("out/one-day", MANIFEST("1d"), ONE_DAY "late,recipients,5,,\nutility,value,20,,\n");
    expect_row(report_outcome, "out", 5, "late, by the deadlines of their classes|20|5|-15");
    expect_row(report_outcome, "out", 6, "utility, what that is worth|-150|20|+170");
}

/* The count's own interval, of 100 recipients, would be another. */
Test(report, takes_shares_of_compare_csv)
{
    cr_assert_eq(mkdir("out", 0777), 0);
    put_file("out/compare.csv",
             "policy,metric,unit,value,ci95_low,ci95_high,diff,diff_low,diff_high\n"
             "b,recipients,recipients,100,90,110,,,\nb,expired,recipients,1,1,1,,,\n"
             "a,recipients,recipients,100,90,110,0,0,0\na,expired,recipients,3,2,4,2,0,4\n"
             "b,expired_share,share,0.01,0.01,0.01,,,\n"
             "a,expired_share,share,0.031,0.03,0.04,0.021,0.015,0.025\n"
             "a,given_up_share,share,0.041,0.03,0.04,0.032,0.031,0.033\n");
    expect_row(report_outcome, "out", 2, "expired|1.0 %|3.1 %|+2.1 points (+1.5 to +2.5)");
    expect_verdict("out", 0, "a instead of b: 3.2 % more of all recipients bounce (3.1 to 3.3).");
}

Test(report, says_that_it_leaves_a_comparison_out)
{
    put_run("one", MANIFEST("5d"), STOCK);
    put_file("one/compare.csv", COMPARED);
    expect_unknown("one", "A compare.csv lies beside the run: it is of others, and none of it is "
                          "told here. To have it told, let compare write into a folder of its "
                          "own.");
}

Test(report, knows_what_was_compared_by_compare_json)
{
    cr_assert_eq(mkdir("out", 0777), 0);
    put_file("out/compare.csv", COMPARED);
    put_file(
        "out/compare.json",
        "{\"version\": \"0.1.0\", \"scenario\": \"a.conf\", \"scenario_fnv1a\": \"12\","
        " \"start\": \"2026-06-01T00:00:00Z\", \"seed\": 7, \"replications\": 20,"
        " \"policies\": [{\"name\": \"stock\", \"settings\": {\"queue_run_delay\": {\"value\": "
        "\"300s\"}}}, {\"name\": \"one-day\", \"settings\": {\"queue_run_delay\": {\"value\": "
        "\"60s\"}}}]}");
    expect_row(report_settings, "out", 1, "queue_run_delay|300s|60s");
    expect_row(report_method, "out", 2, "Replications|20");
    expect_row(report_method, "out", 3, "Time|from 2026-06-01T00:00:00Z");
    put_file("out/compare.json", "{\"scenario\": \"mail.log.gz\", \"recovery\": \"middle\"}");
    expect_unknown("out",
                   "This is the mail of a log, run again: an outage that lasts longer is not in "
                   "it, and what sites answer after its end is not known.");
}

Test(report, says_that_nothing_came_or_nothing_changes)
{
    cr_assert_eq(mkdir("out", 0777), 0);
    put_run("out/a", MANIFEST("5d"), "recipients,recipients,0,,\n");
    expect_verdict("out/a", 0, "No mail came.");
    put_run("out/b", MANIFEST("5d"), "recipients,recipients,0,,\n");
    expect_verdict("out", 0, "b instead of a: nothing to compare, as no mail came.");
}

Test(report, says_who_waits_when_as_many_bounce)
{
    cr_assert_eq(mkdir("out", 0777), 0);
    put_run("out/a", MANIFEST("5d"), STOCK);
    put_run("out/b", MANIFEST("5d"), STOCK "delay_p90,s,9,,\n");
    put_in("out/b", "summary.csv",
           "metric,value,ci95_low,ci95_high\nrecipients,1000,,\nbounced,10,,\nexpired,30,,\n"
           "attempts,5000,,\ndelay_p90,1800,,\nbad_news_p50,432000,,\n");
    expect_verdict(
        "out", 0,
        "b instead of a: as many recipients bounce, nine in ten have their mail 20 min 00 "
        "later, senders learn of failures as soon, as many attempts.");
}

Test(report, names_what_the_runs_cannot_tell)
{
    put_run("one", MANIFEST("5d"), "recipients,recipients,1000,,\nqueued,recipients,20,,\n");
    put_in("one", "timeline.csv", "replication,time_s\n0,0\n0,300\n0,86100\n");
    expect_unknown("one", "20 recipients (2.0 %) still waited at the end: they count neither as "
                          "delivered nor as bounced, and how long they would have waited is in no "
                          "delay.");
    expect_unknown("one", "mail is kept for 5 d 00 h, and the run is over after 24 h 00: none is "
                          "seen to be given up by age.");
    expect_unknown("one", "It was run once, so there are no intervals: other luck gives other "
                          "figures, and --replications tells how far apart they lie.");
}

Test(report, says_that_a_log_ends)
{
    put_run("one", "{\"scenario\": \"replay.conf\"}", "recipients,recipients,5,,\n");
    put_in("one", "timeline.csv", "time_s\n0\n300\n");
    expect_unknown("one", "This is the mail of a log of 10 min 00, run again: an outage that lasts "
                          "longer is not in it, and what sites answer after its end is not known.");
}

Test(report, says_that_runs_are_not_of_one_experiment)
{
    put_two_runs();
    put_in("out/one-day", "manifest.json", "{\"scenario_fnv1a\": \"13\", \"seed\": 7}");
    expect_unknown("out",
                   "The runs are of different scenarios, seeds or replications: not all of a "
                   "difference is due to the settings.");
}

Test(report, lists_the_settings_that_differ_and_not_how_they_are_written)
{
    put_two_runs();
    expect_row(report_settings, "out", 0, "setting|stock|one-day");
    expect_row(report_settings, "out", 1, "maximal_queue_lifetime|5d|1d");
    put_in("out/one-day", "manifest.json", MANIFEST("120h"));
    struct report report;
    struct report_table table = {0};
    read_report(&report, "out");
    report_settings(&report, &table);
    cr_expect_eq(report_table_rows(&table), 1);
    report_table_fini(&table);
    report_fini(&report);
}

Test(report, sets_figures_side_by_side)
{
    put_two_runs();
    expect_row(report_outcome, "out", 1, "recipients|1,000|1,000|0");
    expect_row(report_outcome, "out", 2, "delivered|96.0 %|91.9 %|-4.1 points");
    expect_row(report_outcome, "out", 4, "expired|3.0 %|7.1 %|+4.1 points");
    expect_row(report_outcome, "out", 5, "half have their mail within|0.5 s|0.5 s|0.0 s");
    expect_row(report_outcome, "out", 8, "attempts|5,000|2,500|-2,500");
}

/* Notices are no mail; the last row of a recipient that is given up has no next attempt. */
Test(report, counts_attempts_by_their_cause)
{
    put_run("one", MANIFEST("5d"), STOCK);
    put_in("one", "attempts.csv",
           "message,stage,outcome,dsn,text,next_s\n"
           "a/1,connect,deferred,4.4.1,Connection refused,300\n"
           "a/1,connect,suspended,4.4.1,Connection refused,\n"
           "a/1/b1,connect,deferred,4.4.1,Connection refused,300\n"
           "a/2,rcpt,deferred,4.2.0,450 4.2.0 Greylisted,300\n"
           "a/2,data,sent,2.0.0,250 2.0.0 Ok,\n"
           "a/3,rcpt,bounced,5.1.1,550 5.1.1 unknown,\n");
    expect_row(report_causes, "one", 0, "|attempts that failed|recipients lost");
    expect_row(report_causes, "one", 1, "connection refused|2|1");
    expect_row(report_causes, "one", 2, "greylisted|1|0");
    expect_row(report_causes, "one", 3, "an answer for good (5xx)|1|1");
}

static void refuses(const char *operand, int status, const char *want)
{
    struct report report;
    struct err err = {0};

    cr_expect_not(report_read(&report, &operand, 1, &err), "%s", operand);
    cr_expect_eq(err.status, status, "%s: %d not %d", operand, err.status, status);
    cr_expect_not_null(strstr(err.text, want), "'%s' not in '%s'", want, err.text);
    report_fini(&report);
}

Test(report, says_which_file_is_missing_or_bad)
{
    refuses("none", EX_NOINPUT, "none: No such file or directory");
    cr_assert_eq(mkdir("empty", 0777), 0);
    refuses("empty", EX_NOINPUT, "empty: no summary.csv in it or in a folder below");
    put_run("one", MANIFEST("5d"), STOCK);
    cr_assert_eq(unlink("one/manifest.json"), 0);
    refuses("one", EX_NOINPUT, "one/manifest.json: No such file or directory");
    put_file("one/manifest.json", "{\n\"seed\": }");
    refuses("one", EX_DATAERR, "one/manifest.json:2: ");
    put_file("one/manifest.json", "[]");
    refuses("one", EX_DATAERR, "one/manifest.json: is no JSON object");
    put_file("one/manifest.json", MANIFEST("5d"));
    put_file("one/summary.csv", "metric,value,ci95_low,ci95_high\nattempts,nan,,\n");
    refuses("one", EX_DATAERR, "one/summary.csv:2: 'nan' is no number");
}

Test(report, takes_eight_runs_and_tells_those_of_one_name_apart)
{
    struct report report;
    struct err err = {0};
    const char *const twice[] = {"a/x", "b/x/"};
    const char *const nine[] = {"a/x", "a/x", "a/x", "a/x", "a/x", "a/x", "a/x", "a/x", "a/x"};

    cr_assert_eq(mkdir("a", 0777), 0);
    cr_assert_eq(mkdir("b", 0777), 0);
    put_run("a/x", MANIFEST("5d"), STOCK);
    put_run("b/x", MANIFEST("5d"), STOCK);
    cr_assert(report_read(&report, twice, 2, &err), "%s", err.text);
    cr_expect_str_eq(report.runs[0].name, "x");
    cr_expect_str_eq(report.runs[1].name, "b/x/");
    report_fini(&report);
    cr_expect(report_read(&report, nine, 8, &err));
    report_fini(&report);
    cr_expect_not(report_read(&report, nine, 9, &err));
    cr_expect_eq(err.status, EX_USAGE);
    report_fini(&report);
}
