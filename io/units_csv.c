/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/units_csv.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "io/csv.h"
#include "io/csv_row.h"
#include "io/input.h"
#include "io/paths.h"
#include "sim/alloc.h"

#define MOST_REPLICATIONS ((uint64_t)1 << 24)
#define MOST_FIGURE 1e16 /* what is made of them is written with csv_real() */

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
    if (cell[0] == '\0' || (*end == '\0' && fabs(*figure) < MOST_FIGURE))
        return true;
    return err_set(err, "%s: '%.40s' is no number that a run can have", metric, cell);
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

static bool read_file(struct units *units, const char *path, const struct sweep *sweep,
                      struct err *err)
{
    const char **columns = columns_of(sweep);
    struct reading reading = {units, sweep};
    struct csv_rows rows = {columns, 0, take_row, &reading};
    char *text = NULL;
    size_t length;
    bool good = input_read_all(path, &text, &length, err);

    if (good && whole_lines(text, length) > 0)
        good = csv_read_text(text, whole_lines(text, length), path, &rows, err);
    free(columns);
    free(text);
    return good;
}

bool units_read(struct units *units, const char *folder, const struct sweep *sweep, struct err *err)
{
    if (!path_is_there(folder, "units.csv") && errno == ENOENT)
        return true;

    char *path = alloc_printf("%s/units.csv", folder);
    bool good = read_file(units, path, sweep, err);
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

static void put_header(struct output *output, const struct sweep *sweep)
{
    const char **columns = columns_of(sweep);
    struct csv_row row = csv_row(output);

    for (size_t i = 0; columns[i] != NULL; i++)
        csv_text(&row, columns[i], strlen(columns[i]));
    csv_end(&row);
    free(columns);
}

/* The shorter of the texts that are read back as the same number. */
static void put_figure(struct csv_row *row, double figure)
{
    char text[32];

    if (isnan(figure)) {
        csv_empty(row);
        return;
    }
    int length = snprintf(text, sizeof text, "%.15g", figure);
    if (strtod(text, NULL) != figure)
        length = snprintf(text, sizeof text, "%.17g", figure);
    csv_text(row, text, (size_t)length);
}

static void put_unit(struct output *output, const struct sweep *sweep, const struct unit *unit)
{
    size_t points = sweep_points(sweep), point = (size_t)(unit->number % points);
    struct csv_row row = csv_row(output);

    csv_number(&row, point);
    csv_number(&row, unit->number / points);
    for (size_t i = 0; i < sweep->axis_count; i++) {
        const char *value = sweep_value(sweep, point, i);
        csv_text(&row, value, strlen(value));
    }
    for (size_t i = 0; i < metric_count(); i++)
        put_figure(&row, unit->figures[i]);
    csv_end(&row);
}

bool units_write(const struct units *units, const char *folder, const struct sweep *sweep,
                 struct err *err)
{
    struct output output = {0};
    bool good = output_open(&output, folder, "units.csv", err);

    if (good) {
        put_header(&output, sweep);
        for (size_t i = 0; i < units->count; i++)
            put_unit(&output, sweep, &units->list[i]);
        good = output_commit(&output, err);
    }
    output_discard(&output);
    return good;
}

/* --------------------------------------------------------------- adding to it */

static bool flush(struct units_file *file, struct err *err)
{
    output_flush(&file->output);
    return file->output.failure == 0
           || err_exit(err, EX_IOERR, "%s: %s", file->path, strerror(file->output.failure));
}

bool units_open(struct units_file *file, const char *folder, const struct sweep *sweep,
                struct err *err)
{
    *file = (struct units_file){.sweep = sweep, .path = alloc_printf("%s/units.csv", folder)};
    file->output.file = open(file->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (file->output.file < 0)
        return err_exit(err, EX_CANTCREAT, "%s: %s", file->path, strerror(errno));
    file->output.buffer = alloc_zeroed(OUTPUT_BUFFER);
    /* Where a file system knows no locks there is none to be had. */
    return flock(file->output.file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
           || err_exit(err, EX_CANTCREAT, "%s: another sweep is at work here", file->path);
}

bool units_is_new(const struct units_file *file)
{
    struct stat status;

    return fstat(file->output.file, &status) == 0 && status.st_size == 0;
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
    if (whole == 0)
        put_header(&file->output, file->sweep);
    return flush(file, err);
}

static bool are_single(const struct units_file *file, const struct units *units, struct err *err)
{
    size_t points = sweep_points(file->sweep);

    for (size_t i = 1; i < units->count; i++) {
        uint64_t number = units->list[i].number;
        if (number == units->list[i - 1].number)
            return err_exit(err, EX_DATAERR,
                            "%s: point %" PRIu64 ", replication %" PRIu64
                            " is there twice: drop one of the rows",
                            file->path, number % points, number / points);
    }
    return true;
}

bool units_begin(struct units_file *file, struct units *units, struct err *err)
{
    if (!repair(file, err) || !read_file(units, file->path, file->sweep, err))
        return false;
    units_sort(units);
    return are_single(file, units, err);
}

bool units_add(struct units_file *file, const struct unit *unit, struct err *err)
{
    put_unit(&file->output, file->sweep, unit);
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
