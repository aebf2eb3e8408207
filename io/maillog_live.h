/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/maillog_live.h - the messages that a log is still telling of
 *
 * Found by host, instance and queue id. Each is in one of three states, and is
 * let go when the log has not spoken of it for as long as that state may be
 * silent: so memory follows the queue and not the log. Only mail that was
 * queued is handed on; a transaction that was broken off leaves no line that
 * says so.
 */
#ifndef IO_MAILLOG_LIVE_H
#define IO_MAILLOG_LIVE_H

#include <uthash.h>

#include "io/span.h"
#include "models/logged.h"

enum live_state {
    LIVE_BORN,   /* nothing but its birth was seen */
    LIVE_QUEUED, /* it was in the active queue */
    LIVE_LEFT,   /* it was removed; kept for lines that come late */
    LIVE_STATE_COUNT
};

struct live {
    struct logged_message *message;
    enum live_state state;
    bool has_origin;  /* its client= or uid= line was seen */
    sim_time first;   /* the stamp of the first line about it ... */
    sim_time touched; /* ... and of the latest */
    struct live *prev, *next;
    UT_hash_handle hh;
    char key[]; /* the three names, each ended with a NUL */
};

/* Zero but for the function is a valid empty table. */
struct live_table {
    void (*let_go)(void *user, struct logged_message *message, enum live_state state);
    void *user;
    struct live *by_key;
    struct live *quietest[LIVE_STATE_COUNT]; /* lists, the one silent for longest first */
};

/* The latest message of that name, or NULL. */
struct live *live_find(const struct live_table *table, struct span host, struct span instance,
                       struct span queue_id);

/* Adds a message of that name; one that is there is let go. Names are at most 255 bytes long. */
struct live *live_begin(struct live_table *table, struct span host, struct span instance,
                        struct span queue_id, sim_time at);

/* Notes that a line at `at` spoke of the message, which is now in `state`. */
void live_touch(struct live_table *table, struct live *live, enum live_state state, sim_time at);

/* Lets go of those that have been silent for too long. */
void live_expire(struct live_table *table, sim_time now);

/* Lets go of all: those that left first, then as they fell silent. The table is empty then. */
void live_finish(struct live_table *table);

#endif
