/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/log_writer.h - an observer that keeps what a mail log would
 *
 * Stamps have whole seconds, and reasons are worded as Postfix's. Messages are
 * logged by the label of their trace if they are a replay's, else by a number.
 */
#ifndef TESTS_MODELS_LOG_WRITER_H
#define TESTS_MODELS_LOG_WRITER_H

#include <stdlib.h>
#include <string.h>

#include "models/catalogue.h"
#include "models/logged.h"
#include "models/observer.h"
#include "sim/alloc.h"
#include "sim/keymap.h"

struct log_writer {
    struct observer observer;
    struct catalogue catalogue;
    bool replay; /* it is the second time: labels are queue ids */
    struct keymap place;
    struct logged_message **messages; /* owned, in the order of their arrivals */
    size_t count, room;
    sim_time last; /* the latest stamp */
    sim_time scan; /* when one took place; SIM_NEVER if none did */
};

/* As syslog would stamp it. */
static inline sim_time writer_stamp(struct log_writer *writer, sim_time at)
{
    sim_time stamp = sim_second(writer->catalogue.scenario->start + at) * SIM_SECOND;

    if (stamp > writer->last)
        writer->last = stamp;
    return stamp;
}

static inline struct logged_message *writer_find(struct log_writer *writer,
                                                 const struct message *message)
{
    const int64_t *place = keymap_find(&writer->place, message_key(message));

    REQUIRE(place != NULL);
    return writer->messages[*place];
}

static inline const char *writer_keep(struct logged_message *logged, char *text)
{
    const char *kept = logged_text(logged, text, strlen(text));

    free(text);
    return kept;
}

static inline char *writer_queue_id(const struct log_writer *writer, struct message_id id)
{
    uint32_t label = catalogue_label(&writer->catalogue, id);

    if (!writer->replay || label == NAMES_NONE)
        return alloc_printf("ID%zu", 10000 + writer->count);
    return alloc_printf("%s", names_text(&writer->catalogue.scenario->names, label));
}

static inline void writer_arrived(struct observer *self, const struct message *message,
                                  uint32_t recipients)
{
    struct log_writer *writer = CONTAINER_OF(self, struct log_writer, observer);
    struct logged_message *logged = logged_message_new();
    struct message_id id = message_id(message);
    uint32_t sender = catalogue_sender(&writer->catalogue, id);

    (void)recipients;
    logged->queue_id = writer_keep(logged, writer_queue_id(writer, id));
    logged->host = logged_text(logged, "mx", 2);
    logged->instance = logged_text(logged, "postfix", 7);
    logged->sender = writer_keep(
        logged, alloc_printf("%s", names_text(&writer->catalogue.scenario->names, sender)));
    logged->arrival = writer_stamp(writer, message->arrival);
    logged->born_in_log = true;
    logged->is_notice = message->notice != 0;
    writer->messages = alloc_grow(writer->messages, &writer->room, writer->count + 1,
                                  sizeof(struct logged_message *));
    keymap_at(&writer->place, message_key(message), (int64_t)writer->count);
    writer->messages[writer->count++] = logged;
}

static inline void writer_activated(struct observer *self, sim_time at,
                                    const struct message *message, uint32_t recipients,
                                    uint64_t scan)
{
    struct log_writer *writer = CONTAINER_OF(self, struct log_writer, observer);

    (void)recipients;
    (void)scan;
    logged_activation_add(writer_find(writer, message), writer_stamp(writer, at));
}

static inline void writer_scanned(struct observer *self, sim_time at, uint64_t scan,
                                  uint32_t messages, uint64_t recipients)
{
    struct log_writer *writer = CONTAINER_OF(self, struct log_writer, observer);

    (void)scan, (void)messages, (void)recipients;
    writer->scan = writer->catalogue.scenario->start + at;
}

/* An address that the message has twice came by an alias the second time. */
static inline uint32_t writer_recipient(struct log_writer *writer, struct logged_message *logged,
                                        const struct message *message, uint32_t recipient)
{
    char address[100], alias[100];
    size_t length = catalogue_address_text(&writer->catalogue, message_id(message), recipient,
                                           address, sizeof address);
    bool again = false;

    for (uint32_t i = 0; i < recipient; i++) {
        catalogue_address_text(&writer->catalogue, message_id(message), i, alias, sizeof alias);
        again |= strcmp(alias, address) == 0;
    }
    char *original = alloc_printf("alias%u", recipient);
    uint32_t number = logged_recipient_add(logged, address, length, again ? original : NULL,
                                           again ? strlen(original) : 0);
    free(original);
    return number;
}

