/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/maillog_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "models/reason.h"
#include "sim/alloc.h"

#define ADDRESS_ROOM 1024
#define CLIENT "client.example[192.0.2.1]"
#define USER 102         /* whose mail pickup(8) finds: Postfix's own */
#define NOTICE_SIZE 2400 /* about what a notice has, in bytes */
#define VERSION "3.7.11" /* of the Postfix that is modelled */
#define DELAYS_ROOM (4 * MAILLOG_SECONDS_ROOM)

static struct maillog_writer *writer_of(struct observer *self)
{
    return CONTAINER_OF(self, struct maillog_writer, observer);
}

#define PUT(writer, at, program, ...)                                                              \
    maillog_put_line(&(writer)->output, (writer)->format, (writer)->host,                          \
                     (writer)->catalogue.scenario->start + (at), program, __VA_ARGS__)

static void name_file(const struct maillog_writer *writer, const struct message *message,
                      char id[QUEUE_ID_MOST + 1])
{
    catalogue_queue_id_text(&writer->catalogue, message, id, QUEUE_ID_MOST + 1);
}

static void name_sender(const struct maillog_writer *writer, const struct message *message,
                        char sender[ADDRESS_ROOM])
{
    uint32_t name = catalogue_sender(&writer->catalogue, message_id(message));

    maillog_address(sender, ADDRESS_ROOM, names_text(&writer->catalogue.scenario->names, name));
}

/* ----------------------------------------------------------- what was put off */

/* It is gone: told last, behind its notices. */
static void tell_removed(struct maillog_writer *writer)
{
    if (writer->leaving[0] == '\0')
        return;
    PUT(writer, writer->left_at, MAILLOG_QMGR, "%s: removed", writer->leaving);
    writer->leaving[0] = '\0';
}

/* Postsuper's words for what it does to a file, and for how many it did that to; in its order. */
static const struct deed {
    enum operation_kind kind;
    const char *done, *sum;
} deeds[] = {
    {OPERATION_DELETE, "removed", "Deleted"},
    {OPERATION_REQUEUE, "requeued", "Requeued"},
    {OPERATION_HOLD, "placed on hold", "Placed on hold"},
    {OPERATION_EXPIRE, "expired", "Force-expired"},
    {OPERATION_RELEASE, "released from hold", "Released from hold"},
};

static void tell_sums(struct maillog_writer *writer)
{
    for (size_t i = 0; i < COUNT_OF(deeds); i++) {
        uint32_t *count = &writer->operated[deeds[i].kind];
        if (*count > 0)
            PUT(writer, writer->operated_at, MAILLOG_POSTSUPER, "%s: %lu message%s", deeds[i].sum,
                (unsigned long)*count, *count == 1 ? "" : "s");
        *count = 0;
    }
}

/* What happens now comes after what was put off. */
static struct maillog_writer *writer_at(struct observer *self, sim_time at)
{
    struct maillog_writer *writer = writer_of(self);

    if (at != writer->operated_at)
        tell_sums(writer);
    return writer;
}

/* -------------------------------------------------------------------- arrivals */

/* As cleanup(8) makes it for mail that has none; a requeued file keeps that of its first id. */
static void put_message_id(struct maillog_writer *writer, const struct message *message,
                           sim_time at)
{
    struct message first = *message;
    char id[QUEUE_ID_MOST + 1], origin[QUEUE_ID_MOST + 1], stamp[32] = "";
    time_t second = (time_t)sim_second(writer->catalogue.scenario->start + message->arrival);
    struct tm tm;

    first.requeues = 0;
    name_file(writer, message, id);
    name_file(writer, &first, origin);
    gmtime_r(&second, &tm);
    if (!writer->catalogue.long_queue_ids)
        strftime(stamp, sizeof stamp, "%Y%m%d%H%M%S.", &tm);
    PUT(writer, at, MAILLOG_CLEANUP, "%s: message-id=<%s%s@%s>", id, stamp, origin,
        writer->hostname);
}

/* The notice that was announced: bounce(8) tells of it when cleanup(8) has it. */
static void put_notice(struct maillog_writer *writer, const struct message *notice, const char *id)
{
    static const char *const kinds[] = {[NOTICE_NON_DELIVERY] = "sender non-delivery notification",
                                        [NOTICE_DELAY] = "sender delay notification"};

    PUT(writer, notice->arrival, MAILLOG_BOUNCE_DAEMON, "%s: %s: %s", writer->about,
        kinds[writer->kind], id);
    if (strcmp(writer->about, writer->leaving) == 0 && --writer->notices == 0)
        tell_removed(writer);
}

