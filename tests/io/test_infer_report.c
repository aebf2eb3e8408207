/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers and events made up here, as text, CSV and JSON. */
#include "io/infer_report.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

#define MIDNIGHT INT64_C(1780272000) /* 2026-06-01 */

static struct maillog_totals totals;
static struct infer_event events[30];
static struct infer_server servers[2];
static struct infer_report report;

#define NONE INFER_UNKNOWN

static void begin(void)
{
    static const struct infer_answer answers[INFER_SETTING_COUNT] = {
        [INFER_QUEUE_RUN_DELAY] = {300, 300, 300, 250},
        [INFER_MINIMAL_BACKOFF_TIME] = {300, 1, 301, 1},
        [INFER_MAXIMAL_BACKOFF_TIME] = {4000, 3902, 4094, 4888},
        [INFER_MAXIMAL_QUEUE_LIFETIME] = {432000, 431137, 432916, 11},
        [INFER_BOUNCE_QUEUE_LIFETIME] = {NONE, NONE, 432916, 0},
        [INFER_DELAY_WARNING_TIME] = {0, 7200, NONE, 0},
        [INFER_SCAN_PHASE] = {0, 299, 0, 250},
    };

    totals = (struct maillog_totals){.postfix_lines = 1234567,
                                     .first = MIDNIGHT * SIM_SECOND,
                                     .last = (MIDNIGHT + 86399) * SIM_SECOND};
    for (int i = 0; i < 2; i++) {
        servers[i] = (struct infer_server){
            .name = "mx postfix", .result = {.retries = 2000, .on_scan = 2000, .events = events}};
        memcpy(servers[i].result.answers, answers, sizeof answers);
    }
    servers[1].name = "mx postfix-out";
    report = (struct infer_report){&totals, servers, 1};
}

TestSuite(infer_report, .init = begin);

static char *printed(void (*print)(FILE *, const struct infer_report *))
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    cr_assert_not_null(out);
    print(out, &report);
    fclose(out);
    return text;
}

static bool has_line(const char *text, const char *line)
{
    size_t length = strlen(line);

    for (const char *at = text; (at = strstr(at, line)) != NULL; at += length)
        if ((at == text || at[-1] == '\n') && at[length] == '\n')
            return true;
    return false;
}

static void expect_line(const char *line)
{
    char *text = printed(infer_report_text);

    cr_expect(has_line(text, line), "no '%s' in\n%s", line, text);
    free(text);
}

static void expect_no(const char *words)
{
    char *text = printed(infer_report_text);

    cr_expect_null(strstr(text, words), "'%s' in\n%s", words, text);
    free(text);
}

static void add_event(int64_t at, enum infer_kind kind, uint64_t retries, int64_t span)
{
    events[servers[0].result.event_count++] = (struct infer_event){at, kind, retries, span, false};
}

/* --------------------------------------------------------------------- text */

Test(infer_report, begins_with_what_was_read)
{
    expect_line("log: 1,234,567 lines of Postfix, 2026-06-01T00:00:00Z to 2026-06-01T23:59:59Z");
    expect_line("mx postfix: 2,000 of 2,000 retries (100.00 %) are explained");
    expect_no("early");
}

Test(infer_report, tells_of_lines_that_several_files_had)
{
    expect_no("counted once");
    totals.copied_lines = 1234;
    expect_line("  in several files, and counted once: 1,234 lines");
}

Test(infer_report, tells_what_is_not_explained)
{
    servers[0].result.on_scan = 1990;
    servers[0].result.early = 5;
    servers[0].result.late = 3;
    servers[0].result.off_grid = 2;
    expect_line("mx postfix: 1,990 of 2,000 retries (99.50 %) are explained");
    expect_line("  early: 5, late: 3, on no scan: 2");
}

Test(infer_report, takes_a_wait_for_room_for_explained)
{
    servers[0].result.on_scan = 1900;
    servers[0].result.waited = 99;
    servers[0].result.late = 1;
    servers[0].result.timing.full.limit = 20000;
    add_event(MIDNIGHT + 3600, INFER_FULL, 99, 305);
    expect_line("mx postfix: 1,999 of 2,000 retries (99.95 %) are explained");
    expect_line("  of these waited for room in an active queue of 20,000: 99");
    expect_line("  early: 0, late: 1, on no scan: 0");
    expect_line("2026-06-01T01:00:00Z  full     active queue, for 5 min 05, waited: 99");
}

