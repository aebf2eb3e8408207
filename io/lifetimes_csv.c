/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/lifetimes_csv.h"

#include <math.h>
#include <string.h>

#include "io/csv_row.h"

/* Those of the summary, by its names; of spans the unit stands behind. */
static const char *const figures[] = {
    "delivered",    "bounced",      "expired",      "queued",
    "bad_news_p50", "bad_news_p90", "bad_news_max", "attempts",
};

static bool is_span(const struct metric *metric)
{
    return strcmp(metric->unit, "s") == 0;
}

void lifetimes_csv_put_header(struct output *output)
{
    output_print(output, "maximal_queue_lifetime_s,bounce_queue_lifetime_s,logged,extrapolated,"
                         "messages,recipients,lost,lost_low,lost_high,lost_share");
    for (size_t i = 0; i < COUNT_OF(figures); i++)
        output_print(output, ",%s%s", figures[i], is_span(metric_find(figures[i])) ? "_s" : "");
    output_print(output, "\n");
}

static void put_lost(struct csv_row *row, const struct lifetime_row *lifetime)
{
    const uint64_t *lost = lifetime->column->lost;
    uint64_t recipients = lifetime->column->at[lifetime->recovery].recipients;
    struct lost_range range = replay_column_lost(lifetime->column);

    csv_number(row, lost[lifetime->recovery]);
    csv_number(row, range.low);
    csv_number(row, range.high);
    csv_real(row, recipients == 0 ? NAN : (double)lost[lifetime->recovery] / (double)recipients, 6);
}

void lifetimes_csv_put(struct output *output, const struct lifetime_row *lifetime)
{
    const struct results *results = &lifetime->column->at[lifetime->recovery];
    struct csv_row row = csv_row(output);

    csv_number(&row, (uint64_t)lifetime->settings->maximal_queue_lifetime);
    csv_number(&row, (uint64_t)lifetime->settings->bounce_queue_lifetime);
    csv_number(&row, lifetime->logged);
    csv_number(&row, lifetime->extrapolated);
    csv_number(&row, results->messages);
    csv_number(&row, results->recipients);
    put_lost(&row, lifetime);
    for (size_t i = 0; i < COUNT_OF(figures); i++) {
        const struct metric *metric = metric_find(figures[i]);
        csv_real(&row, metric->value(results), is_span(metric) ? 3 : 0);
    }
    csv_end(&row);
}
