/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/operation.h - what an operator does to the queue, and when
 *
 * Postfix's commands by their effect (postqueue(1), postsuper(1), postfix(1)).
 */
#ifndef MODELS_OPERATION_H
#define MODELS_OPERATION_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/time.h"

enum operation_kind {
    OPERATION_FLUSH,          /* postqueue -f */
    OPERATION_FLUSH_SITE,     /* postqueue -s SITE */
    OPERATION_FLUSH_MESSAGE,  /* postqueue -i ID */
    OPERATION_DELETE,         /* postsuper -d ID|ALL */
    OPERATION_HOLD,           /* postsuper -h ID|ALL */
    OPERATION_RELEASE,        /* postsuper -H ID|ALL */
    OPERATION_REQUEUE,        /* postsuper -r ID|ALL */
    OPERATION_EXPIRE,         /* postsuper -e ID|ALL; with `release`, -f */
    OPERATION_RESTART,        /* postfix reload, or stop and start */
    OPERATION_TRANSPORT_DOWN, /* no agent of a transport can be reached, for a while */
    OPERATION_COUNT,
};

/* "flush", "flush_site" ...; ends with NULL. */
extern const char *const operation_names[];

struct operation {
    enum operation_kind kind;
    sim_time at;      /* since the start */
    sim_time every;   /* and again after so long; 0: once */
    sim_time until;   /* no more from then on; SIM_NEVER: without end */
    sim_time length;  /* TRANSPORT_DOWN: for how long */
    uint32_t site;    /* FLUSH_SITE: in the scenario's domains */
    uint32_t message; /* its id, "newsletter/17", in the scenario's names; 0: ALL */
    bool release;     /* EXPIRE: from hold, too */
    char *transport;  /* TRANSPORT_DOWN: its name; owned by the scenario */
    int line;         /* of the scenario's file */
};

#endif
