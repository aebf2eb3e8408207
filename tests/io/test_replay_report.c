/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logged, replayed and what-if side by side: figures made up here. */
#include "io/replay_report.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

#define MOST 9

static struct maillog_totals totals;
static struct reconstruction r;
static struct self_check_result check;
static struct replay_column columns[MOST];
static struct replay_report report;

/* A log and its replay; a test adds to it. */
static void begin(void)
{
    static const char *const names[MOST] = {"replayed", "a", "b", "c", "d", "e", "f", "g", "h"};

    reconstruct_init(&r);
    for (size_t i = 0; i < MOST; i++) {
        columns[i].name = names[i];
        for (int k = 0; k <= RECOVERY_LATEST; k++)
            results_init(&columns[i].at[k]);
    }
    totals = (struct maillog_totals){.postfix_lines = 1234567,
                                     .foreign_lines = 8,
                                     .unstamped_lines = 9,
                                     .first = 1780272000 * SIM_SECOND,
                                     .last = 1780358399 * SIM_SECOND};
    check = (struct self_check_result){.phase_s = -1};
    report = (struct replay_report){&totals, &r, &check, RECOVERY_MIDDLE, columns, 1};
}

static void end(void)
{
    for (size_t i = 0; i < MOST; i++) {
        for (int k = 0; k <= RECOVERY_LATEST; k++)
            results_fini(&columns[i].at[k]);
    }
    reconstruct_fini(&r);
}

TestSuite(replay_report, .init = begin, .fini = end);

static char *printed(void (*print)(FILE *, const struct replay_report *))
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    cr_assert_not_null(out);
    print(out, &report);
    fclose(out);
    return text;
}

static void deliver(struct results *results, uint64_t recipients, uint64_t delay_ms)
{
    results->messages += recipients;
    results->recipients += recipients;
    results->outcomes[OUTCOME_SENT] += recipients;
    results->fates.delivered += recipients;
    histogram_add(&results->delay, delay_ms, recipients);
}

/* ---------------------------------------------------------------------- text */

static size_t line_count(const char *text, const char *line)
{
    size_t length = strlen(line), n = 0;

    for (const char *at = text; (at = strstr(at, line)) != NULL; at += length)
        n += (at == text || at[-1] == '\n') && at[length] == '\n';
    return n;
}

static void expect_lines(size_t count, const char *line)
{
    char *text = printed(replay_report_text);

    cr_expect_eq(line_count(text, line), count, "not %zu times '%s' in\n%s", count, line, text);
    free(text);
}

static void expect_line(const char *line)
{
    expect_lines(1, line);
}

Test(replay_report, begins_with_what_was_read)
{
    r.logged.messages = 1000;
    r.logged.recipients = 2000;
    r.older = 3;
    r.unfinished = 4;
    expect_line("log: 1,234,567 lines of Postfix, 2026-06-01T00:00:00Z to 2026-06-01T23:59:59Z");
    expect_line("  messages: 1,000, recipients: 2,000");
    expect_line("  came before it: 3, did not leave in it: 4");
    expect_line("recovery: middle; nothing is known after the end of the log");
}

Test(replay_report, tells_of_lines_that_several_files_had)
{
    expect_lines(0, "  in several files, and counted once: 0 lines");
    totals.copied_lines = 1234;
    expect_line("  in several files, and counted once: 1,234 lines");
}

Test(replay_report, tells_of_what_is_left_out_only_if_something_is)
{
    char *text = printed(replay_report_text);

    cr_expect_null(strstr(text, "left out"));
    free(text);
    r.by_operator = 1;
    r.unanswered = 2;
    r.probes = 3000;
    expect_line("  left out: 1 that an operator removed");
    expect_line("  left out: 2 without a dated answer");
    expect_line("  left out: 3,000 address probes");
}

Test(replay_report, has_no_self_check_without_retries)
{
    expect_line("self-check: the log has no retries to check the model by");
}

Test(replay_report, tells_how_many_retries_the_model_explains)
{
    check = (struct self_check_result){
        .retries = 8000, .on_scan = 7990, .early = 4, .late = 5, .off_grid = 1};
    expect_line("self-check: 7,990 of 8,000 retries (99.88 %) are on the model's scan");
    expect_line("  early: 4");
    expect_line("  late: 5");
    expect_line("  on no scan: 1");
    check = (struct self_check_result){.retries = 5, .on_scan = 5};
    expect_line("self-check: 5 of 5 retries (100.00 %) are on the model's scan");
    expect_lines(0, "  early: 0");
    expect_lines(0, "  of these waited for room in the active queue: 0");
}

