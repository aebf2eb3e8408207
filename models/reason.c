/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/reason.h"

#include <stdio.h>
#include <string.h>

#include "sim/hash.h"
#include "sim/printable.h"

#define SUSPENDED "delivery temporarily suspended: "
#define NOT_FOUND "Host or domain name not found. Name service error"

/* How a text begins, and what follows later in it, if it is a reason of Postfix's own. */
static const struct form {
    const char *begins, *goes_on;
} forms[] = {
    {"host ", " said: "},
    {"host ", " refused to talk to me: "},
    {"connect to ", ": "},
    {"conversation with ", " timed out "},
    {"lost connection with ", " while "},
    {NOT_FOUND, " for name="},
    {"Domain ", " does not accept mail "},
    {"mail for ", " loops back to myself"},
};

/* The queue manager's own: no site has been asked. */
static const struct form whole_forms[] = {
    {SUSPENDED, ""},
    {"mail transport unavailable", ""},
    {"unknown mail transport error", ""},
    {"deferred transport", ""},
    {"message is administratively expired", ""},
};

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool has_form(const char *text, const struct form *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (begins(text, list[i].begins)
            && strstr(text + strlen(list[i].begins), list[i].goes_on) != NULL)
            return true;
    }
    return false;
}

static const char *after_digits(const char *text)
{
    return text + strspn(text, "0123456789");
}

/* Where "4.2.0 " ends; `text` if it begins with none. */
static const char *after_dsn(const char *text)
{
    const char *end = after_digits(text);

    for (int part = 0; part < 2; part++) {
        if (end == text || *end != '.')
            return text;
        end = after_digits(end + 1);
    }
    return *end == ' ' ? end + 1 : *end == '\0' ? end : text;
}

/* The words of a reply, without its two codes. */
static const char *words_of(const char *reply)
{
    const char *end = after_digits(reply);
    bool coded = end - reply == 3 && (*end == ' ' || *end == '\0');

    if (!coded)
        return after_dsn(reply);
    return after_dsn(end + (*end == ' '));
}

static size_t length_in(int length, size_t room)
{
    return length < 0 ? 0 : (size_t)length < room ? (size_t)length : room - 1;
}

size_t reason_host(const struct catalogue *catalogue, uint32_t site, char *text, size_t room)
{
    const struct names *domains = &catalogue->scenario->domains;
    const char *domain = names_text(domains, site);
    uint64_t hash = hash_more(HASH_EMPTY, domain, names_length(domains, site));
    unsigned last = 1 + (unsigned)(hash % 254);

    return length_in(snprintf(text, room, "mx.%s[192.0.2.%u]", domain, last), room);
}

/* What comes before the data and after them is one stage here: it is the final dot that fails. */
static const char *command_of(enum smtp_stage stage)
{
    return stage == STAGE_MAIL ? "MAIL FROM" : stage == STAGE_RCPT ? "RCPT TO" : "end of DATA";
}

static int put_not_found(const char *domain, const struct reply *reply, char *text, size_t room)
{
    const char *words = words_of(reply->text);
    bool for_good = reply->code >= 500;

    if (*words == '\0' || begins(words, NOT_FOUND))
        words = for_good ? "Host not found" : "Host not found, try again";
    return snprintf(text, room, NOT_FOUND " for name=%s type=%s: %s", domain, for_good ? "A" : "MX",
                    words);
}

static int put_answer(const struct catalogue *catalogue, const struct attempt *attempt, char *text,
                      size_t room)
{
    const char *reply = attempt->reply->text;
    char host[REASON_MOST];

    if (attempt->stage == STAGE_DNS)
        return put_not_found(names_text(&catalogue->scenario->domains, attempt->site),
                             attempt->reply, text, room);
    reason_host(catalogue, attempt->site, host, sizeof host);
    if (attempt->stage == STAGE_CONNECT)
        return snprintf(text, room, "connect to %s:25: %s", host, words_of(reply));
    if (attempt->reply->session_lost)
        return snprintf(text, room, "conversation with %s %s", host, words_of(reply));
    if (attempt->stage == STAGE_GREETING)
        return snprintf(text, room, "host %s refused to talk to me: %s", host, reply);
    return snprintf(text, room, "host %s said: %s (in reply to %s command)", host, reply,
                    command_of(attempt->stage));
}

static int put_failure(const struct catalogue *catalogue, const struct attempt *attempt, char *text,
                       size_t room)
{
    const char *words = words_of(attempt->reply->text);

    if (has_form(words, forms, COUNT_OF(forms)))
        return snprintf(text, room, "%s", words);
    return put_answer(catalogue, attempt, text, room);
}

static int put_suspended(const struct catalogue *catalogue, const struct attempt *attempt,
                         char *text, size_t room)
{
    char why[REASON_MOST] = "unknown error"; /* Postfix's words for none */

    if (attempt->reply != NULL)
        put_failure(catalogue, attempt, why, sizeof why);
    return snprintf(text, room, SUSPENDED "%s", why);
}

static int put_reason(const struct catalogue *catalogue, const struct attempt *attempt, char *text,
                      size_t room)
{
    const struct reply *reply = attempt->reply;

    if (attempt->outcome == OUTCOME_SENT)
        return snprintf(text, room, "%s", reply->text);
    if (reply != NULL && has_form(words_of(reply->text), whole_forms, COUNT_OF(whole_forms)))
        return snprintf(text, room, "%s", words_of(reply->text));
    if (attempt->outcome == OUTCOME_SUSPENDED)
        return put_suspended(catalogue, attempt, text, room);
    return put_failure(catalogue, attempt, text, room);
}

size_t reason_text(const struct catalogue *catalogue, const struct attempt *attempt, char *text,
                   size_t room)
{
    size_t length = length_in(put_reason(catalogue, attempt, text, room), room);

    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n')
            text[i] = ' ';
    }
    printable(text, length);
    return length;
}
