/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/maillog_set.h - several logs of one mail server, as people name them
 */
#ifndef IO_MAILLOG_SET_H
#define IO_MAILLOG_SET_H

#include "io/maillog.h"

/*
 * Reads all files, those that begin earlier first: a shell gives "mail.log mail.log.1". Where one
 * is a pipe, all are read as they are given. What was read before an error counts.
 */
bool maillog_set_read(struct maillog *log, const char *const *paths, size_t count,
                      struct err *err) WARN_UNUSED;

#endif
