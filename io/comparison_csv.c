/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/comparison_csv.h"

#include <string.h>

#include "io/csv_row.h"

#define DECIMALS 3
#define SHARE_DECIMALS 6

static void put_name(struct csv_row *row, const char *name)
{
    csv_text(row, name, strlen(name));
}

static void put_interval(struct csv_row *row, struct interval interval, int decimals)
{
    csv_real(row, interval.mean, decimals);
    csv_real(row, interval.low, decimals);
    csv_real(row, interval.high, decimals);
}

static struct csv_row begin_row(struct output *output, const struct comparison *comparison,
                                size_t point, const char *metric, const char *unit)
{
    struct csv_row row = csv_row(output);

    for (size_t k = 0; k < comparison->key_count; k++)
        put_name(&row, comparison->keys[point * comparison->key_count + k]);
    put_name(&row, metric);
    put_name(&row, unit);
    return row;
}

static void put_metric(struct output *output, const struct comparison *comparison, size_t point,
                       size_t metric)
{
    struct csv_row row =
        begin_row(output, comparison, point, metrics[metric].name, metrics[metric].unit);

    put_interval(&row, comparison_figure(comparison, point, metric), DECIMALS);
    put_interval(&row, comparison_difference(comparison, point, metric), DECIMALS);
    csv_end(&row);
}

static void put_share(struct output *output, const struct comparison *comparison, size_t point,
                      const struct comparison_share *share)
{
    struct csv_row row = begin_row(output, comparison, point, share->name, "share");

    put_interval(&row, comparison_share(comparison, point, share), SHARE_DECIMALS);
    put_interval(&row, comparison_share_difference(comparison, point, share), SHARE_DECIMALS);
    csv_end(&row);
}

void comparison_put(struct output *output, const struct comparison *comparison)
{
    struct csv_row head = csv_row(output);
    static const char *const columns[] = {"metric",    "unit", "value",    "ci95_low",
                                          "ci95_high", "diff", "diff_low", "diff_high"};

    for (size_t k = 0; k < comparison->key_count; k++)
        put_name(&head, comparison->key_names[k]);
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        put_name(&head, columns[i]);
    csv_end(&head);
    for (size_t point = 0; point < comparison->points; point++) {
        for (size_t metric = 0; metric < metric_count(); metric++)
            put_metric(output, comparison, point, metric);
        for (const struct comparison_share *share = comparison_shares; share->name != NULL; share++)
            put_share(output, comparison, point, share);
    }
}

bool comparison_write(const struct comparison *comparison, const char *folder, const char *name,
                      struct err *err)
{
    struct output output = {0};
    bool good = output_open(&output, folder, name, err);

    if (good) {
        comparison_put(&output, comparison);
        good = output_commit(&output, err);
    }
    output_discard(&output);
    return good;
}
