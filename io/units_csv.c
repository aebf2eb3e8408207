/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/units_csv.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sysexits.h>
#include <unistd.h>

#include "io/csv.h"
#include "io/csv_row.h"
#include "io/input.h"
#include "sim/alloc.h"

#define MOST_REPLICATIONS ((uint64_t)1 << 24)

/* Columns before what is varied. */
enum { POINT, REPLICATION, VARIED };

void units_fini(struct units *units)
{
    for (size_t i = 0; i < units->count; i++)
        free(units->list[i].figures);
    free(units->list);
}

/* ----------------------------------------------------------------- reading */

struct reading {
    struct units *units;
    const struct sweep *sweep;
};

static bool take_number(const char *cell, const char *column, uint64_t below, uint64_t *number,
                        struct err *err)
{
    char *end;

    errno = 0;
    *number = strtoull(cell, &end, 10);
    if (cell[0] >= '0' && cell[0] <= '9' && *end == '\0' && errno == 0 && *number < below)
        return true;
    return err_set(err, "%s: '%.40s' is no number below %llu", column, cell,
                   (unsigned long long)below);
}

static bool take_figure(const char *cell, const char *metric, double *figure, struct err *err)
{
    char *end;

    *figure = cell[0] == '\0' ? (double)NAN : strtod(cell, &end);
    if (cell[0] == '\0' || (*end == '\0' && isfinite(*figure)))
        return true;
    return err_set(err, "%s: '%.40s' is no number", metric, cell);
}

/* Another sweep has other values. */
static bool is_of_sweep(const struct sweep *sweep, size_t point, const char *const *varied,
                        struct err *err)
{
    for (size_t i = 0; i < sweep->axis_count; i++) {
        const char *want = sweep_value(sweep, point, i);
        if (strcmp(varied[i], want) != 0)
            return err_set(err, "of another sweep: %.60s is '%.40s', not '%.40s'",
                           sweep->axes[i].name, varied[i], want);
    }
    return true;
}

static bool take_figures(const char *const *cells, double *figures, struct err *err)
{
    for (size_t i = 0; i < metric_count(); i++) {
        if (!take_figure(cells[i], metrics[i].name, &figures[i], err))
            return false;
    }
    return true;
}

static bool take_row(void *user, const char *const *cells, struct err *err)
{
    struct reading *reading = user;
    struct units *units = reading->units;
    const struct sweep *sweep = reading->sweep;
    size_t points = sweep_points(sweep);
    uint64_t point, replication;

    if (!take_number(cells[POINT], "point", points, &point, err)
        || !take_number(cells[REPLICATION], "replication", MOST_REPLICATIONS, &replication, err)
        || !is_of_sweep(sweep, point, cells + VARIED, err))
        return false;
    double *figures = alloc_zeroed(metric_count() * sizeof *figures);
    if (!take_figures(cells + VARIED + sweep->axis_count, figures, err)) {
        free(figures);
        return false;
    }
    units->list = alloc_grow(units->list, &units->room, units->count + 1, sizeof *units->list);
    units->list[units->count++] = (struct unit){replication * points + point, figures};
    return true;
}

/* Names of all columns, ended by NULL; the array is allocated. */
static const char **columns_of(const struct sweep *sweep)
{
    const char **columns =
        alloc_zeroed((VARIED + sweep->axis_count + metric_count() + 1) * sizeof *columns);
    size_t n = 0;

    columns[n++] = "point";
    columns[n++] = "replication";
    for (size_t i = 0; i < sweep->axis_count; i++)
        columns[n++] = sweep->axes[i].name;
    for (size_t i = 0; i < metric_count(); i++)
        columns[n++] = metrics[i].name;
    return columns;
}

/* Up to the end of the last line that has one. */
static size_t whole_lines(const char *text, size_t length)
{
    while (length > 0 && text[length - 1] != '\n')
        length--;
    return length;
}

