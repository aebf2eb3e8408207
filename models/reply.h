/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/reply.h - what a mail server says, and at which stage
 */
#ifndef MODELS_REPLY_H
#define MODELS_REPLY_H

#include <stdbool.h>

#include "sim/err.h"

/* The stages of one attempt, in order. */
enum smtp_stage {
    STAGE_DNS,
    STAGE_CONNECT,
    STAGE_GREETING, /* EHLO included */
    STAGE_MAIL,
    STAGE_RCPT,
    STAGE_DATA, /* up to the answer to the final dot */
    STAGE_COUNT,
};

/* "dns", "connect" ...; ends with NULL. */
extern const char *const smtp_stage_names[];

/* What a reply means to one recipient. */
enum outcome {
    OUTCOME_SENT,
    OUTCOME_DEFERRED,
    OUTCOME_BOUNCED,
    OUTCOME_SUSPENDED, /* no reply: deferred without a connection (dead site, transport down) */
    OUTCOME_COUNT,
};

extern const char *const outcome_names[];

/*
 * A reply, or what stands for one where there was no connection. 2xx accepts,
 * 4xx is a failure for now, 5xx for good.
 */
struct reply {
    int code;
    enum outcome outcome; /* by the code */
    char dsn[12];      /* "4.2.0"; the first digit and ".0.0" where the text has none (RFC 3463) */
    char *text;        /* all of it, code included; owned */
    bool session_lost; /* no reply: the session broke, or timed out, and the site is to blame */
};

/*
 * Reads "450 4.2.0 mailbox busy". Fails unless it begins with a code, 2xx, 4xx
 * or 5xx, that a blank or nothing follows. reply_fini() releases the text.
 */
bool reply_parse(struct reply *reply, const char *text, struct err *err) WARN_UNUSED;
void reply_fini(struct reply *reply);

/* Whether that is what Postfix writes where there is no reply, the session having broken
 * (smtp/smtp_trouble.c: smtp_stream_except). */
bool reply_tells_of_lost_session(const char *text);

#endif
