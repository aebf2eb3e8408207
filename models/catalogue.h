/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/catalogue.h - who each message is from and to
 *
 * What never changes about a message is not stored with it but looked up by its
 * id: recorded mail in its trace, made-up mail from counter-based luck, a
 * notice from the message it is about.
 */
#ifndef MODELS_CATALOGUE_H
#define MODELS_CATALOGUE_H

#include "models/message.h"
#include "models/scenario.h"
#include "sim/digits.h"

struct catalogue {
    const struct scenario *scenario;
    struct rng rng;
    bool long_queue_ids; /* enable_long_queue_ids */
};

/* Some bytes of a text that stands elsewhere. */
struct text_span {
    const char *text;
    size_t length;
};

struct mailbox {
    uint32_t address; /* in the scenario's names; NAMES_NONE: made up */
    uint32_t domain;  /* in the scenario's domains */
};

/* The same number for the same two names, another for any other two. */
static inline uint64_t pair_key(uint32_t sender, uint32_t recipient)
{
    return (uint64_t)sender << 32 | recipient;
}

/* In the scenario's names; 0 is the null sender. */
uint32_t catalogue_sender(const struct catalogue *catalogue, struct message_id id);
uint32_t catalogue_recipient_count(const struct catalogue *catalogue, struct message_id id);
struct mailbox catalogue_recipient(const struct catalogue *catalogue, struct message_id id,
                                   uint32_t recipient);

/* The same where its domain is known already, which is quicker. */
struct mailbox catalogue_recipient_at(const struct catalogue *catalogue, struct message_id id,
                                      uint32_t recipient, uint32_t domain);

/* -1 where it is not known: notices, traces without sizes. */
int64_t catalogue_size_bytes(const struct catalogue *catalogue, struct message_id id);

/* The message's own id in a trace, in the names; NAMES_NONE if it has none. */
uint32_t catalogue_label(const struct catalogue *catalogue, struct message_id id);

/* Sender and recipient together: the same for the same two, in any message. */
uint64_t catalogue_pair(const struct catalogue *catalogue, struct message_id id, uint32_t recipient,
                        struct mailbox to);

/*
 * How the texts of a made-up message look: "newsletter/17", and its recipients
 * "newsletter.17@gmail.example" and, if it has more, "newsletter.17.1@...". Each
 * writes at `at`, without a NUL, and returns the end; names and domains must be
 * no longer than MADE_UP_NAME_MOST, and so the text than MADE_UP_MOST.
 */
#define MADE_UP_NAME_MOST 255
#define MADE_UP_MOST (2 * (MADE_UP_NAME_MOST + DIGITS_MOST) + 3)

static inline char *made_up_id(char *at, struct text_span traffic, uint32_t number)
{
    memcpy(at, traffic.text, traffic.length);
    at[traffic.length] = '/';
    return digits_put(at + traffic.length + 1, number);
}

static inline char *made_up_address(char *at, struct text_span traffic, uint32_t number,
                                    uint32_t recipient, struct text_span domain)
{
    memcpy(at, traffic.text, traffic.length);
    at[traffic.length] = '.';
    at = digits_put(at + traffic.length + 1, number);
    if (recipient > 0) {
        *at = '.';
        at = digits_put(at + 1, recipient);
    }
    *at = '@';
    memcpy(at + 1, domain.text, domain.length);
    return at + 1 + domain.length;
}

/* The digits of long queue ids, which spell no words: util/safe_ultostr.c. */
#define QUEUE_ID_SAFE_DIGITS "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"

#define QUEUE_ID_MOST (2 * DIGITS_MOST)
char *catalogue_put_queue_id(const struct catalogue *catalogue, const struct message *message,
                             char *at);

/*
 * The other way: the message of an id as catalogue_id_text() writes it, in the
 * scenario's names. False if no traffic can have such a message: one made up is
 * taken to be there, whatever its number, and so is a notice about it. Costs the
 * length of the text for each traffic, and a look into the index of a trace.
 */
bool catalogue_find(const struct catalogue *catalogue, uint32_t name, struct message_id *id);

/*
 * Texts for people, cut to `room` bytes with their NUL; return the length.
 * id: "newsletter/17", "newsletter/17/b1". address: "newsletter.17@gmail.example"
 * where it is made up. mailbox: the same for a recipient that was looked up. queue_id: made up in
 * Postfix's short or long form from the arrival and, for an inode, a number that no other message
 * has; another one after each requeue. Source: Postfix 3.7, global/mail_queue.h.
 */
size_t catalogue_id_text(const struct catalogue *catalogue, struct message_id id, char *text,
                         size_t room);
size_t catalogue_address_text(const struct catalogue *catalogue, struct message_id id,
                              uint32_t recipient, char *text, size_t room);
size_t catalogue_mailbox_text(const struct catalogue *catalogue, struct message_id id,
                              uint32_t recipient, struct mailbox to, char *text, size_t room);
size_t catalogue_queue_id_text(const struct catalogue *catalogue, const struct message *message,
                               char *text, size_t room);

#endif
