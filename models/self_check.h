/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/self_check.h - does a log's Postfix retry as the model says?
 *
 * One step ahead: from the second in which an activation ended follows when the
 * message may be tried again (mta/postfix/rules.h), and so which deferred scan
 * takes it; the log tells which one did. No site and no luck is in this, so what
 * is not on its scan was flushed, was logged late, or the settings are not those
 * of the log. Scans are found from what they picked up (infer/grid.h), and may
 * pause while the active queue is full (infer/active.h).
 *
 * Each host and instance has a queue manager of its own: give each a check of
 * its own.
 *
 * A log has whole seconds, and create_time is not in it: it is taken to be that
 * of the arrival, and where the birth is not logged, of the first answer less
 * its delay=, which can be a second off. That matters only to messages younger
 * than maximal_backoff_time. A retry costs 16 bytes until the end.
 */
#ifndef MODELS_SELF_CHECK_H
#define MODELS_SELF_CHECK_H

#include "models/infer/active.h"
#include "models/infer/retry.h"
#include "models/logged.h"
#include "models/mta/postfix/parameters.h"
#include "sim/names.h"

/* How long a scan may take to come to a file: thousands of them, at a millisecond each. */
#define SELF_CHECK_FEED 30 /* seconds */

struct self_check {
    const struct postfix_settings *settings;
    struct retries retries;
    struct active active;
};

struct self_check_result {
    uint64_t retries; /* of these: */
    uint64_t on_scan; /* on the scan that the model predicts */
    uint64_t waited;  /* until that scan had room in the active queue */
    uint64_t early;
    uint64_t late;     /* on a later scan */
    uint64_t off_grid; /* on no scan: none began within SELF_CHECK_FEED before */
    int64_t phase_s;   /* most scans begin at this + k queue_run_delay since 1970, below
                          queue_run_delay; -1: nothing tells */
};

/*
 * The settings must outlive the check: queue_run_delay, the two backoff times and
 * qmgr_message_active_limit are used.
 */
void self_check_init(struct self_check *check, const struct postfix_settings *settings);
void self_check_fini(struct self_check *check);

/* Takes the retries of one message, in any order of messages. */
void self_check_add(struct self_check *check, const struct logged_message *message);

/* Sums up what was added so far. */
void self_check_finish(struct self_check *check, struct self_check_result *result);

/* A check for each queue manager of a log: each host and instance has one. */
struct self_checks {
    const struct postfix_settings *settings;
    struct names servers;      /* host and instance of each */
    struct self_check *checks; /* by the number of its server; owned */
    size_t count, room;
};

/* The settings must outlive the checks, as above. */
void self_checks_init(struct self_checks *checks, const struct postfix_settings *settings);
void self_checks_fini(struct self_checks *checks);

/* Takes the retries of one message. */
void self_checks_add(struct self_checks *checks, const struct logged_message *message);

/* Sums up all of them; the phase is that of the one with most retries. */
void self_checks_finish(struct self_checks *checks, struct self_check_result *sum);

#endif