/* A replay's answers are a log's already: they are said again as they are. */
static inline char *writer_answer(const struct attempt *attempt)
{
    static const char *const commands[STAGE_COUNT] = {
        [STAGE_MAIL] = "MAIL FROM", [STAGE_RCPT] = "RCPT TO", [STAGE_DATA] = "end of DATA"};
    const char *text = attempt->reply->text;

    if (attempt->outcome == OUTCOME_SENT)
        return alloc_printf("%s", text);
    if (attempt->stage == STAGE_DNS)
        return alloc_printf("Host or domain name not found. Name service error: %s", text);
    if (attempt->stage == STAGE_CONNECT)
        return alloc_printf("connect to mx[192.0.2.1]:25: %s", text);
    if (attempt->stage == STAGE_GREETING)
        return alloc_printf("host mx[192.0.2.1] refused to talk to me: %s", text);
    return alloc_printf("host mx[192.0.2.1] said: %s (in reply to %s command)", text,
                        commands[attempt->stage]);
}

static inline char *writer_reason(const struct attempt *attempt)
{
    char *answer = writer_answer(attempt);

    if (attempt->outcome != OUTCOME_SUSPENDED)
        return answer;
    char *reason = alloc_printf("delivery temporarily suspended: %s", answer);
    free(answer);
    return reason;
}

static inline void writer_attempt(struct log_writer *writer, struct logged_message *logged,
                                  const struct activation *activation,
                                  const struct attempt *attempt)
{
    static const enum logged_status statuses[] = {[OUTCOME_SENT] = LOGGED_SENT,
                                                  [OUTCOME_DEFERRED] = LOGGED_DEFERRED,
                                                  [OUTCOME_SUSPENDED] = LOGGED_SUSPENDED,
                                                  [OUTCOME_BOUNCED] = LOGGED_BOUNCED};
    const struct message *message = activation->message;
    uint32_t recipient = writer_recipient(writer, logged, message, attempt->recipient);
    struct logged_attempt *added =
        logged_attempt_add(logged, recipient, writer_stamp(writer, attempt->end));
    char *reason = writer_reason(attempt);

    added->status = statuses[attempt->outcome];
    memcpy(added->dsn, attempt->reply->dsn, sizeof added->dsn);
    added->delay = attempt->end - message->arrival;
    added->delays[0] = activation->start - message->arrival;
    added->delays[1] = attempt->start - activation->start;
    added->delays[2] = attempt->ready - attempt->start;
    added->delays[3] = attempt->end - attempt->ready;
    logged_attempt_say(logged, added, reason, strlen(reason), "mx", 2);
    free(reason);
}

static inline void writer_ended(struct observer *self, const struct activation *activation)
{
    struct log_writer *writer = CONTAINER_OF(self, struct log_writer, observer);
    struct logged_message *logged = writer_find(writer, activation->message);

    for (size_t i = 0; i < activation->count; i++)
        writer_attempt(writer, logged, activation, &activation->attempts[i]);
    if (activation->fate == FATE_EXPIRED)
        logged->expired = writer_stamp(writer, activation->end);
    if (activation->fate != FATE_DEFERRED)
        logged->removed = writer_stamp(writer, activation->end);
}

static inline void writer_notified(struct observer *self, sim_time at,
                                   const struct message *message, enum notice_kind kind,
                                   uint32_t recipients)
{
    struct log_writer *writer = CONTAINER_OF(self, struct log_writer, observer);
    struct logged_message *logged = writer_find(writer, message);

    (void)recipients;
    if (kind == NOTICE_DELAY) {
        logged->delay_notices++;
        logged->warned = writer_stamp(writer, at);
    } else {
        logged->bounce_notices++;
    }
}

static const struct observer_ops log_writer_ops = {
    .arrived = writer_arrived,
    .scanned = writer_scanned,
    .activated = writer_activated,
    .ended = writer_ended,
    .notified = writer_notified,
};

static inline void log_writer_init(struct log_writer *writer, const struct scenario *scenario,
                                   uint64_t seed, bool replay)
{
    *writer = (struct log_writer){
        .observer.ops = &log_writer_ops,
        .catalogue = {scenario, {.seed = seed}, false},
        .replay = replay,
        .last = -SIM_NEVER,
        .scan = SIM_NEVER,
    };
}

static inline void log_writer_fini(struct log_writer *writer)
{
    for (size_t i = 0; i < writer->count; i++)
        logged_message_free(writer->messages[i]);
    free(writer->messages);
    keymap_fini(&writer->place);
}

#endif