Test(replay_report, takes_a_wait_for_room_for_explained)
{
    check = (struct self_check_result){.retries = 8, .on_scan = 4, .waited = 3, .late = 1};
    expect_line("self-check: 7 of 8 retries (87.50 %) are on the model's scan");
    expect_line("  of these waited for room in the active queue: 3");
    expect_line("  late: 1");
}

Test(replay_report, has_a_column_for_the_log_and_each_replay)
{
    deliver(&r.logged, 1000, 300);
    deliver(&columns[0].at[RECOVERY_MIDDLE], 999, 300);
    deliver(&columns[0].at[RECOVERY_EARLIEST], 1, 1);
    columns[0].at[RECOVERY_MIDDLE].recipients = 1000;
    deliver(&columns[1].at[RECOVERY_MIDDLE], 500, 3600000);
    columns[1].at[RECOVERY_MIDDLE].recipients = 1000;
    report.count = 2;
    expect_line("                              logged      replayed             a");
    expect_line("delivered                      1,000           999           500");
    expect_line("  share                     100.00 %       99.90 %       50.00 %");
    expect_line("  delay max                    0.3 s         0.3 s        1 h 00");
}

Test(replay_report, tells_long_names_apart_by_their_ends)
{
    columns[1].name = "maximal_queue_lifetime=1d";
    columns[2].name = "thirteen_char";
    report.count = 3;
    expect_line("                              logged      replayed ..lifetime=1d thirteen_char");
}

Test(replay_report, shows_the_recovery_that_was_chosen)
{
    deliver(&columns[0].at[RECOVERY_LATEST], 7, 300);
    report.recovery = RECOVERY_LATEST;
    expect_line("recovery: latest; nothing is known after the end of the log");
    expect_line("delivered                          0             7");
}

static void deliver_all(struct replay_column *column, uint64_t earliest, uint64_t middle,
                        uint64_t latest)
{
    deliver(&column->at[RECOVERY_EARLIEST], earliest, 1000);
    deliver(&column->at[RECOVERY_MIDDLE], middle, 1000);
    deliver(&column->at[RECOVERY_LATEST], latest, 1000);
}

/* Only in the columns in which they differ, and only if there is one. */
Test(replay_report, has_the_range_over_the_recoveries_below_a_figure)
{
    deliver_all(&columns[0], 5, 5, 5);
    deliver_all(&columns[1], 9, 7, 8);
    deliver_all(&columns[2], 6, 6, 6);
    report.count = 3;
    expect_line("delivered                          0             5             7             6");
    expect_lines(2, "      at least                                                 7");
    expect_lines(2, "      at most                                                  9");
    report.count = 1;
    expect_lines(0, "      at least");
}

/* Both columns to the right of blanks, each in its place. */
Test(replay_report, has_each_range_below_its_column)
{
    deliver_all(&columns[0], 1, 2, 3);
    deliver_all(&columns[1], 5, 5, 5);
    deliver_all(&columns[2], 7, 8, 9);
    report.count = 3;
    expect_lines(2,
                 "      at least                                   1                           7");
    expect_lines(2,
                 "      at most                                    3                           9");
}

Test(replay_report, tells_how_many_are_lost_by_each_policy)
{
    columns[1].lost[RECOVERY_EARLIEST] = 9;
    columns[1].lost[RECOVERY_MIDDLE] = 1200;
    columns[1].lost[RECOVERY_LATEST] = 1700;
    columns[1].lost_path = (char *)"out/a/lost.csv";
    columns[2].lost[0] = columns[2].lost[1] = columns[2].lost[2] = 4;
    columns[3].lost_path = (char *)"out/c/lost.csv";
    report.count = 4;
    expect_line("lost by a: 1,200 recipients (9 to 1,700), listed in");
    expect_line("  out/a/lost.csv");
    expect_line("lost by b: 4 recipients");
    expect_line("lost by c: 0 recipients");
    report.count = 1;
    expect_lines(0, "lost by replayed: 0 recipients");
}

Test(replay_report, tells_in_json_how_many_are_lost)
{
    columns[1].lost[RECOVERY_EARLIEST] = 9;
    columns[1].lost[RECOVERY_MIDDLE] = 7;
    columns[1].lost[RECOVERY_LATEST] = 8;
    report.count = 2;
    char *text = printed(replay_report_json);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    json_int_t value, low, high;

    cr_expect_eq(json_unpack(json, "{s:[{s:{s:I, s:I, s:I}}]}", "policies", "lost", "value", &value,
                             "low", &low, "high", &high),
                 0);
    cr_expect_eq(value, 7);
    cr_expect_eq(low, 7);
    cr_expect_eq(high, 9);
    json_decref(json);
    free(text);
}

