/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/letters.h"

#include <stdlib.h>

#include "sim/alloc.h"

void letters_fini(struct letters *letters)
{
    for (size_t i = 0; i < letters->count; i++)
        free(letters->list[i].done);
    free(letters->list);
    *letters = (struct letters){0};
}

static uint32_t unused(struct letters *letters)
{
    uint32_t number = letters->free - 1;

    if (letters->free == 0) {
        letters->list =
            alloc_grow(letters->list, &letters->room, letters->count + 1, sizeof *letters->list);
        return (uint32_t)letters->count++;
    }
    letters->free = letters->list[number].next_free;
    return number;
}

uint32_t letters_add(struct letters *letters, uint32_t recipients)
{
    uint32_t number = unused(letters);

    letters->list[number] = (struct letter){
        .tally.queued = recipients,
        .count = recipients,
        .done = alloc_zeroed(recipients * sizeof(bool)),
    };
    return number;
}

void letters_remove(struct letters *letters, uint32_t number)
{
    free(letters->list[number].done);
    letters->list[number] = (struct letter){.next_free = letters->free};
    letters->free = number + 1;
}

void letter_tick_off(struct letter *letter, const struct attempt *attempts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        letter->done[attempts[i].recipient] =
            attempts[i].outcome == OUTCOME_SENT || attempts[i].outcome == OUTCOME_BOUNCED;
}
