/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/forecast.h - what is to come for a message in the queue
 *
 * From what postqueue lists, by the rules alone (rules.h, scans.h). A listing
 * does not say when a message was last tried, nor when the deferred queue is
 * scanned, so the answers are windows, and hold however long attempts take: the
 * last one may have ended at any time since the message was made. The time stamp
 * of its file, and a known scan, make them narrow.
 *
 * They hold for a message that nobody flushes, holds or requeues, that finds room
 * in the active queue, and while the queue manager is not restarted.
 *
 * All in whole seconds since 1970 UTC.
 */
#ifndef MODELS_MTA_POSTFIX_FORECAST_H
#define MODELS_MTA_POSTFIX_FORECAST_H

#include "models/mta/postfix/rules.h"
#include "models/mta/postfix/scans.h"

/* In the order in which Postfix lists them: showq/showq.c. */
enum listed_queue {
    LISTED_MAILDROP,
    LISTED_ACTIVE,
    LISTED_INCOMING,
    LISTED_DEFERRED,
    LISTED_HOLD,
    LISTED_QUEUES
};

/* "maildrop", "active" ...; ends with NULL. */
extern const char *const listed_queue_names[];

/* create_time is at most so much later than the second a listing has: the envelope came first. */
#define FORECAST_CREATION 1

/* Pickup looks into the maildrop so often at least: master.cf, column wakeup. */
#define FORECAST_PICKUP 60

#define FORECAST_UNKNOWN INT64_MIN

struct forecast_message {
    enum listed_queue queue;
    int64_t created; /* or up to FORECAST_CREATION later */
    int64_t mtime;   /* of its file, if it is deferred; FORECAST_UNKNOWN */
    bool null_sender;
    bool failed; /* an attempt has: there is a reason */
    bool forced; /* postsuper -e: given up, untried, when it next becomes active */
};

struct forecast_plan {
    int64_t now;
    const struct postfix_settings *before;   /* those that set the time stamps up to now */
    const struct postfix_settings *settings; /* those that hold from now on */
    bool knows_scans;
    struct scan_clock scans; /* if it does; its first scan is the next one */
};

/* low <= high */
struct forecast_window {
    int64_t low, high;
};

enum forecast_fate { FORECAST_DEFERRED, FORECAST_EITHER, FORECAST_EXPIRED };

struct forecast {
    bool scheduled;                 /* false: on hold, and the windows and counts mean nothing */
    struct forecast_window next;    /* when the next attempt starts; now, if one is under way */
    struct forecast_window expires; /* when the attempt ends that it is given up after, if all
                                       fail; its own time comes on top of `high` */
    uint64_t attempts_low, attempts_high; /* up to that one, if each fails at once */
    enum forecast_fate if_next_fails;     /* on hold: were it released now */
};

/* The present: the scans are known if one of them, `scan`, is; FORECAST_UNKNOWN. */
struct forecast_plan forecast_present(const struct postfix_settings *settings, int64_t now,
                                      int64_t scan);

/* Other settings from now on: the queue manager starts anew, with a scan at once. */
struct forecast_plan forecast_change(const struct forecast_plan *present,
                                     const struct postfix_settings *settings);

/* A message that seems to come from the future is taken for one made now. */
struct forecast forecast_make(const struct forecast_plan *plan,
                              const struct forecast_message *message);

#endif
