/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/catalogue.h"

#include <stdlib.h>

#include "models/luck.h"
#include "sim/digits.h"

#define FIRST_INODE 0x80000

static const struct traffic_spec *traffic_of(const struct catalogue *catalogue,
                                             struct message_id id)
{
    return &catalogue->scenario->traffics[id.traffic];
}

static bool is_recorded(const struct traffic_spec *traffic)
{
    return traffic->ops->envelope != NULL;
}

static struct envelope envelope_of(const struct traffic_spec *traffic, struct message_id id)
{
    return traffic->ops->envelope(traffic->settings, id.number);
}

/* Of the message itself, or the one that the notice is about. */
static uint32_t author(const struct catalogue *catalogue, struct message_id id)
{
    const struct traffic_spec *traffic = traffic_of(catalogue, id);

    return is_recorded(traffic) ? envelope_of(traffic, id).sender : traffic->sender;
}

uint32_t catalogue_sender(const struct catalogue *catalogue, struct message_id id)
{
    return id.notice != 0 ? 0 : author(catalogue, id);
}

uint32_t catalogue_recipient_count(const struct catalogue *catalogue, struct message_id id)
{
    const struct traffic_spec *traffic = traffic_of(catalogue, id);

    if (id.notice != 0)
        return 1;
    return is_recorded(traffic) ? envelope_of(traffic, id).count
                                : (uint32_t)traffic->recipients_each;
}

