/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/replay_report.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/figures.h"
#include "io/json_text.h"

#define LABEL 22
#define COLUMN 14
#define COLUMNS_A_BLOCK 4

static double share(uint64_t part, uint64_t all)
{
    return all == 0 ? 0 : (double)part / (double)all;
}

/* ---- why a retry is not where the model puts it ---- */

struct reason {
    const char *name;
    uint64_t count;
};
#define REASONS 3

static void reasons_of(const struct self_check_result *check, struct reason reasons[REASONS])
{
    reasons[0] = (struct reason){"early", check->early};
    reasons[1] = (struct reason){"late", check->late};
    reasons[2] = (struct reason){"on no scan", check->off_grid};
}

static uint64_t explained(const struct self_check_result *check)
{
    return check->on_scan + check->waited;
}

/* ---- text ---- */

static void print_left_out(FILE *out, uint64_t count, const char *why)
{
    char text[FIGURE_MOST];

    if (count > 0)
        fprintf(out, "  left out: %s %s\n", figure_count(count, text), why);
}

static void print_log(FILE *out, const struct replay_report *report)
{
    const struct maillog_totals *totals = report->totals;
    const struct reconstruction *r = report->reconstruction;
    char text[FIGURE_MOST], more[FIGURE_MOST];

    fprintf(out, "log: %s lines of Postfix, %s to ", figure_count(totals->postfix_lines, text),
            figure_utc(totals->first, more));
    fprintf(out, "%s\n", figure_utc(totals->last, more));
    if (totals->copied_lines > 0)
        fprintf(out, "  in several files, and counted once: %s lines\n",
                figure_count(totals->copied_lines, text));
    fprintf(out, "  messages: %s, ", figure_count(r->logged.messages, text));
    fprintf(out, "recipients: %s\n", figure_count(r->logged.recipients, text));
    fprintf(out, "  came before it: %s, ", figure_count(r->older, text));
    fprintf(out, "did not leave in it: %s\n", figure_count(r->unfinished, text));
    print_left_out(out, r->by_operator, "that an operator removed");
    print_left_out(out, r->unanswered, "without a dated answer");
    print_left_out(out, r->probes, "address probes");
}

static void print_check(FILE *out, const struct self_check_result *check)
{
    struct reason reasons[REASONS];
    char on[FIGURE_MOST], all[FIGURE_MOST];

    if (check->retries == 0) {
        fprintf(out, "self-check: the log has no retries to check the model by\n");
        return;
    }
    fprintf(out, "self-check: %s of %s retries (%.2f %%) are on the model's scan\n",
            figure_count(explained(check), on), figure_count(check->retries, all),
            100 * share(explained(check), check->retries));
    if (check->waited > 0)
        fprintf(out, "  of these waited for room in the active queue: %s\n",
                figure_count(check->waited, on));
    reasons_of(check, reasons);
    for (size_t i = 0; i < REASONS; i++) {
        if (reasons[i].count > 0)
            fprintf(out, "  %s: %s\n", reasons[i].name, figure_count(reasons[i].count, on));
    }
}

enum form { FORM_COUNT, FORM_SHARE, FORM_SPAN };

/* The rows of the table: a metric, counted, or as a share of the recipients, or as a span. */
static const struct line {
    const char *label, *metric;
    enum form form;
    bool ranged; /* with what it is under the other recoveries */
} lines[] = {
    {"delivered", "delivered", FORM_COUNT, true},
    {"  share", "delivered", FORM_SHARE, false},
    {"  at the first attempt", "delivered_at_once", FORM_COUNT, false},
    {"  delay p50", "delay_p50", FORM_SPAN, true},
    {"  delay p90", "delay_p90", FORM_SPAN, true},
    {"  delay p99", "delay_p99", FORM_SPAN, true},
    {"  delay max", "delay_max", FORM_SPAN, true},
    {"bounced", "bounced", FORM_COUNT, true},
    {"expired", "expired", FORM_COUNT, true},
    {"  sender told, p50", "bad_news_p50", FORM_SPAN, true},
    {"  sender told, max", "bad_news_max", FORM_SPAN, true},
    {"still queued", "queued", FORM_COUNT, true},
    {"attempts", "attempts", FORM_COUNT, true},
    {"  deferred", "deferred", FORM_COUNT, false},
    {"  suspended", "suspended", FORM_COUNT, false},
    {"notices", "notices", FORM_COUNT, false},
    {"  delay warnings", "warnings", FORM_COUNT, false},
};

/* What a metric is under each recovery: NAN where there is nothing to measure in any. */
struct range {
    double low, high;
};

static struct range range_of(const struct replay_column *column, const struct metric *metric)
{
    struct range range = {NAN, NAN};

    for (int i = 0; i <= RECOVERY_LATEST; i++) {
        double value = metric->value(&column->at[i]);
        range.low = fmin(range.low, value);
        range.high = fmax(range.high, value);
    }
    return range;
}

