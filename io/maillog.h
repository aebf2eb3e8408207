/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/maillog.h - Postfix's mail log, read into messages
 *
 * A log is read once, in the order of its lines, and each message is handed on
 * when it has left the queue, or at the end of the log. Memory grows with the
 * messages in the queue and not with the log. Lines that are not Postfix's or
 * make no sense are counted and skipped: no text makes reading fail.
 *
 * A queue id used again is a new message. Lines may be a few seconds out of
 * order. What was seen of a message says logged_message; a log may begin or end
 * in the middle of its life.
 */
#ifndef IO_MAILLOG_H
#define IO_MAILLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/logged.h"
#include "sim/err.h"

/* Who gets the messages. The message is the sink's: it calls logged_message_free(). */
struct maillog_sink {
    void (*message)(void *user, struct logged_message *message);
    void *user;
};

/* Who is told that a Postfix was started or reloaded; the strings are gone afterwards. */
struct maillog_starts {
    void (*tell)(void *user, const struct logged_start *start); /* NULL: nobody */
    void *user;
};

/* What was read. Each line is one of the first three. */
struct maillog_totals {
    uint64_t postfix_lines, foreign_lines, unstamped_lines;
    uint64_t cut_lines;    /* longer than INPUT_LINE_MOST */
    uint64_t copied_lines; /* beside these: another file had them too (maillog_set.h) */

    uint64_t births;      /* client=, uid= lines */
    uint64_t activations; /* (queue active) lines */
    uint64_t attempts[LOGGED_STATUS_COUNT];
    uint64_t expired;
    uint64_t bounce_notices, delay_notices, other_notices;
    uint64_t removed; /* by an operator too */

    uint64_t messages;   /* handed on */
    uint64_t unfinished; /* of these, not seen to leave */
    uint64_t unqueued;   /* begun but never queued: not handed on */

    uint64_t hash; /* of the files, in any order; 0: what was read is no file */

    sim_time first, last; /* the earliest and latest stamp of Postfix's; SIM_NEVER if none */
};

struct maillog;
struct maillog_line;

struct maillog *maillog_new(struct maillog_sink sink);

/* Before anything is read. */
void maillog_tell_starts(struct maillog *log, struct maillog_starts starts);

/*
 * Reads a file, plain or compressed; "-" is the standard input. Several go on one after the other:
 * rotated ones are for maillog_set.h. What was read before damage counts.
 */
bool maillog_read(struct maillog *log, const char *path, struct err *err) WARN_UNUSED;

/*
 * When the first of Postfix's lines of a file was written, to put rotated logs in
 * order; SIM_NEVER if it has none. Not for the standard input.
 */
bool maillog_starts(const char *path, sim_time *at, struct err *err) WARN_UNUSED;

/* Begins a text that was written until `reference`, which settles stamps without a year. */
void maillog_begin(struct maillog *log, sim_time reference);

/* Reads whole lines from memory; a newline after the last may be missing. */
void maillog_feed(struct maillog *log, const char *text, size_t length);

/* The next line, of whatever file. */
void maillog_see(struct maillog *log, const struct maillog_line *line);

/* A file is at its end: how many of its lines were cut before they were seen, and their hash. */
void maillog_end_file(struct maillog *log, uint64_t cut_lines, uint64_t hash);

/* Counts lines that were left out. */
void maillog_count_copied(struct maillog *log, uint64_t lines);

/* As read so far: messages still in the queue are counted by maillog_finish(). */
const struct maillog_totals *maillog_totals(const struct maillog *log);

/* Hands on the messages that are left, and frees the reader. `totals` may be NULL. */
void maillog_finish(struct maillog *log, struct maillog_totals *totals);

#endif
