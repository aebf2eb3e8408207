/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/report_html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/html.h"
#include "io/report_words.h"
#include "sim/alloc.h"

/* gnuplot's colours are found by their names; by night those of lines are lighter (plots/style.gp
 * has them). */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--line:#d5dbe1;--paper:#fff;"
    "--panel:#f5f7f9;--mark:#0072b2}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 sans-serif;"
    "overflow-wrap:anywhere;-webkit-text-size-adjust:100%;text-size-adjust:100%}\n"
    "main{max-width:56rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}\n"
    "h1,h2,h3{line-height:1.25;font-weight:600;margin:0}\n"
    "h1{font-size:1.05rem;color:var(--soft);font-weight:400}\n"
    "h2{font-size:1.25rem;margin:3rem 0 .75rem}\n"
    "h3{font-size:1rem}\n"
    "p{margin:.5rem 0;max-width:42rem}\n"
    ".verdict p{font-size:1.4rem;line-height:1.4;max-width:none;margin:.6rem 0 0}\n"
    ".unknown{margin:1.75rem 0 0;padding:.9rem 1.1rem;background:var(--panel);"
    "border-left:.25rem solid var(--mark)}\n"
    ".unknown h2{font-size:1rem;margin:0}\n"
    ".unknown ul{margin:.4rem 0 0;padding-left:1.1rem;color:var(--soft)}\n"
    ".unknown li{margin:.2rem 0;max-width:46rem}\n"
    /* a shade at the edge beyond which more is */
    ".box{overflow-x:auto;background:linear-gradient(to left,var(--paper) 30%,transparent) 100% 0,"
    "linear-gradient(to left,var(--line),transparent) 100% 0;background-size:3rem 100%,1rem 100%;"
    "background-repeat:no-repeat;background-attachment:local,scroll}\n"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.95rem;"
    "overflow-wrap:normal}\n"
    "th,td{padding:.4rem 0 .4rem 1.5rem;text-align:right;vertical-align:top;"
    "border-bottom:1px solid var(--line)}\n"
    "td{white-space:nowrap}\n"
    "thead th{font-weight:600;vertical-align:bottom;border-bottom:2px solid var(--line);"
    "max-width:13rem;overflow-wrap:break-word}\n"
    "tbody th,thead th:first-child{position:sticky;left:0;padding-left:0;padding-right:.5rem;"
    "text-align:left;background:var(--paper);min-width:8rem}\n"
    "tbody th{font-weight:400;max-width:13rem;overflow-wrap:break-word}\n"
    "small{display:block;font-size:.8rem;color:var(--soft)}\n"
    "figure{margin:2.75rem 0 0}\n"
    "figure svg{display:block;width:100%;height:auto;margin:.75rem 0 0}\n"
    "figcaption p{color:var(--soft);margin:.25rem 0}\n"
    ".box svg{min-width:36rem}\n"
    ".note{font-size:.8rem;color:var(--soft);max-width:none}\n"
    ".narrow{display:none}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.4rem 1.5rem;margin:0;"
    "font-size:.95rem}\n"
    "dt{color:var(--soft)}\n"
    "dd{margin:0;max-width:42rem}\n"
    "svg [fill=\"#ffffff\"]{fill:none}\n"
    "@media screen and (max-width:40rem){main{padding:1.5rem 1rem 3rem}"
    ".verdict p{font-size:1.2rem}h2{margin-top:2.25rem}.wide.other{display:none}"
    ".narrow{display:block}table{font-size:.875rem}th,td{padding-left:.9rem}"
    "tbody th,thead th:first-child{min-width:6.5rem;max-width:9rem}dl{display:block}dd{margin:0 0 "
    ".7rem}}\n"
    "@media screen and (prefers-color-scheme:dark){"
    ":root{--ink:#e4e7eb;--soft:#9aa5b1;--line:#323a44;--paper:#14181d;--panel:#1c2229;"
    "--mark:#56b4e9}\n"
    "svg [fill=\"rgb(51,51,51)\"],svg [fill=\"black\"]{fill:var(--ink)}\n"
    "svg [color=\"rgb(51,51,51)\"],svg [color=\"black\"]{color:var(--ink)}\n"
    "svg [fill=\"rgb(119,119,119)\"]{fill:var(--soft)}\n"
    "svg [stroke=\"rgb(119,119,119)\"]{stroke:#6b7681}\n"
    "svg [stroke=\"rgb(221,221,221)\"]{stroke:#2b323b}\n"
    "svg [stroke=\"black\"],svg [stroke=\"rgb(0,0,0)\"]{stroke:var(--ink)}\n"
    "svg [fill=\"rgb(240,228,207)\"],svg [fill=\"rgb(243,233,220)\"]{fill:#3a3324}\n"
    "svg [stroke=\"rgb(0,114,178)\"]{stroke:#4ba3dc}svg [fill=\"rgb(0,114,178)\"]{fill:#4ba3dc}\n"
    "svg [stroke=\"rgb(213,94,0)\"]{stroke:#f0843f}svg [fill=\"rgb(213,94,0)\"]{fill:#f0843f}\n"
    "svg [stroke=\"rgb(0,158,115)\"]{stroke:#2dbd90}svg [fill=\"rgb(0,158,115)\"]{fill:#2dbd90}\n"
    "}\n"
    "@media print{main{max-width:none;padding:0}body{font-size:10pt}h2{break-after:avoid}"
    "figure,tr,.unknown{break-inside:avoid}.box{overflow:visible;background:none}td{white-space:"
    "normal}th,td{padding-top:.2rem;padding-bottom:.2rem}"
    "tbody th,thead th:first-child{position:static}}\n";

