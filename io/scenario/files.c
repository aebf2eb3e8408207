/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario/files.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "io/csv.h"
#include "io/input.h"
#include "sim/alloc.h"
#include "sim/hash.h"

char *path_beside(const struct reading *r, const char *path)
{
    const char *slash = strrchr(r->path, '/');

    if (path[0] == '/' || slash == NULL)
        return alloc_text(path, strlen(path));
    return alloc_printf("%.*s/%s", (int)(slash - r->path), r->path, path);
}

bool read_named(struct reading *r, const char *path, char **text, size_t *length, struct err *err)
{
    if (!input_read_all(path, text, length, err))
        return false;
    r->scenario->hash = hash_beside(r->scenario->hash, hash_more(HASH_EMPTY, *text, *length));
    return true;
}

static bool read_csv(struct reading *r, const char *path, const struct csv_rows *rows,
                     struct err *err)
{
    char *text;
    size_t length;

    if (!read_named(r, path, &text, &length, err))
        return false;
    bool good = csv_read_text(text, length, path, rows, err);
    free(text);
    return good;
}

/* -------------------------------------------------------- rows for a model */

struct rows_of {
    const struct row_reader *reader;
    void *object;
    struct names *names;
};

static bool take_row(void *user, const char *const *cells, struct err *err)
{
    struct rows_of *rows = user;

    return rows->reader->add(rows->object, cells, rows->names, err);
}

bool reading_rows(struct reading *r, cfg_t *section, const struct row_reader *reader, void *object)
{
    if (reader == NULL)
        return true;

    struct rows_of rows = {reader, object, &r->scenario->names};
    char *path = path_beside(r, section_text(section, "file"));
    bool good = read_csv(
        r, path, &(struct csv_rows){reader->columns, reader->optional, take_row, &rows}, r->err);
    free(path);
    if (!good)
        return reading_fail_setting(r, section, "file");
    if (reader->ready != NULL)
        reader->ready(object);
    return true;
}

/* ----------------------------------------------------------------- samples */

struct sample_list {
    double *values;
    size_t count, room;
};

static bool take_sample(void *user, const char *const *cells, struct err *err)
{
    struct sample_list *list = user;
    sim_time span;

    if (!seconds_parse(&span, cells[0], err) || span < 0)
        return err_set(err, "wait_s: '%.40s' is no number of seconds from 0 on", cells[0]);
    list->values = alloc_grow(list->values, &list->room, list->count + 1, sizeof *list->values);
    list->values[list->count++] = (double)span / (double)SIM_SECOND;
    return true;
}

bool read_samples(void *user, const char *file, double **values, size_t *count, struct err *err)
{
    static const char *const columns[] = {"wait_s", NULL};
    struct sample_list list = {0};
    struct reading *r = user;
    char *path = path_beside(r, file);
    bool good = read_csv(r, path, &(struct csv_rows){columns, 0, take_sample, &list}, err);

    free(path);
    if (!good)
        free(list.values);
    *values = good ? list.values : NULL;
    *count = good ? list.count : 0;
    return good;
}

/* ------------------------------------------------------------------- scans */

static bool take_scan(void *user, const char *const *cells, struct err *err)
{
    struct scenario *scenario = user;
    sim_time start, end;

    if (!seconds_parse(&start, cells[0], err))
        return err_within(err, "t_start");
    if (!seconds_parse(&end, cells[1], err))
        return err_within(err, "t_end");
    size_t n = scenario->scan_count;
    if (end < start || (n > 0 && start <= scenario->scans[n - 1].start))
        return err_set(err, "t_start: scans should be in order, each ending after it began");
    scenario_add_scan(scenario, start, end);
    return true;
}

bool reading_scans(struct reading *r, cfg_t *section)
{
    static const char *const columns[] = {"t_start", "t_end", NULL};
    const char *file = section_text(section, "scans");

    if (file == NULL)
        return true;
    char *path = path_beside(r, file);
    bool good = read_csv(r, path, &(struct csv_rows){columns, 0, take_scan, r->scenario}, r->err);
    if (good && r->scenario->scan_count == 0)
        good = err_exit(r->err, EX_DATAERR, "%s: no scans in it", path);
    free(path);
    return good || reading_fail_setting(r, section, "scans");
}
