/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/postqueue.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/printable.h"

#define TEXT_MOST 4096
#define REASON_COLUMN 76 /* where the words of a reason end, if they are no longer */

/* A copy that may be shown, cut to its room; returns its length. */
static size_t shown(char *copy, const char *text)
{
    size_t length = strnlen(text, TEXT_MOST);

    memcpy(copy, text, length);
    printable(copy, length);
    return length;
}

/* $empty_address_recipient, by its default. */
static const char *address_of(const char *address)
{
    return *address == '\0' ? "MAILER-DAEMON" : address;
}

/* ----------------------------------------------------------------- -p */

static void put_shown(struct output *output, const char *text)
{
    char copy[TEXT_MOST];

    output_write(output, copy, shown(copy, text));
}

static void put_headings(const struct postqueue *listing)
{
    output_print(listing->text, "%s\n",
                 listing->long_ids
                     ? "----Queue ID----- --Size-- ---Arrival Time---- --Sender/Recipient------"
                     : "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------");
}

/* "Tue Nov 24 02:03:57": what asctime() has before the year. */
static void put_time(char *text, size_t room, int64_t arrival)
{
    time_t at = (time_t)arrival;
    struct tm tm;

    if (gmtime_r(&at, &tm) == NULL || strftime(text, room, "%a %b %e %H:%M:%S", &tm) == 0)
        snprintf(text, room, "??");
}

static void put_sender(const struct postqueue *listing, const struct queued *queued)
{
    char status[64], at[32];

    snprintf(status, sizeof status, "%.40s%s%s", queued->id,
             queued->queue == QUEUE_ACTIVE ? "*"
             : queued->queue == QUEUE_HOLD ? "!"
                                           : "",
             queued->forced ? "#" : "");
    put_time(at, sizeof at, queued->arrival);
    if (listing->long_ids)
        output_print(listing->text, "%-17s %8" PRId64 " %19s ", status, queued->size_bytes, at);
    else
        output_print(listing->text, "%-11s %7" PRId64 " %19s  ", status, queued->size_bytes, at);
    put_shown(listing->text, address_of(queued->sender));
    output_print(listing->text, "\n");
}

/* Once for recipients that share it; "unavailable" only behind one that has a reason. */
static void put_reason(struct postqueue *listing, const char *reason)
{
    if (strncmp(listing->reason, reason, sizeof listing->reason - 1) == 0)
        return;
    snprintf(listing->reason, sizeof listing->reason, "%s", reason);
    const char *words = *reason == '\0' ? "reason unavailable" : reason;
    size_t length = strnlen(words, TEXT_MOST);
    output_print(listing->text, "%*s(", length < REASON_COLUMN ? (int)(REASON_COLUMN - length) : 0,
                 "");
    put_shown(listing->text, words);
    output_print(listing->text, ")\n");
}

static void put_recipient(struct postqueue *listing, const char *address, const char *reason)
{
    put_reason(listing, reason);
    output_print(listing->text, listing->long_ids ? "%47s" : "%41s", "");
    put_shown(listing->text, address_of(address));
    output_print(listing->text, "\n");
}

static void put_sums(const struct postqueue *listing)
{
    if (listing->messages == 0)
        output_print(listing->text, "Mail queue is empty\n");
    else
        output_print(listing->text, "\n-- %" PRIu64 " Kbytes in %" PRIu64 " Request%s.\n",
                     listing->bytes / 1024, listing->messages, listing->messages == 1 ? "" : "s");
}

/* ----------------------------------------------------------------- -j */

static void put_string(struct output *output, const char *text)
{
    char copy[TEXT_MOST], quoted[2 * TEXT_MOST + 2], *at = quoted;
    size_t length = shown(copy, text);

    *at++ = '"';
    for (size_t i = 0; i < length; i++) {
        if (copy[i] == '"' || copy[i] == '\\')
            *at++ = '\\';
        *at++ = copy[i];
    }
    *at++ = '"';
    output_write(output, quoted, (size_t)(at - quoted));
}

static void put_json_message(struct output *json, const struct queued *queued)
{
    output_print(json, "{\"queue_name\": \"%s\", \"queue_id\": ", mail_queue_names[queued->queue]);
    put_string(json, queued->id);
    output_print(json,
                 ", \"arrival_time\": %" PRId64 ", \"message_size\": %" PRId64
                 ", \"forced_expire\": %s, \"sender\": ",
                 queued->arrival, queued->size_bytes, queued->forced ? "true" : "false");
    put_string(json, address_of(queued->sender));
    output_print(json, ", \"recipients\": [");
}

static void put_json_recipient(const struct postqueue *listing, const char *address,
                               const char *reason)
{
    output_print(listing->json, "%s{\"address\": ", listing->recipients > 0 ? ", " : "");
    put_string(listing->json, address_of(address));
    if (*reason != '\0') {
        output_print(listing->json, ", \"delay_reason\": ");
        put_string(listing->json, reason);
    }
    output_print(listing->json, "}");
}

static void end_json_message(const struct postqueue *listing)
{
    if (listing->json != NULL && listing->messages > 0)
        output_print(listing->json, "]}\n");
}

/* ---------------------------------------------------------------- both */

void postqueue_put_message(struct postqueue *listing, const struct queued *queued)
{
    if (listing->text != NULL) {
        if (listing->messages == 0)
            put_headings(listing);
        else
            output_print(listing->text, "\n");
        put_sender(listing, queued);
    }
    if (listing->json != NULL) {
        end_json_message(listing);
        put_json_message(listing->json, queued);
    }
    listing->messages++;
    listing->bytes += (uint64_t)queued->size_bytes;
    listing->recipients = 0;
    listing->reason[0] = '\0';
}

void postqueue_put_recipient(struct postqueue *listing, const char *address, const char *reason)
{
    if (listing->text != NULL)
        put_recipient(listing, address, reason);
    if (listing->json != NULL)
        put_json_recipient(listing, address, reason);
    listing->recipients++;
}

void postqueue_end(struct postqueue *listing)
{
    if (listing->text != NULL)
        put_sums(listing);
    end_json_message(listing);
}
