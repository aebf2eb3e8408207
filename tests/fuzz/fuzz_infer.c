/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fuzz/fuzz_infer.c - any bytes as a mail log, or as retries
 *
 * The first byte chooses. Whatever a log says, a value lies in its range, every retry is counted
 * once, events are in order, and the reports can be printed.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/infer_report.h"
#include "io/maillog.h"
#include "sim/alloc.h"
#include "sim/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void take_message(void *user, struct logged_message *message)
{
    infers_add(user, message);
    logged_message_free(message);
}

static void check_answers(const struct infer_result *result)
{
    for (int i = 0; i < INFER_SCAN_PHASE; i++) { /* a phase's range may lie around zero */
        const struct infer_answer *answer = &result->answers[i];
        bool off = i == INFER_DELAY_WARNING_TIME && answer->value == 0;
        if (answer->value == INFER_UNKNOWN || off)
            continue;
        EXPECT(answer->low != INFER_UNKNOWN && answer->low <= answer->value);
        EXPECT(answer->high != INFER_UNKNOWN && answer->value <= answer->high);
    }
}

static void check_result(const struct infer_result *result)
{
    check_answers(result);
    EXPECT(result->on_scan + result->waited + result->early + result->late + result->off_grid == result->retries);
    for (size_t i = 1; i < result->event_count; i++)
        EXPECT(result->events[i - 1].at <= result->events[i].at);
}

static void print(struct infer_server *server, const struct maillog_totals *totals)
{
    struct infer_report report = {totals, server, 1};
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    REQUIRE(out != NULL);
    infer_report_text(out, &report);
    infer_report_json(out, &report);
    fclose(out);
    free(text);
}

static void finish(struct infer *infer, const struct maillog_totals *totals)
{
    struct infer_server server = {.name = "mx postfix"};

    infer_finish(infer, &server.result);
    check_result(&server.result);
    print(&server, totals);
    infer_result_fini(&server.result);
}

static void read_log(const char *text, size_t length)
{
    struct infers infers = {0};
    struct maillog_totals totals;
    struct maillog *log = maillog_new((struct maillog_sink){take_message, &infers});

    maillog_begin(log, 1790000000 * SIM_SECOND);
    maillog_feed(log, text, length);
    maillog_finish(log, &totals);
    for (size_t i = 0; i < infers.count; i++)
        finish(&infers.list[i], &totals);
    infers_fini(&infers);
}

/* Six bytes a retry: from one to the next, how old it was, and when it was tried again. */
static void read_retries(const uint8_t *bytes, size_t size)
{
    struct maillog_totals totals = {.first = 0, .last = 0};
    struct infer infer = {0};
    int64_t at = 1780272000;
    int16_t numbers[3];

    for (; size >= sizeof numbers; bytes += sizeof numbers, size -= sizeof numbers) {
        struct retries *retries = &infer.retries;
        memcpy(numbers, bytes, sizeof numbers);
        at += numbers[0];
        retries->list =
            alloc_grow(retries->list, &retries->room, retries->count + 1, sizeof *retries->list);
        retries->list[retries->count++] = (struct retry){at, numbers[1], numbers[2]};
    }
    finish(&infer, &totals);
    infer_fini(&infer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    if (bytes[0] & 1)
        read_retries(bytes + 1, size - 1);
    else
        read_log((const char *)bytes + 1, size - 1);
    return 0;
}
