/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/event_csv.h"

#include <string.h>

#include "io/csv_row.h"
#include "models/endings.h"
#include "sim/rng.h"

#define ID_ROOM 768
#define ADDRESS_ROOM 1024
#define ANSWER_ROOM ((size_t)2 * CSV_TEXT_MOST + 256)

static void put_header(struct output *output, const char *columns)
{
    output_write(output, columns, strlen(columns));
    output_write(output, "\n", 1);
}

static void put_name(struct csv_row *row, const struct names *names, uint32_t number)
{
    csv_text(row, names_text(names, number), names_length(names, number));
}

/* Which message: replication, message, queue_id, sender. */
static void put_message(struct csv_row *row, const struct catalogue *catalogue,
                        const struct message *message)
{
    struct message_id id = message_id(message);
    char text[ID_ROOM];

    csv_number(row, catalogue->rng.replication);
    csv_text(row, text, catalogue_id_text(catalogue, id, text, sizeof text));
    csv_reserve(row, ID_ROOM);
    row->at += catalogue_queue_id_text(catalogue, message, row->at, ID_ROOM);
    csv_empty(row);
    put_name(row, &catalogue->scenario->names, catalogue_sender(catalogue, id));
}

/* --------------------------------------------------------------- attempts */

static void put_word(struct csv_row *row, const char *word)
{
    csv_text(row, word, strlen(word));
}

static void put_answer(struct csv_row *row, const struct attempt *attempt)
{
    put_word(row, smtp_stage_names[attempt->stage]);
    put_word(row, outcome_names[attempt->outcome]);
    put_word(row, attempt->reply->dsn);
    put_word(row, attempt->reply->text);
}

/* Where the answer is kept, or another that has to go for it. */
static struct answer_cells *answer_place(struct attempts_csv *csv, const struct attempt *attempt)
{
    return &csv->answers[rng_mix((uint64_t)(uintptr_t)attempt->reply) % ANSWERS_KEPT];
}

static COLD void make_answer(struct csv_row *row, struct answer_cells *cells,
                             const struct attempt *attempt)
{
    csv_reserve(row, ANSWER_ROOM);
    const char *start = row->at;

    put_answer(row, attempt);
    cells->length = (size_t)(row->at - start);
    cells->reply = cells->length <= sizeof cells->text ? attempt->reply : NULL;
    cells->stage = attempt->stage;
    cells->outcome = attempt->outcome;
    if (cells->reply != NULL)
        memcpy(cells->text, start, cells->length);
}

static void put_kept_answer(struct attempts_csv *csv, struct csv_row *row,
                            const struct attempt *attempt)
{
    struct answer_cells *cells = answer_place(csv, attempt);
    bool kept = cells->reply == attempt->reply && cells->stage == attempt->stage
                && cells->outcome == attempt->outcome;

    if (LIKELY(kept))
        csv_again(row, cells->text, cells->length);
    else
        make_answer(row, cells, attempt);
}

static void put_recipient(struct csv_row *row, const struct catalogue *catalogue,
                          struct message_id id, const struct attempt *attempt)
{
    struct mailbox to = catalogue_recipient_at(catalogue, id, attempt->recipient, attempt->domain);
    char text[ADDRESS_ROOM];

    csv_text(row, text,
             catalogue_mailbox_text(catalogue, id, attempt->recipient, to, text, sizeof text));
    put_name(row, &catalogue->scenario->domains, attempt->site);
}

static struct text_span name_span(const struct names *names, uint32_t number)
{
    return (struct text_span){names_text(names, number), names_length(names, number)};
}

/* Of a message whose texts are made up of plain names: nothing needs to be looked at. */
static void put_made_up(struct csv_row *row, const struct catalogue *catalogue,
                        const struct message *message, const struct attempt *attempt)
{
    const struct traffic_spec *traffic = &catalogue->scenario->traffics[message->traffic];
    const struct names *domains = &catalogue->scenario->domains;
    struct text_span name = {traffic->name, strlen(traffic->name)};
    struct text_span domain = name_span(domains, attempt->domain);

    csv_number(row, catalogue->rng.replication);
    csv_reserve(row, MADE_UP_MOST + QUEUE_ID_MOST);
    row->at = made_up_id(row->at, name, message->number);
    csv_empty(row);
    row->at = catalogue_put_queue_id(catalogue, message, row->at);
    csv_empty(row);
    put_name(row, &catalogue->scenario->names, traffic->sender);
    csv_reserve(row, 2 * MADE_UP_MOST);
    row->at = made_up_address(row->at, name, message->number, attempt->recipient, domain);
    csv_empty(row);
    struct text_span site = name_span(domains, attempt->site);
    memcpy(row->at, site.text, site.length);
    row->at += site.length;
    csv_empty(row);
}

static bool is_made_up(const struct attempts_csv *csv, const struct message *message)
{
    const struct scenario *scenario = csv->catalogue.scenario;

    return csv->names_are_plain && message->notice == 0
           && scenario->traffics[message->traffic].ops->envelope == NULL;
}

/* Many take no time: the same cell twice. */
static void put_start_and_end(struct csv_row *row, const struct attempt *attempt)
{
    const char *cell = row->at;

    csv_seconds(row, attempt->start);
    size_t length = (size_t)(row->at - cell);
    if (attempt->end != attempt->start) {
        csv_seconds(row, attempt->end);
        return;
    }
    memcpy(row->at, cell, length);
    row->at += length;
}

