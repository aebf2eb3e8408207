/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/postqueue.h - the queue as "postqueue -p" and "postqueue -j" list it
 *
 * To the byte, as Postfix 3.7 does (postqueue/showq_compat.c, showq_json.c);
 * times are UTC. What a terminal might obey or is no UTF-8 becomes '?', as
 * showq/showq.c has it. Texts are cut to 4096 bytes.
 */
#ifndef IO_POSTQUEUE_H
#define IO_POSTQUEUE_H

#include "io/output.h"
#include "models/listing.h"
#include "models/reason.h"

struct queued {
    enum mail_queue queue;
    const char *id;
    int64_t arrival; /* seconds since 1970 UTC */
    int64_t size_bytes;
    bool forced;        /* to expire: postsuper -e */
    const char *sender; /* "": nobody */
};

/* A listing under way: set the first three, zero the rest. */
struct postqueue {
    struct output *text, *json; /* -p and -j; either may be NULL */
    bool long_ids;              /* enable_long_queue_ids: other widths */
    uint64_t messages, bytes;
    uint32_t recipients;      /* of the message under way */
    char reason[REASON_MOST]; /* of its last recipient; "": none */
};

void postqueue_put_message(struct postqueue *listing, const struct queued *queued);

/* Of the last message put. reason: "" if it has none. */
void postqueue_put_recipient(struct postqueue *listing, const char *address, const char *reason);

/* What stands at the end; nothing more is to be put. */
void postqueue_end(struct postqueue *listing);

#endif