static void log_arrived(struct observer *self, const struct message *message, uint32_t recipients)
{
    struct maillog_writer *writer = writer_at(self, message->arrival);
    char id[QUEUE_ID_MOST + 1];

    (void)recipients;
    name_file(writer, message, id);
    if (message->notice == 0)
        PUT(writer, message->arrival, MAILLOG_SMTPD, "%s: client=" CLIENT, id);
    put_message_id(writer, message, message->arrival);
    if (message->notice != 0)
        put_notice(writer, message, id);
}

static void log_notified(struct observer *self, sim_time at, const struct message *message,
                         enum notice_kind kind, uint32_t recipients)
{
    struct maillog_writer *writer = writer_at(self, at);

    (void)recipients;
    name_file(writer, message, writer->about);
    writer->kind = kind;
}

/* -------------------------------------------------------------------- deliveries */

static int64_t size_of(const struct maillog_writer *writer, struct message_id id)
{
    int64_t size = catalogue_size_bytes(&writer->catalogue, id);

    return size >= 0 ? size : id.notice != 0 ? NOTICE_SIZE : 0;
}

static void log_activated(struct observer *self, sim_time at, const struct message *message,
                          uint32_t recipients, uint64_t scan)
{
    struct maillog_writer *writer = writer_at(self, at);
    struct message_id id = message_id(message);
    char file[QUEUE_ID_MOST + 1], sender[ADDRESS_ROOM];

    (void)recipients;
    (void)scan;
    name_file(writer, message, file);
    name_sender(writer, message, sender);
    PUT(writer, at, MAILLOG_QMGR, "%s: from=<%s>, size=%lld, nrcpt=%lu (queue active)", file,
        sender, (long long)size_of(writer, id),
        (unsigned long)catalogue_recipient_count(&writer->catalogue, id));
}

/* Postfix has no address twice in a message, unless it was written differently: in an alias. */
static bool has_it_already(const struct catalogue *catalogue, struct message_id id,
                           uint32_t recipient)
{
    uint32_t address = catalogue_recipient(catalogue, id, recipient).address;

    for (uint32_t i = 0; address != NAMES_NONE && i < recipient; i++) {
        if (catalogue_recipient(catalogue, id, i).address == address)
            return true;
    }
    return false;
}

/* "u@b.example>", and what it was before if it must be told apart. */
static void put_recipient(const struct maillog_writer *writer, struct message_id id,
                          uint32_t recipient, char *text, size_t room)
{
    char plain[ADDRESS_ROOM], address[ADDRESS_ROOM];

    catalogue_address_text(&writer->catalogue, id, recipient, plain, sizeof plain);
    maillog_address(address, sizeof address, plain);
    if (has_it_already(&writer->catalogue, id, recipient))
        snprintf(text, room, "%s>, orig_to=<alias%lu", address, (unsigned long)recipient);
    else
        snprintf(text, room, "%s", address);
}

/* Only once there is a session. A field ends with a comma: no host's name holds one. */
static void put_relay(const struct maillog_writer *writer, const struct attempt *attempt,
                      char *text, size_t room)
{
    char host[ADDRESS_ROOM];

    if (attempt->outcome == OUTCOME_SUSPENDED || attempt->stage < STAGE_GREETING) {
        snprintf(text, room, "none");
        return;
    }
    reason_host(&writer->catalogue, attempt->site, host, sizeof host);
    for (char *at = host; *at != '\0'; at++) {
        if (*at == ',' || *at == ' ')
            *at = '?';
    }
    snprintf(text, room, "%s:25", host);
}

/* a/b/c/d: until active, until an agent has it, until there is a session, until it is answered. */
static void put_delays(const struct maillog_writer *writer, const struct message *message,
                       sim_time since, const struct attempt *attempt, char text[DELAYS_ROOM])
{
    bool session = attempt->outcome != OUTCOME_SUSPENDED;
    sim_time ready = session ? attempt->ready : attempt->start;
    const sim_time parts[] = {since - message->arrival, attempt->start - since,
                              ready - attempt->start, attempt->end - ready};
    char spans[COUNT_OF(parts)][MAILLOG_SECONDS_ROOM];

    for (size_t i = 0; i < COUNT_OF(parts); i++)
        maillog_seconds(spans[i], parts[i], writer->decimals);
    snprintf(text, DELAYS_ROOM, "%s/%s/%s/%s", spans[0], spans[1], spans[2], spans[3]);
}