static void put_attempt(struct attempts_csv *csv, const struct activation *activation,
                        const struct attempt *attempt)
{
    const struct message *message = activation->message;
    struct csv_row row = csv_row(&csv->output);
    bool waits = activation->fate == FATE_DEFERRED
                 && (attempt->outcome == OUTCOME_DEFERRED || attempt->outcome == OUTCOME_SUSPENDED);

    if (LIKELY(is_made_up(csv, message))) {
        put_made_up(&row, &csv->catalogue, message, attempt);
    } else {
        put_message(&row, &csv->catalogue, message);
        put_recipient(&row, &csv->catalogue, message_id(message), attempt);
    }
    csv_number(&row, message->activations);
    put_start_and_end(&row, attempt);
    csv_seconds(&row, attempt->end - (sim_time)message->created * SIM_SECOND);
    put_kept_answer(csv, &row, attempt);
    if (waits)
        csv_number(&row, message->mtime);
    else
        csv_empty(&row);
    csv_end(&row);
}

static void attempts_ended(struct observer *self, const struct activation *activation)
{
    struct attempts_csv *csv = CONTAINER_OF(self, struct attempts_csv, observer);

    for (size_t i = 0; i < activation->count; i++)
        put_attempt(csv, activation, &activation->attempts[i]);
}

static const struct observer_ops attempts_ops = {.ended = attempts_ended};

bool attempts_csv_open(struct attempts_csv *csv, const char *folder, struct err *err)
{
    *csv = (struct attempts_csv){.observer.ops = &attempts_ops};
    if (!output_open(&csv->output, folder, "attempts.csv", err))
        return false;
    put_header(&csv->output, "replication,message,queue_id,sender,recipient,site,attempt,start_s,"
                             "end_s,age_s,stage,outcome,dsn,text,next_s");
    return true;
}

static bool is_plain_name(const char *text, size_t length)
{
    return length <= MADE_UP_NAME_MOST && csv_is_plain(text, length);
}

static bool names_are_plain(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->traffic_count; i++) {
        const char *name = scenario->traffics[i].name;
        if (!is_plain_name(name, strlen(name)))
            return false;
    }
    for (uint32_t i = 0; i < scenario->domains.count; i++) {
        if (!is_plain_name(names_text(&scenario->domains, i), names_length(&scenario->domains, i)))
            return false;
    }
    return true;
}

void attempts_csv_begin(struct attempts_csv *csv, const struct catalogue *catalogue)
{
    csv->catalogue = *catalogue;
    csv->names_are_plain = names_are_plain(catalogue->scenario);
    memset(csv->answers, 0, sizeof csv->answers); /* replies live as long as their run */
}

/* --------------------------------------------------------------- messages */

static void put_tally(struct csv_row *row, const struct tally *tally)
{
    csv_number(row, tally->sent);
    csv_number(row, tally->bounced);
    csv_number(row, tally->expired);
    csv_number(row, tally->deleted);
    csv_number(row, tally->queued);
}

/* end: SIM_NEVER while it is still there. */
static void put_final(struct messages_csv *csv, const struct message *message,
                      const struct tally *tally, sim_time end)
{
    struct csv_row row = csv_row(&csv->output);
    int64_t size = catalogue_size_bytes(&csv->catalogue, message_id(message));
    const char *word = tally_word(tally);

    put_message(&row, &csv->catalogue, message);
    csv_seconds(&row, message->arrival);
    if (size >= 0)
        csv_number(&row, (uint64_t)size);
    else
        csv_empty(&row);
    csv_number(&row, catalogue_recipient_count(&csv->catalogue, message_id(message)));
    csv_number(&row, message->activations);
    put_tally(&row, tally);
    if (end != SIM_NEVER)
        csv_seconds(&row, end);
    else
        csv_empty(&row);
    put_word(&row, word);
    csv_end(&row);
}

static void messages_ended(struct observer *self, const struct activation *activation)
{
    struct messages_csv *csv = CONTAINER_OF(self, struct messages_csv, observer);

    if (activation->fate != FATE_DEFERRED)
        put_final(csv, activation->message, &activation->tally, activation->end);
}

static void messages_left(struct observer *self, sim_time at, const struct message *message,
                          const struct tally *tally)
{
    (void)at;
    put_final(CONTAINER_OF(self, struct messages_csv, observer), message, tally, SIM_NEVER);
}

static void messages_operated(struct observer *self, sim_time at, enum operation_kind kind,
                              const struct message *message, const struct tally *tally)
{
    if (kind == OPERATION_DELETE)
        put_final(CONTAINER_OF(self, struct messages_csv, observer), message, tally, at);
}

static const struct observer_ops messages_ops = {
    .ended = messages_ended, .operated = messages_operated, .left = messages_left};

bool messages_csv_open(struct messages_csv *csv, const char *folder, struct err *err)
{
    *csv = (struct messages_csv){.observer.ops = &messages_ops};
    if (!output_open(&csv->output, folder, "messages.csv", err))
        return false;
    put_header(&csv->output, "replication,message,queue_id,sender,arrival_s,size_bytes,recipients,"
                             "attempts,sent,bounced,expired,deleted,queued,end_s,final");
    return true;
}

void messages_csv_begin(struct messages_csv *csv, const struct catalogue *catalogue)
{
    csv->catalogue = *catalogue;
}
