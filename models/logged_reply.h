/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/logged_reply.h - the site's answer in what a log says of an attempt
 */
#ifndef MODELS_LOGGED_REPLY_H
#define MODELS_LOGGED_REPLY_H

#include "models/logged.h"
#include "models/reply.h"

struct logged_reply {
    enum smtp_stage stage; /* by the words of the log; rcpt where they do not tell */
    enum outcome outcome;  /* sent, deferred or bounced */
    char dsn[12];
};

struct logged_reply logged_reply_of(const struct logged_attempt *attempt);

/* Whether the site is to blame, for which Postfix would suspend it, and not the message. */
bool logged_blames_site(const struct logged_attempt *attempt, const struct logged_reply *reply);

/*
 * What the text of a suspension has behind "delivery temporarily suspended: ": what the site was
 * suspended for. NULL of any other text, as of a transport that cannot be reached.
 */
const char *logged_suspended_for(const struct logged_attempt *attempt);

/*
 * A text that reply_parse() reads with the outcome of `reply`: what the site said, where the log
 * quotes it, else the log's words behind a code. `reason` may be NULL. Allocated.
 */
char *logged_reply_text(const struct logged_reply *reply, const char *reason);

/* How long the site took, by delays=: to be reached, and to answer; 0 if there is none. */
sim_time logged_took(const struct logged_attempt *attempt);

/* How long the message had been active by then: the wait for a delivery agent, too. */
sim_time logged_active(const struct logged_attempt *attempt);

#endif
