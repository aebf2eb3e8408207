/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/lost_csv.h"

#include <string.h>

#include "io/csv_row.h"

struct lost_csv {
    struct output output;
    const struct names *names;
    sim_time start, log_begins;
};

static void put_name(struct csv_row *row, const struct names *names, uint32_t number)
{
    csv_name(row, names_text(names, number), names_length(names, number));
}

static void put_lost(void *user, const struct lost_recipient *lost)
{
    struct lost_csv *csv = user;
    const struct reconstructed_arrival *arrival = lost->arrival;
    const char *certainty = lost->sure ? "sure" : "maybe";
    struct csv_row row = csv_row(&csv->output);

    put_name(&row, csv->names, arrival->label);
    put_name(&row, csv->names, arrival->queue_id);
    put_name(&row, csv->names, arrival->sender);
    put_name(&row, csv->names, arrival->recipient);
    csv_seconds(&row, arrival->at - csv->start);
    if (arrival->delivered == SIM_NEVER)
        csv_empty(&row);
    else
        csv_seconds(&row, arrival->delivered - csv->start);
    csv_seconds(&row, lost->bounced);
    csv_text(&row, certainty, strlen(certainty));
    csv_number(&row, csv->start + lost->bounced < csv->log_begins);
    csv_end(&row);
}

bool lost_csv_write(const char *folder, const struct lost_search *search, enum recovery chosen,
                    sim_time start, sim_time log_begins, struct err *err)
{
    struct lost_csv csv = {
        .names = &search->reconstruction->names, .start = start, .log_begins = log_begins};
    bool good = output_open(&csv.output, folder, "lost.csv", err);

    if (good) {
        output_print(&csv.output,
                     "message,queue_id,sender,recipient,arrival_s,delivered_s,bounced_s,"
                     "certainty,before_log\n");
        lost_tell(search, chosen, put_lost, &csv);
        good = output_commit(&csv.output, err);
    }
    output_discard(&csv.output);
    return good;
}
