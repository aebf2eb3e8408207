/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/maillog_reader.h - the file of a mail log, line by line
 */
#ifndef IO_MAILLOG_READER_H
#define IO_MAILLOG_READER_H

#include <stdbool.h>

#include "io/input.h"
#include "io/maillog_line.h"

struct maillog_reader {
    struct input *input;
    struct maillog_lines lines;
    struct span text;         /* the present line ... */
    struct maillog_line line; /* ... and what it says */
    sim_time now;             /* the last stamp; 0 before the first */
    uint64_t hash;            /* of the lines so far (sim/hash.h) */
};

/* Opens `path` before its first line, plain or compressed; "-" is the standard input. */
bool maillog_reader_open(struct maillog_reader *reader, const char *path,
                         struct err *err) WARN_UNUSED;

/* Goes to the next line. Returns false at the end and at damage: closing tells which. */
bool maillog_reader_next(struct maillog_reader *reader);

/* Fails if reading ended at damage; `err` may be NULL if that is of no interest. */
bool maillog_reader_close(struct maillog_reader *reader, struct err *err);

#endif
