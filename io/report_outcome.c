/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes of the mail, of all of it and class by class: tables of io/report_words.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/report_figures.h"
#include "io/report_words.h"
#include "sim/alloc.h"

/* Room for a value with its sign and its interval. */
#define CELL_MOST (4 * FIGURE_MOST)

/* ----------------------------------------------------------------- outcome */

/* How a figure is told. */
enum form { SHARE, SPAN, COUNT };

static const struct line {
    const char *name, *metric;
    enum form form;
} lines[] = {
    {"recipients", "recipients", COUNT},
    {"delivered", "delivered", SHARE},
    {"at the first attempt", "delivered_at_once", SHARE},
    {"refused by the site", "bounced", SHARE},
    {"expired", "expired", SHARE},
    {"deleted", "deleted", SHARE},
    {"still waiting at the end", "queued", SHARE},
    {"late, by the deadlines of their classes", "late", COUNT},
    {"utility, what that is worth", "utility", COUNT},
    {"half have their mail within", "delay_p50", SPAN},
    {"nine in ten within", "delay_p90", SPAN},
    {"99 in 100 within", "delay_p99", SPAN},
    {"half of the failures are told after", "bad_news_p50", SPAN},
    {"nine in ten after", "bad_news_p90", SPAN},
    {"delay warnings", "warnings", COUNT},
    {"attempts", "attempts", COUNT},
    {"not made, the site being dead", "suspended", COUNT},
    {"most in one scan", "attempts_per_scan_max", COUNT},
    {"most in the deferred queue", "deferred_queue_max", COUNT},
};

static bool has_any(const struct report *report, const char *metric)
{
    for (size_t i = 0; i < report->count; i++) {
        if (fabs(report_run_value(&report->runs[i], metric)) > 0)
            return true;
    }
    return false;
}

static double percent_of(double value, double all)
{
    return all > 0 ? 100 * value / all : 0;
}

/* As many as tell something of its middle, or of its width if that is 0, in percent. */
static int decimals_of(struct interval i, double all)
{
    double percent = fabs(percent_of(fabs(i.mean) > 0 ? i.mean : i.high - i.mean, all));

    return !(percent > 0) ? 0 : percent < 0.95 ? 2 : 1;
}

static const char *value_text(enum form form, double value, double all, int decimals,
                              char text[FIGURE_MOST])
{
    if (form == COUNT)
        return report_count(value, text);
    if (form == SPAN || isnan(value))
        return report_span(value, text);
    snprintf(text, FIGURE_MOST, "%.*f %%", decimals, percent_of(value, all));
    return text;
}

/* With one replication there is none. */
static char *with_range(enum form form, struct interval i, double all)
{
    char is[FIGURE_MOST], low[FIGURE_MOST], high[FIGURE_MOST];
    int decimals = decimals_of(i, all);

    value_text(form, i.mean, all, decimals, is);
    if (isnan(i.low) || isnan(i.high))
        return alloc_printf("%s", is);
    return alloc_printf("%s (%s to %s)", is, value_text(form, i.low, all, decimals, low),
                        value_text(form, i.high, all, decimals, high));
}

/* Of shares without what is counted, which is points. */
static const char *signed_text(enum form form, double value, double all, int decimals,
                               char text[CELL_MOST])
{
    char size[FIGURE_MOST];

    if (form == SHARE && !isnan(value))
        snprintf(size, sizeof size, "%.*f", decimals, fabs(percent_of(value, all)));
    else
        value_text(form, fabs(value), all, decimals, size);
    bool seen = strpbrk(size, "123456789") != NULL;
    snprintf(text, CELL_MOST, "%s%s", seen && value > 0 ? "+" : seen && value < 0 ? "-" : "", size);
    return text;
}

static char *difference_text(enum form form, struct interval i, double all)
{
    char is[CELL_MOST], low[CELL_MOST], high[CELL_MOST];
    int decimals = decimals_of(i, all);
    const char *points = form == SHARE && !isnan(i.mean) ? " points" : "";

    signed_text(form, i.mean, all, decimals, is);
    if (isnan(i.low) || isnan(i.high))
        return alloc_printf("%s%s", is, points);
    return alloc_printf("%s%s (%s to %s)", is, points, signed_text(form, i.low, all, decimals, low),
                        signed_text(form, i.high, all, decimals, high));
}

/* A count as it is told, and of how many: of itself as a share, where compare knows that. */
struct told {
    struct interval is, diff;
    double all, first; /* recipients: the run's own, and those of the first */
};

