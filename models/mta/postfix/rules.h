/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/rules.h - what is decided after a failed attempt
 *
 * All in whole seconds. There is no attempt counter, no stored interval and no
 * jitter: everything follows from the message's age. Source: qmgr/qmgr_active.c:
 * qmgr_active_done_25_generic, qmgr_active_done_3_generic.
 */
#ifndef MODELS_MTA_POSTFIX_RULES_H
#define MODELS_MTA_POSTFIX_RULES_H

#include "models/message.h"
#include "models/mta/postfix/parameters.h"

/* How long a message that failed at `age` is left alone: as long as it is old. The cap
 * comes first, the floor second: where they cross, the floor wins. */
static inline int64_t postfix_backoff(const struct postfix_settings *settings, int64_t age)
{
    int64_t wait = age < settings->maximal_backoff_time ? age : settings->maximal_backoff_time;

    return wait > settings->minimal_backoff_time ? wait : settings->minimal_backoff_time;
}

/* Whether a message whose attempt failed at `now` is given up. */
static inline bool postfix_expires(const struct postfix_settings *settings,
                                   const struct message *message, int64_t now)
{
    int64_t lifetime =
        message->null_sender ? settings->bounce_queue_lifetime : settings->maximal_queue_lifetime;

    return now >= (int64_t)message->created + lifetime;
}

/* Whether its sender is told at `now` that it is late. At most once a message. */
static inline bool postfix_warns(const struct postfix_settings *settings,
                                 const struct message *message, int64_t now)
{
    if (settings->delay_warning_time == 0 || message->null_sender || message->warned)
        return false;
    return now >= sim_second(message->arrival) + settings->delay_warning_time - 1;
}

#endif
