/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of classes in a report. */
#include <string.h>
#include <sysexits.h>

#include "io/report_html.h"
#include "io/report_text.h"
#include "io/report_words.h"
#include "tests/io/reported.h"

TestSuite(report_classes, .init = make_folder, .fini = remove_folder);

#define TWICE "{\"title\": \"t\", \"replications\": 2}"
#define ONCE "{\"title\": \"t\", \"replications\": 1}"
#define QUESTION "Which mail is late, and which is lost?"

static void put_classes(const char *run, const char *manifest, const char *rows)
{
    char *text = alloc_printf("replication,class,deadline_s,recipients,delivered,late,bounced,"
                              "expired,deleted,queued,delay_p50_s,delay_p90_s,utility\n%s",
                              rows);

    put_run(run, manifest, STOCK);
    put_in(run, "classes.csv", text);
    free(text);
}

/* `want`: the rows below the header, each with its end. */
static void expect_rows(const char *operand, const char *want)
{
    struct report report;
    struct report_table table = {0};
    char rows[2000] = "";

    read_report(&report, operand);
    report_classes(&report, &table);
    for (size_t row = 1; row < report_table_rows(&table); row++) {
        for (size_t column = 0; column < table.columns; column++)
            snprintf(rows + strlen(rows), sizeof rows - strlen(rows), "%s%s",
                     report_table_cell(&table, row, column),
                     column + 1 == table.columns ? "\n" : "|");
    }
    cr_expect_str_eq(rows, want, "'%s' not '%s'", rows, want);
    report_table_fini(&table);
    report_fini(&report);
}

/* 220, 20 and 5 + 7 of two replications; 20 of 200 delivered; 10 s and 20 s; 600 s and 1,200 s. */
Test(report_classes, have_the_means_of_the_replications)
{
    put_classes("one", TWICE,
                "0,shop,900.000,100,80,8,5,7,0,8,10.000,600.000,-12.500\n"
                "1,shop,900.000,120,120,12,0,0,0,0,20.000,1200.000,40.500\n");
    expect_rows("one", "shop|15 min 00|110|10 (10.0 %)|6|15 s|15 min 00|14.0\n");
}

/* The first replication has no row of it: 10, and 3 + 1, in two. What it is worth is not said. */
Test(report_classes, count_replications_without_mail_of_no_class)
{
    put_classes("one", TWICE,
                "0,shop,900.000,100,80,0,0,0,0,20,10.000,600.000,80.000\n"
                "1,shop,900.000,100,80,0,0,0,0,20,10.000,600.000,80.000\n"
                "1,,,10,4,0,3,1,0,2,5.000,30.000,0.000\n");
    expect_rows("one", "shop|15 min 00|100|0|0|10 s|10 min 00|80.0\n"
                       "no class|-|5|-|2|5.0 s|30 s|-\n");
}

/* The second delivered none: the delay is the first's alone, but the others are halves. */
Test(report_classes, take_delays_of_the_replications_that_deliver)
{
    put_classes("one", TWICE,
                "0,notice,,10,10,0,0,0,0,0,4.000,8.000,-3.000\n"
                "1,notice,,10,0,0,0,10,0,0,,,-7.000\n");
    expect_rows("one", "notice|-|10|-|5|4.0 s|8.0 s|-5.0\n");
}

Test(report_classes, have_dashes_where_nothing_was_delivered)
{
    put_classes("one", ONCE, "0,shop,60.000,3,0,0,1,1,1,0,,,-2.000\n");
    expect_rows("one", "shop|1 min 00|3|0|2|-|-|-2.0\n");
}

/* Runs are in the order stock, a, b; b has no classes, and a has one more. */
Test(report_classes, show_a_row_for_each_run_that_has_them)
{
    cr_assert_eq(mkdir("out", 0777), 0);
    put_classes("out/stock", ONCE, "0,shop,60.000,10,8,4,1,1,0,0,1.000,2.000,1.000\n");
    put_classes("out/a", ONCE,
                "0,news,,5,5,0,0,0,0,0,1.000,2.000,5.000\n"
                "0,shop,120.000,10,9,3,1,0,0,0,1.000,2.000,2.000\n");
    put_run("out/b", ONCE, STOCK);
    expect_rows("out", "shop: stock|1 min 00|10|4 (50.0 %)|2|1.0 s|2.0 s|1.0\n"
                       "shop: a|2 min 00|10|3 (33.3 %)|1|1.0 s|2.0 s|2.0\n"
                       "news: a|-|5|-|0|1.0 s|2.0 s|5.0\n");
}

/* ------------------------------------------------------------------- forms */

static const struct report_pictures none;

