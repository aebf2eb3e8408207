/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/postqueue_reader.c - what "postqueue -j" lists, read
 *
 * Source: Postfix 3.12-20260821, postqueue/showq_json.c: format_json().
 */
#include "io/postqueue_reader.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "io/input.h"
#include "io/queue_id.h"
#include "sim/alloc.h"
#include "sim/printable.h"

#define NULL_SENDER "MAILER-DAEMON" /* as showq has it: $empty_address_recipient */

static const char *const reasons[] = {"delay_reason", "bounce_reason", "other_reason"};

/* ------------------------------------------------------------------ members */

/* The text of a member; `missing` where there is none. Fails where it is no text. */
static bool take_text(const json_t *object, const char *name, const char *missing,
                      const char **text, struct err *err)
{
    const json_t *member = json_object_get(object, name);

    *text = member == NULL ? missing : json_string_value(member);
    if (member != NULL && *text == NULL)
        return err_set(err, "%s: not a text in quotes", name);
    return *text != NULL || err_set(err, "no '%s': a line of 'postqueue -j' was expected", name);
}

static bool take_queue(struct queue_entry *entry, const json_t *object, struct err *err)
{
    const char *name;

    if (!take_text(object, "queue_name", NULL, &name, err))
        return false;
    for (int i = 0; i < LISTED_QUEUES; i++) {
        if (strcmp(listed_queue_names[i], name) == 0) {
            entry->queue = (enum listed_queue)i;
            return true;
        }
    }
    return err_set(err, "queue_name: '%.40s' is none of maildrop, active, incoming, deferred, hold",
                   name);
}

static bool take_id(struct queue_entry *entry, const json_t *object, struct err *err)
{
    return take_text(object, "queue_id", NULL, &entry->id, err)
           && (queue_id_is_good(entry->id, strlen(entry->id))
               || err_set(err,
                          "queue_id: '%.40s' is none: up to %d letters and digits were "
                          "expected",
                          entry->id, QUEUE_ID_LONGEST));
}

static bool take_arrival(struct queue_entry *entry, const json_t *object, struct err *err)
{
    const json_t *member = json_object_get(object, "arrival_time");

    entry->arrival = json_integer_value(member);
    if (member == NULL)
        return err_set(err, "no 'arrival_time': a line of 'postqueue -j' was expected");
    if (!json_is_integer(member) || entry->arrival < 0 || entry->arrival > SIM_LAST_SECOND)
        return err_set(err, "arrival_time: not a whole number of seconds since 1970");
    entry->created = entry->arrival;
    int64_t second = queue_id_second(entry->id);
    if (second > entry->arrival)
        entry->created = second;
    return true;
}

/* Since 3.5. */
static bool take_forced(struct queue_entry *entry, const json_t *object, struct err *err)
{
    const json_t *member = json_object_get(object, "forced_expire");

    entry->forced = json_is_true(member);
    return member == NULL || json_is_boolean(member)
           || err_set(err, "forced_expire: neither true nor false");
}

static bool take_sender(struct queue_entry *entry, const json_t *object, struct err *err)
{
    if (!take_text(object, "sender", "?", &entry->sender, err))
        return false;
    if (strcmp(entry->sender, NULL_SENDER) == 0)
        entry->sender = "";
    return true;
}

static bool has_reason(const json_t *recipient)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        if (json_object_get(recipient, reasons[i]) != NULL)
            return true;
    }
    return false;
}

static bool take_recipient(struct queue_entry *entry, const json_t *recipient, struct err *err)
{
    const char *address;
    bool failed = has_reason(recipient);

    if (!json_is_object(recipient))
        return err_set(err, "recipients: not a list of objects");
    if (!take_text(recipient, "address", "", &address, err))
        return err_within(err, "recipients");
    if (entry->recipients == 0 || (failed && !entry->failed))
        entry->recipient = address;
    entry->failed |= failed;
    entry->recipients++;
    return true;
}

