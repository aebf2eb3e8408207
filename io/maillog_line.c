/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/maillog_line.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/journal_json.h"
#include "sim/alloc.h"
#include "sim/check.h"

/* Bounds of what is believed to be a name: more is noise. */
#define NAME_MOST 255
#define QUEUE_ID_LEAST 6 /* %05X%lX */
#define QUEUE_ID_MOST 64

/* Numbers stop growing here. */
#define NUMBER_MOST 1000000000000

/* A delay of 32 years is noise too. */
#define SECONDS_MOST 1000000000

#define MICROSECOND_DIGITS 6

/* A line said to be repeated more often is not believed. */
#define REPEAT_MOST 1000

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_alnum(char c)
{
    return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z');
}

/* Eats digits, at least one. */
static bool take_number(struct span *rest, int64_t *number)
{
    size_t i = 0;

    *number = 0;
    for (; i < rest->length && is_digit(rest->text[i]); i++)
        if (*number < NUMBER_MOST)
            *number = 10 * *number + rest->text[i] - '0';
    *rest = span_from(*rest, i);
    return i > 0;
}

/* "46619", "0.02" */
static sim_time read_seconds(struct span text)
{
    int64_t whole;
    sim_time fraction = 0;

    if (!take_number(&text, &whole) || whole >= SECONDS_MOST)
        return SIM_NEVER;
    if (text.length > 0 && text.text[0] != '.')
        return SIM_NEVER;
    for (size_t i = 1; i <= MICROSECOND_DIGITS; i++) {
        fraction *= 10;
        if (i < text.length && is_digit(text.text[i]))
            fraction += text.text[i] - '0';
    }
    return whole * SIM_SECOND + fraction;
}

/* "0.7/0.44/1.5/19" */
static void read_delays(struct span text, sim_time delays[4])
{
    struct span part[4];

    if (!span_take_until(&text, '/', &part[0]) || !span_take_until(&text, '/', &part[1])
        || !span_take_until(&text, '/', &part[2]))
        return;
    part[3] = text;
    for (size_t i = 0; i < 4; i++)
        delays[i] = read_seconds(part[i]);
}

/* ---- the line up to its text ---- */

/*
 * Eats "<22>" and, in RFC 5424, the version after it. Returns whether that was there: then spaces
 * separate the tag's parts.
 */
static bool take_priority(struct span *rest)
{
    struct span priority;

    if (!span_take(rest, SPAN("<")) || !span_take_until(rest, '>', &priority))
        return false;
    return span_take(rest, SPAN("1 "));
}

/* "smtpd" of "postfix/submission/smtpd" */
static struct span last_part(struct span name)
{
    size_t start = name.length;

    while (start > 0 && name.text[start - 1] != '/')
        start--;
    return span_from(name, start);
}

/* Postfix's daemons and commands that log, for tags whose syslog_name does not say so. */
static bool is_program(struct span name)
{
    static const char *const programs[] = {
        "anvil",      "bounce",    "cleanup",         "discard", "dnsblog", "error",  "flush",
        "lmtp",       "local",     "master",          "nqmgr",   "oqmgr",   "pickup", "pipe",
        "postscreen", "postsuper", "proxymap",        "qmgr",    "qmqpd",   "scache", "smtp",
        "smtpd",      "tlsproxy",  "trivial-rewrite", "verify",  "virtual",
    };

    for (size_t i = 0; i < COUNT_OF(programs); i++)
        if (span_is(name, (struct span){programs[i], strlen(programs[i])}))
            return true;
    return false;
}

/* Splits "postfix/submission/smtpd". Fails for other programs' tags. */
static bool read_tag(struct span tag, struct maillog_line *line)
{
    struct span rest = tag;

    if (tag.length > NAME_MOST)
        return false;
    if (!span_take_until(&rest, '/', &line->instance)) {
        line->instance = tag;
        return span_is(tag, SPAN("postfix"));
    }
    line->program = last_part(rest);
    return line->instance.length > 0
           && (span_starts(line->instance, SPAN("postfix")) || is_program(line->program));
}

/* Eats "postfix/smtp[30840]: ". */
static bool take_tag(struct span *rest, struct span *tag)
{
    if (!span_take_until(rest, ' ', tag) || !span_drop(tag, SPAN(":")))
        return false;
    tag->length = span_find(*tag, '[');
    return true;
}