bool units_read(struct units *units, const char *folder, const struct sweep *sweep, struct err *err)
{
    char *path = alloc_printf("%s/units.csv", folder), *text = NULL;
    const char **columns = columns_of(sweep);
    struct reading reading = {units, sweep};
    struct csv_rows rows = {columns, 0, take_row, &reading};
    size_t length;
    bool good = true;

    if (access(path, F_OK) == 0)
        good = input_read_all(path, &text, &length, err);
    if (good && text != NULL && whole_lines(text, length) > 0)
        good = csv_read_text(text, whole_lines(text, length), path, &rows, err);
    free(columns);
    free(text);
    free(path);
    return good;
}

static int by_number(const void *a, const void *b)
{
    const struct unit *x = a, *y = b;

    return x->number < y->number ? -1 : x->number > y->number;
}

void units_sort(struct units *units)
{
    if (units->count > 0)
        qsort(units->list, units->count, sizeof *units->list, by_number);
}

/* ----------------------------------------------------------------- writing */

static bool flush(struct units_file *file, struct err *err)
{
    output_flush(&file->output);
    return file->output.failure == 0
           || err_exit(err, EX_IOERR, "%s: %s", file->path, strerror(file->output.failure));
}

static bool put_header(struct units_file *file, struct err *err)
{
    const char **columns = columns_of(file->sweep);
    struct csv_row row = csv_row(&file->output);

    for (size_t i = 0; columns[i] != NULL; i++)
        csv_text(&row, columns[i], strlen(columns[i]));
    csv_end(&row);
    free(columns);
    return flush(file, err);
}

/* Cuts off what was under way when the last run was stopped. */
static bool repair(struct units_file *file, struct err *err)
{
    char *text = NULL;
    size_t length;

    if (!input_read_all(file->path, &text, &length, err))
        return false;
    size_t whole = whole_lines(text, length);
    free(text);
    if (whole < length && ftruncate(file->output.file, (off_t)whole) != 0)
        return err_exit(err, EX_IOERR, "%s: %s", file->path, strerror(errno));
    return whole > 0 || put_header(file, err);
}

bool units_open(struct units_file *file, const char *folder, const struct sweep *sweep,
                struct err *err)
{
    *file = (struct units_file){.sweep = sweep, .path = alloc_printf("%s/units.csv", folder)};
    file->output.file = open(file->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (file->output.file < 0)
        return err_exit(err, EX_CANTCREAT, "%s: %s", file->path, strerror(errno));
    file->output.buffer = alloc_zeroed(OUTPUT_BUFFER);
    if (flock(file->output.file, LOCK_EX | LOCK_NB) != 0)
        return err_exit(err, EX_CANTCREAT, "%s: another sweep is at work here", file->path);
    return repair(file, err);
}

static void put_figure(struct csv_row *row, double figure)
{
    char text[32];

    if (isnan(figure))
        csv_empty(row);
    else
        csv_text(row, text, (size_t)snprintf(text, sizeof text, "%.17g", figure));
}

bool units_add(struct units_file *file, const struct unit *unit, struct err *err)
{
    const struct sweep *sweep = file->sweep;
    size_t points = sweep_points(sweep), point = (size_t)(unit->number % points);
    struct csv_row row = csv_row(&file->output);

    csv_number(&row, point);
    csv_number(&row, unit->number / points);
    for (size_t i = 0; i < sweep->axis_count; i++) {
        const char *value = sweep_value(sweep, point, i);
        csv_text(&row, value, strlen(value));
    }
    for (size_t i = 0; i < metric_count(); i++)
        put_figure(&row, unit->figures[i]);
    csv_end(&row);
    return flush(file, err);
}

void units_close(struct units_file *file)
{
    if (file->output.buffer != NULL)
        close(file->output.file);
    free(file->output.buffer);
    free(file->path);
    *file = (struct units_file){0};
}
