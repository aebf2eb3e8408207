/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/maillog_writer.h - the mail log that Postfix would have written of a run
 *
 * An observer. What a simulation has none of is made up, always alike: the
 * client, sizes of notices, process numbers, and hosts (models/reason.h). Lines
 * that stamp the same instant stand in Postfix's order. Source: Postfix 3.7,
 * global/log_adhoc.c, global/opened.c, qmgr/qmgr_active.c,
 * bounce/bounce_notify_service.c, postsuper/postsuper.c, and recorded logs.
 */
#ifndef IO_MAILLOG_WRITER_H
#define IO_MAILLOG_WRITER_H

#include "io/maillog_text.h"
#include "models/catalogue.h"
#include "models/observer.h"

/* Of these postsuper(1) says, at its end, how many messages it has met. */
#define MAILLOG_TOLD_KINDS OPERATION_COUNT

struct maillog_writer {
    struct observer observer;
    struct output output;
    enum maillog_format format;
    struct catalogue catalogue;
    unsigned decimals; /* delay_logging_resolution_limit */
    char *hostname;    /* myhostname */
    char *host;        /* its first label; both owned */

    /* The sender of this one is being told. */
    char about[QUEUE_ID_MOST + 1];
    enum notice_kind kind;

    /* This one is to be told removed when so many notices are written. */
    char leaving[QUEUE_ID_MOST + 1]; /* "": none */
    sim_time left_at;
    unsigned notices;

    /* What postsuper did at `operated_at`, and the last it did it to. */
    uint32_t operated[MAILLOG_TOLD_KINDS];
    sim_time operated_at;
    char operated_on[QUEUE_ID_MOST + 1];
};

struct maillog_options {
    enum maillog_format format;
    const char *hostname; /* myhostname */
    unsigned decimals;    /* delay_logging_resolution_limit */
};

/* Begins a log of the one run that `catalogue` tells of. Fails with EX_CANTCREAT. */
bool maillog_writer_open(struct maillog_writer *writer, const char *path,
                         const struct catalogue *catalogue, const struct maillog_options *options,
                         struct err *err) WARN_UNUSED;

/* Puts the file in its place. Fails with EX_IOERR. */
bool maillog_writer_commit(struct maillog_writer *writer, struct err *err) WARN_UNUSED;

/* Drops what was not committed, and all else. Nothing happens where all is zero. */
void maillog_writer_discard(struct maillog_writer *writer);

#endif
