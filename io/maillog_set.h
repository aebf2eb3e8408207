/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/maillog_set.h - several logs, as people name them, read as one
 *
 * "mail.log mail.log.1 mail.log.2.gz", or the logs of several hosts: files are
 * merged by time, each with a reader of its own. That puts rotated logs in
 * order, whatever the order of their names, and lets hosts take turns, which
 * reading one file after the other cannot: a message in the queue is forgotten
 * when a later line shows that it has been silent for too long.
 *
 * The file whose next line has the earliest stamp goes on. Within a file lines
 * keep their order: one that is late comes right behind the one before it. A
 * file is opened when the others have come to its first line, so that open
 * files, and memory, grow with the files that overlap.
 *
 * What two files both have, as after a copy or an unlucky rotation, counts
 * once (line_copies.h). Only files within seconds of each other are compared:
 * where none overlap, that costs nothing.
 */
#ifndef IO_MAILLOG_SET_H
#define IO_MAILLOG_SET_H

#include "io/maillog.h"

/*
 * Reads all files. Where one is a pipe or the standard input, all are read one after the other as
 * they are given: what was read to look for its beginning would be gone. What was read before an
 * error counts.
 */
bool maillog_set_read(struct maillog *log, const char *const *paths, size_t count,
                      struct err *err) WARN_UNUSED;

#endif
