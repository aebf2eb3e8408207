/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/report.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "io/csv.h"
#include "sim/alloc.h"

/* --------------------------------------------------------------- compare.csv */

struct compared {
    char *policy, *metric; /* owned */
    struct interval is, diff;
};

struct compared_rows {
    struct compared *rows; /* owned */
    size_t count, room;
};

static double number_or_nan(const char *text)
{
    char *end;
    double number = strtod(text, &end);

    return end == text || *end != '\0' || !isfinite(number) ? NAN : number;
}

static bool take_compared_row(void *user, const char *const *cells, struct err *err)
{
    struct compared_rows *rows = user;

    (void)err;
    rows->rows = alloc_grow(rows->rows, &rows->room, rows->count + 1, sizeof *rows->rows);
    rows->rows[rows->count++] = (struct compared){
        alloc_text(cells[0], strlen(cells[0])),
        alloc_text(cells[1], strlen(cells[1])),
        {number_or_nan(cells[2]), number_or_nan(cells[3]), number_or_nan(cells[4])},
        {number_or_nan(cells[5]), number_or_nan(cells[6]), number_or_nan(cells[7])},
    };
    return true;
}

static bool compared_read(struct compared_rows *rows, const char *folder, struct err *err)
{
    static const char *const columns[] = {"policy",   "metric",    "value",
                                          "ci95_low", "ci95_high", "diff",
                                          "diff_low", "diff_high", NULL};
    struct csv_rows wanted = {.columns = columns, .row = take_compared_row, .user = rows};

    if (!report_file_is_there(folder, "compare.csv"))
        return true;
    char *path = alloc_printf("%s/compare.csv", folder);
    bool good = csv_read(path, &wanted, err);
    free(path);
    return good;
}

static void compared_fini(struct compared_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        free(rows->rows[i].policy);
        free(rows->rows[i].metric);
    }
    free(rows->rows);
}

static size_t compared_rank(const struct compared_rows *rows, const char *policy)
{
    size_t i = 0;

    while (i < rows->count && strcmp(rows->rows[i].policy, policy) != 0)
        i++;
    return i;
}

/* A run of which only its figures are known. */
static bool add_compared(struct report *report, const struct compared_rows *rows,
                         const char *folder, struct err *err)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct compared *row = &rows->rows[i];
        if (compared_rank(rows, row->policy) == i) {
            if (report->count == REPORT_MOST_RUNS)
                return err_exit(err, EX_USAGE, "report: at most %d runs", REPORT_MOST_RUNS);
            report_run_begin(&report->runs[report->count++], row->policy, folder);
        }
        for (size_t r = 0; r < report->count; r++) {
            if (strcmp(report->runs[r].name, row->policy) == 0)
                report_run_add(&report->runs[r], row->metric, row->is);
        }
    }
    return true;
}

/* Of the runs that lie in its folder: it may be of more replications than they are. */
static void take_compared(struct report *report, const struct compared_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct compared *row = &rows->rows[i];
        for (size_t r = 0; r < report->count; r++) {
            struct run_figure *figure = report_run_figure(&report->runs[r], row->metric);
            if (strcmp(report->runs[r].name, row->policy) != 0 || figure == NULL)
                continue;
            figure->is = row->is;
            if (r == 0 || isnan(row->diff.mean))
                continue;
            figure->diff = row->diff;
            report->paired = true;
        }
    }
}

/* --------------------------------------------------------------- differences */

/* A half-width is a multiple of a standard error; that of a difference is at most their sum. */
static struct interval difference(struct interval is, struct interval base)
{
    return (struct interval){is.mean - base.mean, is.low - base.high, is.high - base.low};
}

static void measure(struct report_run *run, const struct report_run *base)
{
    for (size_t i = 0; i < run->count; i++) {
        struct run_figure *figure = &run->figures[i];
        const struct run_figure *other = report_run_figure(base, figure->metric);
        if (isnan(figure->diff.mean) && other != NULL)
            figure->diff = difference(figure->is, other->is);
    }
}

/* ------------------------------------------------------------------- folders */

/* The last part of a path. */
static char *name_of(const char *folder)
{
    size_t length = strlen(folder);

    while (length > 1 && folder[length - 1] == '/')
        length--;
    size_t from = length;
    while (from > 0 && folder[from - 1] != '/')
        from--;
    return alloc_text(folder + from, length - from);
}

static bool is_taken(const struct report *report, const char *name)
{
    for (size_t i = 0; i < report->count; i++) {
        if (strcmp(report->runs[i].name, name) == 0)
            return true;
    }
    return false;
}