/* Eats RFC 5424's "-", or its "[id name=\"value\"]", as many as there are. */
static bool take_data(struct span *rest)
{
    if (span_take(rest, SPAN("-")))
        return true;
    struct span inside;
    while (span_starts(*rest, SPAN("[")))
        do {
            if (!span_take_until(rest, ']', &inside))
                return false;
        } while (span_ends(inside, SPAN("\\")));
    return true;
}

/*
 * Eats "postfix/smtp 30840 - - ", and what daemons put before the text: rsyslog a space, others the
 * mark of UTF-8.
 */
static bool take_wire_tag(struct span *rest, struct span *tag)
{
    struct span skipped;

    if (!span_take_until(rest, ' ', tag) || !span_take_until(rest, ' ', &skipped)
        || !span_take_until(rest, ' ', &skipped) || !take_data(rest) || !span_take(rest, SPAN(" ")))
        return false;
    span_take(rest, SPAN(" "));
    span_take(rest, SPAN("\xef\xbb\xbf"));
    return true;
}

/* ---- the fields of an agent line ---- */

/* The length of a quoted local part at the start; 0 if there is none that ends. */
static size_t quoted_length(struct span text)
{
    if (text.length == 0 || text.text[0] != '"')
        return 0;
    for (size_t i = 1; i < text.length; i++) {
        if (text.text[i] == '"')
            return i + 1;
        if (text.text[i] == '\\')
            i++;
    }
    return 0;
}

/*
 * Eats "to=<" ADDRESS ">, ". An unquoted address can hold anything too, before Postfix 3.5: it ends
 * where the next field of log_adhoc() follows.
 */
static bool take_address(struct span *rest, struct span name, struct span *address)
{
    struct span after = *rest;

    if (!span_take(&after, name))
        return false;
    const char *start = after.text;
    struct span skipped;
    after = span_from(after, quoted_length(after));
    while (span_take_until(&after, '>', &skipped)) {
        size_t length = (size_t)(after.text - start) - 1;
        if (!span_take(&after, SPAN(", ")))
            continue;
        if (span_starts(after, SPAN("relay=")) || span_starts(after, SPAN("orig_to=<"))) {
            *address = (struct span){start, length};
            *rest = after;
            return true;
        }
    }
    return false;
}

/* Eats "name=value, ". Fails at the end of a line that was cut. */
static bool take_field(struct span *rest, struct maillog_line *line)
{
    struct span name, value;

    if (!span_take_until(rest, '=', &name) || !span_take_until(rest, ',', &value))
        return false;
    if (span_is(name, SPAN("relay")))
        line->relay = value;
    else if (span_is(name, SPAN("delay")))
        line->delay = read_seconds(value);
    else if (span_is(name, SPAN("delays")))
        read_delays(value, line->delays);
    else if (span_is(name, SPAN("dsn")))
        line->dsn = value;
    return span_take(rest, SPAN(" "));
}

/* Was it deferred without a try? These are qmgr's words, and retry(8)'s. */
static bool is_suspended(const struct maillog_line *line)
{
    static const struct span words[] = {
        SPAN_INIT("delivery temporarily suspended"),      SPAN_INIT("mail transport unavailable"),
        SPAN_INIT("unknown mail transport error"),        SPAN_INIT("deferred transport"),
        SPAN_INIT("message is administratively expired"),
    };

    if (!span_is(line->relay, SPAN("none")))
        return false;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (span_starts(line->reason, words[i]))
            return true;
    return false;
}

static enum logged_status read_status(struct span word, const struct maillog_line *line)
{
    if (span_is(word, SPAN("sent")))
        return LOGGED_SENT;
    if (span_is(word, SPAN("bounced")))
        return LOGGED_BOUNCED;
    if (span_is(word, SPAN("deferred")) || span_is(word, SPAN("SOFTBOUNCE")))
        return is_suspended(line) ? LOGGED_SUSPENDED : LOGGED_DEFERRED;
    return LOGGED_OTHER;
}

/* "deferred (host H said: 450 ...)"; the last parenthesis is missing where syslog cut the line. */
static void read_outcome(struct span rest, struct maillog_line *line)
{
    struct span word = {rest.text, span_find(rest, ' ')};

    rest = span_from(rest, word.length);
    if (span_take(&rest, SPAN(" ("))) {
        span_drop(&rest, SPAN(")"));
        line->reason = rest;
    }
    line->status = read_status(word, line);
}