Test(replay_report, shows_a_dash_where_nothing_was_measured)
{
    expect_line("  delay p50                        -             -");
    expect_line("  share                       0.00 %        0.00 %");
    expect_line("  sender told, max                 -             -");
}

/* Four columns a block, the log's being the first. */
Test(replay_report, has_blocks_of_four_columns)
{
    report.count = 3;
    expect_line("                              logged      replayed             a             b");
    report.count = 4;
    expect_line("                              logged      replayed             a             b");
    expect_line("                                   c");
    report.count = MOST;
    expect_line("                                   c             d             e             f");
    expect_line("                                   g             h");
    expect_lines(1, "delivered                          0             0");
    expect_lines(2,
                 "delivered                          0             0             0             0");
}

/* With everything as large as it gets: the widest line of the report. */
static size_t widest(void)
{
    char *text = printed(replay_report_text), *rest = text, *line;
    size_t most = 0;

    while ((line = strsep(&rest, "\n")) != NULL)
        most = strlen(line) > most ? strlen(line) : most;
    free(text);
    return most;
}

static void make_large(struct results *results, uint64_t count)
{
    results->messages = results->recipients = results->notices = results->warnings = count;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        results->outcomes[i] = count / 4;
    results->fates.delivered = results->fates.delivered_at_once = results->fates.bounced =
        results->fates.expired = results->fates.queued = count;
    histogram_add(&results->delay, UINT64_C(999) * 86400 * 1000, 1);
    histogram_add(&results->bad_news, UINT64_C(999) * 86400 * 1000, 1);
}

Test(replay_report, fits_80_columns)
{
    columns[1].name = "a-policy-with-a-very-long-name-that-goes-on-and-on";
    report.count = MOST;
    totals.postfix_lines = 99999999;
    r.older = r.unfinished = 999999;
    r.by_operator = r.unanswered = r.probes = UINT64_C(999999999999);
    check = (struct self_check_result){.retries = 99999999,
                                       .on_scan = 99999999,
                                       .early = 99999999,
                                       .waited = 99999999,
                                       .late = 99999999,
                                       .off_grid = 99999999};
    make_large(&r.logged, 9999999);
    for (size_t i = 0; i < MOST; i++) {
        make_large(&columns[i].at[RECOVERY_MIDDLE], 999999999);
        make_large(&columns[i].at[RECOVERY_LATEST], 999999998);
        columns[i].lost[RECOVERY_MIDDLE] = columns[i].lost[RECOVERY_LATEST] = 999999999;
        columns[i].lost[RECOVERY_EARLIEST] = 999999998;
    }
    cr_expect_leq(widest(), 80, "%zu", widest());
}

/* ---------------------------------------------------------------------- JSON */

static json_t *parsed(void)
{
    char *text = printed(replay_report_json);
    json_error_t error;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);

    cr_assert_not_null(json, "%s in %s", error.text, text);
    cr_expect_eq(text[strlen(text) - 1], '\n');
    free(text);
    return json;
}

/* "replayed.delivered.low"; numbers count from 0. */
static json_t *within(json_t *json, const char *path)
{
    char *copy = alloc_text(path, strlen(path)), *rest = copy, *one;

    while (json != NULL && (one = strtok_r(rest, ".", &rest)) != NULL)
        json = json_is_array(json) ? json_array_get(json, (size_t)atoi(one))
                                   : json_object_get(json, one);
    free(copy);
    cr_assert_not_null(json, "no %s", path);
    return json;
}

static void expect_number(json_t *json, const char *path, double want)
{
    json_t *found = within(json, path);

    cr_assert(json_is_number(found), "%s", path);
    cr_expect_float_eq(json_number_value(found), want, 1e-9, "%s is %g, not %g", path,
                       json_number_value(found), want);
}

static void expect_string(json_t *json, const char *path, const char *want)
{
    cr_expect_str_eq(json_string_value(within(json, path)), want, "%s", path);
}

Test(replay_report, tells_of_the_log_in_json)
{
    r.older = 3;
    r.unfinished = 4;
    r.by_operator = 5;
    r.unanswered = 6;
    r.probes = 7;
    totals.copied_lines = 8;
    json_t *json = parsed();

    expect_number(json, "log.postfix_lines", 1234567);
    expect_number(json, "log.foreign_lines", 8);
    expect_number(json, "log.unstamped_lines", 9);
    expect_string(json, "log.first", "2026-06-01T00:00:00Z");
    expect_string(json, "log.last", "2026-06-01T23:59:59Z");
    expect_number(json, "log.came_before", 3);
    expect_number(json, "log.unfinished", 4);
    expect_number(json, "log.left_out.by_operator", 5);
    expect_number(json, "log.left_out.unanswered", 6);
    expect_number(json, "log.left_out.probes", 7);
    expect_number(json, "log.copied_lines", 8);
    expect_string(json, "recovery", "middle");
    json_decref(json);
}

