/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/infer/retry.h - one retry, as a log has it
 */
#ifndef MODELS_INFER_RETRY_H
#define MODELS_INFER_RETRY_H

#include <stddef.h>
#include <stdint.h>

#include "models/logged.h"

/* All in whole seconds. */
struct retry {
    int64_t deferred;  /* since 1970: when the activation before it ended */
    int32_t age;       /* of the message, then */
    int32_t picked_up; /* from then on */
};
_Static_assert(sizeof(struct retry) == 16, "a retry costs 16 bytes");

/* Zero is a valid empty list. */
struct retries {
    struct retry *list;
    size_t count, room;
};

/* Takes those of a message; none where the log does not tell how old it was. */
void retries_add(struct retries *retries, const struct logged_message *message);

static inline int64_t retry_start(const struct retry *retry)
{
    return retry->deferred + retry->picked_up;
}

#endif
