/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/made_log.h - logged messages, made by hand
 *
 * Times are in seconds after some midnight, which 300 divides: the second of a
 * scan is its phase too.
 */
#ifndef TESTS_MODELS_MADE_LOG_H
#define TESTS_MODELS_MADE_LOG_H

#include <string.h>

#include "models/logged.h"

#define MIDNIGHT (INT64_C(1780272000) * SIM_SECOND)

static inline sim_time instant(double seconds)
{
    return MIDNIGHT + (sim_time)(seconds * 1e6 + (seconds < 0 ? -0.5 : 0.5));
}

/* Born in the log, 1000 bytes, and not seen to leave. `sender` may be NULL. */
static inline struct logged_message *made_mail(const char *queue_id, double arrival,
                                               const char *sender)
{
    struct logged_message *message = logged_message_new();

    message->queue_id = logged_text(message, queue_id, strlen(queue_id));
    message->host = logged_text(message, "mx", 2);
    message->instance = logged_text(message, "postfix", 7);
    if (sender != NULL)
        message->sender = logged_text(message, sender, strlen(sender));
    message->size_bytes = 1000;
    message->arrival = instant(arrival);
    message->born_in_log = true;
    return message;
}

/* A trip through the active queue. */
static inline void made_trip(struct logged_message *message, double at)
{
    logged_activation_add(message, instant(at));
}

/* An answer to the current trip, which took no time: a test says if it did. */
static inline struct logged_attempt *made_answer(struct logged_message *message, const char *to,
                                                 double at, enum logged_status status,
                                                 const char *dsn, const char *text)
{
    uint32_t recipient = logged_recipient_add(message, to, strlen(to), NULL, 0);
    struct logged_attempt *attempt = logged_attempt_add(message, recipient, instant(at));

    attempt->status = status;
    strncpy(attempt->dsn, dsn, sizeof attempt->dsn - 1);
    attempt->delay = instant(at) - message->arrival;
    attempt->delays[0] = attempt->delay;
    for (size_t i = 1; i < 4; i++)
        attempt->delays[i] = 0;
    logged_attempt_say(message, attempt, text, strlen(text), "mx.d[192.0.2.1]:25", 18);
    return attempt;
}

#define GREYLISTED "host mx.d[192.0.2.1] said: 450 4.2.0 later (in reply to RCPT TO command)"
#define UNKNOWN "host mx.d[192.0.2.1] said: 550 5.1.1 who? (in reply to RCPT TO command)"

static inline struct logged_attempt *made_sent(struct logged_message *message, const char *to,
                                               double at)
{
    return made_answer(message, to, at, LOGGED_SENT, "2.0.0", "250 2.0.0 Ok");
}

static inline struct logged_attempt *made_deferred(struct logged_message *message, const char *to,
                                                   double at)
{
    return made_answer(message, to, at, LOGGED_DEFERRED, "4.2.0", GREYLISTED);
}

static inline struct logged_attempt *made_bounced(struct logged_message *message, const char *to,
                                                  double at)
{
    return made_answer(message, to, at, LOGGED_BOUNCED, "5.1.1", UNKNOWN);
}

/* A trip and its one answer, in the same second. */
static inline void made_try(struct logged_message *message, const char *to, double at,
                            enum logged_status status)
{
    made_trip(message, at);
    if (status == LOGGED_SENT)
        made_sent(message, to, at);
    else if (status == LOGGED_BOUNCED)
        made_bounced(message, to, at);
    else
        made_deferred(message, to, at);
}

#endif