Test(replay_report, tells_of_the_self_check_in_json)
{
    check = (struct self_check_result){
        .retries = 8, .on_scan = 6, .late = 1, .off_grid = 1, .phase_s = 0};
    json_t *json = parsed();

    expect_number(json, "self_check.retries", 8);
    expect_number(json, "self_check.on_scan", 6);
    expect_number(json, "self_check.share", 0.75);
    expect_number(json, "self_check.phase_s", 0);
    cr_expect_eq(json_array_size(within(json, "self_check.unexplained")), 2);
    expect_string(json, "self_check.unexplained.0.reason", "late");
    expect_number(json, "self_check.unexplained.0.count", 1);
    expect_string(json, "self_check.unexplained.1.reason", "on no scan");
    json_decref(json);
}

Test(replay_report, has_null_in_json_where_nothing_is_known)
{
    json_t *json = parsed();

    cr_expect(json_is_null(within(json, "self_check.share")));
    cr_expect(json_is_null(within(json, "self_check.phase_s")));
    cr_expect_eq(json_array_size(within(json, "self_check.unexplained")), 0);
    cr_expect(json_is_null(within(json, "logged.delay_p50.value")));
    cr_expect(json_is_null(within(json, "replayed.delay_p50.value")));
    cr_expect(json_is_null(within(json, "replayed.delay_p50.low")));
    cr_expect(json_is_null(within(json, "replayed.delay_p50.high")));
    cr_expect_eq(json_array_size(within(json, "policies")), 0);
    json_decref(json);
}

/* What stands in queues is not in a log. */
Test(replay_report, has_each_metric_in_json)
{
    json_t *json = parsed();
    size_t count = 0, unknown = 0;

    for (const struct metric *m = metrics; m->name != NULL; m++) {
        count++;
        unknown += json_object_get(within(json, "logged"), m->name) == NULL;
        cr_expect_not_null(json_object_get(within(json, "replayed"), m->name), "%s", m->name);
    }
    cr_expect_eq(json_object_size(within(json, "replayed")), count);
    cr_expect_eq(unknown, 3);
    cr_expect_null(json_object_get(within(json, "logged"), "active_max"));
    json_decref(json);
}

Test(replay_report, has_the_range_over_the_recoveries_in_json)
{
    deliver(&columns[0].at[RECOVERY_EARLIEST], 9, 1500);
    deliver(&columns[0].at[RECOVERY_MIDDLE], 7, 2500);
    deliver(&columns[0].at[RECOVERY_LATEST], 8, 2000);
    json_t *json = parsed();

    expect_number(json, "replayed.delivered.value", 7);
    expect_number(json, "replayed.delivered.low", 7);
    expect_number(json, "replayed.delivered.high", 9);
    expect_number(json, "replayed.delay_max.value", 2.5);
    expect_number(json, "replayed.delay_max.low", 1.5);
    expect_number(json, "replayed.delay_max.high", 2.5);
    json_decref(json);
}

/* Some recovery delivers nothing: the others say how long it may take. */
Test(replay_report, has_a_range_where_one_recovery_has_no_figure)
{
    deliver(&columns[0].at[RECOVERY_EARLIEST], 9, 1500);
    json_t *json = parsed();

    cr_expect(json_is_null(within(json, "replayed.delay_max.value")));
    expect_number(json, "replayed.delay_max.low", 1.5);
    expect_number(json, "replayed.delay_max.high", 1.5);
    json_decref(json);
}

Test(replay_report, names_the_policies_in_json)
{
    deliver(&columns[1].at[RECOVERY_MIDDLE], 3, 10);
    columns[2].name = "it's \"quoted\" \\ \x01";
    report.count = 3;
    json_t *json = parsed();

    cr_expect_eq(json_array_size(within(json, "policies")), 2);
    expect_string(json, "policies.0.name", "a");
    expect_number(json, "policies.0.metrics.delivered.value", 3);
    expect_string(json, "policies.1.name", columns[2].name);
    json_decref(json);
}

/* A folder's name may be any bytes. */
Test(replay_report, names_a_policy_that_is_no_utf_8)
{
    columns[1].name = "fr\xe9quent";
    report.count = 2;
    json_t *json = parsed();

    cr_expect_eq(json_array_size(within(json, "policies")), 1);
    expect_string(json, "policies.0.name", "fr?quent");
    json_decref(json);
}
