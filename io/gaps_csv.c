/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/gaps_csv.h"

#include <string.h>

#include "io/csv_row.h"
#include "models/infer/gaps.h"

static const char *const verdicts[] = {
    [VERDICT_ON_SCAN] = "on_scan", [VERDICT_WAITED] = "waited",     [VERDICT_EARLY] = "early",
    [VERDICT_LATE] = "late",       [VERDICT_OFF_GRID] = "off_grid",
};

struct rows {
    struct output *output;
    const char *server;
};

static void put_gap(void *user, const struct gap *gap)
{
    const struct rows *rows = user;
    struct csv_row row = csv_row(rows->output);
    const char *verdict = verdicts[gap->verdict];

    csv_name(&row, rows->server, strlen(rows->server));
    csv_text(&row, verdict, strlen(verdict));
    if (gap->predicted == GAP_UNKNOWN)
        csv_empty(&row);
    else
        csv_number(&row, (uint64_t)gap->predicted);
    csv_real(&row, gap->observed, 0); /* time stamps may have gone back */
    csv_number(&row, gap->retries);
    csv_end(&row);
}

void gaps_csv_put(struct output *output, const struct infer_report *report)
{
    output_print(output, "server,verdict,predicted_s,observed_s,retries\n");
    for (size_t i = 0; i < report->count; i++) {
        const struct infer_server *server = &report->servers[i];
        struct rows rows = {output, server->name};
        gaps_tell(&server->result.timing, server->retries, put_gap, &rows);
    }
}

bool gaps_csv_write(const char *folder, const struct infer_report *report, struct err *err)
{
    struct output output = {0};
    bool good = output_make_folder(folder, err) && output_open(&output, folder, "gaps.csv", err);

    if (good) {
        gaps_csv_put(&output, report);
        good = output_commit(&output, err);
    }
    output_discard(&output);
    return good;
}
