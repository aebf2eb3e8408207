/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/maillog_set.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/line_copies.h"
#include "io/maillog_reader.h"
#include "sim/alloc.h"

/* Lines of one instant are no further apart in two files: both may be out of order. */
#define DISORDER (10 * SIM_SECOND)

struct log_file {
    const char *path;
    sim_time starts;
    size_t order;
    bool open;
    struct maillog_reader reader;
};

/* Files in the order of their beginnings: `begun` of them were opened, and maybe closed again. */
struct merge {
    struct maillog *log;
    struct log_file *files;
    size_t count, begun;
    struct line_copies copies;
    sim_time compare_until; /* lines that another file may have given were noted before */
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

static bool sort_files(struct merge *merge, const char *const *paths, struct err *err)
{
    for (size_t i = 0; i < merge->count; i++) {
        merge->files[i] = (struct log_file){.path = paths[i], .order = i};
        if (!maillog_starts(paths[i], &merge->files[i].starts, err))
            return false;
    }
    qsort(merge->files, merge->count, sizeof *merge->files, by_start);
    return true;
}

/* Goes to the next line of the file; closes it where there is none. */
static bool advance(struct merge *merge, struct log_file *file, struct err *err)
{
    if (maillog_reader_next(&file->reader))
        return true;
    file->open = false;
    maillog_end_file(merge->log, input_cut_lines(file->reader.input), file->reader.hash);
    return maillog_reader_close(&file->reader, err);
}

static bool begin_next(struct merge *merge, struct err *err)
{
    struct log_file *file = &merge->files[merge->begun++];

    if (!maillog_reader_open(&file->reader, file->path, err))
        return false;
    file->open = true;
    return advance(merge, file, err);
}

/* The open file that is due, but for one; NULL if there is none. */
static struct log_file *first_due(const struct merge *merge, const struct log_file *but)
{
    struct log_file *first = NULL;

    for (size_t i = 0; i < merge->begun; i++) {
        struct log_file *file = &merge->files[i];
        if (file->open && file != but && (first == NULL || file->reader.now < first->reader.now))
            first = file;
    }
    return first;
}

/* Until when the file may go on without a look at the others. */
static sim_time others_due(const struct merge *merge, const struct log_file *file)
{
    const struct log_file *other = first_due(merge, file);
    sim_time due = other == NULL ? SIM_NEVER : other->reader.now;

    if (merge->begun < merge->count && merge->files[merge->begun].starts < due)
        due = merge->files[merge->begun].starts;
    return due;
}

/* Another file's next line is near, or its last may be: it may have this one too. */
static bool may_be_shared(struct merge *merge, sim_time now, sim_time due)
{
    if (now < due - DISORDER)
        return now <= merge->compare_until;
    merge->compare_until = now + DISORDER;
    return true;
}

static void see_line(struct merge *merge, struct log_file *file, sim_time due)
{
    const struct maillog_reader *reader = &file->reader;

    if (may_be_shared(merge, reader->now, due)
        && line_copies_add(&merge->copies, file->order, reader->text, reader->now, DISORDER))
        maillog_count_copied(merge->log, 1);
    else
        maillog_see(merge->log, &reader->line);
}

static bool read_until_others(struct merge *merge, struct log_file *file, struct err *err)
{
    sim_time due = others_due(merge, file);

    do {
        see_line(merge, file, due);
        if (!advance(merge, file, err))
            return false;
    } while (file->open && file->reader.now <= due);
    return true;
}

static bool read_merged(struct merge *merge, struct err *err)
{
    for (;;) {
        struct log_file *file = first_due(merge, NULL);
        bool is_next = merge->begun < merge->count
                       && (file == NULL || merge->files[merge->begun].starts <= file->reader.now);

        if (!is_next && file == NULL)
            return true;
        if (!(is_next ? begin_next(merge, err) : read_until_others(merge, file, err)))
            return false;
    }
}

static bool read_in_turn(struct maillog *log, const char *const *paths, size_t count,
                         struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!maillog_read(log, paths[i], err))
            return false;
    }
    return true;
}

bool maillog_set_read(struct maillog *log, const char *const *paths, size_t count, struct err *err)
{
    if (count < 2 || !all_can_be_read_twice(paths, count))
        return read_in_turn(log, paths, count, err);

    struct merge merge = {.log = log, .count = count};
    merge.files = alloc_zeroed(count * sizeof *merge.files);
    bool good = sort_files(&merge, paths, err) && read_merged(&merge, err);
    for (size_t i = 0; i < merge.begun; i++) {
        if (merge.files[i].open)
            (void)maillog_reader_close(&merge.files[i].reader, NULL);
    }
    line_copies_free(&merge.copies);
    free(merge.files);
    return good;
}