static void expect_behind(const char *text, const char *first, const char *second)
{
    const char *at = strstr(text, first);

    cr_assert_not_null(at, "no '%s'", first);
    cr_expect_not_null(strstr(at, second), "no '%s' behind '%s'", second, first);
}

Test(report_classes, stand_behind_the_figures_and_before_the_causes)
{
    put_classes("one", ONCE, "0,shop,60.000,10,8,4,1,1,0,0,1.000,2.000,1.000\n");
    char *page = page_with("one", &none), *text = text_with("one", &none);
    expect_behind(page, "What comes of it", "<h2>" QUESTION "</h2>");
    expect_behind(page, "<h2>" QUESTION, "What attempts failed for");
    expect_behind(page, "<th scope=\"row\">shop</th>", "<td>4<small>(50.0 %)</small>");
    expect_behind(text, "What comes of it", "\n" QUESTION "\n\n");
    expect_behind(text, QUESTION, "What attempts failed for");
    free(page);
    free(text);
}

Test(report_classes, make_no_table_where_no_run_has_them)
{
    put_run("one", ONCE, STOCK);
    put_classes("two", ONCE, "");
    for (int i = 0; i < 2; i++) {
        char *page = page_with(i == 0 ? "one" : "two", &none),
             *text = text_with(i == 0 ? "one" : "two", &none);
        cr_expect_null(strstr(page, QUESTION));
        cr_expect_null(strstr(text, QUESTION));
        free(page);
        free(text);
    }
}

Test(report_classes, give_names_no_meaning)
{
    put_classes("one", ONCE, "0,<b onclick='x'>\033[31m,,1,1,0,0,0,0,0,1.000,2.000,1.000\n");
    char *page = page_with("one", &none), *text = text_with("one", &none);
    cr_expect_not_null(strstr(page, "<th scope=\"row\">&lt;b onclick=&#39;x&#39;&gt;?[31m</th>"));
    cr_expect_null(strstr(page, "<b "));
    cr_expect_null(strchr(page, '\033'));
    cr_expect_null(strchr(text, '\033'));
    free(page);
    free(text);
}

/* A name of 60 characters stands alone above its figures. */
Test(report_classes, stay_within_80_columns)
{
    put_classes("one", ONCE,
                "0,123456789012345678901234567890123456789012345678901234567890,60.000,1000000,"
                "1000000,123456,0,0,0,0,100000.000,200000.000,123456.5\n");
    char *text = text_with("one", &none);
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
        cr_expect_leq(strcspn(line, "\n"), 80, "%.*s", (int)strcspn(line, "\n"), line);
    free(text);
}

/* ------------------------------------------------------------- what is wrong */

static void expect_error(const char *rows, const char *want)
{
    const char *operand = "one";
    struct report report;
    struct err err = {0};

    put_classes("one", ONCE, rows);
    cr_expect_not(report_read(&report, &operand, 1, &err), "%s", want);
    cr_expect_eq(err.status, EX_DATAERR);
    cr_expect_str_eq(err.text, want, "'%s' not '%s'", err.text, want);
    report_fini(&report);
    cr_assert_eq(system("rm -r one"), 0);
}

#define GOOD "0,shop,60.000,10,8,4,1,1,0,0,1.000,2.000,1.000\n"

Test(report_classes, fail_by_cells_that_cannot_be)
{
    expect_error(GOOD "0,shop,soon,10,8,4,1,1,0,0,1.000,2.000,1.000\n",
                 "one/classes.csv:3: 'soon' is no number");
    expect_error("0,shop,60.000,,8,4,1,1,0,0,1.000,2.000,1.000\n",
                 "one/classes.csv:2: an empty cell where a count should be");
    expect_error("0,shop,60.000,10,8,4,1,,0,0,1.000,2.000,1.000\n",
                 "one/classes.csv:2: an empty cell where a count should be");
    expect_error("0,shop,60.000,10,8,-4,1,1,0,0,1.000,2.000,1.000\n",
                 "one/classes.csv:2: '-4' cannot be of a class");
    expect_error("0,shop,60.000,10,8,4,1,1,0,0,1.000,2.000,1e308\n",
                 "one/classes.csv:2: '1e308' cannot be of a class");
    expect_error("0,shop,60.000,10,8,4,1,1,0,0,nan,2.000,1.000\n",
                 "one/classes.csv:2: 'nan' is no number");
    expect_error(GOOD "0,shop\n", "one/classes.csv:3: 2 cells, none for column 'deadline_s'");
}

Test(report_classes, fail_beyond_1000_names)
{
    char *rows = alloc_zeroed(50000), *at = rows;

    for (int i = 0; i < 1001; i++)
        at += sprintf(at, "0,%d,,1,1,0,0,0,0,0,,,1\n", i);
    expect_error(rows, "one/classes.csv:1002: more than 1000 classes");
    free(rows);
}
