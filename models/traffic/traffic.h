/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/traffic/traffic.h - when messages come, from whom, to whom
 *
 * To add a kind: write models/traffic/NAME.c and name it in traffics[].
 */
#ifndef MODELS_TRAFFIC_TRAFFIC_H
#define MODELS_TRAFFIC_TRAFFIC_H

#include <gsl/gsl_rng.h>

#include "models/rows.h"
#include "models/setting.h"

/* Seconds from the start; some way from where 32 bits of seconds end (models/message.h). */
#define LATEST_ARRIVAL 3e9

/* No more than this many messages are told apart by their scan_order; the next means: not known. */
#define SCAN_ORDER_NONE UINT32_MAX

/* What a message was found to be; kinds that make messages up have none. */
struct envelope {
    uint32_t label;             /* its id, in the scenario's names */
    uint32_t sender;            /* in the names; 0 is the null sender */
    int64_t size_bytes;         /* -1: not known */
    const uint32_t *recipients; /* in the names */
    uint32_t count;
    uint32_t scan_order; /* of two, a scan comes to the lower first; SCAN_ORDER_NONE: not known */
};

/* A source at work: one a run. */
struct traffic {
    const struct traffic_ops *ops;
    const void *settings;
    void *state;  /* of ops->state_size bytes, zeroed */
    gsl_rng *rng; /* its own stream */
    sim_time day; /* how far into its UTC day t = 0 is */
};

struct traffic_ops {
    const char *name, *summary;
    size_t settings_size, state_size;
    const struct setting *settings;
    const struct row_reader *rows; /* NULL: reads no file */

    /* As in models/site/failure.h. */
    void (*forget)(void *settings);

    /* When the next message comes, never before the one before it; SIM_NEVER if none does. */
    sim_time (*next)(struct traffic *self);

    /* The number-th message; NULL: senders and recipients are made up (models/catalogue.h). */
    struct envelope (*envelope)(const void *settings, uint32_t number);

    /* The message of that id, in the names; false if there is none. NULL: ids are made up. */
    bool (*find)(const void *settings, uint32_t label, uint32_t *number);
};

/* Ends with NULL. */
extern const struct traffic_ops *const traffics[];

/* NULL if there is none of that name. */
const struct traffic_ops *traffic_find(const char *name);

#endif
