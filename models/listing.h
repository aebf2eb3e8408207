/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/listing.h - what is in the queues, at some moments of a run
 *
 * An observer that remembers of each message what postqueue would list. It is
 * told things in the order of time: what is told first after a moment shows that
 * the moment is over, and how things stood then.
 */
#ifndef MODELS_LISTING_H
#define MODELS_LISTING_H

#include "models/observer.h"

/* "active", "incoming" ...; ends with NULL. */
extern const char *const mail_queue_names[];

enum recipient_state {
    RECIPIENT_WAITS,    /* not tried, or being tried again: its reason is gone */
    RECIPIENT_DEFERRED, /* `last` tells why */
    RECIPIENT_DONE,     /* delivered or bounced: not listed */
};

struct listed_recipient {
    enum recipient_state state;
    struct attempt last;
};

struct listed {
    struct message message;
    enum mail_queue queue;
    uint32_t count; /* of all its recipients */
    struct listed_recipient *recipients;
};

struct listing_entry;

struct listing {
    struct observer observer;
    struct listing_entry *index;
    const sim_time *moments;
    size_t moment_count, next;

    /* The number-th moment is over, `at`: how things stood then is to be looked at now. */
    void (*look)(struct listing *self, size_t number, sim_time at);
};

/*
 * moments: ascending, not owned; SIM_NEVER is the end of the run. A listing
 * serves one run: what it keeps of replies belongs to that.
 */
void listing_init(struct listing *listing, const sim_time *moments, size_t count,
                  void (*look)(struct listing *self, size_t number, sim_time at));
void listing_fini(struct listing *listing);

/* Shows each message of a queue, in the order of their arrivals. */
typedef void listing_visit(void *user, const struct listed *listed);
void listing_each(const struct listing *listing, enum mail_queue queue, listing_visit *visit,
                  void *user);

#endif
