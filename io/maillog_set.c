/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/maillog_set.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/alloc.h"

struct log_file {
    const char *path;
    sim_time starts;
    size_t order;
};

static int by_start(const void *a, const void *b)
{
    const struct log_file *x = a, *y = b;

    if (x->starts != y->starts)
        return x->starts < y->starts ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* Of a pipe the lines would be gone. One that is not there is told of when it is opened. */
static bool can_be_read_twice(const char *path)
{
    struct stat status;

    return strcmp(path, "-") != 0 && (stat(path, &status) != 0 || S_ISREG(status.st_mode));
}

static bool all_can_be_read_twice(const char *const *paths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!can_be_read_twice(paths[i]))
            return false;
    }
    return true;
}

/*
 * Rotated logs come as "mail.log mail.log.1" from a shell: the oldest is to be read first. Where
 * one is a pipe, all are read as they are given.
 */
static bool sort_logs(const char *const *paths, size_t count, struct log_file *files,
                      struct err *err)
{
    bool sorts = count > 1 && all_can_be_read_twice(paths, count);

    for (size_t i = 0; i < count; i++) {
        files[i] = (struct log_file){paths[i], 0, i};
        if (sorts && !maillog_starts(files[i].path, &files[i].starts, err))
            return false;
    }
    qsort(files, count, sizeof *files, by_start);
    return true;
}

bool maillog_set_read(struct maillog *log, const char *const *paths, size_t count, struct err *err)
{
    struct log_file *files = alloc_zeroed(count * sizeof *files);
    bool good = sort_logs(paths, count, files, err);

    for (size_t i = 0; good && i < count; i++)
        good = maillog_read(log, files[i].path, err);
    free(files);
    return good;
}
