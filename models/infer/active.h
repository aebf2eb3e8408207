/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/infer/active.h - when was there no room in the active queue?
 *
 * A message is in it from its "queue active" line to the last answer of that
 * trip. While qmgr_message_active_limit are, scans pause where they are, and go
 * on when there is room (qmgr/qmgr.c: qmgr_loop). A log has whole seconds: what
 * counts is how many messages were in it when a second was over.
 *
 * Trips of which the log does not hold both ends are left out, so that the queue
 * is rather taken to have room than not. Memory grows with the seconds of the
 * log, and not with its mail.
 */
#ifndef MODELS_INFER_ACTIVE_H
#define MODELS_INFER_ACTIVE_H

#include <stddef.h>
#include <stdint.h>

#include "models/logged.h"

/* Zero is a valid empty queue. */
struct active {
    struct active_change {
        int64_t at; /* seconds since 1970 */
        int64_t more;
    } * changes; /* owned */
    size_t count, room, merged;
};

/* Takes the trips of one message, in any order of messages. */
void active_add(struct active *active, const struct logged_message *message);
void active_fini(struct active *active);

/* Whole seconds: full when `at` was over, and until before `until`. */
struct full_time {
    int64_t at, until;
    int64_t before; /* seconds of those that came before it, together */
};

struct full_times {
    struct full_time *list; /* ascending; owned */
    size_t count, room;
    int64_t limit; /* messages; 0: none is known, and the queue was never full */
};

/* When it held `limit` messages or more, but for moments. Requires limit >= 1. */
void full_times_find(struct full_times *full, struct active *active, int64_t limit);
void full_times_fini(struct full_times *full);

/* The most that were in it. */
int64_t active_most(struct active *active);

/* The latest that began before `second`; NULL if there is none. */
const struct full_time *full_time_before(const struct full_times *full, int64_t second);

/* For how many of the seconds from `from` to before `until` it was full. */
int64_t full_seconds(const struct full_times *full, int64_t from, int64_t until);

#endif