Test(infer_report, tells_what_the_log_tells_of_starts)
{
    events[0] = (struct infer_event){MIDNIGHT, INFER_RESTART, 0, 120, true};
    events[1] = (struct infer_event){MIDNIGHT + 60, INFER_RESTART, 0, 0, true};
    events[2] = (struct infer_event){MIDNIGHT + 120, INFER_DOWN, 7, 3600, true};
    servers[0].result.event_count = 3;
    expect_line("2026-06-01T00:00:00Z  restart  logged; scans begin 2 min 00 later than before");
    expect_line("2026-06-01T00:01:00Z  restart  logged; scans do not show it");
    expect_line("2026-06-01T00:02:00Z  down     started after 1 h 00, retries due: 7");
}

Test(infer_report, does_without_retries)
{
    servers[0].result.retries = 0;
    servers[0].result.on_scan = 0;
    expect_line("mx postfix: no retries");
}

Test(infer_report, has_a_line_for_each_setting)
{
    expect_line("                          value  as good               told by");
    expect_line("queue_run_delay            300s  only this             250 scans");
    expect_line("minimal_backoff_time       300s  1s to 301s            1 retry");
    expect_line("maximal_backoff_time      4000s  3902s to 4094s        4,888 retries");
    expect_line("maximal_queue_lifetime       5d  431137s to 432916s    11 expired");
    expect_line("bounce_queue_lifetime         ?  432916s or less       none expired");
    expect_line("delay_warning_time      0 (off)  2h or more            no sender was warned");
    expect_line("scan_phase                   0s  299s to 0s            250 scans");
    expect_line("?: the log cannot tell");
}

Test(infer_report, says_any_where_there_are_no_bounds)
{
    servers[0].result.answers[INFER_BOUNCE_QUEUE_LIFETIME].high = NONE;
    expect_line("bounce_queue_lifetime         ?  any                   none expired");
}

Test(infer_report, explains_no_mark_that_is_not_there)
{
    servers[0].result.answers[INFER_BOUNCE_QUEUE_LIFETIME].value = 432000;
    expect_no("?");
}

Test(infer_report, tells_events_in_words)
{
    add_event(MIDNIGHT + 60, INFER_RESTART, 0, 120);
    add_event(MIDNIGHT + 61, INFER_FLUSH, 1234, 0);
    add_event(MIDNIGHT + 62, INFER_CLOCK, 12, 55583);
    add_event(MIDNIGHT + 63, INFER_CLOCK, 1, -3600);
    expect_line("2026-06-01T00:01:00Z  restart  scans begin 2 min 00 later; no start is logged");
    expect_line("2026-06-01T00:01:01Z  flush    1,234 retries before their time");
    expect_line("2026-06-01T00:01:02Z  clock    idle for 15 h 26, retries due: 12");
    expect_line("2026-06-01T00:01:03Z  clock    time stamps went back by 1 h 00");
}

Test(infer_report, shows_twenty_events_and_counts_the_others)
{
    for (int i = 0; i < 20; i++)
        add_event(MIDNIGHT + i, INFER_FLUSH, 3, 0);
    expect_no("more:");
    add_event(MIDNIGHT + 20, INFER_FLUSH, 3, 0);
    expect_no("00:00:20Z");
    expect_line("1 more: --format json tells them");
}

Test(infer_report, tells_of_each_server)
{
    expect_no("postfix-out");
    report.count = 2;
    expect_line("mx postfix-out: 2,000 of 2,000 retries (100.00 %) are explained");
}

Test(infer_report, fits_80_columns)
{
    servers[0].result = (struct infer_result){.retries = 12345678,
                                              .on_scan = 12345677,
                                              .early = 12345678,
                                              .late = 12345678,
                                              .off_grid = 12345678,
                                              .events = events};
    for (int i = 0; i < INFER_SETTING_COUNT; i++)
        servers[0].result.answers[i] =
            (struct infer_answer){8639999, 8639998, 8640000, i % 2 == 0 ? 12345678 : 0};
    add_event(MIDNIGHT, INFER_CLOCK, 12345678, 3599);
    add_event(MIDNIGHT, INFER_RESTART, 0, 3599);
    char *text = printed(infer_report_text), *rest = text, *line;
    while ((line = strsep(&rest, "\n")) != NULL)
        cr_expect_leq(strlen(line), 80, "%s", line);
    free(text);
}

