/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/comparison_csv.h"

#include <string.h>

#include "io/csv_row.h"

#define DECIMALS 3

static void put_name(struct csv_row *row, const char *name)
{
    csv_text(row, name, strlen(name));
}

static void put_interval(struct csv_row *row, struct interval interval)
{
    csv_real(row, interval.mean, DECIMALS);
    csv_real(row, interval.low, DECIMALS);
    csv_real(row, interval.high, DECIMALS);
}

static void put_row(struct output *output, const struct comparison *comparison, size_t point,
                    size_t metric)
{
    struct csv_row row = csv_row(output);

    for (size_t k = 0; k < comparison->key_count; k++)
        put_name(&row, comparison->keys[point * comparison->key_count + k]);
    put_name(&row, metrics[metric].name);
    put_name(&row, metrics[metric].unit);
    put_interval(&row, comparison_figure(comparison, point, metric));
    put_interval(&row, comparison_difference(comparison, point, metric));
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
            put_row(output, comparison, point, metric);
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
