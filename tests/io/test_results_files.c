/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.csv, histograms.csv, ages.csv and manifest.json of figures made up here. */
#include "io/results_files.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv.h"
#include "sim/alloc.h"

static struct output output;
static struct experiment experiment;

static void make_figures(void)
{
    output = (struct output){.file = -1, .buffer = alloc_zeroed(OUTPUT_BUFFER)};
    experiment_init(&experiment);
}

static void free_figures(void)
{
    free(output.buffer);
    experiment_fini(&experiment);
}

TestSuite(results_files, .init = make_figures, .fini = free_figures);

static const char *written(void)
{
    output.buffer[output.used] = '\0';
    return output.buffer;
}

/* One run: so many messages, all delivered after so many ms, a scan of 300 attempts. */
static void add_run(uint64_t messages, uint64_t delay_ms)
{
    struct results results;

    results_init(&results);
    results.messages = results.recipients = messages;
    results.outcomes[OUTCOME_SENT] = messages;
    results.fates.delivered = messages;
    if (messages > 0)
        histogram_add(&results.delay, delay_ms, messages);
    histogram_add(&results.attempts_per_scan, 300, 1);
    experiment_add(&experiment, &results);
    results_fini(&results);
}

static void expect_line(const char *line)
{
    char *whole = alloc_printf("\n%s\n", line);

    cr_expect_not_null(strstr(written(), whole), "no '%s' in\n%s", line, written());
    free(whole);
}

/* ---------------------------------------------------------------- summary */

Test(results_files, sums_up_one_run_without_intervals)
{
    add_run(7, 1500);
    summary_put(&output, &experiment);
    cr_expect_eq(strncmp(written(), "metric,unit,value,ci95_low,ci95_high\nmessages,", 46), 0);
    expect_line("messages,messages,7,,");
    expect_line("sent,attempts,7,,");
    expect_line("delay_max,s,1.500,,");
}

Test(results_files, leaves_empty_what_was_not_measured)
{
    add_run(0, 0);
    summary_put(&output, &experiment);
    expect_line("messages,messages,0,,");
    expect_line("delay_max,s,,,");
    expect_line("bad_news_max,s,,,");
}

Test(results_files, sums_up_several_runs_with_their_interval)
{
    add_run(10, 1000);
    add_run(14, 3000);
    summary_put(&output, &experiment);
    /* mean 12, s = 2.828, t(0.975, 1) = 12.706: 12 +- 12.706 * 2.828 / sqrt 2 */
    expect_line("messages,messages,12.000,-13.412,37.412");
    expect_line("delay_max,s,2.000,-10.706,14.706");
}

/* Of 7 recipients each is worth 0.1: no whole number, though there is one run only. */
static void add_run_with_classes(void)
{
    struct scenario scenario;
    struct results results;

    scenario_init(&scenario);
    scenario_add_class(&scenario, "slow")->value = 0.1;
    results_init(&results);
    classes_begin(&results.classes, &scenario);
    results.classes.list[1].fates.delivered = 7;
    experiment_add(&experiment, &results);
    results_fini(&results);
    scenario_fini(&scenario);
}

Test(results_files, has_what_classes_are_worth_where_there_are_some)
{
    add_run_with_classes();
    summary_put(&output, &experiment);
    expect_line("late,recipients,0,,");
    expect_line("utility,value,0.700,,");
}

Test(results_files, leaves_empty_what_only_classes_have)
{
    add_run(3, 1);
    summary_put(&output, &experiment);
    expect_line("late,recipients,,,");
    expect_line("utility,value,,,");
}

static bool count_row(void *user, const char *const *cells, struct err *err)
{
    (void)err;
    cr_expect_not_null(metric_find(cells[0]), "%s", cells[0]);
    ++*(size_t *)user;
    return true;
}

Test(results_files, has_a_row_for_each_metric)
{
    static const char *const columns[] = {"metric", "unit", "value", "ci95_low", "ci95_high", NULL};
    size_t rows = 0, want = 0;
    struct err err;

    add_run(1, 1);
    summary_put(&output, &experiment);
    cr_expect(csv_read_text(written(), output.used, "x",
                            &(struct csv_rows){columns, 0, count_row, &rows}, &err));
    while (metrics[want].name != NULL)
        want++;
    cr_expect_eq(rows, want);
}

/* ------------------------------------------------------------- histograms */

Test(results_files, writes_the_buckets_that_are_not_empty)
{
    add_run(7, 1500);
    histograms_put(&output, &experiment.total);
    cr_expect_eq(strncmp(written(), "metric,unit,low,high,count\n", 27), 0);
    /* 1500 ms lies in 1024 to 2047, cut into buckets of 8 ms; the last one ends at the maximum */
    expect_line("delay,s,1.496,1.500,7");
    /* 300 in 256 to 511, buckets of 2 */
    expect_line("attempts_per_scan,attempts,300,300,1");
    cr_expect_null(strstr(written(), "bad_news"));
}

/* ------------------------------------------------------------------- ages */

Test(results_files, writes_the_shares_that_were_delivered_by_each_age)
{
    add_run(2, 1500);
    add_run(4, 1500);
    ages_put(&output, &experiment);
    cr_expect_eq(strncmp(written(), "age_s,replications,delivered,delivered_low,", 43), 0);
    expect_line("0.100,2,0.000000,0.000000,0.000000,0.000000,0.000000,0.000000");
    expect_line("1000000.000,2,1.000000,1.000000,1.000000,1.000000,1.000000,1.000000");
}

/* One of four, and that is all that was delivered. */
Test(results_files, tells_the_share_of_all_from_that_of_the_delivered)
{
    struct results results;

    results_init(&results);
    results.recipients = 4;
    histogram_add(&results.delay, 1500, 1);
    experiment_add(&experiment, &results);
    results_fini(&results);
    ages_put(&output, &experiment);
    expect_line("1.500,1,0.250000,,,1.000000,,");
}

