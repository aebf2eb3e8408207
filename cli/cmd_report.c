/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_report.c - what runs say, as a page or as text
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "cli/config.h"
#include "io/gnuplot.h"
#include "io/report_html.h"
#include "io/report_text.h"
#include "sim/alloc.h"

#define FILE_NAME "report.html"

/* Pixels: of a page on a desk and of one on a phone, whose pictures would be illegible if they were
 * only made smaller. */
#define WIDE 860
#define NARROW 380

struct options {
    bool text;
    const char *folder; /* NULL: the first that is reported on */
};

static const struct option long_options[] = {
    {"format", required_argument, NULL, 'F'},
    {NULL, 0, NULL, 0},
};

static bool take_option(void *user, int option, char *value, struct err *err)
{
    struct options *options = user;

    if (option == 'O') {
        options->folder = value;
        return true;
    }
    options->text = strcmp(value, "text") == 0;
    return options->text || strcmp(value, "html") == 0
           || err_exit(err, EX_USAGE, "--format: '%.40s' is neither html nor text", value);
}

/* ---------------------------------------------------------------- pictures */

static bool draw_svg(struct report_picture *picture, const char *script,
                     const struct gnuplot_run *runs, size_t count, struct err *err)
{
    return gnuplot_picture(script, (struct gnuplot_look){"svg", WIDE}, runs, count, &picture->wide,
                           err)
           && (picture->plot->wide_only
               || gnuplot_picture(script, (struct gnuplot_look){"svg", NARROW}, runs, count,
                                  &picture->narrow, err));
}

static bool draw_text(struct report_picture *picture, const char *script,
                      const struct gnuplot_run *runs, size_t count, struct err *err)
{
    return gnuplot_picture(script, (struct gnuplot_look){.terminal = "dumb"}, runs, count,
                           &picture->wide, err);
}

static bool draw(const struct options *options, const struct report *report,
                 struct report_picture *picture, const char *script, struct err *err)
{
    struct gnuplot_run runs[REPORT_MOST_RUNS];
    size_t count = report_drawn(report, picture->plot);

    for (size_t i = 0; i < count; i++) {
        runs[i] = gnuplot_run_of(report_drawn_folder(report, picture->plot, i));
        snprintf(runs[i].name, sizeof runs[i].name, "%s", report->runs[i].name);
    }
    return options->text ? draw_text(picture, script, runs, count, err)
                         : draw_svg(picture, script, runs, count, err);
}

/* Those for which all is there. */
static bool draw_all(const struct options *options, const struct report *report,
                     struct report_pictures *pictures, struct err *err)
{
    bool good = true;

    for (const struct report_plot *plot = report_plots; good && plot->name != NULL; plot++) {
        if (!report_can_draw(report, plot))
            continue;
        char *relative = alloc_printf("plots/%s.gp", plot->name);
        char *script = config_shipped(relative);
        struct report_picture *picture = &pictures->list[pictures->count++];
        *picture = (struct report_picture){.plot = plot};
        good = script != NULL
                   ? draw(options, report, picture, script, err)
                   : err_exit(err, EX_UNAVAILABLE, "%s: not found beside the program", relative);
        free(script);
        free(relative);
    }
    return good;
}

/* ------------------------------------------------------------------ report */

static bool write_page(const char *folder, const struct report *report,
                       const struct report_pictures *pictures, struct err *err)
{
    struct output output = {0};
    bool good = output_make_folder(folder, err) && output_open(&output, folder, FILE_NAME, err)
                && report_html_put(&output, report, pictures, err) && output_commit(&output, err);

    output_discard(&output);
    if (good)
        printf("%s/%s\n", folder, FILE_NAME);
    return good;
}

static bool make(const struct options *options, const char *const *folders, size_t count,
                 struct err *err)
{
    struct report report;
    struct report_pictures pictures = {0};
    bool good =
        report_read(&report, folders, count, err) && draw_all(options, &report, &pictures, err);

    if (good && options->text)
        report_text_print(stdout, &report, &pictures);
    else if (good)
        good = write_page(options->folder != NULL ? options->folder : folders[0], &report,
                          &pictures, err);
    report_pictures_fini(&pictures);
    report_fini(&report);
    return good;
}

int cmd_report(int argc, char **argv)
{
    static const struct cli_options known = {"O:", long_options, take_option};
    struct options options = {0};
    struct err err = {0};
    bool good = cli_take_options(argc, argv, &known, &options, &err);

    if (good && optind == argc)
        good = cli_misuse(&err);
    if (good && options.text && options.folder != NULL)
        good = err_exit(&err, EX_USAGE,
                        "report: --format text goes to the standard output, "
                        "without -O");
    good =
        good && make(&options, (const char *const *)argv + optind, (size_t)(argc - optind), &err);
    return cli_end("report", good, &err, EX_SOFTWARE);
}
