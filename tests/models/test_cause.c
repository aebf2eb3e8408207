/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reasons as Postfix and the sites of real logs word them. */
#include "models/cause.h"

#include <criterion/criterion.h>
#include <string.h>

static enum cause cause(enum logged_status status, const char *dsn, const char *text)
{
    struct logged_attempt attempt = {.status = status, .text = text};

    strncpy(attempt.dsn, dsn, sizeof attempt.dsn - 1);
    struct logged_reply reply = logged_reply_of(&attempt);
    return cause_of(&attempt, &reply);
}

static void expect(enum cause expected, const char *dsn, const char *text)
{
    cr_expect_eq(cause(LOGGED_DEFERRED, dsn, text), expected, "%s", text);
}

Test(cause, of_connections_that_failed)
{
    expect(CAUSE_REFUSED, "4.4.1", "connect to mx.d[192.0.2.1]:25: Connection refused");
    expect(CAUSE_TIMEOUT, "4.4.1", "connect to mx.d[192.0.2.1]:25: Connection timed out");
    expect(CAUSE_TIMEOUT, "4.4.1", "connect to mx.d[192.0.2.1]:25: No route to host");
    expect(CAUSE_TIMEOUT, "4.4.2",
           "conversation with mx.d[192.0.2.1] timed out while receiving the initial server "
           "greeting");
    expect(CAUSE_TIMEOUT, "4.4.2",
           "lost connection with mx.d[192.0.2.1] while sending end of data -- message may be sent "
           "more than once");
    expect(CAUSE_DNS, "4.4.3",
           "Host or domain name not found. Name service error for name=d type=MX: Host not found, "
           "try again");
}

Test(cause, of_greetings)
{
    expect(CAUSE_REFUSED, "4.3.2",
           "host mx.d[192.0.2.1] refused to talk to me: 421 4.3.2 Service not available");
    expect(CAUSE_THROTTLE, "4.7.0",
           "host mx.d[192.0.2.1] refused to talk to me: 421 4.7.0 mx.d Error: too many connections "
           "from 192.0.2.9");
    expect(CAUSE_THROTTLE, "4.0.0",
           "host mx.d[192.0.2.1] refused to talk to me: 421 Server busy, try again later");
}

#define SAID(text, command) "host mx.d[192.0.2.1] said: " text " (in reply to " command " command)"

Test(cause, of_answers)
{
    expect(CAUSE_GREYLIST, "4.2.0",
           SAID("450 4.2.0 <u@d>: Recipient address rejected: Greylisted", "RCPT TO"));
    expect(CAUSE_GREYLIST, "4.7.1", SAID("451 4.7.1 GREYLISTING in action", "RCPT TO"));
    expect(CAUSE_GREYLIST, "4.0.0", SAID("451 Aborted, Graylisted !", "DATA"));
    expect(CAUSE_MAILBOX, "4.2.2", SAID("452 4.2.2 <u@d> Mailbox has exceeded", "RCPT TO"));
    expect(CAUSE_MAILBOX, "4.7.1", SAID("450 4.7.1 User mailbox over quota", "RCPT TO"));
    expect(CAUSE_THROTTLE, "4.7.1", SAID("450 4.7.1 Error: too much mail", "MAIL FROM"));
    expect(CAUSE_THROTTLE, "4.0.0", SAID("421 [TSS04] Messages temporarily deferred", "MAIL FROM"));
    expect(CAUSE_OTHER, "4.3.0", SAID("451 qq read error (#4.3.0)", "end of DATA"));
    expect(CAUSE_OTHER, "4.2.20", SAID("452 4.2.20 of no meaning", "RCPT TO"));
    expect(CAUSE_OTHER, "", "");
}

Test(cause, is_none_of_what_was_no_failure_for_now)
{
    const char *refused = "connect to mx.d[192.0.2.1]:25: Connection refused";

    cr_expect_eq(cause(LOGGED_SENT, "2.0.0", "250 2.0.0 Ok: greylisting is over"), CAUSE_NONE);
    cr_expect_eq(cause(LOGGED_BOUNCED, "5.4.1", refused), CAUSE_NONE);
    cr_expect_eq(cause(LOGGED_SUSPENDED, "4.4.1", refused), CAUSE_NONE);
    cr_expect_eq(cause(LOGGED_OTHER, "4.4.1", refused), CAUSE_NONE);
    cr_expect_eq(cause(LOGGED_DEFERRED, "", NULL), CAUSE_OTHER);
}

Test(cause, has_a_name_and_a_unit_each)
{
    for (int i = 0; i < CAUSE_COUNT; i++)
        cr_expect_not_null(cause_names[i]);
    cr_expect_null(cause_names[CAUSE_COUNT]);
    cr_expect_eq(cause_unit(CAUSE_REFUSED), UNIT_SITE);
    cr_expect_eq(cause_unit(CAUSE_THROTTLE), UNIT_SITE);
    cr_expect_eq(cause_unit(CAUSE_GREYLIST), UNIT_PAIR);
    cr_expect_eq(cause_unit(CAUSE_MAILBOX), UNIT_RECIPIENT);
}
