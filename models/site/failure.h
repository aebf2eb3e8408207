/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/site/failure.h - one reason why a site does not accept now
 *
 * A site is a stack of these. Each has settings (shared by all runs of a
 * scenario, never written to after it was read) and a state (one per site and
 * run). To add one: write models/site/NAME.c and name it in failures[]; nothing
 * else knows it.
 */
#ifndef MODELS_SITE_FAILURE_H
#define MODELS_SITE_FAILURE_H

#include "models/message.h"
#include "models/rows.h"
#include "models/setting.h"

struct catalogue;

#define MOST_ADDRESSES 1000 /* of a site */

/* An attempt, as the site that it reaches sees it. */
struct approach {
    sim_time at;                       /* now; later at each stage */
    sim_time ready;                    /* when the session was set up, once it has come that far */
    enum smtp_stage stage;             /* how far it has come */
    const struct catalogue *catalogue; /* who the message is from and to */
    const struct message *message;
    uint32_t recipient;       /* its place in the message */
    uint32_t block;           /* which four lanes `words` holds, plus 1; 0: none yet */
    sim_time connect_timeout; /* how long the MTA waits for a connection */
    sim_time helo_timeout;    /* and then for the greeting */
    int64_t address_limit;    /* how many addresses it tries at most; 0 and below: all */
    uint32_t addresses;       /* those of the site */
    uint32_t dead_addresses;  /* the first of them, tried in vain in this attempt */
    uint32_t words[4];
};

/*
 * A uniform word, a function of the message, the recipient, how many attempts
 * were made before, and the lane: one use of luck at a site, below MOST_LANES.
 */
uint32_t approach_luck(struct approach *approach, unsigned lane);

/* Sender and recipient: the same number for the same two (models/catalogue.h). */
uint64_t approach_pair(const struct approach *approach);

struct failure {
    const struct failure_ops *ops;
    const void *settings;
    void *state;   /* of ops->state_size bytes, zeroed */
    unsigned lane; /* of its luck */
};

/* A span of time in which nobody gets through. */
struct outage_span {
    sim_time from, until; /* SIM_NEVER: it does not end */
    const char *how;
    int64_t addresses; /* only the first so many of the site's are concerned; 0: all */
};

#define AT_STAGE(stage) (1u << (stage))

struct failure_ops {
    const char *name, *summary;
    size_t settings_size, state_size;
    const struct setting *settings;
    const struct row_reader *rows; /* NULL: reads no file */

    /* Frees what add() and ready() made; the settings table frees the rest. NULL: nothing. */
    void (*forget)(void *settings);

    /* At which stages it may speak: AT_STAGE() of each. */
    unsigned (*stages)(const void *settings);

    /* Draws what is drawn once a run, from a uniform word of its own; NULL: nothing. */
    void (*begin)(struct failure *self, uint32_t word);
    void (*end)(struct failure *self); /* NULL: nothing to release */

    /* Once begun: when it lets nobody through, whatever the mail; NULL: there is no such time. */
    struct outage_span (*outage)(const struct failure *self);

    /*
     * The objection, or NULL. May move approach->at on (a time-out takes its
     * time). Called in the order of the attempts' starts.
     */
    const struct reply *(*speak)(struct failure *self, struct approach *approach);
};

/* Ends with NULL. */
extern const struct failure_ops *const failures[];

/* NULL if there is none of that name. */
const struct failure_ops *failure_find(const char *name);

#endif
