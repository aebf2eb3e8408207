/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/observer.h - who is told what happens
 *
 * Statistics, CSV files, logs and listings are all observers. They are told in
 * the order of time; of an activation's attempts when it ends.
 */
#ifndef MODELS_OBSERVER_H
#define MODELS_OBSERVER_H

#include "models/message.h"
#include "models/operation.h"

enum notice_kind { NOTICE_NON_DELIVERY, NOTICE_DELAY };

/* The number of a scan that took all, whatever the time stamps: somebody flushed. */
#define SCAN_FLUSH UINT64_MAX

/* The most messages that were there at a time, notices too. */
struct queue_peaks {
    uint64_t active, deferred;
};

struct scenario;

struct observer {
    const struct observer_ops *ops;
};

/* Any may be NULL. */
struct observer_ops {
    /* A run of `scenario` begins, which lasts as long as the run. */
    void (*begun)(struct observer *self, const struct scenario *scenario);

    /* A message, or a notice, has come; it is about to enter the active queue. */
    void (*arrived)(struct observer *self, const struct message *message, uint32_t recipients);

    /* A deferred scan takes so many messages: they enter the active queue, one by one. */
    void (*scanned)(struct observer *self, sim_time at, uint64_t scan, uint32_t messages,
                    uint64_t recipients);

    /* It enters the active queue with `recipients` left. scan: the number of the deferred scan
     * that took it, from 1, or SCAN_FLUSH; 0: it came from incoming. */
    void (*activated)(struct observer *self, sim_time at, const struct message *message,
                      uint32_t recipients, uint64_t scan);

    /* One recipient is answered, at attempt->end; the message became active at `since`. */
    void (*attempted)(struct observer *self, const struct message *message, sim_time since,
                      const struct attempt *attempt);

    /* The trip is over: all its attempts, and what becomes of the message. */
    void (*ended)(struct observer *self, const struct activation *activation);

    /* The sender of `message` is told, by the notice that arrives next. */
    void (*notified)(struct observer *self, sim_time at, const struct message *message,
                     enum notice_kind kind, uint32_t recipients);

    /* An operator laid hands on it. For OPERATION_DELETE the message is as it was, and `tally` what
     * became of its recipients; for OPERATION_REQUEUE it has its new queue id already. */
    void (*operated)(struct observer *self, sim_time at, enum operation_kind kind,
                     const struct message *message, const struct tally *tally);

    /* By that it went from one queue to another; QUEUE_NONE: it is gone. */
    void (*moved)(struct observer *self, sim_time at, enum mail_queue from, enum mail_queue into);

    /* The queue manager starts anew. */
    void (*restarted)(struct observer *self, sim_time at);

    /* An agent takes (1) or ends (-1) a delivery to a site that takes its time. */
    void (*busied)(struct observer *self, sim_time at, uint32_t site, int change);

    /* A destination (a next hop, in the scenario's domains) died or came back to life. */
    void (*site_changed)(struct observer *self, sim_time at, uint32_t site, bool dead);

    /* The run is over and this one is still there. */
    void (*left)(struct observer *self, sim_time at, const struct message *message,
                 const struct tally *tally);

    /* The run is over: how full its queues got. */
    void (*peaked)(struct observer *self, const struct queue_peaks *peaks);

    /* The run is over: nothing more is told. */
    void (*finished)(struct observer *self, sim_time at);
};

#define MOST_OBSERVERS 8

struct observers {
    struct observer *list[MOST_OBSERVERS];
    size_t count;
    bool any_activated; /* whether one of them wants to know of activations */
    bool any_attempted; /* ... of attempts one by one */
};

/* Requires that there is room. */
void observers_add(struct observers *observers, struct observer *observer);

/* Tells each of them: observers_tell(o, ended, activation) calls every ended(). */
#define observers_tell(told, event, ...)                                                           \
    do {                                                                                           \
        const struct observers *tell_ = (told);                                                    \
        for (size_t i_ = 0; i_ < tell_->count; i_++) {                                             \
            struct observer *one_ = tell_->list[i_];                                               \
            if (one_->ops->event != NULL)                                                          \
                one_->ops->event(one_, __VA_ARGS__);                                               \
        }                                                                                          \
    } while (0)

#endif
