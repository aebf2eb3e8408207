/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/maillog_text.h - lines of a mail log, as syslog daemons and Postfix write them
 *
 * Source: Postfix 3.7, util/format_tv.c, util/msg_output.c,
 * global/log_adhoc.c, global/quote_822_local.c.
 */
#ifndef IO_MAILLOG_TEXT_H
#define IO_MAILLOG_TEXT_H

#include "io/output.h"
#include "sim/time.h"

/* How a line begins. All are in UTC. */
enum maillog_format {
    MAILLOG_TRADITIONAL, /* "Jun  1 00:00:09 host postfix/qmgr[1]: ", neither year nor fraction */
    MAILLOG_RFC3339,     /* "2026-06-01T00:00:09.250000+00:00 host postfix/qmgr[1]: " */
    MAILLOG_RFC5424,     /* "<22>1 2026-06-01T00:00:09.250000Z host postfix/qmgr 1 - - " */
};

/* "traditional" ...; ends with NULL. */
extern const char *const maillog_format_names[];

/* The programs that speak, each with one process. */
enum maillog_program {
    MAILLOG_SMTPD,
    MAILLOG_PICKUP,
    MAILLOG_CLEANUP,
    MAILLOG_QMGR,
    MAILLOG_SMTP,
    MAILLOG_ERROR, /* retry(8) calls itself so */
    MAILLOG_BOUNCE_DAEMON,
    MAILLOG_POSTSUPER,
    MAILLOG_MASTER,
    MAILLOG_PROGRAM_COUNT,
};

/* What Postfix cuts the text of a line to, in bytes. */
#define MAILLOG_LINE_MOST 2000

/* Writes a line stamped `at`, since 1970. Control characters, and what is no UTF-8, become '?'. */
void maillog_put_line(struct output *output, enum maillog_format format, const char *host,
                      sim_time at, enum maillog_program program, const char *fmt, ...)
    PRINTF_LIKE(6, 7);

/*
 * A span as in delay=: two digits that count, and below ten seconds at most
 * `decimals` (0 to 6) of them behind the point; no zeros at the end. Below zero
 * is "0". `text` holds MAILLOG_SECONDS_ROOM bytes.
 */
#define MAILLOG_SECONDS_ROOM 32
void maillog_seconds(char *text, sim_time span, unsigned decimals);

/*
 * An address as it stands between < and >, cut to `room` bytes with its NUL: the
 * local part in quotes if it could be misread, and not there already.
 */
void maillog_address(char *text, size_t room, const char *address);

#endif