/* A host is what a log says it is. */
Test(infer_report, does_no_harm_to_a_terminal)
{
    servers[0].name = "m\033[2J\xff postfix";
    expect_line("m?[2J? postfix: 2,000 of 2,000 retries (100.00 %) are explained");
}

/* ---------------------------------------------------------------------- CSV */

Test(infer_report, has_a_row_of_csv_for_each_setting)
{
    char text[4096] = "";
    FILE *file = tmpfile();

    cr_assert_not_null(file);
    servers[1].name = "m\"x, postfix";
    report.count = 2;
    struct output out = {.file = fileno(file), .buffer = alloc_zeroed(OUTPUT_BUFFER)};
    infer_report_csv(&out, &report);
    output_flush(&out);
    free(out.buffer);
    rewind(file);
    cr_assert_lt(fread(text, 1, sizeof text - 1, file), sizeof text - 1);
    fclose(file);
    cr_expect(has_line(text, "server,parameter,value_s,low_s,high_s,evidence"));
    cr_expect(has_line(text, "mx postfix,maximal_backoff_time,4000,3902,4094,\"4,888 retries\""));
    cr_expect(has_line(text, "mx postfix,bounce_queue_lifetime,,,432916,none expired"));
    cr_expect(has_line(text, "\"m\"\"x, postfix\",queue_run_delay,300,300,300,250 scans"));
}

/* --------------------------------------------------------------------- JSON */

static json_t *json(void)
{
    char *text = printed(infer_report_json);
    json_error_t error;
    json_t *root = json_loads(text, 0, &error);

    cr_assert_not_null(root, "%s in\n%s", error.text, text);
    free(text);
    return root;
}

static bool is_number(const json_t *object, const char *key, json_int_t value)
{
    const json_t *number = json_object_get(object, key);

    return json_is_integer(number) && json_integer_value(number) == value;
}

Test(infer_report, has_an_object_of_json_for_each_setting)
{
    json_t *root = json();
    const json_t *maximal = json_object_get(root, "maximal_backoff_time");
    const json_t *bounces = json_object_get(root, "bounce_queue_lifetime");

    cr_expect_str_eq(json_string_value(json_object_get(root, "server")), "mx postfix");
    cr_expect(is_number(maximal, "value", 4000));
    cr_expect(is_number(maximal, "low", 3902));
    cr_expect(is_number(maximal, "high", 4094));
    cr_expect_str_eq(json_string_value(json_object_get(maximal, "evidence")), "4,888 retries");
    cr_expect(json_is_null(json_object_get(bounces, "value")));
    cr_expect(json_is_null(json_object_get(bounces, "low")));
    cr_expect(is_number(bounces, "high", 432916));
    json_decref(root);
}

Test(infer_report, has_what_is_explained_and_what_happened_in_json)
{
    servers[0].result.on_scan = 1500;
    servers[0].result.off_grid = 500;
    add_event(MIDNIGHT + 61, INFER_FLUSH, 1234, 0);
    json_t *root = json();
    const json_t *explained = json_object_get(root, "explained");
    const json_t *event = json_array_get(json_object_get(root, "events"), 0);

    cr_expect(is_number(explained, "retries", 2000));
    cr_expect(is_number(explained, "on_scan", 1500));
    cr_expect(is_number(explained, "waited", 0));
    cr_expect(is_number(explained, "off_grid", 500));
    cr_expect_float_eq(json_real_value(json_object_get(explained, "share")), 0.75, 1e-9);
    cr_expect_str_eq(json_string_value(json_object_get(event, "t")), "2026-06-01T00:01:01Z");
    cr_expect_str_eq(json_string_value(json_object_get(event, "kind")), "flush");
    json_decref(root);
}

Test(infer_report, has_no_share_of_nothing_in_json)
{
    servers[0].result.retries = 0;
    json_t *root = json();

    cr_expect(json_is_null(json_object_get(json_object_get(root, "explained"), "share")));
    json_decref(root);
}

Test(infer_report, has_other_servers_in_json)
{
    servers[1].name = "m\xff postfix";
    report.count = 2;
    json_t *root = json();
    const json_t *other = json_array_get(json_object_get(root, "others"), 0);

    cr_expect_str_eq(json_string_value(json_object_get(other, "server")), "m? postfix");
    cr_expect(is_number(json_object_get(other, "queue_run_delay"), "value", 300));
    json_decref(root);
}
