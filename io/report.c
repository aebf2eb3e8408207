/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/report.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "io/csv.h"
#include "io/paths.h"
#include "sim/alloc.h"

/* --------------------------------------------------------------- compare.csv */

struct compared {
    char *policy, *metric; /* owned */
    struct interval is, diff;
};

struct compared_rows {
    struct compared *rows; /* owned */
    json_t *manifest;      /* compare.json; NULL: there is none */
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

/* compare.json, if it is there: "policies" with the settings of each, and what a run's own manifest
 * has beside these. NULL if it is not, or is none. */
static json_t *compared_manifest(const char *folder)
{
    char *path = alloc_printf("%s/compare.json", folder);
    json_t *manifest = json_load_file(path, 0, NULL);

    free(path);
    if (json_is_object(manifest))
        return manifest;
    json_decref(manifest);
    return NULL;
}

static bool compared_read(struct compared_rows *rows, const char *folder, struct err *err)
{
    static const char *const columns[] = {"policy",   "metric",    "value",
                                          "ci95_low", "ci95_high", "diff",
                                          "diff_low", "diff_high", NULL};
    struct csv_rows wanted = {.columns = columns, .row = take_compared_row, .user = rows};

    if (!path_is_there(folder, "compare.csv"))
        return true;
    rows->manifest = compared_manifest(folder);
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
    json_decref(rows->manifest);
}

static size_t compared_rank(const struct compared_rows *rows, const char *policy)
{
    size_t i = 0;

    while (i < rows->count && strcmp(rows->rows[i].policy, policy) != 0)
        i++;
    return i;
}

/* As the manifest of a run under one of the policies. */
static json_t *manifest_of_policy(const json_t *compared, const char *name)
{
    json_t *manifest = json_copy((json_t *)compared), *policy;
    size_t i;

    json_array_foreach(json_object_get(compared, "policies"), i, policy)
    {
        const char *other = json_string_value(json_object_get(policy, "name"));
        if (other != NULL && strcmp(other, name) == 0)
            json_object_set(manifest, "settings", json_object_get(policy, "settings"));
    }
    json_object_del(manifest, "policies");
    return manifest;
}

/* A run of which no more is known than compare tells. */
static void begin_compared(struct report_run *run, const char *name, const char *folder,
                           const json_t *compared)
{
    report_run_begin(run, name, folder);
    if (compared == NULL)
        return;
    json_decref(run->manifest);
    run->manifest = manifest_of_policy(compared, name);
}

static bool add_compared(struct report *report, const struct compared_rows *rows,
                         const char *folder, struct err *err)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct compared *row = &rows->rows[i];
        if (compared_rank(rows, row->policy) == i) {
            if (report->count == REPORT_MOST_RUNS)
                return err_exit(err, EX_USAGE, "report: at most %d runs", REPORT_MOST_RUNS);
            begin_compared(&report->runs[report->count++], row->policy, folder, rows->manifest);
        }
        for (size_t r = 0; r < report->count; r++) {
            if (strcmp(report->runs[r].name, row->policy) == 0)
                report_run_add(&report->runs[r], row->metric, row->is);
        }
    }
    return true;
}

/* Whether the members are the same in both, or in neither. */
static bool agree(const json_t *one, const json_t *other, const char *const *members)
{
    for (; *members != NULL; members++) {
        const json_t *a = json_object_get(one, *members), *b = json_object_get(other, *members);
        if (a != b && !json_equal(a, b))
            return false;
    }
    return true;
}

/* A folder may have been used for one thing after the other. */
static bool is_of_runs(const struct compared_rows *rows, const struct report *report,
                       const char *folder, struct err *err)
{
    static const char *const members[] = {"scenario_fnv1a", "seed", NULL};

    return rows->manifest == NULL || report->count == 0
           || agree(rows->manifest, report->runs[0].manifest, members)
           || err_exit(err, EX_DATAERR,
                       "%.200s: compare.csv is of another scenario or seed than the runs there: "
                       "run compare again, or remove it",
                       folder);
}

/* What compare.csv does not tell of is measured by its own figures: that takes the same luck. */
static bool are_alike(const struct compared_rows *rows, const struct report *report,
                      const char *folder, struct err *err)
{
    json_int_t compared = json_integer_value(json_object_get(rows->manifest, "replications"));

    for (size_t i = 0; compared > 0 && i < report->count; i++) {
        const struct report_run *run = &report->runs[i];
        uint64_t own = report_run_replications(run);
        if (own != (uint64_t)compared && compared_rank(rows, run->name) == rows->count)
            return err_exit(err, EX_DATAERR,
                            "%.200s: run %.80s is of %" PRIu64 " replication%s and not in "
                            "compare.csv, which is of %" JSON_INTEGER_FORMAT
                            ": run it with --replications %" JSON_INTEGER_FORMAT
                            ", or compare it too",
                            folder, run->name, own, own == 1 ? "" : "s", compared, compared);
    }
    return true;
}

/* Of shares a run itself knows nothing. */
static struct run_figure *figure_for(struct report_run *run, const char *metric)
{
    if (report_run_figure(run, metric) == NULL)
        report_run_add(run, metric, (struct interval){NAN, NAN, NAN});
    return report_run_figure(run, metric);
}

/* Of the runs that lie in its folder. */
static void take_compared(struct report *report, const struct compared_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct compared *row = &rows->rows[i];
        for (size_t r = 0; r < report->count; r++) {
            if (strcmp(report->runs[r].name, row->policy) != 0)
                continue;
            struct run_figure *figure = figure_for(&report->runs[r], row->metric);
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

static char *name_of(const char *folder)
{
    size_t length;
    const char *name = path_last_part(folder, &length);

    return alloc_text(name, length);
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
    bool there = path_is_there(path, "summary.csv");

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

    if (path_is_there(folder, "summary.csv")) {
        report->leaves_out_comparison = path_is_there(folder, "compare.csv");
        return add_run(report, folder, err);
    }
    bool good =
        compared_read(&rows, folder, err) && add_runs_below(report, folder, alone, &rows, err);
    good =
        good
        && (!alone
            || (is_of_runs(&rows, report, folder, err) && are_alike(&rows, report, folder, err)));
    if (good && alone) {
        take_compared(report, &rows);
        report->replications =
            (uint64_t)json_integer_value(json_object_get(rows.manifest, "replications"));
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
    static const char *const members[] = {"scenario_fnv1a", "seed", "replications", NULL};

    for (size_t i = 1; i < report->count; i++) {
        if (!agree(report->runs[0].manifest, report->runs[i].manifest, members))
            return false;
    }
    return true;
}
