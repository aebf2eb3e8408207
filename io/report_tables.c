/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of io/report_words.h. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/report_figures.h"
#include "io/report_words.h"
#include "models/mta/postfix/parameters.h"
#include "sim/alloc.h"

/* Room for a value with its sign and its interval. */
#define CELL_MOST (4 * FIGURE_MOST)

void report_table_fini(struct report_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
}

size_t report_table_rows(const struct report_table *table)
{
    return table->count / table->columns;
}

const char *report_table_cell(const struct report_table *table, size_t row, size_t column)
{
    return table->cells[row * table->columns + column];
}

static void add(struct report_table *table, const char *text)
{
    table->cells = alloc_grow(table->cells, &table->room, table->count + 1, sizeof *table->cells);
    table->cells[table->count++] = alloc_text(text, strlen(text));
}

static void add_owned(struct report_table *table, char *text)
{
    add(table, text);
    free(text);
}

/* ---------------------------------------------------------------- settings */

/* Those that say when mail is tried, given up and warned of. */
static const char *const timing[] = {
    "queue_run_delay",        "minimal_backoff_time",  "maximal_backoff_time",
    "maximal_queue_lifetime", "bounce_queue_lifetime", "delay_warning_time",
};

/* 24h is 1d. */
static bool is_same(const char *name, const char *a, const char *b)
{
    const struct postfix_parameter *parameter = postfix_parameter_find(name);
    long seconds_a, seconds_b;
    struct err err;

    if (a == NULL || b == NULL)
        return a == b;
    if (strcmp(a, b) == 0)
        return true;
    return parameter != NULL && parameter->type == POSTFIX_TIME
           && postfix_value_set(&seconds_a, parameter, a, NULL, &err)
           && postfix_value_set(&seconds_b, parameter, b, NULL, &err) && seconds_a == seconds_b;
}

static bool differs(const struct report *report, const char *name)
{
    const char *first = report_run_setting(&report->runs[0], name);

    for (size_t i = 1; i < report->count; i++) {
        if (!is_same(name, first, report_run_setting(&report->runs[i], name)))
            return true;
    }
    return false;
}

static void add_setting(const struct report *report, const char *name, struct report_table *table)
{
    add(table, name);
    for (size_t i = 0; i < report->count; i++) {
        const char *value = report_run_setting(&report->runs[i], name);
        add(table, value == NULL ? "-" : value);
    }
}

static void add_names(const struct report *report, struct report_table *table)
{
    for (size_t i = 0; i < report->count; i++)
        add(table, report->runs[i].name);
}

static bool is_first_to_have(const struct report *report, size_t run, const char *name)
{
    for (size_t i = 0; i < run; i++) {
        if (report_run_setting(&report->runs[i], name) != NULL)
            return false;
    }
    return true;
}

static void add_differing(const struct report *report, struct report_table *table)
{
    const char *name;
    json_t *setting;

    for (size_t i = 0; i < report->count; i++) {
        json_t *settings = json_object_get(report->runs[i].manifest, "settings");
        json_object_foreach(settings, name, setting)
        {
            if (is_first_to_have(report, i, name) && differs(report, name))
                add_setting(report, name, table);
        }
    }
}

void report_settings(const struct report *report, struct report_table *table)
{
    table->heading = report->count > 1 ? "The settings that differ" : "The settings";
    table->otherwise = report_run_is_told(&report->runs[0])
                           ? "No setting differs."
                           : "Not known: compare.csv tells figures alone.";
    table->columns = 1 + report->count;
    add(table, "setting");
    add_names(report, table);
    if (report->count > 1) {
        add_differing(report, table);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(timing); i++)
        add_setting(report, timing[i], table);
}

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
    add(table, line->name);
    for (size_t i = 0; i < report->count; i++) {
        struct told told = told_of(report, &report->runs[i], line);
        if (report->count > 1) /* the difference has the interval */
            told.is.low = told.is.high = NAN;
        add_owned(table, with_range(line->form, told.is, told.all));
        if (i > 0)
            add_owned(table, difference_text(line->form, told.diff, told.first));
    }
}

