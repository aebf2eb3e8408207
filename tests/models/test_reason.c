/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts of the log, spec 8.3: real samples with a made-up host in them. */
#include "models/reason.h"

#include <criterion/criterion.h>
#include <string.h>

static struct scenario scenario;
static struct catalogue catalogue = {&scenario, {0}, false};
static uint32_t site;

static void make_world(void)
{
    scenario_init(&scenario);
    scenario_add_name(&scenario, "u@temp.example");
    site = scenario_add_domain_of(&scenario, "u@temp.example");
    scenario_ready(&scenario);
}

static void forget_world(void)
{
    scenario_fini(&scenario);
}

TestSuite(reason, .init = make_world, .fini = forget_world);

/* 1 + FNV-1a of "temp.example", 0xa4942b15290178cb, modulo 254. */
#define HOST "mx.temp.example[192.0.2.186]"

static void expect(enum outcome outcome, enum smtp_stage stage, const char *said, const char *want)
{
    struct reply reply = {.code = said[0] == '5' ? 550 : 450, .text = (char *)said};
    struct attempt attempt = {.site = site, .outcome = outcome, .stage = stage, .reply = &reply};
    char text[REASON_MOST];

    size_t length = reason_text(&catalogue, &attempt, text, sizeof text);
    cr_expect_str_eq(text, want);
    cr_expect_eq(length, strlen(text));
}

static void expect_deferred(enum smtp_stage stage, const char *said, const char *want)
{
    expect(OUTCOME_DEFERRED, stage, said, want);
}

Test(reason, names_the_host_that_said_no_and_to_what)
{
    expect_deferred(STAGE_RCPT, "450 4.2.0 <x>: Greylisted",
                    "host " HOST " said: 450 4.2.0 <x>: Greylisted (in reply to RCPT TO command)");
    expect_deferred(STAGE_MAIL, "451 later",
                    "host " HOST " said: 451 later (in reply to MAIL FROM command)");
    expect(OUTCOME_BOUNCED, STAGE_DATA, "550 5.7.1 spam",
           "host " HOST " said: 550 5.7.1 spam (in reply to end of DATA command)");
}

Test(reason, tells_a_greeting_that_refuses)
{
    expect_deferred(STAGE_GREETING, "421 4.3.2 Service not available",
                    "host " HOST " refused to talk to me: 421 4.3.2 Service not available");
}

/* As an outage that is silent says it, without the host (models/site/outage.c). */
Test(reason, tells_a_greeting_that_never_comes)
{
    struct reply silence = {450, OUTCOME_DEFERRED, "4.4.2",
                            (char *)"timed out while receiving the initial server greeting", true};
    struct attempt attempt = {
        .site = site, .outcome = OUTCOME_DEFERRED, .stage = STAGE_GREETING, .reply = &silence};
    char text[REASON_MOST];

    reason_text(&catalogue, &attempt, text, sizeof text);
    cr_expect_str_eq(text, "conversation with " HOST
                           " timed out while receiving the initial server greeting");
}

Test(reason, tells_a_connection_that_fails_without_codes)
{
    expect_deferred(STAGE_CONNECT, "Connection refused",
                    "connect to " HOST ":25: Connection refused");
    expect_deferred(STAGE_CONNECT, "450 4.4.1 No route to host",
                    "connect to " HOST ":25: No route to host");
    expect_deferred(STAGE_CONNECT, "450 4.4.1", "connect to " HOST ":25: ");
    expect_deferred(STAGE_CONNECT, "4500 wide", "connect to " HOST ":25: 4500 wide");
    expect_deferred(STAGE_CONNECT, "450 4.4 narrow", "connect to " HOST ":25: 4.4 narrow");
}

Test(reason, tells_a_name_that_is_not_found)
{
    static const char said[] = "Host or domain name not found. Name service error";

    expect_deferred(STAGE_DNS, said,
                    "Host or domain name not found. Name service error for name=temp.example "
                    "type=MX: Host not found, try again");
    expect_deferred(STAGE_DNS, "450 4.4.3 query timed out",
                    "Host or domain name not found. Name service error for name=temp.example "
                    "type=MX: query timed out");
    expect(OUTCOME_BOUNCED, STAGE_DNS, "550 5.4.4",
           "Host or domain name not found. Name service error for name=temp.example type=A: "
           "Host not found");
}

