/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/infer_report.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv_row.h"
#include "io/figures.h"
#include "io/json_text.h"
#include "models/mta/postfix/parameters.h"
#include "sim/alloc.h"
#include "sim/printable.h"

#define EVIDENCE_MOST 120
#define RANGE_MOST (2 * FIGURE_MOST + 8)
#define EVENTS_SHOWN 20

static const char *const kinds[] = {
    [INFER_RESTART] = "restart", [INFER_DOWN] = "down",   [INFER_FLUSH] = "flush",
    [INFER_FULL] = "full",       [INFER_CLOCK] = "clock",
};

static uint64_t explained(const struct infer_result *result)
{
    return result->on_scan + result->waited;
}

static double share(const struct infer_result *result)
{
    return result->retries == 0 ? 0 : (double)explained(result) / (double)result->retries;
}

/* ---- what an answer rests on ---- */

/* What is counted, and what is said where nothing was. */
static const struct ground {
    const char *one, *several, *none;
} grounds[] = {
    [INFER_QUEUE_RUN_DELAY] = {"scan", "scans", "retries show no scans"},
    [INFER_MINIMAL_BACKOFF_TIME] = {"retry", "retries", "no retry was so early"},
    [INFER_MAXIMAL_BACKOFF_TIME] = {"retry", "retries", "no mail got so old"},
    [INFER_MAXIMAL_QUEUE_LIFETIME] = {"expired", "expired", "none expired"},
    [INFER_BOUNCE_QUEUE_LIFETIME] = {"expired", "expired", "none expired"},
    [INFER_DELAY_WARNING_TIME] = {"notice", "notices", "no sender was warned"},
    [INFER_SCAN_PHASE] = {"scan", "scans", "retries show no scans"},
};
_Static_assert(COUNT_OF(grounds) == INFER_SETTING_COUNT, "a ground for each setting");

static const char *evidence(enum infer_setting setting, const struct infer_answer *answer,
                            char text[EVIDENCE_MOST])
{
    const struct ground *ground = &grounds[setting];
    char count[FIGURE_MOST];

    if (answer->seen == 0)
        snprintf(text, EVIDENCE_MOST, "%s", ground->none);
    else
        snprintf(text, EVIDENCE_MOST, "%s %s", figure_count(answer->seen, count),
                 answer->seen == 1 ? ground->one : ground->several);
    return text;
}

/* What an event was, for people. */
static const char *event_text(const struct infer_event *event, char text[EVIDENCE_MOST])
{
    char count[FIGURE_MOST], span[FIGURE_MOST];

    figure_count(event->retries, count);
    figure_span((uint64_t)llabs(event->span) * 1000, span);
    if (event->kind == INFER_RESTART && !event->logged)
        snprintf(text, EVIDENCE_MOST, "scans begin %s later; no start is logged", span);
    else if (event->kind == INFER_RESTART && event->span == 0)
        snprintf(text, EVIDENCE_MOST, "logged; scans do not show it");
    else if (event->kind == INFER_RESTART)
        snprintf(text, EVIDENCE_MOST, "logged; scans begin %s later than before", span);
    else if (event->kind == INFER_DOWN)
        snprintf(text, EVIDENCE_MOST, "started after %s, retries due: %s", span, count);
    else if (event->kind == INFER_FLUSH)
        snprintf(text, EVIDENCE_MOST, "%s retries before their time", count);
    else if (event->kind == INFER_FULL)
        snprintf(text, EVIDENCE_MOST, "active queue, for %s, waited: %s", span, count);
    else if (event->span < 0)
        snprintf(text, EVIDENCE_MOST, "time stamps went back by %s", span);
    else
        snprintf(text, EVIDENCE_MOST, "idle for %s, retries due: %s", span, count);
    return text;
}

/* ---- text ---- */

/* A policy is written in seconds, a lifetime in days. */
static const char *time_text(enum infer_setting setting, int64_t seconds, char text[FIGURE_MOST])
{
    bool plain = setting <= INFER_MAXIMAL_BACKOFF_TIME || setting == INFER_SCAN_PHASE;

    if (plain)
        snprintf(text, FIGURE_MOST, "%" PRId64 "s", seconds);
    else
        snprintf(text, FIGURE_MOST, "%s", postfix_time_text((long)seconds).text);
    return text;
}