static bool take_recipients(struct queue_entry *entry, const json_t *object, struct err *err)
{
    const json_t *list = json_object_get(object, "recipients");
    const json_t *recipient;
    size_t i;

    entry->recipient = "";
    if (list != NULL && !json_is_array(list))
        return err_set(err, "recipients: not a list");
    json_array_foreach(list, i, recipient)
    {
        if (!take_recipient(entry, recipient, err))
            return false;
    }
    entry->failed |= entry->recipients == 0;
    return true;
}

static bool take_object(const json_t *object, const struct postqueue_sink *sink, struct err *err)
{
    struct queue_entry entry = {0};

    return take_queue(&entry, object, err) && take_id(&entry, object, err)
           && take_arrival(&entry, object, err) && take_forced(&entry, object, err)
           && take_sender(&entry, object, err) && take_recipients(&entry, object, err)
           && sink->take(sink->user, &entry, err);
}

/* -------------------------------------------------------------------- lines */

/* What is no UTF-8, or stands unescaped though it should not, costs its own bytes only. */
static json_t *load_printable(const char *line, size_t length, json_error_t *why)
{
    char *copy = alloc_text(line, length);

    printable(copy, length);
    json_t *json = json_loadb(copy, length, 0, why);
    free(copy);
    return json;
}

static bool is_blank(const char *line, size_t length)
{
    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
        length--;
    return length == 0;
}

static bool begins_with(const char *line, size_t length, const char *text)
{
    return length >= strlen(text) && memcmp(line, text, strlen(text)) == 0;
}

/* mailq is what people have in their fingers. */
static bool is_mailq(const char *line, size_t length)
{
    return begins_with(line, length, "-Queue ID-") || begins_with(line, length, "----Queue ID-")
           || begins_with(line, length, "Mail queue is empty");
}

static bool say_why(const char *line, size_t length, const json_error_t *why, struct err *err)
{
    if (is_mailq(line, length))
        return err_set(err, "this is the listing of 'postqueue -p' or 'mailq': 'postqueue -j' was "
                            "expected");
    return err_set(err, "no JSON, at its byte %d: %s; a line of 'postqueue -j' was expected",
                   why->position, why->text);
}

struct forecast_message queue_entry_message(const struct queue_entry *entry)
{
    return (struct forecast_message){
        .queue = entry->queue,
        .created = entry->created,
        .mtime = FORECAST_UNKNOWN,
        .null_sender = entry->sender[0] == '\0',
        .failed = entry->failed,
        .forced = entry->forced,
    };
}

bool postqueue_read_line(const char *line, size_t length, const struct postqueue_sink *sink,
                         struct err *err)
{
    json_error_t why;

    if (is_blank(line, length))
        return true;
    json_t *json = json_loadb(line, length, 0, &why);
    if (json == NULL)
        json = load_printable(line, length, &why);
    if (json == NULL)
        return say_why(line, length, &why, err);
    bool good = json_is_object(json) ? take_object(json, sink, err)
                                     : err_set(err, "not an object: a line of 'postqueue -j' "
                                                    "was expected");
    json_decref(json);
    return good;
}

static bool read_lines(struct input *input, const struct postqueue_sink *sink, struct err *err)
{
    const char *line;
    size_t length;

    while (input_line(input, &line, &length)) {
        if (input_cut_lines(input) > 0)
            return err_set(err, "a line of more than %zu MiB", POSTQUEUE_LINE_MOST >> 20);
        if (!postqueue_read_line(line, length, sink, err))
            return false;
    }
    return true;
}

bool postqueue_read(const char *path, const struct postqueue_sink *sink, struct err *err)
{
    struct input *input = input_open(path, err);

    if (input == NULL)
        return false;
    input_allow_lines(input, POSTQUEUE_LINE_MOST);
    err->status = 0;
    bool good = read_lines(input, sink, err);
    if (!good) {
        err_within(err, "%s:%" PRIu64, strcmp(path, "-") == 0 ? "standard input" : path,
                   input_lines(input));
        if (err->status == 0)
            err->status = EX_DATAERR;
    }
    return input_close(input, good ? err : NULL) && good;
}