Test(results_files, leaves_the_intervals_of_ages_empty_for_one_run)
{
    add_run(2, 1500);
    ages_put(&output, &experiment);
    expect_line("1.300,1,0.000000,,,0.000000,,");
    expect_line("1.500,1,1.000000,,,1.000000,,");
}

Test(results_files, leaves_the_shares_of_ages_empty_without_mail)
{
    add_run(0, 0);
    ages_put(&output, &experiment);
    expect_line("1.500,1,,,,,,");
}

/* --------------------------------------------------------------- manifest */

static struct scenario plan;
static struct main_cf config;

static json_t *manifest_of(uint64_t seed)
{
    struct manifest manifest = {.scenario = "some/where.conf",
                                .scenario_hash = 0xabc,
                                .plan = &plan,
                                .config = &config,
                                .seed = seed,
                                .replications = 2,
                                .experiment = &experiment};
    json_error_t why;

    output.used = 0;
    manifest_put(&output, &manifest);
    json_t *json = json_loads(written(), 0, &why);
    cr_assert_not_null(json, "%s", why.text);
    return json;
}

static const char *text_at(json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));

    return text == NULL ? "(no text)" : text;
}

static void make_plan(void)
{
    struct err err;

    make_figures();
    add_run(7, 1500);
    scenario_init(&plan);
    cr_assert(main_cf_set(&config, "maximal_queue_lifetime=1d", "-o", &err));
    main_cf_set_value(&config, "queue_run_delay", "300s", "/a/folder/main.cf, line 3");
}

static void free_plan(void)
{
    free_figures();
    scenario_fini(&plan);
    main_cf_fini(&config);
}

TestSuite(manifest, .init = make_plan, .fini = free_plan);

Test(manifest, says_what_was_run)
{
    plan.title = alloc_text("a \"title\"", 9);
    json_t *json = manifest_of(17);

    cr_expect_str_eq(text_at(json, "version"), TEMPFAIL_VERSION);
    cr_expect_str_eq(text_at(json, "scenario"), "where.conf");
    cr_expect_str_eq(text_at(json, "scenario_fnv1a"), "0000000000000abc");
    cr_expect_str_eq(text_at(json, "title"), "a \"title\"");
    cr_expect_str_eq(text_at(json, "start"), "2026-01-01T00:00:00Z");
    cr_expect_eq(json_integer_value(json_object_get(json, "seed")), 17);
    cr_expect_eq(json_integer_value(json_object_get(json, "replications")), 2);
    json_decref(json);
}

Test(manifest, says_where_each_setting_came_from)
{
    json_t *json = manifest_of(1), *settings = json_object_get(json, "settings");
    json_t *lifetime = json_object_get(settings, "maximal_queue_lifetime");
    json_t *delay = json_object_get(settings, "queue_run_delay");

    cr_expect_eq(json_object_size(settings), postfix_parameter_count);
    cr_expect_str_eq(text_at(lifetime, "value"), "1d");
    cr_expect_str_eq(text_at(lifetime, "from"), "-o");
    cr_expect_str_eq(text_at(delay, "value"), "300s");
    cr_expect_str_eq(text_at(delay, "from"), "main.cf, line 3");
    json_decref(json);
}

Test(manifest, has_what_was_set_for_one_transport)
{
    main_cf_set_value(&config, "slow_destination_rate_delay", "2s", "-o");
    main_cf_set_value(&config, "my_own", "2s", "-o");
    json_t *json = manifest_of(1), *settings = json_object_get(json, "settings");

    cr_expect_eq(json_object_size(settings), postfix_parameter_count + 1);
    cr_expect_str_eq(text_at(json_object_get(settings, "slow_destination_rate_delay"), "value"),
                     "2s");
    json_decref(json);
}

Test(manifest, counts)
{
    json_t *json = manifest_of(1), *counts = json_object_get(json, "counts");

    cr_expect_eq(json_number_value(json_object_get(counts, "messages")), 7);
    cr_expect_null(json_object_get(counts, "delay_max"));
    cr_expect_null(json_object_get(counts, "late"));
    json_decref(json);
}

Test(manifest, counts_what_classes_came_to)
{
    experiment_fini(&experiment);
    experiment_init(&experiment);
    add_run_with_classes();
    json_t *json = manifest_of(1), *counts = json_object_get(json, "counts");

    cr_expect_eq(json_number_value(json_object_get(counts, "late")), 0);
    cr_expect_float_eq(json_number_value(json_object_get(counts, "utility")), 0.7, 1e-9);
    json_decref(json);
}

Test(manifest, writes_any_seed)
{
    json_t *json = manifest_of(INT64_MAX);
    cr_expect_eq(json_integer_value(json_object_get(json, "seed")), INT64_MAX);
    json_decref(json);
    json = manifest_of(UINT64_MAX);
    cr_expect_str_eq(text_at(json, "seed"), "18446744073709551615");
    json_decref(json);
}

Test(manifest, takes_texts_that_are_no_utf_8)
{
    plan.title = alloc_text("caf\xe9 \xc3\xa4\033", 8);
    json_t *json = manifest_of(1);

    cr_expect_str_eq(text_at(json, "title"), "caf? ??\033");
    cr_expect_null(memchr(written(), '\033', output.used), "escaped in the file");
    json_decref(json);
}

Test(manifest, is_the_same_each_time)
{
    json_decref(manifest_of(5));
    char *first = alloc_text(written(), output.used);

    json_decref(manifest_of(5));
    cr_expect_str_eq(written(), first);
    free(first);
}
