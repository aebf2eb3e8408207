/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/logged.h - what a mail log says happened, as plain data
 *
 * One struct logged_message per queue file: who sent it, to whom, each trip
 * through the active queue, and each answer a recipient met. A reader fills
 * these; a replay is built from them. Instants are sim_time counted from
 * 1970-01-01 00:00 UTC. Strings live as long as their message and may be NULL
 * only where said. They hold the bytes of the log, in no promised encoding.
 */
#ifndef MODELS_LOGGED_H
#define MODELS_LOGGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/operation.h"
#include "sim/time.h"

/* The status= word of an agent line. */
enum logged_status {
    LOGGED_SENT,
    LOGGED_DEFERRED,  /* a real attempt met a temporary failure; SOFTBOUNCE too */
    LOGGED_SUSPENDED, /* deferred without a connection: "delivery temporarily suspended", a dead
                         or unavailable transport, a deferred transport, an operator's expiry */
    LOGGED_BOUNCED,
    LOGGED_OTHER, /* deliverable, undeliverable: an address probe, not mail */
    LOGGED_STATUS_COUNT
};

/* One agent line: one recipient in one activation. */
struct logged_attempt {
    sim_time at;         /* the line's stamp: the end of the attempt */
    uint32_t recipient;  /* index into the message's recipients */
    uint32_t activation; /* index into the message's activations */
    enum logged_status status;
    char dsn[12];       /* "4.2.0"; "" where the line has none */
    sim_time delay;     /* delay=: completion since arrival; SIM_NEVER where the line has none */
    sim_time delays[4]; /* delays=a/b/c/d; SIM_NEVER each where the line has none */
    const char *text;   /* the reason, without its parentheses */
    const char *relay;  /* relay=; "none" without a connection */
};

/* One trip through the active queue. */
struct logged_activation {
    sim_time
        at; /* the "(queue active)" line; SIM_NEVER if that was not logged (log begins later) */
    sim_time end;  /* the last agent line of the trip; SIM_NEVER while there was none */
    uint64_t line; /* of two trips that began in one second the lower began first; 0: not known */
};

/* What an operator did to a message that stayed: hold, release or expire. */
struct logged_deed {
    sim_time at;
    enum operation_kind kind;
};

struct logged_recipient {
    const char *address;  /* as in to=<...>, without the brackets; may be empty */
    const char *original; /* orig_to=; NULL where it is the same */
    uint32_t last;        /* index of its latest attempt; UINT32_MAX before the first */
    uint32_t hash;        /* of both addresses; for logged_recipient_add() */
};

struct logged_message {
    const char *queue_id;
    const char *instance; /* syslog name up to the first '/': "postfix", "postfix-out" */
    const char *host;
    const char *sender; /* "" is the null sender; NULL if no from= line was seen */
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
    struct logged_deed *deeds; /* in order of the log */
    size_t deed_count, deed_room;

    sim_time expired;        /* qmgr: status=expired or force-expired; SIM_NEVER if never */
    bool forced;             /* it was force-expired: by an operator */
    sim_time removed;        /* the line that it left the queue; SIM_NEVER if there was none */
    bool by_operator;        /* removed by postsuper: deleted, or requeued under another id */
    uint32_t bounce_notices; /* "sender non-delivery notification" lines */
    uint32_t delay_notices;  /* "sender delay notification" lines */
    sim_time warned;         /* the first of these; SIM_NEVER if there was none */
    bool is_notice;          /* another message's notification line named this one */

    struct logged_chunk *chunks; /* where the strings are; the newest first */
    uint32_t *slots;             /* finds recipients by hash; NULL while they are few */
    size_t slot_room;
};

/* A start of Postfix, or a reload: its queue manager begins anew. Strings live as long as said. */
struct logged_start {
    const char *host, *instance; /* as those of a message */
    sim_time at;
    bool reloaded;
};

/* An empty message: counts zero, instants SIM_NEVER, sizes unknown, strings NULL. */
struct logged_message *logged_message_new(void);

/* Frees the message with all that is in it. NULL is allowed. */
void logged_message_free(struct logged_message *message);

/*
 * The second in which cleanup(8) made the queue file, since 1970. A stamp of whole seconds is half
 * a second old on average, which matters when a delay is taken from it. Requires an arrival.
 */
int64_t logged_create_time(const struct logged_message *message);

/*
 * Whether it was in the queue before the log begins: more than a minute old when the log first
 * speaks of it. Requires an arrival.
 */
bool logged_is_older(const struct logged_message *message);

/* A copy that lives as long as the message, ended with a NUL; NUL bytes within become '?'. */
const char *logged_text(struct logged_message *message, const char *bytes, size_t length);

/*
 * The number of the recipient with these two addresses, added if it is new. `original` is NULL
 * where the log gave none.
 */
uint32_t logged_recipient_add(struct logged_message *message, const char *address, size_t length,
                              const char *original, size_t original_length);

void logged_deed_add(struct logged_message *message, enum operation_kind kind, sim_time at);

/* Begins a trip through the active queue. Valid until the next. */
struct logged_activation *logged_activation_add(struct logged_message *message, sim_time at);

/*
 * Adds an attempt on `recipient`, answered at `at`, to the current activation, which it keeps up to
 * date. The rest is for the caller to fill; valid until the next. Requires an activation.
 */
struct logged_attempt *logged_attempt_add(struct logged_message *message, uint32_t recipient,
                                          sim_time at);

/*
 * Gives the attempt its two strings. What an earlier answer to the message said in the same words
 * is kept once, so that a week of retries costs little.
 */
void logged_attempt_say(struct logged_message *message, struct logged_attempt *attempt,
                        const char *text, size_t length, const char *relay, size_t relay_length);

#endif
