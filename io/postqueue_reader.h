/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/postqueue_reader.h - what "postqueue -j" lists, read
 *
 * A JSON object a line, of any Postfix from 3.1 on. Members that are not known
 * are passed over. Memory does not grow with the listing.
 */
#ifndef IO_POSTQUEUE_READER_H
#define IO_POSTQUEUE_READER_H

#include "models/mta/postfix/forecast.h"
#include "sim/err.h"

/* A message with all its recipients is a line: a longer one is refused. */
#define POSTQUEUE_LINE_MOST ((size_t)1 << 28)

/* A message. Texts may hold any character, and are valid until the next is read. */
struct queue_entry {
    enum listed_queue queue;
    const char *id;        /* letters and digits */
    int64_t arrival;       /* seconds since 1970 UTC, to the year 9999 */
    int64_t created;       /* the same, or what a long queue id says: it may have been requeued */
    bool forced;           /* to expire: postsuper -e */
    const char *sender;    /* "" of a bounce */
    size_t recipients;     /* how many are listed */
    const char *recipient; /* the first that failed, or the first; "": none is listed */
    bool failed;           /* one of them did, or none is listed */
};

/* What a forecast is made of: when its file was last tried is not listed. */
struct forecast_message queue_entry_message(const struct queue_entry *entry);

struct postqueue_sink {
    /* Takes a message. Fails with what is wrong. */
    bool (*take)(void *user, const struct queue_entry *entry, struct err *err);
    void *user;
};

/* Reads a file, plain or compressed; "-" is the standard input. Fails with FILE:LINE and
 * EX_DATAERR, EX_NOINPUT or EX_IOERR. */
bool postqueue_read(const char *path, const struct postqueue_sink *sink,
                    struct err *err) WARN_UNUSED;

/* One line of `length` bytes. */
bool postqueue_read_line(const char *line, size_t length, const struct postqueue_sink *sink,
                         struct err *err) WARN_UNUSED;

#endif