static enum maillog_kind read_attempt(struct span rest, struct maillog_line *line)
{
    line->delay = SIM_NEVER;
    for (size_t i = 0; i < 4; i++)
        line->delays[i] = SIM_NEVER;

    if (!take_address(&rest, SPAN("to=<"), &line->recipient))
        return MAILLOG_PLAIN;
    take_address(&rest, SPAN("orig_to=<"), &line->original);
    while (!span_take(&rest, SPAN("status=")))
        if (!take_field(&rest, line))
            return MAILLOG_PLAIN;
    read_outcome(rest, line);
    return MAILLOG_ATTEMPT;
}

/* ---- the queue manager's and the other lines ---- */

/* Drops digits from the end, at least one. */
static bool drop_number(struct span *rest, int64_t *number)
{
    size_t start = rest->length;

    while (start > 0 && is_digit(rest->text[start - 1]))
        start--;
    struct span digits = span_from(*rest, start);
    rest->length = start;
    return take_number(&digits, number);
}

/*
 * "from=<SENDER>, size=BYTES, nrcpt=N (queue active)" or "from=<SENDER>, status=expired, returned
 * to sender", read from the end because a sender can hold anything.
 */
static enum maillog_kind read_from(struct span rest, struct maillog_line *line)
{
    int64_t nrcpt;

    line->sender = span_from(rest, sizeof "from=<" - 1);
    if (span_drop(&line->sender, SPAN(" (queue active)"))) {
        if (drop_number(&line->sender, &nrcpt) && span_drop(&line->sender, SPAN(", nrcpt="))
            && drop_number(&line->sender, &line->size_bytes)
            && span_drop(&line->sender, SPAN(">, size="))) {
            line->nrcpt = nrcpt > UINT32_MAX ? UINT32_MAX : (uint32_t)nrcpt;
            return MAILLOG_ACTIVE;
        }
    } else if (span_drop(&line->sender, SPAN(">, status=expired, returned to sender"))) {
        return MAILLOG_EXPIRED;
    } else if (span_drop(&line->sender, SPAN(">, status=force-expired, returned to sender"))) {
        line->forced = true;
        return MAILLOG_EXPIRED;
    }
    return MAILLOG_PLAIN;
}

static bool is_queue_id(struct span id)
{
    return id.length >= QUEUE_ID_LEAST && id.length <= QUEUE_ID_MOST
           && (is_digit(id.text[0]) || is_upper(id.text[0])) && !span_is(id, SPAN("NOQUEUE"));
}

/* "sender non-delivery notification: NEWID" */
static enum maillog_kind read_notice(struct span rest, struct maillog_line *line)
{
    static const struct {
        struct span words;
        enum maillog_kind kind;
    } notices[] = {
        {SPAN_INIT("sender non-delivery notification: "), MAILLOG_BOUNCE},
        {SPAN_INIT("sender delay notification: "), MAILLOG_WARNING},
        {SPAN_INIT("sender delivery status notification: "), MAILLOG_NOTICE},
        {SPAN_INIT("postmaster non-delivery notification: "), MAILLOG_NOTICE},
        {SPAN_INIT("postmaster delay notification: "), MAILLOG_NOTICE},
    };

    for (size_t i = 0; i < COUNT_OF(notices); i++)
        if (span_take(&rest, notices[i].words)) {
            line->notice_id = rest;
            return is_queue_id(rest) ? notices[i].kind : MAILLOG_PLAIN;
        }
    return MAILLOG_PLAIN;
}

/* Postsuper's (postsuper/postsuper.c). */
static enum maillog_kind read_deed(struct span rest, struct maillog_line *line)
{
    static const struct {
        struct span words;
        enum operation_kind kind;
    } deeds[] = {
        {SPAN_INIT("placed on hold"), OPERATION_HOLD},
        {SPAN_INIT("released from hold"), OPERATION_RELEASE},
        {SPAN_INIT("expired"), OPERATION_EXPIRE},
    };

    if (span_is(rest, SPAN("removed")) || span_is(rest, SPAN("requeued")))
        return MAILLOG_TAKEN;
    for (size_t i = 0; i < COUNT_OF(deeds); i++) {
        if (span_is(rest, deeds[i].words)) {
            line->deed = deeds[i].kind;
            return MAILLOG_DEED;
        }
    }
    return MAILLOG_PLAIN;
}