/* "soft_bounce = yes": what a server refuses for good, for now. Greetings are softened anyway. */
static bool is_soft_bounce(const struct attempt *attempt)
{
    return attempt->outcome == OUTCOME_DEFERRED && attempt->reply->outcome == OUTCOME_BOUNCED;
}

static const char *status_of(const struct attempt *attempt)
{
    static const char *const words[] = {[OUTCOME_SENT] = "sent",
                                        [OUTCOME_DEFERRED] = "deferred",
                                        [OUTCOME_BOUNCED] = "bounced",
                                        [OUTCOME_SUSPENDED] = "deferred"};

    if (is_soft_bounce(attempt) && attempt->stage != STAGE_GREETING)
        return "SOFTBOUNCE";
    return words[attempt->outcome];
}

/* Of each address that was called in vain smtp(8) says so first. */
static void put_vain_call(struct maillog_writer *writer, const struct attempt *attempt,
                          const char *reason)
{
    if (attempt->outcome != OUTCOME_SUSPENDED && attempt->stage == STAGE_CONNECT)
        PUT(writer, attempt->end, MAILLOG_SMTP, "%s", reason);
}

static void log_attempted(struct observer *self, const struct message *message, sim_time since,
                          const struct attempt *attempt)
{
    struct maillog_writer *writer = writer_at(self, attempt->end);
    char id[QUEUE_ID_MOST + 1], to[2 * ADDRESS_ROOM], relay[2 * ADDRESS_ROOM];
    char delay[MAILLOG_SECONDS_ROOM], delays[DELAYS_ROOM], reason[REASON_MOST];
    const char *dsn = attempt->reply->dsn;

    name_file(writer, message, id);
    put_recipient(writer, message_id(message), attempt->recipient, to, sizeof to);
    put_relay(writer, attempt, relay, sizeof relay);
    maillog_seconds(delay, attempt->end - message->arrival, writer->decimals);
    put_delays(writer, message, since, attempt, delays);
    reason_text(&writer->catalogue, attempt, reason, sizeof reason);
    put_vain_call(writer, attempt, reason);
    PUT(writer, attempt->end, attempt->outcome == OUTCOME_SUSPENDED ? MAILLOG_ERROR : MAILLOG_SMTP,
        "%s: to=<%s>, relay=%s, delay=%s, delays=%s, dsn=%s%s, status=%s (%s)", id, to, relay,
        delay, delays, is_soft_bounce(attempt) ? "4" : "", dsn + is_soft_bounce(attempt),
        status_of(attempt), reason);
}

/* How many notices follow on the end of a trip. */
static unsigned notices_due(const struct activation *activation)
{
    bool bounced = false;

    for (size_t i = 0; i < activation->count; i++)
        bounced |= activation->attempts[i].outcome == OUTCOME_BOUNCED;
    return activation->message->null_sender ? 0
                                            : bounced + (activation->fate == FATE_EXPIRED ? 1u : 0);
}

static void log_ended(struct observer *self, const struct activation *activation)
{
    struct maillog_writer *writer = writer_at(self, activation->end);
    const struct message *message = activation->message;
    char id[QUEUE_ID_MOST + 1], sender[ADDRESS_ROOM];

    if (activation->fate == FATE_DEFERRED)
        return;
    tell_removed(writer);
    name_file(writer, message, id);
    name_sender(writer, message, sender);
    if (activation->fate == FATE_EXPIRED)
        PUT(writer, activation->end, MAILLOG_QMGR, "%s: from=<%s>, status=%s, returned to sender",
            id, sender, message->forced ? "force-expired" : "expired");
    memcpy(writer->leaving, id, sizeof id);
    writer->left_at = activation->end;
    writer->notices = notices_due(activation);
    if (writer->notices == 0)
        tell_removed(writer);
}

/* -------------------------------------------------------------------- operators */

