/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/logged.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static uint32_t recipient(struct logged_message *message, const char *address, const char *original)
{
    return logged_recipient_add(message, address, strlen(address), original,
                                original == NULL ? 0 : strlen(original));
}

static struct logged_attempt *attempt(struct logged_message *message, uint32_t to, sim_time at,
                                      const char *text)
{
    struct logged_attempt *added = logged_attempt_add(message, to, at);
    logged_attempt_say(message, added, text, strlen(text), "none", 4);
    return added;
}

Test(logged, begins_with_nothing_known)
{
    struct logged_message *message = logged_message_new();

    cr_expect_eq(message->arrival, SIM_NEVER);
    cr_expect_eq(message->expired, SIM_NEVER);
    cr_expect_eq(message->removed, SIM_NEVER);
    cr_expect_eq(message->size_bytes, -1);
    cr_expect_null(message->sender);
    logged_message_free(message);
}

Test(logged, frees_nothing_without_complaint)
{
    logged_message_free(NULL);
}

Test(logged, keeps_texts_where_they_are)
{
    struct logged_message *message = logged_message_new();
    const char *kept[300];
    char text[32];

    for (int i = 0; i < 300; i++) {
        int length = snprintf(text, sizeof text, "text %d", i);
        kept[i] = logged_text(message, text, (size_t)length);
    }
    for (int i = 0; i < 300; i++) {
        snprintf(text, sizeof text, "text %d", i);
        cr_expect_str_eq(kept[i], text);
    }
    logged_message_free(message);
}

Test(logged, keeps_texts_longer_than_a_chunk)
{
    struct logged_message *message = logged_message_new();
    char text[10000];

    memset(text, 'x', sizeof text);
    cr_expect_eq(strlen(logged_text(message, text, sizeof text)), sizeof text);
    cr_expect_str_eq(logged_text(message, "short", 5), "short");
    logged_message_free(message);
}

Test(logged, shows_nul_bytes_as_question_marks)
{
    struct logged_message *message = logged_message_new();

    cr_expect_str_eq(logged_text(message, "\0a\0\0b\0", 6), "?a??b?");
    cr_expect_str_eq(logged_text(message, NULL, 0), "");
    logged_message_free(message);
}

Test(logged, finds_a_recipient_again)
{
    struct logged_message *message = logged_message_new();

    cr_expect_eq(recipient(message, "a@example.org", NULL), 0);
    cr_expect_eq(recipient(message, "b@example.org", NULL), 1);
    cr_expect_eq(recipient(message, "a@example.org", NULL), 0);
    cr_expect_eq(recipient(message, "a@example.or", NULL), 2);
    cr_expect_eq(message->recipient_count, 3);
    logged_message_free(message);
}

Test(logged, tells_recipients_apart_by_their_original_address)
{
    struct logged_message *message = logged_message_new();

    cr_expect_eq(recipient(message, "a@example.org", NULL), 0);
    cr_expect_eq(recipient(message, "a@example.org", "x@example.org"), 1);
    cr_expect_eq(recipient(message, "a@example.org", ""), 2);
    cr_expect_eq(recipient(message, "a@example.org", "x@example.org"), 1);
    cr_expect_null(message->recipients[0].original);
    cr_expect_str_eq(message->recipients[1].original, "x@example.org");
    logged_message_free(message);
}

Test(logged, finds_each_of_thousands_of_recipients)
{
    struct logged_message *message = logged_message_new();
    char address[32];

    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < 5000; i++) {
            snprintf(address, sizeof address, "u%u@example.org", i);
            cr_assert_eq(recipient(message, address, NULL), i);
        }
    cr_expect_eq(message->recipient_count, 5000);
    logged_message_free(message);
}

Test(logged, keeps_a_repeated_reason_once)
{
    struct logged_message *message = logged_message_new();
    uint32_t a = recipient(message, "a@example.org", NULL);
    uint32_t b = recipient(message, "b@example.org", NULL);

    logged_activation_add(message, 0);
    attempt(message, a, 1, "greylisted");
    attempt(message, b, 1, "refused");
    attempt(message, a, 2, "greylisted");
    attempt(message, b, 2, "refused");
    attempt(message, b, 3, "refused");
    const struct logged_attempt *all = message->attempts;
    cr_expect_str_eq(all[0].text, "greylisted");
    cr_expect_str_eq(all[1].text, "refused");
    cr_expect_eq(all[2].text, all[0].text);
    cr_expect_eq(all[3].text, all[1].text);
    cr_expect_eq(all[4].text, all[1].text);
    cr_expect_eq(all[3].relay, all[1].relay);
    logged_message_free(message);
}

Test(logged, ends_a_trip_with_its_latest_answer)
{
    struct logged_message *message = logged_message_new();
    uint32_t to = recipient(message, "a@example.org", NULL);

    logged_activation_add(message, 10);
    cr_expect_eq(message->activations[0].end, SIM_NEVER);
    attempt(message, to, 30, "x");
    attempt(message, to, 20, "x");
    logged_activation_add(message, 40);
    attempt(message, to, 50, "x");
    cr_expect_eq(message->activations[0].end, 30);
    cr_expect_eq(message->activations[1].end, 50);
    cr_expect_eq(message->attempts[2].activation, 1);
    cr_expect_eq(message->recipients[to].last, 2);
    logged_message_free(message);
}

Test(logged, refuses_an_attempt_without_an_activation, .exit_code = 70)
{
    struct logged_message *message = logged_message_new();

    logged_attempt_add(message, recipient(message, "a@example.org", NULL), 0);
}
