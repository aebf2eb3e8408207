/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/results_files.h"

#include <math.h>
#include <string.h>

#include "io/csv_row.h"

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
