/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/report_picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/gnuplot.h"
#include "io/paths.h"
#include "sim/alloc.h"

const struct report_plot report_plots[] = {
    {"undelivered",
     "How much mail is still undelivered, by its age?",
     "The share of recipients not yet reached; where a line ends is what was never delivered. "
     "Dashed: a policy gives up.",
     {"histograms.csv", "summary.csv", "ages.csv"},
     false,
     false,
     false},
    {"lifetimes",
     "What would a shorter lifetime lose, and when would senders know?",
     "Above, the share of recipients whom the log delivered and that lifetime gives up; below, "
     "how long it takes until senders are told. Hollow and dashed: beyond what the log can tell.",
     {"lifetimes.csv"},
     true,
     false,
     true},
    {"attempts_per_scan",
     "How hard does each scan hit?",
     "Attempts in each bin of time, which is as wide as scans are apart. Those of new mail are "
     "among them, so that a bin may have more than the most in one scan. Shaded: a site is away.",
     {"timeline.csv", "outages.csv"},
     false,
     true,
     false},
    {"qshape",
     "Who waits in the queue, and for how long already?",
     "Recipients by domain and age, up to so many minutes, as qshape counts them, at the moments "
     "at which the queue was looked at. Empty queues are left out.",
     {"qshape.csv"},
     false,
     true,
     true},
    {0},
};

size_t report_drawn(const struct report *report, const struct report_plot *plot)
{
    return plot->of_parent ? 1 : report->count;
}

const char *report_drawn_folder(const struct report *report, const struct report_plot *plot,
                                size_t i)
{
    return plot->of_parent ? report->parent : report->runs[i].folder;
}

bool report_can_draw(const struct report *report, const struct report_plot *plot)
{
    if (plot->of_parent && report->parent == NULL)
        return false;
    for (size_t i = 0; i < report_drawn(report, plot); i++) {
        for (size_t f = 0; plot->files[f] != NULL; f++) {
            if (!path_is_there(report_drawn_folder(report, plot, i), plot->files[f]))
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

static bool are_alike(const struct gnuplot_run *runs, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (strcmp(runs[i].note, runs[0].note) != 0)
            return false;
    }
    return true;
}

/* "A, B: what both have. " or "A: what it has; B: what it has. " */
static void print_runs(FILE *out, const struct report *report, size_t count)
{
    struct gnuplot_run runs[REPORT_MOST_RUNS];

    for (size_t i = 0; i < count; i++)
        runs[i] = gnuplot_run_of(report->runs[i].folder);
    bool alike = are_alike(runs, count);
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count;
        fprintf(out, "%s", report->runs[i].name);
        if (last || !alike)
            fprintf(out, ": %s", runs[i].note);
        fprintf(out, "%s", last ? ". " : alike ? ", " : "; ");
    }
}

char *report_picture_note(const struct report *report, const struct report_plot *plot)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    REQUIRE(out != NULL);
    print_runs(out, report, report_drawn(report, plot));
    if (report_run_replications(&report->runs[0]) > 1)
        fprintf(out, "Drawn: %s. ",
                plot->of_first ? "the first replication" : "all replications together");
    fprintf(out, "Data: ");
    for (size_t f = 0; plot->files[f] != NULL; f++)
        fprintf(out, "%s%s", f > 0 ? ", " : "", plot->files[f]);
    fclose(out);
    return text;
}