Test(reason, of_a_delivery_is_the_reply)
{
    expect(OUTCOME_SENT, STAGE_DATA, "250 2.0.0 Ok: queued as ABC", "250 2.0.0 Ok: queued as ABC");
}

Test(reason, of_a_suspended_one_is_what_killed_the_site)
{
    expect(OUTCOME_SUSPENDED, STAGE_CONNECT, "Connection refused",
           "delivery temporarily suspended: connect to " HOST ":25: Connection refused");
    expect(OUTCOME_SUSPENDED, STAGE_GREETING,
           "450 4.4.2 conversation with a[127.0.0.1] timed out while receiving the initial server "
           "greeting",
           "delivery temporarily suspended: conversation with a[127.0.0.1] timed out while "
           "receiving the initial server greeting");
    expect(OUTCOME_SUSPENDED, STAGE_CONNECT, "delivery temporarily suspended: connect to x: y",
           "delivery temporarily suspended: connect to x: y");
}

Test(reason, of_a_suspended_one_without_any_is_unknown)
{
    struct attempt attempt = {.site = site, .outcome = OUTCOME_SUSPENDED};
    char text[64];

    reason_text(&catalogue, &attempt, text, sizeof text);
    cr_expect_str_eq(text, "delivery temporarily suspended: unknown error");
}

Test(reason, of_the_queue_manager_itself_stands_alone)
{
    expect(OUTCOME_SUSPENDED, STAGE_DNS, "450 4.3.0 mail transport unavailable",
           "mail transport unavailable");
    expect_deferred(STAGE_DNS, "unknown mail transport error", "unknown mail transport error");
    expect(OUTCOME_SUSPENDED, STAGE_DNS, "deferred transport", "deferred transport");
    expect(OUTCOME_BOUNCED, STAGE_DNS, "450 4.7.0 message is administratively expired",
           "message is administratively expired");
}

Test(reason, that_a_log_told_is_kept)
{
    static const char *const told[] = {
        "host h[127.0.0.1] said: 450 4.2.0 x (in reply to RCPT TO command)",
        "host h[127.0.0.1] refused to talk to me: 421 busy",
        "connect to h[127.0.0.1]:12599: Connection refused",
        "conversation with h[127.0.0.1] timed out while sending MAIL FROM",
        "lost connection with h[127.0.0.1] while sending RCPT TO",
        "Host or domain name not found. Name service error for name=a type=MX: Host not found",
        "Domain a does not accept mail (nullMX)",
        "mail for a loops back to myself",
    };

    for (size_t i = 0; i < COUNT_OF(told); i++) {
        char said[200] = "450 4.4.1 ";

        expect_deferred(STAGE_RCPT, told[i], told[i]);
        expect_deferred(STAGE_RCPT, strcat(said, told[i]), told[i]);
    }
}

Test(reason, does_not_take_a_site_s_words_for_postfix_s)
{
    expect_deferred(STAGE_RCPT, "450 host unknown",
                    "host " HOST " said: 450 host unknown (in reply to RCPT TO command)");
}

Test(reason, is_harmless_and_one_line)
{
    expect_deferred(STAGE_GREETING, "421-a\n421 b\033[1m\xff",
                    "host " HOST " refused to talk to me: 421-a 421 b?[1m?");
}

Test(reason, is_cut_to_its_room)
{
    struct reply reply = {.code = 250, .text = (char *)"250 2.0.0 Ok"};
    struct attempt attempt = {.site = site, .outcome = OUTCOME_SENT, .reply = &reply};
    char text[] = "XXXXXXXX", longer[20];

    cr_expect_eq(reason_text(&catalogue, &attempt, text, 5), 4);
    cr_expect_str_eq(text, "250 ");
    cr_expect_eq(text[5], 'X');
    cr_expect_eq(reason_text(&catalogue, &attempt, longer, strlen(reply.text)), 11);
}
