/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/maillog.h"

#include <stdlib.h>
#include <string.h>

#include "io/maillog_live.h"
#include "io/maillog_reader.h"
#include "sim/alloc.h"
#include "sim/hash.h"

/* By how much lines may be out of order. */
#define DISORDER (10 * SIM_SECOND)

/* bounce(8) names a notice's queue file at most so long after that was begun. */
#define NOTICE_LAG (60 * SIM_SECOND)

/*
 * Without an "(queue active)" line, a new trip through the active queue shows by the time that an
 * agent line says it was entered; the slack is for the rounding of delays=. Where even that is
 * missing, a recipient that is tried again shows it.
 */
#define ENTRY_SLACK (5 * SIM_SECOND)
#define RETRY_LEAST (60 * SIM_SECOND)

struct maillog {
    struct maillog_sink sink;
    struct maillog_starts starts;
    struct maillog_lines lines;
    struct live_table table;
    struct maillog_totals totals;
};

/* ---- the end of a message ---- */

/* Where the log does not hold the birth: the first answer that says how old the message was. */
static void infer_arrival(struct logged_message *message)
{
    for (size_t i = 0; i < message->attempt_count && message->arrival == SIM_NEVER; i++)
        if (message->attempts[i].delay != SIM_NEVER)
            message->arrival = message->attempts[i].at - message->attempts[i].delay;
}

static void hand_on(void *user, struct logged_message *message, enum live_state state)
{
    struct maillog *log = user;

    if (state == LIVE_BORN) {
        log->totals.unqueued++;
        logged_message_free(message);
        return;
    }
    infer_arrival(message);
    log->totals.messages++;
    log->totals.unfinished += message->removed == SIM_NEVER ? 1 : 0;
    log->sink.message(log->sink.user, message);
}

/* ---- what each kind of line does ---- */

static struct live *find(const struct maillog *log, const struct maillog_line *line)
{
    return live_find(&log->table, line->host, line->instance, line->queue_id);
}

static struct live *begin(struct maillog *log, const struct maillog_line *line)
{
    return live_begin(&log->table, line->host, line->instance, line->queue_id, line->at);
}

/* Is a birth line about another message than the one that has its queue id? */
static bool is_reborn(const struct live *live, const struct maillog_line *line)
{
    bool is_origin = line->kind == MAILLOG_ORIGIN;

    if (live->state == LIVE_LEFT || (is_origin && live->has_origin))
        return true;
    if (live->state == LIVE_BORN && !is_origin)
        return false; /* message-id= comes with the data, which can be slow */
    return line->at - live->first > DISORDER;
}

static void see_birth(struct maillog *log, const struct maillog_line *line)
{
    struct live *live = find(log, line);
    if (live == NULL || is_reborn(live, line))
        live = begin(log, line);

    struct logged_message *message = live->message;
    if (!message->born_in_log || line->at < message->arrival)
        message->arrival = line->at;
    message->born_in_log = true;
    live->has_origin |= line->kind == MAILLOG_ORIGIN;
    log->totals.births += line->kind == MAILLOG_ORIGIN ? 1 : 0;
    live_touch(&log->table, live, live->state, line->at);
}

static void learn_sender(struct logged_message *message, const struct maillog_line *line)
{
    if (message->sender == NULL)
        message->sender = logged_text(message, line->sender.text, line->sender.length);
}

static void see_active(struct maillog *log, const struct maillog_line *line)
{
    struct live *live = find(log, line);
    if (live == NULL || live->state == LIVE_LEFT)
        live = begin(log, line);

    struct logged_message *message = live->message;
    learn_sender(message, line);
    if (message->size_bytes < 0) {
        message->size_bytes = line->size_bytes;
        message->nrcpt = line->nrcpt;
    }
    logged_activation_add(message, line->at)->line = ++log->totals.activations;
    live_touch(&log->table, live, LIVE_QUEUED, line->at);
}

/* When the message entered the active queue: before the b, c and d of delays=a/b/c/d. */
static sim_time entry_of(const struct maillog_line *line)
{
    sim_time entry = line->at;

    for (size_t i = 1; i < 4; i++) {
        if (line->delays[i] == SIM_NEVER)
            return SIM_NEVER;
        entry -= line->delays[i];
    }
    return entry;
}

