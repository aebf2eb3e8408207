/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/cause.h - why an attempt failed for now, by the log's words
 */
#ifndef MODELS_CAUSE_H
#define MODELS_CAUSE_H

#include "models/logged_reply.h"

enum cause {
    CAUSE_REFUSED, /* no connection, or a 4xx instead of a greeting */
    CAUSE_TIMEOUT, /* nobody answers: time-outs, no route, lost connections */
    CAUSE_DNS,
    CAUSE_GREYLIST,
    CAUSE_THROTTLE, /* too much, too fast, or of bad repute */
    CAUSE_MAILBOX,  /* full */
    CAUSE_COUNT,
    CAUSE_OTHER = CAUSE_COUNT, /* another temporary failure */
    CAUSE_NONE,                /* no failure for now, or no answer of a site */
};

/* "refused", "timeout", "dns", "greylist", "throttle", "mailbox"; ends with NULL. */
extern const char *const cause_names[];

/* Whom a cause is a matter of. */
enum cause_unit { UNIT_SITE, UNIT_PAIR, UNIT_RECIPIENT, UNIT_COUNT };

/* "site", "sender and recipient", "recipient". */
extern const char *const cause_unit_names[UNIT_COUNT];

enum cause_unit cause_unit(enum cause cause);

/* `reply` is logged_reply_of() that attempt. What was suspended asked no site: CAUSE_NONE. */
enum cause cause_of(const struct logged_attempt *attempt, const struct logged_reply *reply);

#endif
