/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/queue_directory.h - the time stamps of a Postfix's deferred files
 *
 * They are all that says when a message is to be tried again: the queue manager
 * looks at nothing else (qmgr/qmgr_active.c: qmgr_active_feed). Files lie in
 * deferred/ and hash_queue_depth folders below it, named by the first digits of
 * their ids (global/mail_queue.c, global/dir_forest.c); how many, the files tell.
 * Nothing is written.
 */
#ifndef IO_QUEUE_DIRECTORY_H
#define IO_QUEUE_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/err.h"

struct queue_directory {
    const char *path; /* queue_directory, not owned */
    unsigned depth;   /* at which the last file was */
};

/* Fails with EX_NOINPUT where it has no deferred queue. `path` must outlive it. */
bool queue_directory_open(struct queue_directory *directory, const char *path,
                          struct err *err) WARN_UNUSED;

/*
 * The time stamp of a deferred file, seconds since 1970, to the year 9999; FORECAST_UNKNOWN where
 * there is no such file: it may have left since. Requires a good id. Fails with EX_NOINPUT where it
 * may not be looked at.
 */
bool queue_directory_mtime(struct queue_directory *directory, const char *id, int64_t *mtime,
                           struct err *err) WARN_UNUSED;

#endif