/* Is the answer from a later trip than the last one we know of? */
static bool is_new_trip(const struct logged_message *message, uint32_t recipient,
                        const struct maillog_line *line)
{
    if (message->activation_count == 0)
        return true;
    const struct logged_activation *trip = &message->activations[message->activation_count - 1];
    if (trip->end == SIM_NEVER)
        return false;
    sim_time entry = entry_of(line);
    if (entry != SIM_NEVER)
        return entry - trip->end > ENTRY_SLACK;

    uint32_t last = message->recipients[recipient].last;
    return last != UINT32_MAX && message->attempts[last].activation + 1 == message->activation_count
           && line->at - message->attempts[last].at >= RETRY_LEAST;
}

static void add_attempt(struct logged_message *message, uint32_t recipient,
                        const struct maillog_line *line)
{
    struct logged_attempt *attempt = logged_attempt_add(message, recipient, line->at);
    size_t dsn = line->dsn.length < sizeof attempt->dsn ? line->dsn.length : 0;

    attempt->status = line->status;
    attempt->delay = line->delay;
    memcpy(attempt->delays, line->delays, sizeof attempt->delays);
    if (dsn > 0)
        memcpy(attempt->dsn, line->dsn.text, dsn);
    logged_attempt_say(message, attempt, line->reason.text, line->reason.length, line->relay.text,
                       line->relay.length);
}

static void see_attempt(struct maillog *log, const struct maillog_line *line)
{
    struct live *live = find(log, line);
    if (live == NULL)
        live = begin(log, line);

    struct logged_message *message = live->message;
    uint32_t recipient = logged_recipient_add(message, line->recipient.text, line->recipient.length,
                                              line->original.text, line->original.length);
    if (is_new_trip(message, recipient, line))
        logged_activation_add(message, SIM_NEVER);
    for (uint32_t i = 0; i < line->repeat; i++)
        add_attempt(message, recipient, line);
    log->totals.attempts[line->status] += line->repeat;
    live_touch(&log->table, live, live->state == LIVE_LEFT ? LIVE_LEFT : LIVE_QUEUED, line->at);
}

static void see_expiry(struct maillog *log, const struct maillog_line *line)
{
    struct live *live = find(log, line);

    log->totals.expired++;
    if (live == NULL)
        return;
    learn_sender(live->message, line);
    live->message->expired = line->at;
    live->message->forced = line->forced;
    live_touch(&log->table, live, live->state, line->at);
}

/* Marks the message that carries a notice; its own lines may come before or after. */
static void see_notice(struct maillog *log, const struct maillog_line *line)
{
    struct maillog_line named = *line;
    named.queue_id = line->notice_id;

    struct live *live = find(log, &named);
    if (live == NULL || live->has_origin || line->at - live->first > NOTICE_LAG)
        live = begin(log, &named);
    live->message->is_notice = true;
    log->totals.other_notices += line->kind == MAILLOG_NOTICE ? 1 : 0;
}

static void see_bounce(struct maillog *log, const struct maillog_line *line)
{
    struct live *live = find(log, line);

    log->totals.bounce_notices++;
    if (live != NULL)
        live->message->bounce_notices++;
    see_notice(log, line);
}

static void see_warning(struct maillog *log, const struct maillog_line *line)
{
    struct live *live = find(log, line);

    log->totals.delay_notices++;
    if (live != NULL) {
        live->message->delay_notices++;
        if (live->message->warned == SIM_NEVER)
            live->message->warned = line->at;
    }
    see_notice(log, line);
}

static void see_removal(struct maillog *log, const struct maillog_line *line)
{
    struct live *live = find(log, line);

    log->totals.removed++;
    if (live == NULL || live->state == LIVE_LEFT)
        return;
    live->message->removed = line->at;
    live->message->by_operator = line->kind == MAILLOG_TAKEN;
    live_touch(&log->table, live, LIVE_LEFT, line->at);
}

static void see_deed(struct maillog *log, const struct maillog_line *line)
{
    struct live *live = find(log, line);

    if (live == NULL || live->state == LIVE_LEFT)
        return;
    logged_deed_add(live->message, line->deed, line->at);
    live_touch(&log->table, live, live->state, line->at);
}

/* A copy that NULs do not end; the caller frees it. */
static char *text_of(struct span span)
{
    char *text = alloc_text(span.text, span.length);

    for (char *nul = text; (nul = memchr(nul, '\0', (size_t)(text + span.length - nul))) != NULL;)
        *nul = '?';
    return text;
}

