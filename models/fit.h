/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/fit.h - what the spells of a log say, cause by cause
 */
#ifndef MODELS_FIT_H
#define MODELS_FIT_H

#include "models/episodes.h"

struct cause_fit {
    size_t spells, recovered;
    size_t begins;            /* of which the begin was seen: between two attempts */
    size_t late;              /* on already when the log began */
    double last;              /* the greatest age that was seen, seconds */
    struct survival survival; /* by episode_subject() */
    struct cure_fit of_family[CURE_FAMILIES];
    const struct cure_fit *best; /* by AIC; of `of_family`; NULL where neither was fitted */
    enum cure_verdict verdict;   /* why not */
};

struct fit {
    double length; /* of the log, seconds: what is older than that is extrapolated */
    struct cause_fit causes[CAUSE_COUNT];
};

/* `episodes`: ready. `length`: seconds from the log's first line to its last. */
void fit_init(struct fit *fit, const struct episodes *episodes, double length);
void fit_fini(struct fit *fit);

/* Whether the log is too short to have seen a spell of that age from its begin to its end. */
bool fit_is_extrapolated(const struct fit *fit, double age);

/* The same of a parameter, or of its interval: every share that is for ever is. */
bool fit_is_beyond(const struct fit *fit, const struct cure_fit *of, enum cure_parameter which);

/* Intervals of the share that is for ever which are wider than this do not tell it. */
#define FIT_WIDE_SHARE 0.5

#endif