static struct told told_of(const struct report *report, const struct report_run *run,
                           const struct line *line)
{
    static const struct interval none = {NAN, NAN, NAN};
    char *name = alloc_printf("%s_share", line->metric);
    const struct run_figure *share = line->form == SHARE ? report_run_figure(run, name) : NULL;
    const struct run_figure *figure = share != NULL ? share : report_run_figure(run, line->metric);

    free(name);
    return (struct told){
        figure == NULL ? none : figure->is,
        figure == NULL ? none : figure->diff,
        share != NULL ? 1 : report_run_value(run, "recipients"),
        share != NULL ? 1 : report_run_value(&report->runs[0], "recipients"),
    };
}

static void add_line(const struct report *report, const struct line *line,
                     struct report_table *table)
{
    report_table_add(table, line->name);
    for (size_t i = 0; i < report->count; i++) {
        struct told told = told_of(report, &report->runs[i], line);
        if (report->count > 1) /* the difference has the interval */
            told.is.low = told.is.high = NAN;
        report_table_add_owned(table, with_range(line->form, told.is, told.all));
        if (i > 0)
            report_table_add_owned(table, difference_text(line->form, told.diff, told.first));
    }
}

void report_outcome(const struct report *report, struct report_table *table)
{
    table->heading = "What comes of it";
    table->otherwise = "No mail came.";
    table->columns = 2 * report->count;
    report_table_add(table, "");
    for (size_t i = 0; i < report->count; i++) {
        report_table_add(table, report->runs[i].name);
        if (i > 0)
            report_table_add(table, "difference");
    }
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        if (has_any(report, lines[i].metric))
            add_line(report, &lines[i], table);
    }
}

/* ----------------------------------------------------------------- classes */

static void add_span(double seconds, struct report_table *table)
{
    char text[FIGURE_MOST];

    report_table_add(table, report_span(seconds, text));
}

/* Of how many that were delivered, too. */
static void add_late(const struct report_run *run, const struct class_sums *sums,
                     struct report_table *table)
{
    double late = report_class_count(run, sums, CLASS_LATE);
    double delivered = report_class_count(run, sums, CLASS_DELIVERED);
    char count[FIGURE_MOST], share[FIGURE_MOST];

    if (isnan(sums->deadline_s))
        report_table_add(table, "-");
    else if (late > 0 && delivered > 0)
        report_table_add_owned(table, alloc_printf("%s (%s)", report_count(late, count),
                                                   value_text(SHARE, late, delivered, 1, share)));
    else
        report_table_add(table, report_count(late, count));
}

static void add_class_name(const struct report *report, const struct report_run *run,
                           const struct class_sums *sums, struct report_table *table)
{
    const char *name = *sums->name == '\0' ? "no class" : sums->name;

    if (report->count == 1)
        report_table_add(table, name);
    else
        report_table_add_owned(table, alloc_printf("%s: %s", name, run->name));
}

static void add_class(const struct report *report, const struct report_run *run,
                      const struct class_sums *sums, struct report_table *table)
{
    double given_up =
        report_class_count(run, sums, CLASS_BOUNCED) + report_class_count(run, sums, CLASS_EXPIRED);
    double utility = *sums->name == '\0' ? NAN : report_class_mean(sums, CLASS_UTILITY);
    char text[FIGURE_MOST];

    add_class_name(report, run, sums, table);
    add_span(sums->deadline_s, table);
    report_table_add(table, report_count(report_class_count(run, sums, CLASS_RECIPIENTS), text));
    add_late(run, sums, table);
    report_table_add(table, report_count(given_up, text));
    add_span(report_class_mean(sums, CLASS_DELAY_P50), table);
    add_span(report_class_mean(sums, CLASS_DELAY_P90), table);
    report_table_add_owned(table,
                           isnan(utility) ? alloc_printf("-") : alloc_printf("%.1f", utility));
}

static bool has_class_before(const struct report *report, size_t run, const char *name)
{
    for (size_t i = 0; i < run; i++) {
        if (report_run_class(&report->runs[i], name) != NULL)
            return true;
    }
    return false;
}

/* From the first run that has it on. */
static void add_class_of_all(const struct report *report, size_t first, const char *name,
                             struct report_table *table)
{
    for (size_t i = first; i < report->count; i++) {
        const struct class_sums *sums = report_run_class(&report->runs[i], name);
        if (sums != NULL)
            add_class(report, &report->runs[i], sums, table);
    }
}

void report_classes(const struct report *report, struct report_table *table)
{
    static const char *const columns[] = {"deadline",    "recipients",         "late",   "given up",
                                          "half within", "nine in ten within", "utility"};

    table->heading = "Which mail is late, and which is lost?";
    table->columns = 1 + COUNT_OF(columns);
    report_table_add(table, report->count == 1 ? "class" : "class: policy");
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        report_table_add(table, columns[i]);
    for (size_t run = 0; run < report->count; run++) {
        for (size_t i = 0; i < report->runs[run].class_count; i++) {
            const char *name = report->runs[run].classes[i].name;
            if (!has_class_before(report, run, name))
                add_class_of_all(report, run, name, table);
        }
    }
}