void report_outcome(const struct report *report, struct report_table *table)
{
    table->heading = "What comes of it";
    table->otherwise = "No mail came.";
    table->columns = 2 * report->count;
    add(table, "");
    for (size_t i = 0; i < report->count; i++) {
        add(table, report->runs[i].name);
        if (i > 0)
            add(table, "difference");
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

    add(table, report_span(seconds, text));
}

/* Of how many that were delivered, too. */
static void add_late(const struct report_run *run, const struct class_sums *sums,
                     struct report_table *table)
{
    double late = report_class_count(run, sums, CLASS_LATE);
    double delivered = report_class_count(run, sums, CLASS_DELIVERED);
    char count[FIGURE_MOST], share[FIGURE_MOST];

    if (isnan(sums->deadline_s))
        add(table, "-");
    else if (late > 0 && delivered > 0)
        add_owned(table, alloc_printf("%s (%s)", report_count(late, count),
                                      value_text(SHARE, late, delivered, 1, share)));
    else
        add(table, report_count(late, count));
}

static void add_class_name(const struct report *report, const struct report_run *run,
                           const struct class_sums *sums, struct report_table *table)
{
    const char *name = *sums->name == '\0' ? "no class" : sums->name;

    if (report->count == 1)
        add(table, name);
    else
        add_owned(table, alloc_printf("%s: %s", name, run->name));
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
    add(table, report_count(report_class_count(run, sums, CLASS_RECIPIENTS), text));
    add_late(run, sums, table);
    add(table, report_count(given_up, text));
    add_span(report_class_mean(sums, CLASS_DELAY_P50), table);
    add_span(report_class_mean(sums, CLASS_DELAY_P90), table);
    add_owned(table, isnan(utility) ? alloc_printf("-") : alloc_printf("%.1f", utility));
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
    add(table, report->count == 1 ? "class" : "class: policy");
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        add(table, columns[i]);
    for (size_t run = 0; run < report->count; run++) {
        for (size_t i = 0; i < report->runs[run].class_count; i++) {
            const char *name = report->runs[run].classes[i].name;
            if (!has_class_before(report, run, name))
                add_class_of_all(report, run, name, table);
        }
    }
}

/* ------------------------------------------------------------------ causes */

static const char *const causes[RUN_CAUSE_COUNT] = {
    [CAUSE_REFUSED] = "connection refused",
    [CAUSE_TIMEOUT] = "no answer in time",
    [CAUSE_DNS] = "DNS",
    [CAUSE_GREYLIST] = "greylisted",
    [CAUSE_THROTTLE] = "throttled",
    [CAUSE_MAILBOX] = "mailbox full",
    [CAUSE_OTHER] = "another answer for now (4xx)",
    [RUN_CAUSE_REFUSED] = "an answer for good (5xx)",
};

static bool has_cause(const struct report *report, size_t cause)
{
    for (size_t i = 0; i < report->count; i++) {
        if (report->runs[i].causes[cause].attempts > 0)
            return true;
    }
    return false;
}

static void add_sum(const struct report_run *run, uint64_t sum, struct report_table *table)
{
    char text[FIGURE_MOST];

    if (run->has_causes)
        add(table, report_count((double)sum / (double)report_run_replications(run), text));
    else
        add(table, "-");
}

static void add_cause(const struct report *report, size_t cause, struct report_table *table)
{
    add(table, causes[cause]);
    for (size_t i = 0; i < report->count; i++) {
        const struct run_cause *sums = &report->runs[i].causes[cause];
        add_sum(&report->runs[i], sums->attempts, table);
        add_sum(&report->runs[i], sums->lost, table);
    }
}

static bool has_attempts(const struct report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        if (report->runs[i].has_causes)
            return true;
    }
    return false;
}

