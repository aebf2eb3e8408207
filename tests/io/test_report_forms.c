/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page and the text of a report: their order, and that files cannot speak for them. */
#include <string.h>
#include <sysexits.h>

#include "io/report_html.h"
#include "io/report_text.h"
#include "tests/io/reported.h"

TestSuite(report_forms, .init = make_folder, .fini = remove_folder);

#define ESCAPED "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; ?[31m"

static struct report_pictures pictures(const char *wide, const char *narrow)
{
    struct report_pictures pictures = {.count = 1};

    pictures.list[0].plot = &report_plots[0];
    pictures.list[0].wide = alloc_text(wide, strlen(wide));
    pictures.list[0].narrow = narrow == NULL ? NULL : alloc_text(narrow, strlen(narrow));
    return pictures;
}

/* Allocated. */
static char *page_of(const char *operand, const char *svg)
{
    struct report_pictures drawn = pictures(svg, svg);
    char *page = page_with(operand, &drawn);

    report_pictures_fini(&drawn);
    return page;
}

static char *text_of(const char *operand)
{
    struct report_pictures drawn = pictures("\f\n  a drawing  \n", NULL);
    char *text = text_with(operand, &drawn);

    report_pictures_fini(&drawn);
    return text;
}

static void expect_order(const char *text, const char *const *parts)
{
    const char *at = text;

    for (; *parts != NULL; parts++) {
        at = strstr(at, *parts);
        cr_assert_not_null(at, "'%s' is not where it should be in %s", *parts, text);
    }
}

#define SVG "<svg viewBox=\"0 0 1 1\"><path/></svg>"

Test(report_forms, tell_all_in_the_same_order)
{
    static const char *const parts[] = {"instead of stock",
                                        "What this cannot tell",
                                        "The settings that differ",
                                        "What comes of it",
                                        "How much mail is still",
                                        "Data: histograms.csv",
                                        "What attempts failed for",
                                        "How this was made",
                                        "Seed",
                                        NULL};

    put_two_runs();
    char *page = page_of("out", SVG), *text = text_of("out");
    expect_order(page, parts);
    expect_order(text, parts);
    free(page);
    free(text);
}

Test(report_forms, give_names_and_titles_of_files_no_meaning)
{
    put_run("one", "{\"title\": \"</title><script>alert(1)</script>\\\" onload='x' \\u001b[31m\"}",
            STOCK);
    char *page = page_of("one", SVG), *text = text_of("one");
    cr_expect_not_null(strstr(page, "<title>" ESCAPED "</title>"));
    cr_expect_not_null(strstr(page, "<h1>" ESCAPED "</h1>"));
    cr_expect_null(strstr(page, "<script"));
    cr_expect_null(strchr(page, '\033'));
    cr_expect_null(strchr(text, '\033'));
    free(page);
    free(text);
}

Test(report_forms, escape_policies_and_settings)
{
    cr_assert_eq(mkdir("out", 0777), 0);
    put_run("out/a", MANIFEST("5d"), STOCK);
    put_run("out/<b onclick='x'>&\"", MANIFEST("<i>\\u0022"), STOCK);
    char *page = page_of("out", SVG);
    cr_expect_null(strstr(page, "<b "));
    cr_expect_null(strstr(page, "<i>"));
    cr_expect_not_null(strstr(page, "<p>a instead of &lt;b onclick=&#39;x&#39;&gt;&amp;&quot;: "));
    cr_expect_not_null(strstr(page, "<td>&lt;i&gt;&quot;</td>"));
    free(page);
}

Test(report_forms, have_a_picture_for_each_width)
{
    put_two_runs();
    char *page = page_of("out", SVG), *text = text_of("out");
    cr_expect_not_null(strstr(page, "<div class=\"wide other\"><svg viewBox=\"0 0 1 1\" role"));
    cr_expect_not_null(strstr(page, "<div class=\"narrow\"><svg viewBox=\"0 0 1 1\" role"));
    cr_expect_not_null(strstr(text, "\n\n  a drawing\n\n"));
    free(page);
    free(text);
}

Test(report_forms, have_a_box_for_a_picture_that_only_fits_a_desk)
{
    struct output output = {.file = -1, .buffer = alloc_zeroed(OUTPUT_BUFFER)};
    struct report_pictures drawn = pictures(SVG, NULL);
    struct report report;
    struct err err = {0};

    put_two_runs();
    read_report(&report, "out");
    cr_expect(report_html_put(&output, &report, &drawn, &err), "%s", err.text);
    cr_expect_not_null(strstr(output.buffer, "<div class=\"wide box\"><svg "));
    cr_expect_null(strstr(output.buffer, "<div class=\"narrow\">"));
    report_pictures_fini(&drawn);
    report_fini(&report);
    free(output.buffer);
}

Test(report_forms, fail_by_a_picture_that_is_none)
{
    struct output output = {.file = -1, .buffer = alloc_zeroed(OUTPUT_BUFFER)};
    struct report_pictures drawn = pictures("oops", NULL);
    struct report report;
    struct err err = {0};

    put_two_runs();
    read_report(&report, "out");
    cr_expect_not(report_html_put(&output, &report, &drawn, &err));
    cr_expect_str_eq(err.text, "plots/undelivered.gp: gnuplot drew no SVG");
    cr_expect_eq(err.status, EX_SOFTWARE);
    report_pictures_fini(&drawn);
    report_fini(&report);
    free(output.buffer);
}

/* A title of 110 characters; six columns of figures, which do not fit beside each other. */
Test(report_forms, stay_within_80_columns)
{
    put_two_runs();
    put_run("out/another-policy-of-a-long-name", MANIFEST("2d"), ONE_DAY);
    put_run("out/another-policy-of-a-name-as-long", MANIFEST("2d"), ONE_DAY);
    put_in("out/stock", "manifest.json",
           "{\"title\": \"1234567890123456789012345678901234567890123456789012345678901234567890"
           "1234567890123456789012345678901234567890\"}");
    char *text = text_of("out");
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
        cr_expect_leq(strcspn(line, "\n"), 80, "%.*s", (int)strcspn(line, "\n"), line);
    free(text);
}