static void print_value(FILE *out, enum form form, double value, uint64_t recipients)
{
    char text[FIGURE_MOST] = "-";

    if (form == FORM_SHARE)
        snprintf(text, sizeof text, "%.2f %%", 100 * share((uint64_t)value, recipients));
    else if (form == FORM_SPAN && !isnan(value))
        figure_span((uint64_t)(value * 1000 + 0.5), text);
    else if (form == FORM_COUNT)
        figure_count((uint64_t)value, text);
    fprintf(out, " %*s", COLUMN - 1, text);
}

/* Column 0 is the log, the others are the replays. */
static const struct results *column_results(const struct replay_report *report, size_t column)
{
    return column == 0 ? &report->reconstruction->logged
                       : &report->columns[column - 1].at[report->recovery];
}

static const char *column_name(const struct replay_report *report, size_t column)
{
    return column == 0 ? "logged" : report->columns[column - 1].name;
}

/* Of a name that is too long the end is kept: there "maximal_queue_lifetime=1d" tells itself. */
static void print_name(FILE *out, const char *name, int width)
{
    size_t length = strlen(name);

    if (length < COLUMN)
        fprintf(out, " %*s", width, name);
    else
        fprintf(out, " ..%s", name + length - (COLUMN - 3));
}

static void print_line(FILE *out, const struct replay_report *report, const struct line *line,
                       size_t from, size_t until)
{
    const struct metric *metric = metric_find(line->metric);

    fprintf(out, "%-*s", LABEL, line->label);
    for (size_t c = from; c < until; c++) {
        const struct results *results = column_results(report, c);
        print_value(out, line->form, metric->value(results), results->recipients);
    }
    fprintf(out, "\n");
}

/* Of the log there is none. */
static bool has_range(const struct replay_report *report, const struct metric *metric,
                      size_t column)
{
    struct range range = {0, 0};

    if (column > 0)
        range = range_of(&report->columns[column - 1], metric);
    return range.low < range.high;
}

/* The least, or the most, of the recoveries, in the columns in which they differ. */
static void print_bound(FILE *out, const struct replay_report *report, const struct line *line,
                        size_t from, size_t until, bool most)
{
    const struct metric *metric = metric_find(line->metric);
    int blank = 0;

    fprintf(out, "%-*s", LABEL, most ? "      at most" : "      at least");
    for (size_t c = from; c < until; c++) {
        if (!has_range(report, metric, c)) {
            blank += COLUMN;
            continue;
        }
        struct range range = range_of(&report->columns[c - 1], metric);
        fprintf(out, "%*s", blank, "");
        print_value(out, line->form, most ? range.high : range.low, 0);
        blank = 0;
    }
    fprintf(out, "\n");
}

static void print_range(FILE *out, const struct replay_report *report, const struct line *line,
                        size_t from, size_t until)
{
    bool any = false;

    for (size_t c = from; c < until; c++)
        any = any || has_range(report, metric_find(line->metric), c);
    if (!line->ranged || !any)
        return;
    print_bound(out, report, line, from, until, false);
    print_bound(out, report, line, from, until, true);
}

static void print_block(FILE *out, const struct replay_report *report, size_t from, size_t until)
{
    fprintf(out, "\n%-*s", LABEL, "");
    for (size_t c = from; c < until; c++)
        print_name(out, column_name(report, c), COLUMN - 1);
    fprintf(out, "\n");
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        print_line(out, report, &lines[i], from, until);
        print_range(out, report, &lines[i], from, until);
    }
}

struct lost_range replay_column_lost(const struct replay_column *column)
{
    struct lost_range range = {column->lost[0], column->lost[0]};

    for (int i = 1; i <= RECOVERY_LATEST; i++) {
        range.low = column->lost[i] < range.low ? column->lost[i] : range.low;
        range.high = column->lost[i] > range.high ? column->lost[i] : range.high;
    }
    return range;
}

static void print_lost(FILE *out, const struct replay_column *column, enum recovery chosen)
{
    struct lost_range range = replay_column_lost(column);
    char text[FIGURE_MOST];

    fprintf(out, "lost by");
    print_name(out, column->name, 0);
    fprintf(out, ": %s recipients", figure_count(column->lost[chosen], text));
    if (range.low < range.high) {
        fprintf(out, " (%s to", figure_count(range.low, text));
        fprintf(out, " %s)", figure_count(range.high, text));
    }
    if (column->lost_path != NULL && range.high > 0)
        fprintf(out, ", listed in\n  %s", column->lost_path);
    fprintf(out, "\n");
}

