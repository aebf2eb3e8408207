/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/report_picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/gnuplot.h"
#include "sim/alloc.h"

const struct report_plot report_plots[] = {
    {"undelivered",
     "How much mail is still undelivered, by its age?",
     "The share of recipients not yet reached; where a line ends is what was never delivered. "
     "Dashed: a policy gives up.",
     {"histograms.csv", "summary.csv"},
     false},
    {"lifetimes",
     "What would a shorter lifetime lose, and when would senders know?",
     "Above, the share of recipients whom the log delivered and that lifetime gives up; below, "
     "how long it takes until senders are told. Hollow and dashed: beyond what the log can tell.",
     {"lifetimes.csv"},
     true},
    {"attempts_per_scan",
     "How hard does each scan hit?",
     "Attempts over time, a line a scan; the mark stands on the busiest. Shaded: a site is away.",
     {"timeline.csv", "outages.csv"},
     false},
    {0},
};

static size_t drawn_runs(const struct report *report, const struct report_plot *plot)
{
    return plot->first_only ? 1 : report->count;
}

bool report_can_draw(const struct report *report, const struct report_plot *plot)
{
    for (size_t i = 0; i < drawn_runs(report, plot); i++) {
        for (size_t f = 0; plot->files[f] != NULL; f++) {
            if (!report_file_is_there(report->runs[i].folder, plot->files[f]))
                return false;
        }
    }
    return true;
}

void report_pictures_fini(struct report_pictures *pictures)
{
    for (size_t i = 0; i < pictures->count; i++) {
        free(pictures->list[i].wide);
        free(pictures->list[i].narrow);
    }
}

char *report_picture_note(const struct report *report, const struct report_plot *plot)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    REQUIRE(out != NULL);
    for (size_t i = 0; i < drawn_runs(report, plot); i++) {
        struct gnuplot_run run = gnuplot_run_of(report->runs[i].folder);
        fprintf(out, "%s%s: %s", i > 0 ? "; " : "", report->runs[i].name, run.note);
    }
    fprintf(out, ". Data: ");
    for (size_t f = 0; plot->files[f] != NULL; f++)
        fprintf(out, "%s%s", f > 0 ? ", " : "", plot->files[f]);
    fclose(out);
    return text;
}
