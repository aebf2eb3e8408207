/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/site/failure.h"

#include <string.h>

#include "models/catalogue.h"
#include "models/luck.h"

extern const struct failure_ops failure_answers, failure_evidence, failure_greylist, failure_outage,
    failure_quota, failure_random, failure_reply;

const struct failure_ops *const failures[] = {
    &failure_outage, &failure_reply,   &failure_greylist, &failure_random,
    &failure_quota,  &failure_answers, &failure_evidence, NULL,
};

const struct failure_ops *failure_find(const char *name)
{
    for (size_t i = 0; failures[i] != NULL; i++) {
        if (strcmp(failures[i]->name, name) == 0)
            return failures[i];
    }
    return NULL;
}

uint32_t approach_luck(struct approach *approach, unsigned lane)
{
    if (approach->block != lane / 4 + 1) {
        const struct message *message = approach->message;
        uint64_t entity = message_key(message) ^ rng_mix(approach->recipient);

        approach->block = lane / 4 + 1;
        rng_block(&approach->catalogue->rng, LUCK_ATTEMPT + lane / 4, entity, message->activations,
                  approach->words);
    }
    return approach->words[lane % 4];
}

uint64_t approach_pair(const struct approach *approach)
{
    struct message_id id = message_id(approach->message);
    struct mailbox to = catalogue_recipient(approach->catalogue, id, approach->recipient);

    return catalogue_pair(approach->catalogue, id, approach->recipient, to);
}
