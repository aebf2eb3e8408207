/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/logged_reply.h"

#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

/* Postfix's own phrases (smtp/smtp_proto.c, smtp_connect.c, smtp_addr.c); the first found wins. */
static const struct phrase {
    const char *text;
    enum smtp_stage stage;
} phrases[] = {
    {"(in reply to MAIL FROM", STAGE_MAIL},
    {"(in reply to RCPT TO", STAGE_RCPT},
    {"(in reply to DATA", STAGE_DATA},
    {"(in reply to end of DATA", STAGE_DATA},
    {"(in reply to EHLO", STAGE_GREETING},
    {"(in reply to HELO", STAGE_GREETING},
    {"(in reply to STARTTLS", STAGE_GREETING},
    {"(in reply to AUTH", STAGE_GREETING},
    {"refused to talk to me", STAGE_GREETING},
    {"while receiving the initial server greeting", STAGE_GREETING},
    {"while performing the", STAGE_GREETING},
    {"while sending MAIL FROM", STAGE_MAIL},
    {"while sending RCPT TO", STAGE_RCPT},
    {"while sending", STAGE_DATA},
    {"TLS", STAGE_GREETING},
    {"Name service error", STAGE_DNS},
    {"Host or domain name not found", STAGE_DNS},
    {"does not accept mail (nullMX)", STAGE_DNS},
    {"loops back to myself", STAGE_DNS},
    {"connect to ", STAGE_CONNECT},
};

static enum smtp_stage stage_of(const struct logged_attempt *attempt)
{
    if (attempt->status == LOGGED_SENT)
        return STAGE_DATA;
    for (size_t i = 0; attempt->text != NULL && i < COUNT_OF(phrases); i++) {
        if (strstr(attempt->text, phrases[i].text) != NULL)
            return phrases[i].stage;
    }
    return STAGE_RCPT;
}

struct logged_reply logged_reply_of(const struct logged_attempt *attempt)
{
    struct logged_reply reply = {
        .stage = stage_of(attempt),
        .outcome = attempt->status == LOGGED_SENT      ? OUTCOME_SENT
                   : attempt->status == LOGGED_BOUNCED ? OUTCOME_BOUNCED
                                                       : OUTCOME_DEFERRED,
    };

    memcpy(reply.dsn, attempt->dsn, sizeof reply.dsn);
    return reply;
}

bool logged_blames_site(const struct logged_attempt *attempt, const struct logged_reply *reply)
{
    if (reply->outcome != OUTCOME_DEFERRED)
        return false;
    return reply->stage < STAGE_MAIL
           || (attempt->text != NULL && reply_tells_of_lost_session(attempt->text));
}

const char *logged_suspended_for(const struct logged_attempt *attempt)
{
    static const char prefix[] = "delivery temporarily suspended: ";

    if (attempt->status != LOGGED_SUSPENDED || attempt->text == NULL
        || strncmp(attempt->text, prefix, sizeof prefix - 1) != 0)
        return NULL;
    return attempt->text + sizeof prefix - 1;
}

/* From where the log quotes the site; all of it if it does not. */
static const char *quoted(const char *reason)
{
    static const char *const before[] = {" said: ", " refused to talk to me: "};

    for (size_t i = 0; i < COUNT_OF(before); i++) {
        const char *found = strstr(reason, before[i]);
        if (found != NULL)
            return found + strlen(before[i]);
    }
    return reason;
}

static bool reads_as(const char *text, enum outcome outcome)
{
    struct reply reply;
    struct err err;

    if (!reply_parse(&reply, text, &err))
        return false;
    reply_fini(&reply);
    return reply.outcome == outcome;
}

char *logged_reply_text(const struct logged_reply *reply, const char *reason)
{
    static const char *const codes[] = {
        [OUTCOME_SENT] = "250", [OUTCOME_DEFERRED] = "450", [OUTCOME_BOUNCED] = "550"};
    const char *words = reason == NULL ? "" : quoted(reason);
    const char *end = strstr(words, " (in reply to ");
    char *text = alloc_text(words, end == NULL ? strlen(words) : (size_t)(end - words));

    if (reads_as(text, reply->outcome))
        return text;
    free(text);
    return alloc_printf("%s %s%s%s", codes[reply->outcome], reply->dsn,
                        reply->dsn[0] == '\0' ? "" : " ", reason == NULL ? "" : reason);
}

/* delays=a/b/c/d (global/log_adhoc.c): before the active queue, in it, to a session, in it. */
enum { DELAY_BEFORE, DELAY_ACTIVE, DELAY_SETUP };

static sim_time delays_from(const struct logged_attempt *attempt, size_t first)
{
    sim_time sum = 0;

    for (size_t i = first; i < COUNT_OF(attempt->delays); i++) {
        if (attempt->delays[i] != SIM_NEVER)
            sum += attempt->delays[i];
    }
    return sum;
}

sim_time logged_took(const struct logged_attempt *attempt)
{
    return delays_from(attempt, DELAY_SETUP);
}

sim_time logged_active(const struct logged_attempt *attempt)
{
    return delays_from(attempt, DELAY_ACTIVE);
}
