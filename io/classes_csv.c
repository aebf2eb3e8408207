/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/classes_csv.h"

#include "io/csv_row.h"

#define DECIMALS 3

static void put_deadline(struct csv_row *row, const struct class_spec *spec)
{
    if (spec->deadline > 0)
        csv_seconds(row, spec->deadline);
    else
        csv_empty(row);
}

static void put_delay(struct csv_row *row, const struct histogram *delay, double q)
{
    if (delay->count > 0)
        csv_seconds(row, (sim_time)histogram_quantile(delay, q) * (SIM_SECOND / 1000));
    else
        csv_empty(row);
}

static void put_class(struct csv_row *row, const struct class_sum *sum)
{
    put_deadline(row, &sum->spec);
    csv_number(row, sum->recipients);
    csv_number(row, sum->fates.delivered);
    csv_number(row, sum->late);
    csv_number(row, sum->fates.bounced);
    csv_number(row, sum->fates.expired);
    csv_number(row, sum->fates.deleted);
    csv_number(row, sum->fates.queued);
    put_delay(row, &sum->delay, 0.5);
    put_delay(row, &sum->delay, 0.9);
    csv_real(row, class_sum_utility(sum), DECIMALS);
    csv_end(row);
}

void classes_put(struct output *output, uint64_t replication, const struct names *names,
                 const struct classes *classes)
{
    for (size_t i = 1; i <= classes->count; i++) {
        uint32_t number = (uint32_t)(i % classes->count);
        const struct class_sum *sum = &classes->list[number];
        struct csv_row row = csv_row(output);

        if (number == 0 && sum->recipients == 0)
            continue;
        csv_number(&row, replication);
        csv_text(&row, names_text(names, number), names_length(names, number));
        put_class(&row, sum);
    }
}