/* The first destination whose share reaches beyond `at`. */
static size_t place_of(const struct traffic_spec *traffic, double at)
{
    size_t low = 0, high = traffic->destination_count - 1;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (at < traffic->destinations[middle].upto)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static uint32_t drawn_domain(const struct catalogue *catalogue, struct message_id id,
                             uint32_t recipient)
{
    const struct traffic_spec *traffic = traffic_of(catalogue, id);
    uint32_t words[4];

    if (traffic->destination_count == 1)
        return traffic->destinations[0].domain;
    rng_block(&catalogue->rng, LUCK_ADDRESSES, (uint64_t)id.traffic << 32 | id.number, recipient,
              words);
    return traffic->destinations[place_of(traffic, rng_unit(words[0]) * traffic->weight_sum)]
        .domain;
}

struct mailbox catalogue_recipient(const struct catalogue *catalogue, struct message_id id,
                                   uint32_t recipient)
{
    const struct traffic_spec *traffic = traffic_of(catalogue, id);
    const uint32_t *domain_of = catalogue->scenario->domain_of;

    if (id.notice != 0) {
        uint32_t address = author(catalogue, id);
        return (struct mailbox){address, domain_of[address]};
    }
    if (is_recorded(traffic)) {
        uint32_t address = envelope_of(traffic, id).recipients[recipient];
        return (struct mailbox){address, domain_of[address]};
    }
    return (struct mailbox){NAMES_NONE, drawn_domain(catalogue, id, recipient)};
}

struct mailbox catalogue_recipient_at(const struct catalogue *catalogue, struct message_id id,
                                      uint32_t recipient, uint32_t domain)
{
    if (id.notice != 0 || is_recorded(traffic_of(catalogue, id)))
        return catalogue_recipient(catalogue, id, recipient);
    return (struct mailbox){NAMES_NONE, domain};
}

int64_t catalogue_size_bytes(const struct catalogue *catalogue, struct message_id id)
{
    const struct traffic_spec *traffic = traffic_of(catalogue, id);

    if (id.notice != 0)
        return -1;
    return is_recorded(traffic) ? envelope_of(traffic, id).size_bytes : traffic->size_bytes;
}

uint32_t catalogue_label(const struct catalogue *catalogue, struct message_id id)
{
    const struct traffic_spec *traffic = traffic_of(catalogue, id);

    if (id.notice != 0 || !is_recorded(traffic))
        return NAMES_NONE;
    return envelope_of(traffic, id).label;
}

uint64_t catalogue_pair(const struct catalogue *catalogue, struct message_id id, uint32_t recipient,
                        struct mailbox to)
{
    if (to.address != NAMES_NONE)
        return pair_key(catalogue_sender(catalogue, id), to.address);
    /* A made-up recipient gets one message only. */
    uint64_t unique = rng_mix((uint64_t)id.traffic << 32 | id.number) + recipient;
    return UINT64_C(1) << 63 | unique;
}

/* A text under way, cut where its room ends. */
struct writing {
    char *text;
    size_t length, room;
};

static void put(struct writing *w, const char *text, size_t length)
{
    size_t left = w->room - 1 - w->length;

    if (length > left)
        length = left;
    memcpy(w->text + w->length, text, length);
    w->length += length;
}

static void put_text(struct writing *w, const char *text)
{
    put(w, text, strlen(text));
}

static void put_name(struct writing *w, const struct names *names, uint32_t number)
{
    put(w, names_text(names, number), names_length(names, number));
}

static void put_number(struct writing *w, uint64_t number)
{
    char digits[DIGITS_MOST];

    put(w, digits, (size_t)(digits_put(digits, number) - digits));
}

static size_t finish(struct writing *w)
{
    w->text[w->length] = '\0';
    return w->length;
}

static void put_notice(struct writing *w, uint16_t notice)
{
    put_text(w, (notice & NOTICE_WARNING) != 0 ? "/w" : "/b");
    put_number(w, notice & NOTICE_MOST);
}

static struct text_span made_up_name(const char *text, size_t length)
{
    return (struct text_span){text, length < MADE_UP_NAME_MOST ? length : MADE_UP_NAME_MOST};
}

static void put_made_up_id(struct writing *w, const struct traffic_spec *traffic, uint32_t number)
{
    char made_up[MADE_UP_MOST];
    struct text_span name = made_up_name(traffic->name, strlen(traffic->name));

    put(w, made_up, (size_t)(made_up_id(made_up, name, number) - made_up));
}

size_t catalogue_id_text(const struct catalogue *catalogue, struct message_id id, char *text,
                         size_t room)
{
    struct writing w = {text, 0, room};
    struct message_id whole = {id.number, id.traffic, 0};
    uint32_t label = catalogue_label(catalogue, whole);
    const struct traffic_spec *traffic = traffic_of(catalogue, id);

    if (label == NAMES_NONE) {
        put_made_up_id(&w, traffic, id.number);
    } else {
        put_text(&w, traffic->name);
        put_text(&w, "/");
        put_name(&w, &catalogue->scenario->names, label);
    }
    if (id.notice != 0)
        put_notice(&w, id.notice);
    return finish(&w);
}

size_t catalogue_address_text(const struct catalogue *catalogue, struct message_id id,
                              uint32_t recipient, char *text, size_t room)
{
    struct mailbox to = catalogue_recipient(catalogue, id, recipient);

    return catalogue_mailbox_text(catalogue, id, recipient, to, text, room);
}

size_t catalogue_mailbox_text(const struct catalogue *catalogue, struct message_id id,
                              uint32_t recipient, struct mailbox to, char *text, size_t room)
{
    struct writing w = {text, 0, room};
    const struct scenario *scenario = catalogue->scenario;
    const char *name = traffic_of(catalogue, id)->name;
    char made_up[MADE_UP_MOST];

    if (to.address != NAMES_NONE) {
        put_name(&w, &scenario->names, to.address);
        return finish(&w);
    }
    char *end = made_up_address(made_up, made_up_name(name, strlen(name)), id.number, recipient,
                                made_up_name(names_text(&scenario->domains, to.domain),
                                             names_length(&scenario->domains, to.domain)));
    put(&w, made_up, (size_t)(end - made_up));
    return finish(&w);
}

/* To a base up to 52. */
static char *put_safe(char *at, uint64_t number, unsigned base, unsigned width)
{
    static const char safe[] = QUEUE_ID_SAFE_DIGITS;
    unsigned count = 1;

    for (uint64_t rest = number / base; rest > 0; rest /= base)
        count++;
    if (count < width)
        count = width;
    for (unsigned i = count; i-- > 0; number /= base)
        at[i] = safe[number % base];
    return at + count;
}

/* Seconds, microseconds and, behind the one letter that it does not have, the inode. */
static char *put_long_queue_id(char *at, uint64_t second, uint64_t usec, uint64_t inode)
{
    at = put_safe(at, second, 52, 6);
    at = put_safe(at, usec, 52, 4);
    *at = 'z';
    return put_safe(at + 1, inode, 51, 1);
}

char *catalogue_put_queue_id(const struct catalogue *catalogue, const struct message *message,
                             char *at)
{
    uint64_t serial =
        (uint64_t)message->number * catalogue->scenario->traffic_count + message->traffic;
    uint64_t inode = FIRST_INODE + (serial << 12) + message->notice;
    uint64_t usec = (uint64_t)(message->arrival - sim_second(message->arrival) * SIM_SECOND);

    usec = (usec + message->requeues) % (uint64_t)SIM_SECOND;
    if (catalogue->long_queue_ids)
        return put_long_queue_id(
            at, (uint64_t)sim_second(catalogue->scenario->start + message->arrival), usec, inode);
    return digits_put_hex(digits_put_hex(at, usec, 5), inode, 1);
}

size_t catalogue_queue_id_text(const struct catalogue *catalogue, const struct message *message,
                               char *text, size_t room)
{
    struct writing w = {text, 0, room};
    char digits[QUEUE_ID_MOST];

    put(&w, digits, (size_t)(catalogue_put_queue_id(catalogue, message, digits) - digits));
    return finish(&w);
}

/* ------------------------------------------------------------ from its text */

/* A whole number up to `most`, written as we write it: without zeros before it. */
static bool read_number(struct text_span text, uint32_t most, uint32_t *number)
{
    uint64_t value = 0;

    if (text.length == 0 || text.length > DIGITS_MOST || (text.length > 1 && text.text[0] == '0'))
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if (text.text[i] < '0' || text.text[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(text.text[i] - '0');
        if (value > most)
            return false;
    }
    *number = (uint32_t)value;
    return true;
}

/* Cuts "/b1" or "/w1" off the end, and tells which notice that is. */
static bool cut_notice(struct text_span *text, uint16_t *notice)
{
    size_t at = text->length;
    uint32_t number;

    while (at > 0 && text->text[at - 1] != '/')
        at--;
    if (at == 0 || at == text->length || (text->text[at] != 'b' && text->text[at] != 'w'))
        return false;
    struct text_span digits = {text->text + at + 1, text->length - at - 1};
    if (!read_number(digits, NOTICE_MOST, &number) || number == 0)
        return false;
    *notice = (uint16_t)(number | (text->text[at] == 'w' ? NOTICE_WARNING : 0));
    text->length = at - 1;
    return true;
}

static bool find_whole(const struct scenario *scenario, const struct traffic_spec *traffic,
                       struct text_span text, uint32_t *number)
{
    if (traffic->ops->find == NULL)
        return read_number(text, UINT32_MAX, number);
    uint32_t label = names_find(&scenario->names, text.text, text.length);
    return label != NAMES_NONE && traffic->ops->find(traffic->settings, label, number);
}

/* A label may end as a notice does: the message itself comes first. */
static bool find_in(const struct scenario *scenario, const struct traffic_spec *traffic,
                    struct text_span text, struct message_id *id)
{
    id->notice = 0;
    return find_whole(scenario, traffic, text, &id->number)
           || (cut_notice(&text, &id->notice) && find_whole(scenario, traffic, text, &id->number));
}

bool catalogue_find(const struct catalogue *catalogue, uint32_t name, struct message_id *id)
{
    const struct scenario *scenario = catalogue->scenario;
    const char *text = names_text(&scenario->names, name);
    size_t length = names_length(&scenario->names, name);

    for (size_t i = 0; i < scenario->traffic_count; i++) {
        const struct traffic_spec *traffic = &scenario->traffics[i];
        size_t used = strlen(traffic->name);
        if (used >= length || memcmp(text, traffic->name, used) != 0 || text[used] != '/')
            continue;
        struct message_id found = {.traffic = (uint16_t)i};
        struct text_span rest = {text + used + 1, length - used - 1};
        if (find_in(scenario, traffic, rest, &found)) {
            *id = found;
            return true;
        }
    }
    return false;
}
