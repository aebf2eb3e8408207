/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fuzz/fuzz_postqueue.c - any bytes as what postqueue -j lists
 *
 * Of what is read a forecast is made, whose windows must be in order.
 */
#include <stdint.h>
#include <string.h>

#include "io/postqueue_reader.h"
#include "io/queue_id.h"
#include "sim/check.h"

#define NOW INT64_C(1795485837)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool look(void *user, const struct queue_entry *entry, struct err *err)
{
    const struct forecast_plan *plan = user;
    struct forecast_message message = {
        .queue = entry->queue,
        .created = entry->created,
        .mtime = entry->arrival % 7 == 0 ? entry->arrival : FORECAST_UNKNOWN,
        .null_sender = *entry->sender == '\0',
        .failed = entry->failed,
        .forced = entry->forced,
    };
    struct forecast forecast = forecast_make(plan, &message);

    (void)err;
    EXPECT(queue_id_is_good(entry->id, strlen(entry->id)));
    EXPECT(entry->created >= entry->arrival && entry->arrival >= 0);
    EXPECT(queue_id_digits(entry->id).text[0] != '\0');
    EXPECT(forecast.next.low >= plan->now && forecast.next.low <= forecast.next.high);
    EXPECT(forecast.expires.low >= forecast.next.low);
    EXPECT(forecast.expires.low <= forecast.expires.high);
    EXPECT(forecast.attempts_low <= forecast.attempts_high);
    return entry->recipients < 1000;
}

static void read_line(const char *line, size_t length, struct forecast_plan *plan)
{
    struct postqueue_sink sink = {look, plan};
    struct err err = {0};

    if (!postqueue_read_line(line, length, &sink, &err))
        EXPECT(memchr(err.text, '\0', sizeof err.text) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes, *end = text + size;
    struct postfix_settings settings;

    postfix_settings_init(&settings);
    struct forecast_plan present = forecast_present(&settings, NOW, FORECAST_UNKNOWN);
    struct forecast_plan change = forecast_change(&present, &settings);
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline == NULL ? end : newline;
        read_line(text, (size_t)(stop - text), &present);
        read_line(text, (size_t)(stop - text), &change);
        text = stop + 1;
    }
    return 0;
}
