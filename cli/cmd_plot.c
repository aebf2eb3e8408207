/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_plot.c - pictures of one run, or of several together
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "cli/config.h"
#include "io/gnuplot.h"
#include "io/output.h"
#include "io/paths.h"
#include "sim/alloc.h"

#define MOST_PLOTS 9 /* and as many files; the last is NULL */
#define SWEPT "results.csv"
#define SETTING_ROOM 64 /* for a parameter's name */
#define RUN 1           /* its place among the kinds */

#define RUN_FILES                                                                                  \
    "timeline.csv", "outages.csv", "sites.csv", "summary.csv", "histograms.csv", "ages.csv"
#define RUN_PLOTS                                                                                  \
    "undelivered", "delay_cdf", "queues", "attempts_per_scan", "deliveries",                       \
        "attempts_per_message", "sites"

/*
 * What folders may hold: the first file tells, and all are read. Those drawn together are of one
 * kind, the first that all of them are.
 */
static const struct kind {
    const char *writer;
    const char *files[MOST_PLOTS], *plots[MOST_PLOTS]; /* end with NULL */
    bool several;                                      /* folders in one picture */
    unsigned varied;                                   /* parameters of the sweep; 0: it is none */
    const char *parameter;                             /* the first of them; NULL: any */
} kinds[] = {
    {"run --snapshot -O", {"qshape.csv", RUN_FILES}, {RUN_PLOTS, "qshape"}, true, 0, NULL},
    [RUN] = {"run -O", {RUN_FILES}, {RUN_PLOTS}, true, 0, NULL},
    {"fit -O", {"survival.csv"}, {"survival"}, false, 0, NULL},
    {"infer -O", {"gaps.csv"}, {"gaps"}, false, 0, NULL},
    {"replay -O", {"lifetimes.csv"}, {"lifetimes"}, false, 0, NULL},
    {"schedule -O", {"schedule.csv"}, {"schedule"}, false, 0, NULL},
    {"sweep -O", {SWEPT}, {"sweep", "warnings"}, false, 1, "delay_warning_time"},
    {"sweep -O", {SWEPT}, {"sweep"}, false, 1, NULL},
    {"sweep -O", {SWEPT}, {"map"}, false, 2, NULL},
};

static const char *const terminals[] = {"svg", "png", "dumb", "sixel", NULL};

struct options {
    const char *terminal, *folder;
    struct gnuplot_run runs[GNUPLOT_MOST_RUNS];
    size_t count;
    const struct kind *kind; /* of all folders */
};

static const struct option long_options[] = {
    {"terminal", required_argument, NULL, 't'},
    {NULL, 0, NULL, 0},
};

static bool take_terminal(struct options *options, const char *text, struct err *err)
{
    for (size_t i = 0; terminals[i] != NULL; i++) {
        if (strcmp(terminals[i], text) == 0) {
            options->terminal = terminals[i];
            return true;
        }
    }
    return err_exit(err, EX_USAGE, "--terminal: '%.40s' is none of svg, png, dumb, sixel", text);
}

/* How many parameters a sweep varied: its columns before those of the figures. `first`: their
 * first. */
static unsigned varied_in(const char *folder, char first[SETTING_ROOM])
{
    char *path = alloc_printf("%s/" SWEPT, folder);
    char head[1024] = "";
    FILE *file = fopen(path, "r");
    unsigned columns = 0;

    if (file != NULL) {
        const char *figures = fgets(head, sizeof head, file) ? strstr(head, ",metric,") : NULL;
        for (const char *c = head; figures != NULL && c <= figures; c++)
            columns += *c == ',';
        fclose(file);
    }
    snprintf(first, SETTING_ROOM, "%.*s", (int)strcspn(head, ","), head);
    free(path);
    return columns;
}

static bool is_of_kind(const char *folder, const struct kind *kind)
{
    char first[SETTING_ROOM];

    if (!path_is_there(folder, kind->files[0]))
        return false;
    if (kind->varied == 0)
        return true;
    return kind->varied == varied_in(folder, first)
           && (kind->parameter == NULL || strcmp(kind->parameter, first) == 0);
}

static bool are_of_kind(const struct gnuplot_run *runs, size_t count, const struct kind *kind)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_of_kind(runs[i].folder, kind))
            return false;
    }
    return true;
}

/* What they are together; NULL: nothing. */
static const struct kind *kind_of(const struct gnuplot_run *runs, size_t count)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (are_of_kind(runs, count, &kinds[i]))
            return &kinds[i];
    }
    return NULL;
}

static bool holds_all(const char *folder, const struct kind *kind, struct err *err)
{
    for (size_t i = 0; kind->files[i] != NULL; i++) {
        if (!path_is_there(folder, kind->files[i]))
            return err_exit(err, EX_NOINPUT,
                            "%s/%s: %s (a folder that run -O, replay -O, fit -O, infer -O, "
                            "schedule -O or sweep -O wrote was expected)",
                            folder, kind->files[i], strerror(errno));
    }
    return true;
}

