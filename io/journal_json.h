/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/journal_json.h - an entry of the systemd journal, as "journalctl -o json" prints it
 *
 * One object a line. A value is a string; an array of byte values where the
 * text is no printable UTF-8; an array of values where a field came several
 * times, of which the first counts; null where it was too long to be shown
 * (systemd, src/shared/logs-show.c: update_json_data()).
 *
 * Of some twenty fields five are wanted: a general reader that builds each
 * entry in memory costs many times what the log reader has.
 */
#ifndef IO_JOURNAL_JSON_H
#define IO_JOURNAL_JSON_H

#include <stdbool.h>

#include "io/span.h"
#include "sim/time.h"

/*
 * Spans point into the line or the room beside it; "" where the entry does not say. A newline
 * within is a space here, as no line of a log has one.
 */
struct journal_entry {
    sim_time at;            /* _SOURCE_REALTIME_TIMESTAMP, else __REALTIME_TIMESTAMP */
    struct span host;       /* _HOSTNAME */
    struct span identifier; /* SYSLOG_IDENTIFIER, such as "postfix/smtp" */
    struct span message;    /* MESSAGE */
};

/*
 * Reads a line. `room` takes what was written with escapes: at least line.length bytes. Fails where
 * the line is no such object, or has no time stamp of the years 1970 to 9999.
 */
bool journal_json_read(struct span line, char *room, struct journal_entry *entry);

#endif