static void see_start(struct maillog *log, const struct maillog_line *line)
{
    if (log->starts.tell == NULL)
        return;
    char *host = text_of(line->host), *instance = text_of(line->instance);
    log->starts.tell(log->starts.user,
                     &(struct logged_start){host, instance, line->at, line->reloaded});
    free(host);
    free(instance);
}

/* ---- lines ---- */

typedef void see_fn(struct maillog *log, const struct maillog_line *line);

static see_fn *const see[] = {
    [MAILLOG_ORIGIN] = see_birth,    [MAILLOG_BORN] = see_birth,
    [MAILLOG_ACTIVE] = see_active,   [MAILLOG_ATTEMPT] = see_attempt,
    [MAILLOG_EXPIRED] = see_expiry,  [MAILLOG_BOUNCE] = see_bounce,
    [MAILLOG_WARNING] = see_warning, [MAILLOG_NOTICE] = see_notice,
    [MAILLOG_REMOVED] = see_removal, [MAILLOG_TAKEN] = see_removal,
    [MAILLOG_DEED] = see_deed,       [MAILLOG_STARTED] = see_start,
};

static void note_time(struct maillog_totals *totals, sim_time at)
{
    if (totals->first == SIM_NEVER || at < totals->first)
        totals->first = at;
    if (totals->last == SIM_NEVER || at > totals->last)
        totals->last = at;
}

void maillog_see(struct maillog *log, const struct maillog_line *line)
{
    if (line->kind == MAILLOG_UNSTAMPED) {
        log->totals.unstamped_lines++;
        return;
    }
    if (line->kind == MAILLOG_FOREIGN) {
        log->totals.foreign_lines++;
        return;
    }
    log->totals.postfix_lines++;
    note_time(&log->totals, line->at);
    if (line->kind == MAILLOG_PLAIN)
        return;
    live_expire(&log->table, line->at);
    see[line->kind](log, line);
}

struct maillog *maillog_new(struct maillog_sink sink)
{
    struct maillog *log = alloc_zeroed(sizeof *log);

    log->sink = sink;
    log->table = (struct live_table){.let_go = hand_on, .user = log};
    log->totals.first = SIM_NEVER;
    log->totals.last = SIM_NEVER;
    maillog_lines_init(&log->lines, 0);
    return log;
}

void maillog_tell_starts(struct maillog *log, struct maillog_starts starts)
{
    log->starts = starts;
}

void maillog_begin(struct maillog *log, sim_time reference)
{
    log_stamp_init(&log->lines.stamps, reference);
}

void maillog_feed(struct maillog *log, const char *text, size_t length)
{
    struct span rest = {text, length};
    struct span line;

    while (rest.length > 0) {
        if (!span_take_until(&rest, '\n', &line)) {
            line = rest;
            rest.length = 0;
        }
        span_drop(&line, SPAN("\r"));

        struct maillog_line read;
        maillog_line_read(&log->lines, line.text, line.length, &read);
        maillog_see(log, &read);
    }
}

void maillog_end_file(struct maillog *log, uint64_t cut_lines, uint64_t hash)
{
    log->totals.cut_lines += cut_lines;
    log->totals.hash = hash_beside(log->totals.hash, hash);
}

void maillog_count_copied(struct maillog *log, uint64_t lines)
{
    log->totals.copied_lines += lines;
}

bool maillog_read(struct maillog *log, const char *path, struct err *err)
{
    struct maillog_reader reader;

    if (!maillog_reader_open(&reader, path, err))
        return false;
    while (maillog_reader_next(&reader))
        maillog_see(log, &reader.line);
    maillog_end_file(log, input_cut_lines(reader.input), reader.hash);
    return maillog_reader_close(&reader, err);
}

bool maillog_starts(const char *path, sim_time *at, struct err *err)
{
    struct maillog_reader reader;

    *at = SIM_NEVER;
    if (!maillog_reader_open(&reader, path, err))
        return false;
    while (*at == SIM_NEVER && maillog_reader_next(&reader)) {
        if (reader.line.kind >= MAILLOG_PLAIN)
            *at = reader.line.at;
    }
    (void)maillog_reader_close(&reader, NULL); /* damage is told when it is read */
    return true;
}

const struct maillog_totals *maillog_totals(const struct maillog *log)
{
    return &log->totals;
}

void maillog_finish(struct maillog *log, struct maillog_totals *totals)
{
    live_finish(&log->table);
    if (totals != NULL)
        *totals = log->totals;
    maillog_lines_free(&log->lines);
    free(log);
}