/* Where two are called alike, the second has its whole path. */
static bool add_run(struct report *report, const char *folder, struct err *err)
{
    if (report->count == REPORT_MOST_RUNS)
        return err_exit(err, EX_USAGE, "report: at most %d runs", REPORT_MOST_RUNS);
    char *name = name_of(folder);
    struct report_run *run = &report->runs[report->count];
    bool good = report_run_read(run, is_taken(report, name) ? folder : name, folder, err);
    report->count++;
    free(name);
    return good;
}

struct folder_names {
    char **list; /* owned, and the texts */
    size_t count, room;
};

static void folder_names_fini(struct folder_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->list[i]);
    free(names->list);
}

static bool holds_run(const char *folder, const char *name)
{
    char *path = alloc_printf("%s/%s", folder, name);
    bool there = report_file_is_there(path, "summary.csv");

    free(path);
    return there;
}

static bool list_runs(struct folder_names *names, const char *folder, struct err *err)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    if (dir == NULL)
        return err_exit(err, EX_NOINPUT, "%s: %s", folder, strerror(errno));
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.' || !holds_run(folder, entry->d_name))
            continue;
        names->list = alloc_grow(names->list, &names->room, names->count + 1, sizeof *names->list);
        names->list[names->count++] = alloc_text(entry->d_name, strlen(entry->d_name));
    }
    closedir(dir);
    return true;
}

/* What others are usually measured by comes first. */
static size_t rank_of(const struct compared_rows *rows, const char *name)
{
    size_t rank = compared_rank(rows, name);

    if (rank < rows->count || strcmp(name, "replayed") == 0)
        return rank;
    return strcmp(name, "stock") == 0 ? rank + 1 : rank + 2;
}

static bool goes_before(const struct compared_rows *rows, const char *a, const char *b)
{
    size_t rank_a = rank_of(rows, a), rank_b = rank_of(rows, b);

    return rank_a != rank_b ? rank_a < rank_b : strcmp(a, b) < 0;
}

static void sort(struct folder_names *names, const struct compared_rows *rows)
{
    for (size_t i = 1; i < names->count; i++) {
        char *name = names->list[i];
        size_t place = i;
        for (; place > 0 && goes_before(rows, name, names->list[place - 1]); place--)
            names->list[place] = names->list[place - 1];
        names->list[place] = name;
    }
}

static bool add_named(struct report *report, const char *folder, struct folder_names *names,
                      const struct compared_rows *rows, struct err *err)
{
    bool good = true;

    sort(names, rows);
    for (size_t i = 0; good && i < names->count; i++) {
        char *path = alloc_printf("%s/%s", folder, names->list[i]);
        good = add_run(report, path, err);
        free(path);
    }
    return good;
}

/* compare alone writes no runs. */
static bool add_runs_below(struct report *report, const char *folder, bool alone,
                           const struct compared_rows *rows, struct err *err)
{
    struct folder_names names = {0};
    bool good = list_runs(&names, folder, err);

    if (good && names.count > 0)
        good = add_named(report, folder, &names, rows, err);
    else if (good && alone && rows->count > 0)
        good = add_compared(report, rows, folder, err);
    else if (good)
        good = err_exit(err, EX_NOINPUT,
                        "%s: no summary.csv in it or in a folder below (a folder that run -O, "
                        "replay -O or compare -O wrote was expected)",
                        folder);
    folder_names_fini(&names);
    return good;
}

static bool add_folder(struct report *report, const char *folder, bool alone, struct err *err)
{
    struct compared_rows rows = {0};

    if (report_file_is_there(folder, "summary.csv"))
        return add_run(report, folder, err);
    bool good =
        compared_read(&rows, folder, err) && add_runs_below(report, folder, alone, &rows, err);
    if (good && alone) {
        take_compared(report, &rows);
        report->parent = alloc_text(folder, strlen(folder));
    }
    compared_fini(&rows);
    return good;
}

bool report_read(struct report *report, const char *const *folders, size_t count, struct err *err)
{
    *report = (struct report){0};
    for (size_t i = 0; i < count; i++) {
        if (!add_folder(report, folders[i], count == 1, err))
            return false;
    }
    for (size_t i = 1; i < report->count; i++)
        measure(&report->runs[i], &report->runs[0]);
    return true;
}

void report_fini(struct report *report)
{
    for (size_t i = 0; i < report->count; i++)
        report_run_fini(&report->runs[i]);
    free(report->parent);
}

bool report_is_of_one_experiment(const struct report *report)
{
    static const char *const members[] = {"scenario_fnv1a", "seed", "replications"};

    for (size_t i = 1; i < report->count; i++) {
        for (size_t m = 0; m < COUNT_OF(members); m++) {
            const json_t *first = json_object_get(report->runs[0].manifest, members[m]);
            const json_t *other = json_object_get(report->runs[i].manifest, members[m]);
            if (first != other && !json_equal(first, other)) /* none is no other */
                return false;
        }
    }
    return true;
}