/* pickup(8) makes a new file of it, under another id. */
static void put_requeued(struct maillog_writer *writer, const struct message *message, sim_time at)
{
    struct message before = *message;
    char id[QUEUE_ID_MOST + 1], sender[ADDRESS_ROOM];

    before.requeues--;
    name_file(writer, &before, writer->operated_on);
    name_file(writer, message, id);
    name_sender(writer, message, sender);
    PUT(writer, at, MAILLOG_POSTSUPER, "%s: requeued", writer->operated_on);
    PUT(writer, at, MAILLOG_PICKUP, "%s: uid=%d from=<%s> orig_id=%s", id, USER, sender,
        writer->operated_on);
    put_message_id(writer, message, at);
}

static void note_deed(struct maillog_writer *writer, sim_time at, enum operation_kind kind)
{
    writer->operated[kind]++;
    writer->operated_at = at;
}

static void log_operated(struct observer *self, sim_time at, enum operation_kind kind,
                         const struct message *message, const struct tally *tally)
{
    struct maillog_writer *writer = writer_at(self, at);

    (void)tally;
    for (size_t i = 0; i < COUNT_OF(deeds); i++) {
        if (deeds[i].kind != kind)
            continue;
        note_deed(writer, at, kind);
        if (kind == OPERATION_REQUEUE) {
            put_requeued(writer, message, at);
            return;
        }
        name_file(writer, message, writer->operated_on);
        PUT(writer, at, MAILLOG_POSTSUPER, "%s: %s", writer->operated_on, deeds[i].done);
    }
}

/* "postsuper -f" tells of the release as an expiry, and then that the file moved. */
static void log_moved(struct observer *self, sim_time at, enum mail_queue from,
                      enum mail_queue into)
{
    struct maillog_writer *writer = writer_at(self, at);

    if (from != QUEUE_HOLD || into != QUEUE_DEFERRED || writer->operated[OPERATION_EXPIRE] == 0)
        return;
    note_deed(writer, at, OPERATION_RELEASE);
    PUT(writer, at, MAILLOG_POSTSUPER, "%s: released from hold", writer->operated_on);
}

/* "postfix reload": the other way to a new queue manager, a stop, tells in two lines. */
static void log_restarted(struct observer *self, sim_time at)
{
    PUT(writer_at(self, at), at, MAILLOG_MASTER,
        "reload -- version " VERSION ", configuration /etc/postfix");
}

/* -------------------------------------------------------------------- the file */

static void log_finished(struct observer *self, sim_time at)
{
    struct maillog_writer *writer = writer_of(self);

    (void)at;
    tell_sums(writer);
    tell_removed(writer);
}

static const struct observer_ops ops = {
    .arrived = log_arrived,
    .activated = log_activated,
    .attempted = log_attempted,
    .ended = log_ended,
    .notified = log_notified,
    .operated = log_operated,
    .moved = log_moved,
    .restarted = log_restarted,
    .finished = log_finished,
};

/* A name that separates no fields. */
static char *safe_name(const char *name, size_t length)
{
    char *safe = alloc_text(name, length);

    for (char *at = safe; *at != '\0'; at++) {
        bool plain = (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z')
                     || (*at >= 'A' && *at <= 'Z') || *at == '-' || *at == '.' || *at == '_';
        if (!plain)
            *at = '?';
    }
    return safe;
}

/* Where the folder ends and the name begins. */
static bool open_file(struct output *output, const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    char *folder = slash == NULL   ? alloc_printf(".")
                   : slash == path ? alloc_printf("/")
                                   : alloc_text(path, (size_t)(slash - path));
    bool good = *name != '\0' ? output_open(output, folder, name, err)
                              : err_exit(err, EX_CANTCREAT, "%s: is no name of a file", path);

    free(folder);
    return good;
}

bool maillog_writer_open(struct maillog_writer *writer, const char *path,
                         const struct catalogue *catalogue, const struct maillog_options *options,
                         struct err *err)
{
    *writer = (struct maillog_writer){
        .observer.ops = &ops,
        .format = options->format,
        .catalogue = *catalogue,
        .decimals = options->decimals,
        .operated_at = -SIM_NEVER,
    };
    if (!open_file(&writer->output, path, err))
        return false;
    writer->hostname = safe_name(options->hostname, strlen(options->hostname));
    writer->host = safe_name(options->hostname, strcspn(options->hostname, "."));
    return true;
}

bool maillog_writer_commit(struct maillog_writer *writer, struct err *err)
{
    return output_commit(&writer->output, err);
}

void maillog_writer_discard(struct maillog_writer *writer)
{
    output_discard(&writer->output);
    free(writer->hostname);
    free(writer->host);
    *writer = (struct maillog_writer){0};
}