static void put(struct output *output, const char *text)
{
    output_write(output, text, strlen(text));
}

static void put_head(struct output *output, const struct report *report)
{
    put(output, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                "<meta http-equiv=\"Content-Security-Policy\" "
                "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n<title>");
    html_text(output, report_title(report));
    put(output, "</title>\n<style>\n");
    put(output, style);
    put(output, "</style>\n</head>\n<body>\n<main>\n");
}

static void put_element(struct output *output, const char *tag, const char *text)
{
    output_print(output, "<%s>", tag);
    html_text(output, text);
    output_print(output, "</%s>\n", tag);
}

static void put_verdict(struct output *output, const struct report *report)
{
    struct report_lines verdict = {0};

    report_verdict(report, &verdict);
    put(output, "<header class=\"verdict\">\n");
    put_element(output, "h1", report_title(report));
    for (size_t i = 0; i < verdict.count; i++)
        put_element(output, "p", verdict.text[i]);
    put(output, "</header>\n");
    report_lines_fini(&verdict);
}

static void put_unknown(struct output *output, const struct report *report)
{
    struct report_lines unknown = {0};

    report_unknown(report, &unknown);
    if (unknown.count > 0) {
        put(output, "<aside class=\"unknown\">\n<h2>What this cannot tell</h2>\n<ul>\n");
        for (size_t i = 0; i < unknown.count; i++)
            put_element(output, "li", unknown.text[i]);
        put(output, "</ul>\n</aside>\n");
    }
    report_lines_fini(&unknown);
}

/* ------------------------------------------------------------------ tables */

/* It may be broken behind each underscore. */
static void put_name(struct output *output, const char *name)
{
    for (size_t length; *name != '\0'; name += length) {
        length = strcspn(name, "_");
        length += name[length] == '_';
        char *part = alloc_text(name, length);
        html_text(output, part);
        put(output, part[length - 1] == '_' ? "<wbr/>" : "");
        free(part);
    }
}

/* What is in brackets stands below, in small type. */
static void put_value(struct output *output, const char *cell)
{
    const char *bracket = strstr(cell, " (");
    char *value = alloc_text(cell, bracket == NULL ? strlen(cell) : (size_t)(bracket - cell));

    put(output, "<td>");
    html_text(output, value);
    if (bracket != NULL)
        put_element(output, "small", bracket + 1);
    put(output, "</td>");
    free(value);
}

