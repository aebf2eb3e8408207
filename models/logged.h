/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/logged.h - what a mail log says happened, as plain data
 *
 * One struct logged_message per queue file: who sent it, to whom, each trip
 * through the active queue, and each answer a recipient met. A reader fills
 * these; a replay is built from them. Instants are sim_time counted from
 * 1970-01-01 00:00 UTC. Strings belong to the message and may be NULL only
 * where said.
 */
#ifndef MODELS_LOGGED_H
#define MODELS_LOGGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/time.h"

/* The status= word of an agent line. */
enum logged_status {
    LOGGED_SENT,
    LOGGED_DEFERRED,  /* a real attempt met a temporary failure; SOFTBOUNCE too */
    LOGGED_SUSPENDED, /* deferred without a connection: "delivery temporarily suspended", a dead
                         or unavailable transport, a deferred transport */
    LOGGED_BOUNCED,
    LOGGED_OTHER, /* deliverable, undeliverable: an address probe, not mail */
};

/* One agent line: one recipient in one activation. */
struct logged_attempt {
    sim_time at;          /* the line's stamp: the end of the attempt */
    uint32_t recipient;   /* index into the message's recipients */
    uint32_t activation;  /* index into the message's activations */
    enum logged_status status;
    sim_time delay;       /* delay=: completion since arrival; SIM_NEVER where the line has none */
    sim_time delays[4];   /* delays=a/b/c/d; SIM_NEVER each where the line has none */
    char dsn[12];         /* "4.2.0"; "" where the line has none */
    char *text;           /* the reason, without its parentheses */
    char *relay;          /* relay=; "none" without a connection */
};

/* One trip through the active queue. */
struct logged_activation {
    sim_time at;     /* the "(queue active)" line; SIM_NEVER if that was not logged (log begins later) */
    sim_time end;    /* the last agent line of the trip; SIM_NEVER while there was none */
};

struct logged_recipient {
    char *address;  /* as in to=<...>, without the brackets; may be empty */
    char *original; /* orig_to=; NULL where it is the same */
};

struct logged_message {
    char *queue_id;
    char *instance; /* syslog name up to the first '/': "postfix", "postfix-out" */
    char *host;
    char *sender;   /* "" is the null sender; NULL if no from= line was seen */
    int64_t size_bytes; /* -1 if no from= line was seen */
    uint32_t nrcpt;     /* nrcpt= of the first from= line; 0 if none was seen */

    /* When it entered the queue: from its client=, uid= or message-id= line where the log holds
     * its birth (born_in_log), else the earliest agent line minus its delay=; SIM_NEVER if the log
     * cannot say. */
    sim_time arrival;
    bool born_in_log;

    struct logged_recipient *recipients;
    size_t recipient_count, recipient_room;
    struct logged_activation *activations;
    size_t activation_count, activation_room;
    struct logged_attempt *attempts; /* in order of the log */
    size_t attempt_count, attempt_room;

    sim_time expired;         /* qmgr: status=expired or force-expired; SIM_NEVER if never */
    sim_time removed;         /* qmgr: removed; SIM_NEVER if it was not seen to leave */
    uint32_t bounce_notices;  /* "sender non-delivery notification" lines */
    uint32_t delay_notices;   /* "sender delay notification" lines */
    bool is_notice;           /* another message's notification line named this one */
};

#endif
