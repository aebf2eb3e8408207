/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/reply.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/alloc.h"

const char *const smtp_stage_names[] = {"dns", "connect", "greeting", "mail", "rcpt", "data", NULL};

const char *const outcome_names[] = {"sent", "deferred", "bounced", "suspended", NULL};

static size_t digits(const char *text)
{
    size_t n = 0;

    while (isdigit((unsigned char)text[n]))
        n++;
    return n;
}

/* Length of an enhanced status code at `text`: class.subject.detail; 0 if there is none. */
static size_t dsn_length(const char *text, char class)
{
    if (text[0] != class || text[1] != '.')
        return 0;
    size_t subject = digits(text + 2);
    if (subject < 1 || subject > 3 || text[2 + subject] != '.')
        return 0;
    size_t detail = digits(text + 3 + subject);
    size_t length = 3 + subject + detail;
    bool ends = text[length] == '\0' || isspace((unsigned char)text[length]);
    return detail >= 1 && detail <= 3 && ends ? length : 0;
}

bool reply_tells_of_lost_session(const char *text)
{
    static const char *const beginnings[] = {"lost connection with ", "conversation with "};

    text += strspn(text, " ");
    for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
        if (strncmp(text, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    }
    return false;
}

bool reply_parse(struct reply *reply, const char *text, struct err *err)
{
    bool coded = digits(text) == 3 && (text[3] == ' ' || text[3] == '\0');

    if (!coded || text[0] < '2' || text[0] > '5' || text[0] == '3')
        return err_set(
            err, "'%.60s' is no reply: it should begin with a code, like '450 4.2.0 busy'", text);
    reply->code = atoi(text);
    reply->outcome = text[0] == '2'   ? OUTCOME_SENT
                     : text[0] == '4' ? OUTCOME_DEFERRED
                                      : OUTCOME_BOUNCED;
    const char *rest = text + 3 + strspn(text + 3, " ");
    size_t length = dsn_length(rest, text[0]);
    if (length > 0)
        snprintf(reply->dsn, sizeof reply->dsn, "%.*s", (int)length, rest);
    else
        snprintf(reply->dsn, sizeof reply->dsn, "%c.0.0", text[0]);
    reply->session_lost = reply_tells_of_lost_session(rest + length);
    reply->text = alloc_text(text, strlen(text));
    return true;
}

void reply_fini(struct reply *reply)
{
    free(reply->text);
    reply->text = NULL;
}