static const char *value_text(enum infer_setting setting, const struct infer_answer *answer,
                              char text[FIGURE_MOST])
{
    if (answer->value == INFER_UNKNOWN)
        snprintf(text, FIGURE_MOST, "?");
    else if (setting == INFER_DELAY_WARNING_TIME && answer->value == 0)
        snprintf(text, FIGURE_MOST, "0 (off)");
    else
        time_text(setting, answer->value, text);
    return text;
}

static const char *range_text(enum infer_setting setting, const struct infer_answer *answer,
                              char text[RANGE_MOST])
{
    bool low = answer->low != INFER_UNKNOWN, high = answer->high != INFER_UNKNOWN;
    char from[FIGURE_MOST], until[FIGURE_MOST];

    if (low)
        time_text(setting, answer->low, from);
    if (high)
        time_text(setting, answer->high, until);
    if (low && high && answer->low == answer->high)
        snprintf(text, RANGE_MOST, "only this");
    else if (low && high)
        snprintf(text, RANGE_MOST, "%s to %s", from, until);
    else if (low || high)
        snprintf(text, RANGE_MOST, "%s or %s", low ? from : until, low ? "more" : "less");
    else
        snprintf(text, RANGE_MOST, "any");
    return text;
}

static void print_answers(FILE *out, const struct infer_result *result)
{
    char value[FIGURE_MOST], range[RANGE_MOST], text[EVIDENCE_MOST];

    fprintf(out, "\n%-22s %8s  %-20s  %s\n", "", "value", "as good", "told by");
    for (int i = 0; i < INFER_SETTING_COUNT; i++) {
        enum infer_setting setting = (enum infer_setting)i;
        const struct infer_answer *answer = &result->answers[i];
        fprintf(out, "%-22s %8s  %-20s  %s\n", infer_name(setting),
                value_text(setting, answer, value), range_text(setting, answer, range),
                evidence(setting, answer, text));
    }
}

static bool is_all_known(const struct infer_result *result)
{
    for (int i = 0; i < INFER_SETTING_COUNT; i++)
        if (result->answers[i].value == INFER_UNKNOWN)
            return false;
    return true;
}

static void print_events(FILE *out, const struct infer_result *result)
{
    char at[FIGURE_MOST], text[EVIDENCE_MOST];

    if (result->event_count > 0)
        fprintf(out, "\n");
    for (size_t i = 0; i < result->event_count && i < EVENTS_SHOWN; i++)
        fprintf(out, "%s  %-7s  %s\n", figure_utc(result->events[i].at * SIM_SECOND, at),
                kinds[result->events[i].kind], event_text(&result->events[i], text));
    if (result->event_count > EVENTS_SHOWN)
        fprintf(out, "%s more: --format json tells them\n",
                figure_count(result->event_count - EVENTS_SHOWN, at));
}

static void print_misses(FILE *out, const struct infer_result *result)
{
    char early[FIGURE_MOST], late[FIGURE_MOST], off[FIGURE_MOST];

    if (result->waited > 0)
        fprintf(out, "  of these waited for room in an active queue of %s: %s\n",
                figure_count((uint64_t)result->timing.full.limit, early),
                figure_count(result->waited, late));
    if (explained(result) < result->retries)
        fprintf(out, "  early: %s, late: %s, on no scan: %s\n", figure_count(result->early, early),
                figure_count(result->late, late), figure_count(result->off_grid, off));
}

static void print_server(FILE *out, const struct infer_server *server)
{
    const struct infer_result *result = &server->result;
    char *name = alloc_text(server->name, strlen(server->name));
    char on[FIGURE_MOST], all[FIGURE_MOST];

    printable(name, strlen(name));
    fprintf(out, "\n%s: ", name);
    if (result->retries == 0)
        fprintf(out, "no retries\n");
    else
        fprintf(out, "%s of %s retries (%.2f %%) are explained\n",
                figure_count(explained(result), on), figure_count(result->retries, all),
                100 * share(result));
    print_misses(out, result);
    print_answers(out, result);
    if (!is_all_known(result))
        fprintf(out, "?: the log cannot tell\n");
    print_events(out, result);
    free(name);
}

