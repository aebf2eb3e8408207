/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/truth/recorded.h - a recorded run of a real Postfix (README.md)
 *
 * Seconds and sim_time count from the start of the run. All of a run is read at
 * once; a file that is missing or makes no sense ends the test.
 */
#ifndef TESTS_TRUTH_RECORDED_H
#define TESTS_TRUTH_RECORDED_H

#include "models/mta/postfix/parameters.h"
#include "models/mta/postfix/scans.h"

#define RECORDED_NONE SIZE_MAX

/* What has become of a queue file, and of a simulated message. */
enum recorded_fate {
    RECORDED_LEFT,
    RECORDED_SENT,
    RECORDED_BOUNCED,
    RECORDED_EXPIRED,
    RECORDED_DELETED, /* by an operator */
};

/* Two kinds of notice; the same order as enum notice_kind. */
enum { RECORDED_KINDS = 2 };

/* A trip through the active queue that ended in the deferred queue. */
struct recorded_deferral {
    sim_time at;      /* the queue manager's clock at its end, some ms late */
    int64_t eligible; /* the time stamp that the file was given */
};

/* What an agent wrote about one recipient. */
struct recorded_attempt {
    size_t mail;    /* its number in the run */
    int64_t at;     /* the second in which it ended */
    bool suspended; /* by the error agent: without a connection */
    enum recorded_fate fate;
    double delay;    /* s since the arrival, two digits or whole seconds */
    double took;     /* s, of that by the site: c + d of delays= */
    uint32_t domain; /* of the recipient, in the run's domains */
};

/* A queue file: a message, or a notice. */
struct recorded_mail {
    const char *id;
    sim_time arrival;         /* when the file was made */
    char *sender, *recipient; /* NULL: not in arrivals.csv; the first of several */
    size_t recipients;
    int64_t *activations; /* the seconds of the "(queue active)" lines */
    size_t activation_count, activation_room;
    struct recorded_deferral *deferrals;
    size_t deferral_count, deferral_room;
    enum recorded_fate fate;      /* expired or deleted, or the last recipient's */
    int64_t settled;              /* the second of its fate */
    int64_t removed;              /* the second in which the file was; -1: never */
    size_t owner;                 /* the number of the file that it was requeued from, or its own */
    int64_t told[RECORDED_KINDS]; /* the second of the first notice about it; -1: none */
    size_t notice[RECORDED_KINDS];  /* that notice's number in the run */
    size_t notices[RECORDED_KINDS]; /* how many there were */
};

struct recorded_run {
    const char *name;
    struct postfix_settings settings; /* of its main.cf */
    struct scan *scans;
    size_t scan_count, scan_room;
    struct scan_clock clock;     /* of these scans */
    struct names ids;            /* of the queue files */
    struct names domains;        /* of recipients that were tried */
    struct recorded_mail *mails; /* by the number of the id */
    size_t count, room;
    struct recorded_attempt *attempts; /* in the order of the log */
    size_t attempt_count, attempt_room;
};

/* Reads the run in the folder `name` beside this file. */
void recorded_read(struct recorded_run *run, const char *name);
void recorded_fini(struct recorded_run *run);

/* The number of the latest scan that had begun in that second; it must not be long over. */
uint64_t recorded_scan(const struct recorded_run *run, int64_t second);

/*
 * How long the attempts took that ended in the deferred queue, ascending: from
 * the arrival or the scan's start to the deferral. Allocated; `count` of them.
 */
sim_time *recorded_attempt_times(const struct recorded_run *run, size_t *count);

#endif
