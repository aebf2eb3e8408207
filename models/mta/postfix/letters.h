/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/letters.h - what messages of several recipients remember
 *
 * Delivered and bounced recipients are marked done; the next attempt covers the
 * others (Postfix does it in the queue file: global/deliver_completed.c).
 */
#ifndef MODELS_MTA_POSTFIX_LETTERS_H
#define MODELS_MTA_POSTFIX_LETTERS_H

#include <stdbool.h>

#include "models/message.h"

struct letter {
    struct tally tally;
    uint32_t count;     /* recipients */
    uint16_t notices;   /* non-delivery notifications so far */
    uint32_t next_free; /* while unused: the next unused one, + 1 */
    bool *done;         /* by recipient; owned */
};

/* Zero is a valid empty set. */
struct letters {
    struct letter *list;
    size_t count, room;
    uint32_t free; /* the first unused one, + 1; 0: none */
};

void letters_fini(struct letters *letters);

/* The number of a new letter, all recipients queued. */
uint32_t letters_add(struct letters *letters, uint32_t recipients);
void letters_remove(struct letters *letters, uint32_t number);

/* Marks those whose attempts settled the matter. */
void letter_tick_off(struct letter *letter, const struct attempt *attempts, size_t count);

#endif
