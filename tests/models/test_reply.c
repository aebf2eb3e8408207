/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The enhanced code as Postfix takes it from a reply: smtp/smtp_chat.c, global/dsn_util.c. */
#include "models/reply.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/check.h"

static const struct row {
    const char *text, *dsn;
} rows[] = {
    {"450 4.2.0 mailbox busy", "4.2.0"},
    {"450 4.2.0", "4.2.0"},
    {"250 2.0.0 Ok: queued as ABC", "2.0.0"},
    {"550 5.1.1 no such user", "5.1.1"},
    {"451 4.123.456 x", "4.123.456"},
    {"421 try later", "4.0.0"}, /* none in the text: first digit and .0.0 */
    {"550", "5.0.0"},
    {"250 ", "2.0.0"},
    {"450 5.1.1 of another class", "4.0.0"},
    {"550 4.2.0 of another class", "5.0.0"},
    {"450 4.2 too short", "4.0.0"},
    {"450 4.2. x", "4.0.0"},
    {"450 4..1 x", "4.0.0"},
    {"450 4.2.0.1 too long", "4.0.0"},
    {"450 4.1234.0 x", "4.0.0"},
    {"450 4.0.1234 x", "4.0.0"},
    {"450 4.2.0: x", "4.0.0"},
    {"450 4.2.0x", "4.0.0"},
    {"450 44.2.0 x", "4.0.0"},
    {"450 x 4.2.0", "4.0.0"},
    {"450   4.2.0 after blanks", "4.2.0"},
    {"450 4.2.0\tand a tab", "4.2.0"},
};

Test(reply, has_the_enhanced_code_of_its_text_or_a_plain_one)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reply reply = {0};
        struct err err = {0};
        cr_assert(reply_parse(&reply, rows[i].text, &err), "%s", err.text);
        cr_expect_str_eq(reply.dsn, rows[i].dsn, "%s: %s", rows[i].text, reply.dsn);
        cr_expect_str_eq(reply.text, rows[i].text);
        reply_fini(&reply);
    }
}

static enum outcome outcome_of(const char *text, int code)
{
    struct reply reply = {0};
    struct err err = {0};

    cr_assert(reply_parse(&reply, text, &err), "%s", err.text);
    cr_expect_eq(reply.code, code);
    enum outcome outcome = reply.outcome;
    reply_fini(&reply);
    return outcome;
}

Test(reply, the_first_digit_decides)
{
    cr_expect_eq(outcome_of("200", 200), OUTCOME_SENT);
    cr_expect_eq(outcome_of("250 ok", 250), OUTCOME_SENT);
    cr_expect_eq(outcome_of("299 x", 299), OUTCOME_SENT);
    cr_expect_eq(outcome_of("400 x", 400), OUTCOME_DEFERRED);
    cr_expect_eq(outcome_of("499 5.1.1 x", 499), OUTCOME_DEFERRED);
    cr_expect_eq(outcome_of("500 x", 500), OUTCOME_BOUNCED);
    cr_expect_eq(outcome_of("599 4.2.0 x", 599), OUTCOME_BOUNCED);
}

Test(reply, begins_with_a_code_that_says_yes_or_no)
{
    static const char *const wrong[] = {
        "",        " ",       "busy",         "45 x",  "4500 x", "45x busy", "450-4.2.0 more",
        "450busy", " 450 x",  "354 go ahead", "199 x", "600 x",  "050 x",    "-450 x",
        "450\tx",  "4.2.0 x",
    };
    struct reply reply = {0};
    struct err err = {0};

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        cr_expect_not(reply_parse(&reply, wrong[i], &err), "'%s' is a reply", wrong[i]);
    cr_expect_null(reply.text);
    cr_expect_str_eq(err.text,
                     "'4.2.0 x' is no reply: it should begin with a code, like '450 4.2.0 busy'");
}

Test(reply, keeps_a_copy_of_its_text)
{
    struct reply reply = {0};
    struct err err = {0};
    char text[] = "450 4.2.0 busy";

    cr_assert(reply_parse(&reply, text, &err));
    text[0] = '5';
    cr_expect_str_eq(reply.text, "450 4.2.0 busy");
    reply_fini(&reply);
    cr_expect_null(reply.text);
    reply_fini(&reply);
}

/* A name left out would read as the next one's. */
Test(reply, every_stage_and_outcome_has_its_name)
{
    cr_expect_str_eq(smtp_stage_names[STAGE_DNS], "dns");
    cr_expect_str_eq(smtp_stage_names[STAGE_CONNECT], "connect");
    cr_expect_str_eq(smtp_stage_names[STAGE_GREETING], "greeting");
    cr_expect_str_eq(smtp_stage_names[STAGE_MAIL], "mail");
    cr_expect_str_eq(smtp_stage_names[STAGE_RCPT], "rcpt");
    cr_expect_str_eq(smtp_stage_names[STAGE_DATA], "data");
    cr_expect_null(smtp_stage_names[STAGE_COUNT]);
    cr_expect_str_eq(outcome_names[OUTCOME_SENT], "sent");
    cr_expect_str_eq(outcome_names[OUTCOME_DEFERRED], "deferred");
    cr_expect_str_eq(outcome_names[OUTCOME_BOUNCED], "bounced");
    cr_expect_str_eq(outcome_names[OUTCOME_SUSPENDED], "suspended");
    cr_expect_null(outcome_names[OUTCOME_COUNT]);
}
