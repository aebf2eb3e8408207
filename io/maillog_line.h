/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/maillog_line.h - what one line of a mail log says
 *
 * A line is Postfix's by its tag, never by its text: other programs quote
 * Postfix's lines. Forms: Postfix 3.12, src/global/log_adhoc.c: log_adhoc(),
 * src/qmgr/qmgr_active.c, src/bounce/bounce_notify_service.c; older ones leave
 * fields out.
 *
 * Up to the tag a line is as syslog daemons write it, by RFC 3164 or RFC 5424,
 * with any stamp of log_stamp.h; or it is an entry of the journal as JSON.
 */
#ifndef IO_MAILLOG_LINE_H
#define IO_MAILLOG_LINE_H

#include <stdint.h>

#include "io/log_stamp.h"
#include "io/span.h"
#include "models/logged.h"

enum maillog_kind {
    MAILLOG_UNSTAMPED, /* begins with no time stamp we know */
    MAILLOG_FOREIGN,   /* another program's */
    MAILLOG_PLAIN,     /* Postfix's, about no message or nothing we follow */
    MAILLOG_ORIGIN,    /* client= or uid=: a queue file was opened */
    MAILLOG_BORN,      /* message-id=: a queue file is being written */
    MAILLOG_ACTIVE,    /* from=, size=, nrcpt= (queue active) */
    MAILLOG_ATTEMPT,   /* an agent line: to=, status= */
    MAILLOG_EXPIRED,   /* status=expired or force-expired, returned to sender */
    MAILLOG_BOUNCE,    /* sender non-delivery notification */
    MAILLOG_WARNING,   /* sender delay notification */
    MAILLOG_NOTICE,    /* a notification to others: postmaster, delivery status */
    MAILLOG_REMOVED,   /* by the queue manager */
    MAILLOG_TAKEN,     /* removed or requeued by an operator */
    MAILLOG_DEED,      /* put on hold, released, or marked as expired by an operator */
    MAILLOG_STARTED,   /* by master: of no message */
};

/* What is remembered from line to line of one log. */
struct maillog_lines {
    struct log_stamps stamps;
    char *unescaped; /* what a line of JSON wrote with escapes */
    size_t room;
};

/*
 * Spans point into the line, or are valid until the next is read. What a kind does not have is
 * zero, or as said.
 */
struct maillog_line {
    enum maillog_kind kind;
    sim_time at;              /* all but MAILLOG_UNSTAMPED */
    uint32_t repeat;          /* the line stands for so many: 1, or "message repeated N times" */
    struct span host;         /* of Postfix's lines */
    struct span instance;     /* of Postfix's lines: the syslog name up to the first '/' */
    struct span program;      /* of Postfix's lines: "smtp", "qmgr" */
    struct span queue_id;     /* all after MAILLOG_PLAIN but MAILLOG_STARTED */
    struct span notice_id;    /* MAILLOG_BOUNCE, MAILLOG_WARNING, MAILLOG_NOTICE */
    struct span sender;       /* MAILLOG_ACTIVE, MAILLOG_EXPIRED */
    bool reloaded;            /* MAILLOG_STARTED: it ran before */
    bool forced;              /* MAILLOG_EXPIRED: by an operator */
    enum operation_kind deed; /* MAILLOG_DEED */
    int64_t size_bytes;       /* MAILLOG_ACTIVE */
    uint32_t nrcpt;           /* MAILLOG_ACTIVE */

    /* MAILLOG_ATTEMPT only */
    struct span recipient;
    struct span original; /* text is NULL without orig_to= */
    struct span relay, dsn, reason;
    enum logged_status status;
    sim_time delay, delays[4]; /* SIM_NEVER where the line has none */
};

/* Begins a log that was written until `reference`, which settles stamps without a year. */
void maillog_lines_init(struct maillog_lines *lines, sim_time reference);

void maillog_lines_free(struct maillog_lines *lines);

/* Reads any bytes. A line that is cut before its point is MAILLOG_PLAIN. */
void maillog_line_read(struct maillog_lines *lines, const char *text, size_t length,
                       struct maillog_line *line);

#endif