void infer_report_text(FILE *out, const struct infer_report *report)
{
    const struct maillog_totals *totals = report->totals;
    char count[FIGURE_MOST], first[FIGURE_MOST], last[FIGURE_MOST];

    fprintf(out, "log: %s lines of Postfix, %s to %s\n", figure_count(totals->postfix_lines, count),
            figure_utc(totals->first, first), figure_utc(totals->last, last));
    if (totals->copied_lines > 0)
        fprintf(out, "  in several files, and counted once: %s lines\n",
                figure_count(totals->copied_lines, count));
    for (size_t i = 0; i < report->count; i++)
        print_server(out, &report->servers[i]);
}

/* ---- CSV ---- */

static void put_seconds(struct csv_row *row, int64_t seconds)
{
    if (seconds == INFER_UNKNOWN)
        csv_empty(row);
    else
        csv_number(row, (uint64_t)seconds);
}

void infer_report_csv(struct output *out, const struct infer_report *report)
{
    char text[EVIDENCE_MOST];

    output_print(out, "server,parameter,value_s,low_s,high_s,evidence\n");
    for (size_t s = 0; s < report->count; s++) {
        for (int i = 0; i < INFER_SETTING_COUNT; i++) {
            const struct infer_answer *answer = &report->servers[s].result.answers[i];
            const char *name = infer_name((enum infer_setting)i);
            struct csv_row row = csv_row(out);
            csv_name(&row, report->servers[s].name, strlen(report->servers[s].name));
            csv_text(&row, name, strlen(name));
            put_seconds(&row, answer->value);
            put_seconds(&row, answer->low);
            put_seconds(&row, answer->high);
            evidence((enum infer_setting)i, answer, text);
            csv_text(&row, text, strlen(text));
            csv_end(&row);
        }
    }
}

/* ---- JSON ---- */

static json_t *seconds_json(int64_t seconds)
{
    return seconds == INFER_UNKNOWN ? json_null() : json_integer((json_int_t)seconds);
}

static json_t *events_json(const struct infer_result *result)
{
    char at[FIGURE_MOST], text[EVIDENCE_MOST];
    json_t *json = json_array();

    for (size_t i = 0; i < result->event_count; i++) {
        const struct infer_event *event = &result->events[i];
        json_array_append_new(
            json, json_pack("{s:s, s:s, s:s}", "t", figure_utc(event->at * SIM_SECOND, at), "kind",
                            kinds[event->kind], "evidence", event_text(event, text)));
    }
    return json;
}

static json_t *explained_json(const struct infer_result *result)
{
    json_t *part = result->retries == 0 ? json_null() : json_real(share(result));

    return json_pack("{s:I, s:I, s:I, s:o, s:I, s:I, s:I}", "retries", (json_int_t)result->retries,
                     "on_scan", (json_int_t)result->on_scan, "waited", (json_int_t)result->waited,
                     "share", part, "early", (json_int_t)result->early, "late",
                     (json_int_t)result->late, "off_grid", (json_int_t)result->off_grid);
}

static json_t *server_json(const struct infer_server *server)
{
    const struct infer_result *result = &server->result;
    char text[EVIDENCE_MOST];
    json_t *json = json_object();

    json_object_set_new(json, "server", json_text(server->name));
    for (int i = 0; i < INFER_SETTING_COUNT; i++) {
        const struct infer_answer *answer = &result->answers[i];
        json_object_set_new(json, infer_name((enum infer_setting)i),
                            json_pack("{s:o, s:o, s:o, s:s}", "value", seconds_json(answer->value),
                                      "low", seconds_json(answer->low), "high",
                                      seconds_json(answer->high), "evidence",
                                      evidence((enum infer_setting)i, answer, text)));
    }
    json_object_set_new(json, "explained", explained_json(result));
    json_object_set_new(json, "events", events_json(result));
    return json;
}

void infer_report_json(FILE *out, const struct infer_report *report)
{
    json_t *json = server_json(&report->servers[0]), *others = json_array();

    for (size_t i = 1; i < report->count; i++)
        json_array_append_new(others, server_json(&report->servers[i]));
    json_object_set_new(json, "others", others);
    json_print(out, json, 12);
}
