/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/logged.h"

#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"
#include "sim/check.h"
#include "sim/hash.h"

/* Most messages have one recipient and few words: begin small, then double. */
#define CHUNK_FIRST 160
#define CHUNK_MOST 4096

/* Below this many recipients a linear search is quicker than a table. */
#define SLOTS_FROM 8

#define NO_ATTEMPT UINT32_MAX

struct logged_chunk {
    struct logged_chunk *next;
    size_t used, room;
    char bytes[];
};

struct logged_message *logged_message_new(void)
{
    struct logged_message *message = alloc_zeroed(sizeof *message);

    message->size_bytes = -1;
    message->arrival = SIM_NEVER;
    message->expired = SIM_NEVER;
    message->removed = SIM_NEVER;
    message->warned = SIM_NEVER;
    return message;
}

void logged_message_free(struct logged_message *message)
{
    if (message == NULL)
        return;
    for (struct logged_chunk *chunk = message->chunks; chunk != NULL;) {
        struct logged_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    free(message->slots);
    free(message->attempts);
    free(message->deeds);
    free(message->activations);
    free(message->recipients);
    free(message);
}

/* alloc_grow() for arrays that mostly hold one element: 1, 2, 4 ... */
static void *grow_from_one(void *array, size_t *room, size_t need, size_t size)
{
    if (*room > 0)
        return alloc_grow(array, room, need, size);
    *room = 1;
    return alloc_zeroed(size);
}

static struct logged_chunk *chunk_add(struct logged_message *message, size_t need)
{
    size_t room = message->chunks == NULL ? CHUNK_FIRST : 2 * message->chunks->room;
    if (room > CHUNK_MOST)
        room = CHUNK_MOST;
    if (room < need)
        room = need;

    struct logged_chunk *chunk = alloc_zeroed(sizeof *chunk + room);
    chunk->room = room;
    chunk->next = message->chunks;
    message->chunks = chunk;
    return chunk;
}

#define OLDER (60 * SIM_SECOND)

bool logged_is_older(const struct logged_message *message)
{
    if (message->born_in_log || message->activation_count == 0)
        return false;
    const struct logged_activation *trip = &message->activations[0];
    return (trip->at != SIM_NEVER ? trip->at : trip->end) - message->arrival > OLDER;
}

int64_t logged_create_time(const struct logged_message *message)
{
    return sim_second(message->arrival + (message->born_in_log ? 0 : SIM_SECOND / 2));
}

const char *logged_text(struct logged_message *message, const char *bytes, size_t length)
{
    struct logged_chunk *chunk = message->chunks;
    if (chunk == NULL || chunk->room - chunk->used <= length)
        chunk = chunk_add(message, length + 1);

    char *copy = chunk->bytes + chunk->used;
    chunk->used += length + 1;
    if (length > 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    for (char *nul = copy; (nul = memchr(nul, '\0', length - (size_t)(nul - copy))) != NULL;)
        *nul = '?';
    return copy;
}

static bool same_text(const char *text, const char *bytes, size_t length)
{
    if (text == NULL || bytes == NULL)
        return text == NULL && bytes == NULL;
    return strlen(text) == length && memcmp(text, bytes, length) == 0;
}

static void slot_fill(struct logged_message *message, uint32_t index)
{
    size_t slot = message->recipients[index].hash & (message->slot_room - 1);

    while (message->slots[slot] != 0)
        slot = (slot + 1) & (message->slot_room - 1);
    message->slots[slot] = index + 1;
}

/* Keeps the table at most half full. A slot holds the recipient's number + 1; 0 is empty. */
static void slots_grow(struct logged_message *message)
{
    if (2 * message->recipient_count <= message->slot_room)
        return;
    message->slot_room = message->slot_room == 0 ? 4 * SLOTS_FROM : 2 * message->slot_room;
    free(message->slots);
    message->slots = alloc_zeroed(message->slot_room * sizeof *message->slots);
    for (size_t i = 0; i + 1 < message->recipient_count; i++)
        slot_fill(message, (uint32_t)i);
}

static uint32_t recipient_append(struct logged_message *message, struct logged_recipient recipient)
{
    message->recipients = grow_from_one(message->recipients, &message->recipient_room,
                                        message->recipient_count + 1, sizeof recipient);
    uint32_t index = (uint32_t)message->recipient_count++;
    message->recipients[index] = recipient;
    if (message->recipient_count >= SLOTS_FROM) {
        slots_grow(message);
        slot_fill(message, index);
    }
    return index;
}

/* What a search compares with. */
struct wanted {
    const char *address, *original;
    size_t length, original_length;
    uint32_t hash;
};

static bool is_wanted(const struct logged_recipient *recipient, const struct wanted *wanted)
{
    return recipient->hash == wanted->hash
           && same_text(recipient->address, wanted->address, wanted->length)
           && same_text(recipient->original, wanted->original, wanted->original_length);
}

/* Its number, or the number of recipients where there is none. */
static size_t recipient_find(const struct logged_message *message, const struct wanted *wanted)
{
    size_t count = message->recipient_count;

    if (message->slots == NULL) {
        size_t i = 0;
        while (i < count && !is_wanted(&message->recipients[i], wanted))
            i++;
        return i;
    }
    size_t slot = wanted->hash & (message->slot_room - 1);
    for (; message->slots[slot] != 0; slot = (slot + 1) & (message->slot_room - 1))
        if (is_wanted(&message->recipients[message->slots[slot] - 1], wanted))
            return message->slots[slot] - 1;
    return count;
}

uint32_t logged_recipient_add(struct logged_message *message, const char *address, size_t length,
                              const char *original, size_t original_length)
{
    uint64_t hash = hash_more(HASH_EMPTY, address, length);
    if (original != NULL)
        hash = hash_more(hash_more(hash, ">", 1), original, original_length);

    struct wanted wanted = {address, original, length, original_length, (uint32_t)hash};
    size_t found = recipient_find(message, &wanted);
    if (found < message->recipient_count)
        return (uint32_t)found;

    struct logged_recipient added = {.last = NO_ATTEMPT, .hash = wanted.hash};
    added.address = logged_text(message, address, length);
    if (original != NULL)
        added.original = logged_text(message, original, original_length);
    return recipient_append(message, added);
}

void logged_deed_add(struct logged_message *message, enum operation_kind kind, sim_time at)
{
    message->deeds = grow_from_one(message->deeds, &message->deed_room, message->deed_count + 1,
                                   sizeof *message->deeds);
    message->deeds[message->deed_count++] = (struct logged_deed){at, kind};
}

struct logged_activation *logged_activation_add(struct logged_message *message, sim_time at)
{
    message->activations =
        grow_from_one(message->activations, &message->activation_room,
                      message->activation_count + 1, sizeof *message->activations);
    struct logged_activation *activation = &message->activations[message->activation_count++];
    *activation = (struct logged_activation){.at = at, .end = SIM_NEVER};
    return activation;
}

struct logged_attempt *logged_attempt_add(struct logged_message *message, uint32_t recipient,
                                          sim_time at)
{
    REQUIRE(message->activation_count > 0 && recipient < message->recipient_count);

    message->attempts = grow_from_one(message->attempts, &message->attempt_room,
                                      message->attempt_count + 1, sizeof *message->attempts);
    struct logged_attempt *attempt = &message->attempts[message->attempt_count];
    *attempt = (struct logged_attempt){
        .at = at,
        .recipient = recipient,
        .activation = (uint32_t)message->activation_count - 1,
    };
    message->recipients[recipient].last = (uint32_t)message->attempt_count++;

    struct logged_activation *activation = &message->activations[attempt->activation];
    if (activation->end == SIM_NEVER || activation->end < at)
        activation->end = at;
    return attempt;
}

static const char *text_again(struct logged_message *message, const char *earlier,
                              const char *bytes, size_t length)
{
    if (earlier != NULL && same_text(earlier, bytes, length))
        return earlier;
    return logged_text(message, bytes, length);
}

/*
 * Looks at the attempts with the same recipient's or the message's latest words: the attempt before
 * this one, and as many attempts back as the message has recipients, which is where the same
 * recipient stands when all were tried again.
 */
void logged_attempt_say(struct logged_message *message, struct logged_attempt *attempt,
                        const char *text, size_t length, const char *relay, size_t relay_length)
{
    size_t index = (size_t)(attempt - message->attempts);
    size_t back = message->recipient_count;
    const struct logged_attempt none = {0};
    const struct logged_attempt *like = index >= back ? attempt - back : &none;

    if (index > 0 && !same_text(like->text, text, length))
        like = attempt - 1;
    attempt->text = text_again(message, like->text, text, length);
    attempt->relay = text_again(message, like->relay, relay, relay_length);
}
