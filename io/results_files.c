/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/results_files.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv_row.h"
#include "io/figures.h"
#include "io/json_text.h"
#include "models/mta/postfix/transports.h"

#define DECIMALS 3
#define SHARE_DECIMALS 6

static bool is_span(const struct metric *metric)
{
    return strcmp(metric->unit, "s") == 0;
}

/* Of one run a whole number. */
static bool is_count(const struct metric *metric)
{
    return !is_span(metric) && strcmp(metric->unit, "value") != 0;
}

void summary_put(struct output *output, const struct experiment *experiment)
{
    output_print(output, SUMMARY_COLUMNS);
    summary_put_rows(output, NULL, experiment);
}

void summary_put_rows(struct output *output, const char *policy,
                      const struct experiment *experiment)
{
    for (size_t i = 0; metrics[i].name != NULL; i++) {
        struct interval figure = experiment_figure(experiment, i);
        int decimals = is_count(&metrics[i]) && experiment->figures.count <= 1 ? 0 : DECIMALS;
        struct csv_row row = csv_row(output);

        if (policy != NULL)
            csv_text(&row, policy, strlen(policy));
        csv_text(&row, metrics[i].name, strlen(metrics[i].name));
        csv_text(&row, metrics[i].unit, strlen(metrics[i].unit));
        csv_real(&row, figure.mean, decimals);
        csv_real(&row, figure.low, decimals);
        csv_real(&row, figure.high, decimals);
        csv_end(&row);
    }
}

/* ms: the values are milliseconds, and are written as seconds. */
static void put_buckets(struct output *output, const char *metric, const char *unit, bool ms,
                        const struct histogram *h)
{
    for (size_t i = 0; h->count > 0 && i < HISTOGRAM_BUCKETS; i++) {
        if (h->buckets[i] == 0)
            continue;
        uint64_t high = histogram_high(i) < h->max ? histogram_high(i) : h->max;
        struct csv_row row = csv_row(output);
        csv_text(&row, metric, strlen(metric));
        csv_text(&row, unit, strlen(unit));
        if (ms) {
            csv_seconds(&row, (sim_time)histogram_low(i) * 1000);
            csv_seconds(&row, (sim_time)high * 1000);
        } else {
            csv_number(&row, histogram_low(i));
            csv_number(&row, high);
        }
        csv_number(&row, h->buckets[i]);
        csv_end(&row);
    }
}

void histograms_put(struct output *output, const struct results *results)
{
    output_print(output, "metric,unit,low,high,count\n");
    put_buckets(output, "delay", "s", true, &results->delay);
    put_buckets(output, "bad_news", "s", true, &results->bad_news);
    put_buckets(output, "attempts_per_message", "attempts", false, &results->attempts_per_message);
    put_buckets(output, "attempts_per_scan", "attempts", false, &results->attempts_per_scan);
}

/* ------------------------------------------------------------------- ages */

static void put_share(struct csv_row *row, struct interval share)
{
    csv_real(row, share.mean, SHARE_DECIMALS);
    csv_real(row, share.low, SHARE_DECIMALS);
    csv_real(row, share.high, SHARE_DECIMALS);
}

void ages_put(struct output *output, const struct experiment *experiment)
{
    output_print(output, "age_s,replications,delivered,delivered_low,delivered_high,"
                         "of_delivered,of_delivered_low,of_delivered_high\n");
    for (size_t i = 0; i < EXPERIMENT_AGES; i++) {
        struct experiment_share share = experiment_share(experiment, i);
        struct csv_row row = csv_row(output);

        csv_seconds(&row, (sim_time)experiment_age(i) * 1000);
        csv_number(&row, experiment->figures.count);
        put_share(&row, share.delivered);
        put_share(&row, share.of_delivered);
        csv_end(&row);
    }
}

/* --------------------------------------------------------------- manifest */

static json_t *utc_text(sim_time at)
{
    char text[FIGURE_MOST];

    return json_string(figure_utc(at, text));
}

json_t *manifest_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return json_text(slash == NULL ? path : slash + 1);
}

static void add_setting(json_t *settings, const struct main_cf *config, const char *name)
{
    struct err err;
    char *value;

    if (!main_cf_expand(config, name, &value, &err))
        return;
    json_t *setting = json_object();
    json_object_set_new(setting, "value", json_text(value));
    json_object_set_new(setting, "from", manifest_name(main_cf_origin(config, name)));
    json_object_set_new(settings, name, setting);
    free(value);
}

/* What was set for single transports, too. */
json_t *manifest_settings(const struct main_cf *config)
{
    json_t *settings = json_object();
    char transport[POSTFIX_TRANSPORT_ROOM];

    for (size_t i = 0; i < postfix_parameter_count; i++)
        add_setting(settings, config, postfix_parameters[i].name);
    for (size_t i = 0; i < config->count; i++) {
        if (postfix_override_find(config->entry[i].name, transport) != NULL)
            add_setting(settings, config, config->entry[i].name);
    }
    return settings;
}

static json_t *counts_json(const struct experiment *experiment)
{
    json_t *counts = json_object();

    for (size_t i = 0; metrics[i].name != NULL; i++) {
        double mean = experiment_figure(experiment, i).mean;
        if (!is_span(&metrics[i]) && !isnan(mean))
            json_object_set_new(counts, metrics[i].name, json_real(mean));
    }
    return counts;
}

/* As text where it is more than jansson's numbers hold. */
static json_t *seed_json(uint64_t seed)
{
    if (seed <= INT64_MAX)
        return json_integer((json_int_t)seed);
    return json_sprintf("%" PRIu64, seed);
}

void manifest_put(struct output *output, const struct manifest *manifest)
{
    json_t *json = json_object();
    char hash[17];

    snprintf(hash, sizeof hash, "%016" PRIx64, manifest->scenario_hash);
    json_object_set_new(json, "version", json_string(TEMPFAIL_VERSION));
    json_object_set_new(json, "scenario", manifest_name(manifest->scenario));
    json_object_set_new(json, "scenario_fnv1a", json_string(hash));
    if (manifest->plan->title != NULL)
        json_object_set_new(json, "title", json_text(manifest->plan->title));
    json_object_set_new(json, "start", utc_text(manifest->plan->start));
    json_object_set_new(json, "seed", seed_json(manifest->seed));
    json_object_set_new(json, "replications", json_integer((json_int_t)manifest->replications));
    json_object_set_new(json, "mta", json_string("postfix"));
    json_object_set_new(json, "settings", manifest_settings(manifest->config));
    json_object_set_new(json, "counts", counts_json(manifest->experiment));

    char *text = json_dumps(json, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15));
    REQUIRE(text != NULL);
    output_write(output, text, strlen(text));
    output_write(output, "\n", 1);
    free(text);
    json_decref(json);
}