/* A folder that is of no kind; where nothing tells, it was to be a run's. */
static bool refuse(const char *folder, struct err *err)
{
    char first[SETTING_ROOM];

    if (path_is_there(folder, SWEPT))
        return err_exit(err, EX_DATAERR,
                        "%s/" SWEPT ": a sweep over %u parameters: those over one or two are drawn",
                        folder, varied_in(folder, first));
    if (path_is_there(folder, "sweep.json"))
        return err_exit(err, EX_NOINPUT,
                        "%s: a sweep that is not whole: go on with it, or merge its shards",
                        folder);
    return holds_all(folder, &kinds[RUN], err);
}

static bool refuse_together(const struct kind *kind, struct err *err)
{
    return err_exit(err, EX_USAGE, "plot: of the folders that %s wrote one at a time",
                    kind->writer);
}

/* Folders that are of no kind together: one of them is none, is drawn alone, or is but half a run.
 */
static bool refuse_all(const struct options *options, struct err *err)
{
    for (size_t i = 0; i < options->count; i++) {
        const char *folder = options->runs[i].folder;
        const struct kind *kind = kind_of(&options->runs[i], 1);
        if (kind == NULL)
            return refuse(folder, err);
        if (!kind->several)
            return refuse_together(kind, err);
        if (!holds_all(folder, &kinds[RUN], err))
            return false;
    }
    REQUIRE(false);
    return false;
}

static bool take_kind(struct options *options, struct err *err)
{
    const struct kind *kind = kind_of(options->runs, options->count);

    if (kind == NULL)
        return refuse_all(options, err);
    if (options->count > 1 && !kind->several)
        return refuse_together(kind, err);
    options->kind = kind;
    for (size_t i = 0; i < options->count; i++) {
        if (!holds_all(options->runs[i].folder, kind, err))
            return false;
    }
    return true;
}

static bool take_folders(struct options *options, char **folders, size_t count, struct err *err)
{
    if (count > GNUPLOT_MOST_RUNS)
        return err_exit(err, EX_USAGE, "plot: at most %d folders", GNUPLOT_MOST_RUNS);
    for (size_t i = 0; i < count; i++)
        options->runs[options->count++] = gnuplot_run_of(folders[i]);
    if (options->folder == NULL) /* beside the files that are drawn, where these are in one */
        options->folder = count == 1 ? folders[0] : ".";
    return take_kind(options, err);
}

static bool to_files(const struct options *options)
{
    return strcmp(options->terminal, "svg") == 0 || strcmp(options->terminal, "png") == 0;
}

static bool draw_file(const struct options *options, const char *script, const char *plot,
                      struct err *err)
{
    struct output output = {0};
    char *name = alloc_printf("%s.%s", plot, options->terminal);
    bool good = output_open(&output, options->folder, name, err)
                && gnuplot_draw(script, options->terminal, &output, options->runs[0].note,
                                options->runs, options->count, err)
                && output_commit(&output, err);

    output_discard(&output);
    if (good)
        printf("%s/%s\n", options->folder, name);
    free(name);
    return good;
}

static bool draw_here(const struct options *options, const char *script, struct err *err)
{
    bool good = gnuplot_draw(script, options->terminal, NULL, options->runs[0].note, options->runs,
                             options->count, err);

    printf("\n");
    return good;
}

static bool draw(const struct options *options, const char *plot, struct err *err)
{
    char *relative = alloc_printf("plots/%s.gp", plot);
    char *script = config_shipped(relative);
    bool good = script != NULL;

    if (!good)
        err_exit(err, EX_UNAVAILABLE, "%s: not found beside the program", relative);
    else if (to_files(options))
        good = draw_file(options, script, plot, err);
    else
        good = draw_here(options, script, err);
    free(script);
    free(relative);
    return good;
}

static bool draw_all(const struct options *options, struct err *err)
{
    const char *const *plots = options->kind->plots;

    if (to_files(options) && !output_make_folder(options->folder, err))
        return false;
    for (size_t i = 0; plots[i] != NULL; i++) {
        if (!draw(options, plots[i], err))
            return false;
    }
    return true;
}

static bool take_option(void *user, int option, char *value, struct err *err)
{
    struct options *options = user;

    if (option == 't')
        return take_terminal(options, value, err);
    options->folder = value;
    return true;
}

int cmd_plot(int argc, char **argv)
{
    static const struct cli_options known = {"O:", long_options, take_option};
    struct options options = {.terminal = "svg"};
    struct err err = {0};
    bool good = cli_take_options(argc, argv, &known, &options, &err);

    if (good && optind == argc)
        good = cli_misuse(&err);
    good = good && take_folders(&options, argv + optind, (size_t)(argc - optind), &err)
           && draw_all(&options, &err);
    return cli_end("plot", good, &err, EX_SOFTWARE);
}