static void put_row(struct output *output, const struct report_table *table, size_t row)
{
    put(output, "<tr>");
    for (size_t column = 0; column < table->columns; column++) {
        const char *cell = report_table_cell(table, row, column);
        if (row > 0 && column > 0) {
            put_value(output, cell);
            continue;
        }
        put(output, row == 0 ? "<th scope=\"col\">" : "<th scope=\"row\">");
        put_name(output, cell);
        put(output, "</th>");
    }
    put(output, "</tr>\n");
}

static void put_rows(struct output *output, const struct report_table *table)
{
    output_print(output,
                 "<div class=\"box\" role=\"region\" aria-label=\"%s\" tabindex=\"0\">\n"
                 "<table>\n<thead>",
                 table->heading);
    put_row(output, table, 0);
    put(output, "</thead>\n<tbody>\n");
    for (size_t row = 1; row < report_table_rows(table); row++)
        put_row(output, table, row);
    put(output, "</tbody>\n</table>\n</div>\n");
}

static void put_table(struct output *output, report_table_fn *fill, const struct report *report)
{
    struct report_table table = {0};

    fill(report, &table);
    bool has_rows = report_table_rows(&table) > 1;
    if (has_rows || table.otherwise != NULL) {
        put(output, "<section>\n");
        put_element(output, "h2", table.heading);
        if (has_rows)
            put_rows(output, &table);
        else
            put_element(output, "p", table.otherwise);
        put(output, "</section>\n");
    }
    report_table_fini(&table);
}

static void put_method(struct output *output, const struct report *report)
{
    struct report_table method = {0};

    report_method(report, &method);
    put(output, "<section>\n");
    put_element(output, "h2", method.heading);
    put(output, "<dl>\n");
    for (size_t row = 0; row < report_table_rows(&method); row++) {
        put_element(output, "dt", report_table_cell(&method, row, 0));
        put_element(output, "dd", report_table_cell(&method, row, 1));
    }
    put(output, "</dl>\n</section>\n");
    report_table_fini(&method);
}

/* ---------------------------------------------------------------- pictures */

static bool put_drawing(struct output *output, const char *class, const char *svg,
                        const struct report_picture *picture, struct err *err)
{
    char name[64];

    snprintf(name, sizeof name, "%s-%s-", picture->plot->name, class);
    output_print(output, "<div class=\"%s%s\">", class,
                 svg == picture->narrow    ? ""
                 : picture->narrow == NULL ? " box"
                                           : " other");
    bool good = html_svg(output, svg, name, picture->plot->question, err)
                || err_within(err, "plots/%s.gp", picture->plot->name);
    put(output, "</div>\n");
    return good;
}

static bool put_picture(struct output *output, const struct report *report,
                        const struct report_picture *picture, struct err *err)
{
    char *note = report_picture_note(report, picture->plot);

    put(output, "<figure>\n<figcaption>\n");
    put_element(output, "h3", picture->plot->question);
    put_element(output, "p", picture->plot->drawn);
    put(output, "</figcaption>\n");
    bool good = put_drawing(output, "wide", picture->wide, picture, err)
                && (picture->narrow == NULL
                    || put_drawing(output, "narrow", picture->narrow, picture, err));
    put(output, "<p class=\"note\">");
    html_text(output, note);
    put(output, "</p>\n</figure>\n");
    free(note);
    return good;
}

bool report_html_put(struct output *output, const struct report *report,
                     const struct report_pictures *pictures, struct err *err)
{
    bool good = true;

    put_head(output, report);
    put_verdict(output, report);
    put_unknown(output, report);
    put_table(output, report_settings, report);
    put_table(output, report_outcome, report);
    put_table(output, report_classes, report);
    for (size_t i = 0; good && i < pictures->count; i++)
        good = put_picture(output, report, &pictures->list[i], err);
    put_table(output, report_causes, report);
    put_method(output, report);
    put(output, "</main>\n</body>\n</html>\n");
    return good;
}
