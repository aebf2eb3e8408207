/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/luck.h - which draws exist
 *
 * Each purpose is a stream of its own (sim/rng.h). None depends on settings, so
 * that two policies meet the same arrivals, the same outages and, at the n-th
 * attempt of a message, the same luck.
 */
#ifndef MODELS_LUCK_H
#define MODELS_LUCK_H

enum purpose {
    LUCK_ARRIVALS,  /* entity: traffic; a stream */
    LUCK_ADDRESSES, /* entity: traffic and number; index: recipient */
    LUCK_PHASE,     /* of the deferred scans */
    LUCK_ORDER,     /* of the queue directory */

    /* Four lanes a purpose, from these on: */
    LUCK_SITE = 64,     /* entity: domain name */
    LUCK_ATTEMPT = 128, /* entity: recipient of a message; index: attempt */
};

#define MOST_LANES 256

#endif