void replay_report_text(FILE *out, const struct replay_report *report)
{
    size_t columns = report->count + 1;

    print_log(out, report);
    print_check(out, report->check);
    fprintf(out, "recovery: %s; nothing is known after the end of the log\n",
            recovery_names[report->recovery]);
    for (size_t from = 0; from < columns; from += COLUMNS_A_BLOCK) {
        size_t until = from + COLUMNS_A_BLOCK < columns ? from + COLUMNS_A_BLOCK : columns;
        print_block(out, report, from, until);
    }
    if (report->count > 1)
        fprintf(out, "\n");
    for (size_t i = 1; i < report->count; i++)
        print_lost(out, &report->columns[i], report->recovery);
}

/* ---- JSON ---- */

static json_t *number_json(double value)
{
    if (isnan(value))
        return json_null();
    return value == floor(value) ? json_integer((json_int_t)value) : json_real(value);
}

static json_t *check_json(const struct self_check_result *check)
{
    struct reason reasons[REASONS];
    json_t *json = json_object(), *unexplained = json_array();

    json_object_set_new(json, "retries", json_integer((json_int_t)check->retries));
    json_object_set_new(json, "on_scan", json_integer((json_int_t)check->on_scan));
    json_object_set_new(json, "waited", json_integer((json_int_t)check->waited));
    json_object_set_new(json, "share",
                        check->retries == 0 ? json_null()
                                            : number_json(share(explained(check), check->retries)));
    json_object_set_new(json, "phase_s",
                        check->phase_s < 0 ? json_null() : json_integer(check->phase_s));
    reasons_of(check, reasons);
    for (size_t i = 0; i < REASONS; i++) {
        if (reasons[i].count > 0)
            json_array_append_new(unexplained, json_pack("{s:s, s:I}", "reason", reasons[i].name,
                                                         "count", (json_int_t)reasons[i].count));
    }
    json_object_set_new(json, "unexplained", unexplained);
    return json;
}

/* What a log does not show: how many stood in a queue. */
static bool is_logged(const struct metric *metric)
{
    static const char *const unknown[] = {"attempts_per_scan_max", "active_max",
                                          "deferred_queue_max"};

    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        if (strcmp(metric->name, unknown[i]) == 0)
            return false;
    }
    return true;
}

static json_t *logged_json(const struct results *logged)
{
    json_t *json = json_object();

    for (const struct metric *m = metrics; m->name != NULL; m++) {
        if (is_logged(m))
            json_object_set_new(json, m->name,
                                json_pack("{s:o}", "value", number_json(m->value(logged))));
    }
    return json;
}

static json_t *column_json(const struct replay_column *column, enum recovery chosen)
{
    json_t *json = json_object();

    for (const struct metric *m = metrics; m->name != NULL; m++) {
        struct range range = range_of(column, m);
        json_object_set_new(json, m->name,
                            json_pack("{s:o, s:o, s:o}", "value",
                                      number_json(m->value(&column->at[chosen])), "low",
                                      number_json(range.low), "high", number_json(range.high)));
    }
    return json;
}

static json_t *policy_json(const struct replay_column *column, enum recovery chosen)
{
    struct lost_range lost = replay_column_lost(column);

    return json_pack("{s:o, s:o, s:{s:I, s:I, s:I}}", "name", json_text(column->name), "metrics",
                     column_json(column, chosen), "lost", "value", (json_int_t)column->lost[chosen],
                     "low", (json_int_t)lost.low, "high", (json_int_t)lost.high);
}

static json_t *log_json(const struct replay_report *report)
{
    const struct maillog_totals *totals = report->totals;
    const struct reconstruction *r = report->reconstruction;
    char first[FIGURE_MOST], last[FIGURE_MOST];

    return json_pack(
        "{s:I, s:I, s:I, s:I, s:s, s:s, s:I, s:I, s:{s:I, s:I, s:I}}", "postfix_lines",
        (json_int_t)totals->postfix_lines, "foreign_lines", (json_int_t)totals->foreign_lines,
        "unstamped_lines", (json_int_t)totals->unstamped_lines, "copied_lines",
        (json_int_t)totals->copied_lines, "first", figure_utc(totals->first, first), "last",
        figure_utc(totals->last, last), "came_before", (json_int_t)r->older, "unfinished",
        (json_int_t)r->unfinished, "left_out", "by_operator", (json_int_t)r->by_operator,
        "unanswered", (json_int_t)r->unanswered, "probes", (json_int_t)r->probes);
}

void replay_report_json(FILE *out, const struct replay_report *report)
{
    json_t *json = json_object(), *policies = json_array();

    json_object_set_new(json, "log", log_json(report));
    json_object_set_new(json, "self_check", check_json(report->check));
    json_object_set_new(json, "recovery", json_string(recovery_names[report->recovery]));
    json_object_set_new(json, "logged", logged_json(&report->reconstruction->logged));
    for (size_t i = 0; i < report->count; i++) {
        const struct replay_column *column = &report->columns[i];
        if (i == 0)
            json_object_set_new(json, "replayed", column_json(column, report->recovery));
        else
            json_array_append_new(policies, policy_json(column, report->recovery));
    }
    json_object_set_new(json, "policies", policies);
    json_print(out, json, 12);
}
