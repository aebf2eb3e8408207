/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/cause.h"

#include <string.h>
#include <strings.h>

#include "sim/check.h"

const char *const cause_names[] = {"refused",  "timeout", "dns", "greylist",
                                   "throttle", "mailbox", NULL};
const char *const cause_unit_names[] = {"site", "sender and recipient", "recipient"};

enum cause_unit cause_unit(enum cause cause)
{
    return cause == CAUSE_GREYLIST  ? UNIT_PAIR
           : cause == CAUSE_MAILBOX ? UNIT_RECIPIENT
                                    : UNIT_SITE;
}

/* Whatever the case of its letters; `words` ends with NULL. */
static bool says_any(const char *text, const char *const *words)
{
    for (const char *at = text; *at != '\0'; at++) {
        for (const char *const *word = words; *word != NULL; word++) {
            if (strncasecmp(at, *word, strlen(*word)) == 0)
                return true;
        }
    }
    return false;
}

/* What sites say is up to them: these are the words of those in the logs of tests and of the field.
 */
static const char *const of_greylists[] = {"greylist", "graylist", "grey list", "postgrey", NULL};
static const char *const of_mailboxes[] = {"mailbox full",   "mailbox is full", "over quota",
                                           "overquota",      "quota exceeded",  "exceeded quota",
                                           "over the quota", "quota full",      NULL};
static const char *const of_throttles[] = {
    "throttl",     "rate limit",   "unusual rate", "at a rate that", "too many", "too much",
    "too busy",    "too fast",     "slow down",    "[TS0",           "[TSS0",    "temporarily def",
    "server busy", "exceeded the", "reputation",   "rate exceeded",  NULL};
static const char *const of_silence[] = {"timed out", "lost connection", "No route to host",
                                         "unreachable", NULL};

static enum cause of_connection(const char *text)
{
    static const char *const refusals[] = {"refused", NULL};

    return says_any(text, refusals) ? CAUSE_REFUSED : CAUSE_TIMEOUT;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Enhanced codes mean the same everywhere (RFC 3463): x.2.2 a full mailbox, x.7.x a policy. */
static enum cause of_answer(const char *text, const struct logged_reply *reply)
{
    if (says_any(text, of_greylists))
        return CAUSE_GREYLIST;
    if (strcmp(reply->dsn, "4.2.2") == 0 || says_any(text, of_mailboxes))
        return CAUSE_MAILBOX;
    if (begins(reply->dsn, "4.7.") || says_any(text, of_throttles))
        return CAUSE_THROTTLE;
    return reply->stage == STAGE_GREETING ? CAUSE_REFUSED : CAUSE_OTHER;
}

enum cause cause_of(const struct logged_attempt *attempt, const struct logged_reply *reply)
{
    const char *text = attempt->text == NULL ? "" : attempt->text;

    if (attempt->status != LOGGED_DEFERRED)
        return CAUSE_NONE;
    if (reply->stage == STAGE_DNS)
        return CAUSE_DNS;
    if (reply->stage == STAGE_CONNECT)
        return of_connection(text);
    return reply_tells_of_lost_session(text) && says_any(text, of_silence) ? CAUSE_TIMEOUT
                                                                           : of_answer(text, reply);
}
