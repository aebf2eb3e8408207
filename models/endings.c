/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/endings.h"

#include <stdlib.h>

#include "sim/alloc.h"
#include "sim/check.h"

static void remember(struct observer *self, const struct message *message,
                     const struct tally *tally, sim_time end)
{
    struct endings *endings = CONTAINER_OF(self, struct endings, observer);

    if (message->notice != 0)
        return;
    endings->list =
        alloc_grow(endings->list, &endings->room, endings->count + 1, sizeof *endings->list);
    endings->list[endings->count++] =
        (struct ending){message_id(message), message->arrival, end, *tally};
}

static void ended(struct observer *self, const struct activation *activation)
{
    if (activation->fate != FATE_DEFERRED)
        remember(self, activation->message, &activation->tally, activation->end);
}

static void left(struct observer *self, sim_time at, const struct message *message,
                 const struct tally *tally)
{
    (void)at;
    remember(self, message, tally, SIM_NEVER);
}

static void operated(struct observer *self, sim_time at, enum operation_kind kind,
                     const struct message *message, const struct tally *tally)
{
    if (kind == OPERATION_DELETE)
        remember(self, message, tally, at);
}

static int by_id(const void *a, const void *b)
{
    const struct message_id x = ((const struct ending *)a)->id, y = ((const struct ending *)b)->id;

    if (x.traffic != y.traffic)
        return x.traffic < y.traffic ? -1 : 1;
    return x.number < y.number ? -1 : x.number > y.number;
}

static void finished(struct observer *self, sim_time at)
{
    struct endings *endings = CONTAINER_OF(self, struct endings, observer);

    (void)at;
    if (endings->count > 0)
        qsort(endings->list, endings->count, sizeof *endings->list, by_id);
}

static const struct observer_ops endings_ops = {
    .ended = ended, .left = left, .operated = operated, .finished = finished};

void endings_init(struct endings *endings)
{
    *endings = (struct endings){.observer.ops = &endings_ops};
}

void endings_fini(struct endings *endings)
{
    free(endings->list);
}

bool endings_differ(const struct ending *one, const struct ending *other)
{
    const struct tally *x = &one->tally, *y = &other->tally;

    return x->sent != y->sent || x->bounced != y->bounced || x->expired != y->expired
           || x->deleted != y->deleted || x->queued != y->queued;
}

const char *tally_word(const struct tally *tally)
{
    const struct fact {
        uint32_t count;
        const char *word;
    } facts[] = {
        {tally->sent, "delivered"},  {tally->bounced, "bounced"}, {tally->expired, "expired"},
        {tally->deleted, "deleted"}, {tally->queued, "queued"},
    };
    const char *word = "";
    int kinds = 0;

    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        if (facts[i].count > 0) {
            word = facts[i].word;
            kinds++;
        }
    }
    return kinds > 1 ? "mixed" : word;
}