void report_causes(const struct report *report, struct report_table *table)
{
    table->heading = "What attempts failed for";
    table->otherwise = has_attempts(report) ? "No attempt failed."
                                            : "Not known: the folders have no attempts.csv.";
    table->columns = 1 + 2 * report->count;
    add(table, "");
    for (size_t i = 0; i < report->count; i++) {
        const char *name = report->runs[i].name;
        bool alone = report->count == 1;
        add_owned(table, alone ? alloc_printf("attempts that failed")
                               : alloc_printf("%s: attempts", name));
        add_owned(table, alone ? alloc_printf("recipients lost") : alloc_printf("%s: lost", name));
    }
    for (size_t cause = 0; cause < RUN_CAUSE_COUNT; cause++) {
        if (has_cause(report, cause))
            add_cause(report, cause, table);
    }
}

/* ------------------------------------------------------------------ method */

static void add_scenario(const struct report_run *run, struct report_table *table)
{
    add(table, "Scenario");
    add_owned(table, alloc_printf("%s (FNV-1a of its text: %s)", report_run_text(run, "scenario"),
                                  report_run_text(run, "scenario_fnv1a")));
}

/* Compare may have run more of them than were run to draw pictures. */
static void add_replications(const struct report *report, struct report_table *table)
{
    uint64_t drawn = report_run_replications(&report->runs[0]);

    add(table, "Replications");
    if (report->paired && report->replications == 0)
        add_owned(table, alloc_printf("%" PRIu64 " in pictures and causes; the figures are those "
                                      "of compare.csv",
                                      drawn));
    else if (report->paired && report->replications != drawn)
        add_owned(table, alloc_printf("%" PRIu64 ", in pictures and causes %" PRIu64,
                                      report->replications, drawn));
    else
        add_owned(table, alloc_printf("%" PRIu64, drawn));
}

/* Luck beyond what jansson's numbers hold is a text. */
static void add_luck(const struct report *report, struct report_table *table)
{
    const struct report_run *run = &report->runs[0];
    const json_t *seed = json_object_get(run->manifest, "seed");

    add(table, "Seed");
    if (json_is_string(seed))
        add(table, json_string_value(seed));
    else
        add_owned(table, alloc_printf("%" JSON_INTEGER_FORMAT, json_integer_value(seed)));
    add_replications(report, table);
}

static void add_time(const struct report_run *run, struct report_table *table)
{
    char span[FIGURE_MOST];

    add(table, "Time");
    add_owned(table,
              alloc_printf("%s%sfrom %s", run->last_s > 0 ? report_span(run->last_s, span) : "",
                           run->last_s > 0 ? " " : "", report_run_text(run, "start")));
}

static void add_intervals(const struct report *report, struct report_table *table)
{
    if (!report_run_has_intervals(&report->runs[0]))
        return;
    add(table, "Intervals");
    add(table,
        report->count == 1 ? "95 %, by Student's t over the replications; figures are their means"
        : report->paired
            ? "95 %, of the differences between replications with the same luck; figures are means"
            : "95 % or more: from end to end of the two intervals, each by Student's t over the "
              "replications; figures are means");
}

void report_method(const struct report *report, struct report_table *table)
{
    const struct report_run *first = &report->runs[0];

    table->heading = "How this was made";
    table->columns = 2;
    if (report_run_is_told(first)) {
        add_scenario(first, table);
        add_luck(report, table);
        add_time(first, table);
    }
    add_intervals(report, table);
    add(table, "Shares");
    add(table, "of all recipients; notices to senders are not among them, but their attempts are "
               "among the attempts");
    if (report->count > 1) {
        add(table, "Assumed");
        add(table, "every policy meets the same mail, the same outages and the same luck");
    }
    add(table, "Answers");
    add(table,
        report_run_is_replay(first)
            ? "of sites are those of the log; when one changed, between two attempts that it "
              "tells of, is as replay's --recovery says"
            : "of sites, and how long they take, are the scenario's and not measured");
    if (!report_run_is_told(first))
        return;
    add(table, "Made by");
    add_owned(table,
              alloc_printf("tempfail %s, which imitates the queue manager of %s; what of it "
                           "is modelled is in docs/models/postfix.md",
                           report_run_text(first, "version"), report_run_text(first, "mta")));
}
