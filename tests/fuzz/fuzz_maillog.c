/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/fuzz/fuzz_maillog.c - any bytes as a mail log: what comes out is whole */
#include <stdint.h>
#include <string.h>

#include "io/maillog.h"
#include "sim/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_attempt(const struct logged_message *message,
                          const struct logged_attempt *attempt)
{
    EXPECT(attempt->recipient < message->recipient_count);
    EXPECT(attempt->activation < message->activation_count);
    EXPECT(attempt->status < LOGGED_STATUS_COUNT);
    EXPECT(memchr(attempt->dsn, '\0', sizeof attempt->dsn) != NULL);
    EXPECT(strlen(attempt->text) + strlen(attempt->relay) < SIZE_MAX);
    EXPECT(attempt->at <= message->activations[attempt->activation].end);
}

static void check_message(void *user, struct logged_message *message)
{
    uint64_t *count = user;

    ++*count;
    EXPECT(strlen(message->queue_id) >= 6);
    EXPECT(message->host != NULL && message->instance != NULL);
    for (size_t i = 0; i < message->recipient_count; i++)
        EXPECT(message->recipients[i].last < message->attempt_count);
    for (size_t i = 0; i < message->attempt_count; i++)
        check_attempt(message, &message->attempts[i]);
    logged_message_free(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint64_t count = 0;
    struct maillog *log = maillog_new((struct maillog_sink){check_message, &count});
    struct maillog_totals totals;

    maillog_begin(log, 1790000000 * SIM_SECOND);
    maillog_feed(log, (const char *)bytes, size);
    maillog_finish(log, &totals);
    EXPECT(totals.messages == count);
    EXPECT(totals.unfinished <= totals.messages);
    return 0;
}
