/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/infer/infer.h - which settings explain a log?
 *
 * What Postfix was told to do shows in what it did: scans in what they picked up
 * (infer/grid.h), backoff in which scan took a message (infer/backoff.h), the
 * lifetimes in how old messages were when they failed and were kept, or were
 * given up, and delay_warning_time in when senders were told. For each setting
 * the values are found that most observations agree on, as a few always do not:
 * mail that was flushed, or removed, or stamped late.
 *
 * A log has whole seconds; see models/self_check.h on create_time. A retry costs
 * 16 bytes and a message that failed 32; to sum up takes some 50 more a retry.
 */
#ifndef MODELS_INFER_INFER_H
#define MODELS_INFER_INFER_H

#include "models/infer/active.h"
#include "models/infer/retry.h"
#include "models/infer/timing.h"
#include "models/infer/votes.h"
#include "models/logged.h"
#include "sim/names.h"

enum infer_setting {
    INFER_QUEUE_RUN_DELAY,
    INFER_MINIMAL_BACKOFF_TIME,
    INFER_MAXIMAL_BACKOFF_TIME,
    INFER_MAXIMAL_QUEUE_LIFETIME,
    INFER_BOUNCE_QUEUE_LIFETIME,
    INFER_DELAY_WARNING_TIME,
    INFER_SCAN_PHASE, /* scans begin at this + k queue_run_delay since 1970, at the end of the log
                       */
    INFER_SETTING_COUNT
};

/* Postfix's name of it, or "scan_phase". */
const char *infer_name(enum infer_setting setting);

#define INFER_UNKNOWN INT64_C(-1)

/* Whole seconds. */
struct infer_answer {
    int64_t value;     /* the best; INFER_UNKNOWN: the log cannot tell */
    int64_t low, high; /* what fits as well; INFER_UNKNOWN: there is no such bound */
    uint64_t seen;     /* scans, retries, expired messages or notices that tell it */
};

enum infer_kind {
    INFER_RESTART, /* scans have another phase, or the log tells of a start or a reload */
    INFER_DOWN,    /* the same as CLOCK, but the log tells that Postfix was started then */
    INFER_FLUSH,   /* much mail was tried before its time */
    INFER_FULL,    /* retries waited for room in the active queue */
    INFER_CLOCK,   /* nothing was done though mail was due, or stamps went back */
};

struct infer_event {
    int64_t at; /* seconds since 1970 */
    enum infer_kind kind;
    uint64_t retries; /* FLUSH: early ones. FULL: those that waited. DOWN, CLOCK: those that were
                         due, or that went back */
    int64_t
        span;    /* RESTART: by how much later scans begin. FULL: for how many seconds. DOWN, CLOCK:
                    seconds without a sign of     life, or, negative, by how much stamps went back */
    bool logged; /* RESTART, DOWN: the log tells it, and it need not be concluded */
};

/* Of one queue manager. */
struct infer_result {
    struct infer_answer answers[INFER_SETTING_COUNT];
    uint64_t retries; /* of these: */
    uint64_t on_scan; /* explained */
    uint64_t waited;  /* explained: for room in the active queue */
    uint64_t early, late, off_grid;
    struct infer_event *events; /* owned; in order of time */
    size_t event_count, event_room;
    struct timing timing; /* what tells retries apart: models/infer/gaps.h; owned */
};

/* Starts and reloads of Postfix; those that were told of are a part of some event. */
struct infer_starts {
    struct infer_start {
        int64_t at;
        bool reloaded, told;
    } * list; /* owned */
    size_t count, room;
};

/* What was seen of one queue manager: each host and instance has one. Zero is empty. */
struct infer {
    struct retries retries;
    struct active active;
    struct infer_starts starts;
    struct votes lifetimes[2]; /* of mail, and of mail with the null sender */
    struct votes warnings;     /* seconds after arrival */
    uint64_t expired[2];       /* messages */
    uint64_t warned;           /* messages */
};

/* Takes what one message tells, in any order of messages. */
void infer_add(struct infer *infer, const struct logged_message *message);
void infer_fini(struct infer *infer);

/* Takes a start or a reload, in any order. */
void infer_add_start(struct infer *infer, const struct logged_start *start);

/* Sums up what was added so far. */
void infer_finish(struct infer *infer, struct infer_result *result);
void infer_result_fini(struct infer_result *result);

/* One for each queue manager of a log. Zero is empty. */
struct infers {
    struct names servers; /* "host instance" of each */
    struct infer *list;   /* by the number of its server; owned */
    size_t count, room;
};

void infers_add(struct infers *infers, const struct logged_message *message);
void infers_start(struct infers *infers, const struct logged_start *start);
void infers_fini(struct infers *infers);

#endif