/* Eats "A63ED24324: ". */
static bool take_queue_id(struct span *rest, struct span *id)
{
    size_t i = 0;

    while (i < rest->length && is_alnum(rest->text[i]))
        i++;
    *id = (struct span){rest->text, i};
    struct span after = span_from(*rest, i);
    if (!span_take(&after, SPAN(": ")) || !is_queue_id(*id))
        return false;
    *rest = after;
    return true;
}

/* src/master/master.c: main(), src/master/master_sig.c */
static enum maillog_kind read_master(struct span rest, struct maillog_line *line)
{
    line->reloaded = span_starts(rest, SPAN("reload -- version "));
    return line->reloaded || span_starts(rest, SPAN("daemon started -- version ")) ? MAILLOG_STARTED
                                                                                   : MAILLOG_PLAIN;
}

static enum maillog_kind read_text(struct span rest, struct maillog_line *line)
{
    if (span_is(line->program, SPAN("master")))
        return read_master(rest, line);
    if (!take_queue_id(&rest, &line->queue_id))
        return MAILLOG_PLAIN;
    if (span_is(line->program, SPAN("postsuper")))
        return read_deed(rest, line);
    if (span_starts(rest, SPAN("to=<")))
        return read_attempt(rest, line);
    if (span_starts(rest, SPAN("from=<")))
        return read_from(rest, line);
    if (span_starts(rest, SPAN("client=")) || span_starts(rest, SPAN("uid=")))
        return MAILLOG_ORIGIN;
    if (span_starts(rest, SPAN("message-id=")) || span_starts(rest, SPAN("resent-message-id=")))
        return MAILLOG_BORN;
    if (span_is(rest, SPAN("removed")))
        return MAILLOG_REMOVED;
    return read_notice(rest, line);
}

/* Eats rsyslog's "message repeated 3 times: [ " and the bracket at the end. */
static uint32_t take_repeat(struct span *rest)
{
    struct span inner = *rest;
    int64_t count;

    if (!span_take(&inner, SPAN("message repeated ")) || !take_number(&inner, &count)
        || !span_take(&inner, SPAN(" times: [ ")) || count < 1 || count > REPEAT_MOST)
        return 1;
    span_drop(&inner, SPAN("]"));
    *rest = inner;
    return (uint32_t)count;
}

static enum maillog_kind read_after_tag(struct span rest, struct maillog_line *line)
{
    line->repeat = take_repeat(&rest);
    return read_text(rest, line);
}

static enum maillog_kind read_after_stamp(struct span rest, bool wire, struct maillog_line *line)
{
    struct span tag;

    if (!span_take_until(&rest, ' ', &line->host) || line->host.length > NAME_MOST)
        return MAILLOG_FOREIGN;
    if (wire ? !take_wire_tag(&rest, &tag) : !take_tag(&rest, &tag))
        return MAILLOG_FOREIGN;
    return read_tag(tag, line) ? read_after_tag(rest, line) : MAILLOG_FOREIGN;
}

static enum maillog_kind read_journal(struct maillog_lines *lines, struct span text,
                                      struct maillog_line *line)
{
    struct journal_entry entry;

    lines->unescaped = alloc_grow(lines->unescaped, &lines->room, text.length, 1);
    if (!journal_json_read(text, lines->unescaped, &entry))
        return MAILLOG_UNSTAMPED;
    line->at = entry.at;
    line->host = entry.host;
    if (entry.host.length > NAME_MOST || !read_tag(entry.identifier, line))
        return MAILLOG_FOREIGN;
    return read_after_tag(entry.message, line);
}

void maillog_lines_init(struct maillog_lines *lines, sim_time reference)
{
    *lines = (struct maillog_lines){0};
    log_stamp_init(&lines->stamps, reference);
}

void maillog_lines_free(struct maillog_lines *lines)
{
    free(lines->unescaped);
}

void maillog_line_read(struct maillog_lines *lines, const char *text, size_t length,
                       struct maillog_line *line)
{
    struct span rest = {text, length};

    *line = (struct maillog_line){.kind = MAILLOG_UNSTAMPED, .repeat = 1};
    while (span_take(&rest, (struct span){"", 1})) /* NULs, as a crash leaves them */
        continue;
    if (span_starts(rest, SPAN("{"))) {
        line->kind = read_journal(lines, rest, line);
        return;
    }
    bool wire = take_priority(&rest);
    size_t stamp = log_stamp_read(&lines->stamps, rest.text, rest.length, &line->at);
    if (stamp > 0)
        line->kind = read_after_stamp(span_from(rest, stamp), wire, line);
}
