/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was run, what attempts failed for, and how it was found: tables of io/report_words.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/report_figures.h"
#include "io/report_words.h"
#include "models/mta/postfix/parameters.h"
#include "sim/alloc.h"

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
    report_table_add(table, name);
    for (size_t i = 0; i < report->count; i++) {
        const char *value = report_run_setting(&report->runs[i], name);
        report_table_add(table, value == NULL ? "-" : value);
    }
}

static void add_names(const struct report *report, struct report_table *table)
{
    for (size_t i = 0; i < report->count; i++)
        report_table_add(table, report->runs[i].name);
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
    report_table_add(table, "setting");
    add_names(report, table);
    if (report->count > 1) {
        add_differing(report, table);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(timing); i++)
        add_setting(report, timing[i], table);
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
        report_table_add(table,
                         report_count((double)sum / (double)report_run_replications(run), text));
    else
        report_table_add(table, "-");
}

static void add_cause(const struct report *report, size_t cause, struct report_table *table)
{
    report_table_add(table, causes[cause]);
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
    report_table_add(table, "");
    for (size_t i = 0; i < report->count; i++) {
        const char *name = report->runs[i].name;
        bool alone = report->count == 1;
        report_table_add_owned(table, alone ? alloc_printf("attempts that failed")
                                            : alloc_printf("%s: attempts", name));
        report_table_add_owned(table, alone ? alloc_printf("recipients lost")
                                            : alloc_printf("%s: lost", name));
    }
    for (size_t cause = 0; cause < RUN_CAUSE_COUNT; cause++) {
        if (has_cause(report, cause))
            add_cause(report, cause, table);
    }
}

/* ------------------------------------------------------------------ method */

static void add_scenario(const struct report_run *run, struct report_table *table)
{
    report_table_add(table, "Scenario");
    report_table_add_owned(table, alloc_printf("%s (hash: %s)",
                                               report_run_text(run, "scenario"),
                                               report_run_text(run, "scenario_fnv1a")));
}

/* Compare may have run more of them than were run to draw pictures. */
static void add_replications(const struct report *report, struct report_table *table)
{
    uint64_t drawn = report_run_replications(&report->runs[0]);

    report_table_add(table, "Replications");
    if (report->paired && report->replications == 0)
        report_table_add_owned(table, alloc_printf("%" PRIu64
                                                   " in pictures and causes; the figures are those "
                                                   "of compare.csv",
                                                   drawn));
    else if (report->paired && report->replications != drawn)
        report_table_add_owned(table, alloc_printf("%" PRIu64 ", in pictures and causes %" PRIu64,
                                                   report->replications, drawn));
    else
        report_table_add_owned(table, alloc_printf("%" PRIu64, drawn));
}

/* Luck beyond what jansson's numbers hold is a text. */
static void add_luck(const struct report *report, struct report_table *table)
{
    const struct report_run *run = &report->runs[0];
    const json_t *seed = json_object_get(run->manifest, "seed");

    report_table_add(table, "Seed");
    if (json_is_string(seed))
        report_table_add(table, json_string_value(seed));
    else
        report_table_add_owned(table,
                               alloc_printf("%" JSON_INTEGER_FORMAT, json_integer_value(seed)));
    add_replications(report, table);
}

static void add_time(const struct report_run *run, struct report_table *table)
{
    char span[FIGURE_MOST];

    report_table_add(table, "Time");
    report_table_add_owned(
        table, alloc_printf("%s%sfrom %s", run->last_s > 0 ? report_span(run->last_s, span) : "",
                            run->last_s > 0 ? " " : "", report_run_text(run, "start")));
}

static void add_intervals(const struct report *report, struct report_table *table)
{
    if (!report_run_has_intervals(&report->runs[0]))
        return;
    report_table_add(table, "Intervals");
    report_table_add(
        table,
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
    report_table_add(table, "Shares");
    report_table_add(
        table, "of all recipients; notices to senders are not among them, but their attempts are "
               "among the attempts");
    if (report->count > 1) {
        report_table_add(table, "Assumed");
        report_table_add(table,
                         "every policy meets the same mail, the same outages and the same luck");
    }
    report_table_add(table, "Answers");
    report_table_add(
        table,
        report_run_is_replay(first)
            ? "of sites are those of the log; when one changed, between two attempts that it "
              "tells of, is as replay's --recovery says"
            : "of sites, and how long they take, are the scenario's and not measured");
    if (!report_run_is_told(first))
        return;
    report_table_add(table, "Made by");
    report_table_add_owned(
        table, alloc_printf("tempfail %s, which imitates the queue manager of %s; what of it "
                            "is modelled is in docs/models/postfix.md",
                            report_run_text(first, "version"), report_run_text(first, "mta")));
}
