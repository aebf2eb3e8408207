/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/experiment.h - the figures of several replications
 */
#ifndef MODELS_EXPERIMENT_H
#define MODELS_EXPERIMENT_H

#include "models/results.h"
#include "sim/samples.h"

struct experiment {
    struct results total;   /* all replications together */
    struct samples figures; /* a row a replication, a column a metric */
    struct samples shares;  /* a row a replication: `delivered`, then `of_delivered` of all ages */
};

/* Ages of mail, 24 in a decade, from 0.1 s to 10^6 s (11.6 days). */
#define EXPERIMENT_AGES ((size_t)(7 * 24 + 1))

void experiment_init(struct experiment *experiment);
void experiment_fini(struct experiment *experiment);

/* Adds a replication; add them in their order. */
void experiment_add(struct experiment *experiment, const struct results *results);

/*
 * The mean of metric number `i` over the replications that have it, with its
 * 95 % interval (NAN with fewer than two); all NAN if none has it.
 */
struct interval experiment_figure(const struct experiment *experiment, size_t i);

/* Age number `i`, in ms. Requires i < EXPERIMENT_AGES. */
uint64_t experiment_age(size_t i);

/*
 * How much had been delivered by age number `i`, to within the width of a
 * histogram's bucket: the mean of the shares of the replications, with its 95 %
 * interval. Requires i < EXPERIMENT_AGES.
 */
struct experiment_share {
    struct interval delivered;    /* of all recipients; NAN without any */
    struct interval of_delivered; /* of those delivered to by the end; NAN without any */
};
struct experiment_share experiment_share(const struct experiment *experiment, size_t i);

#endif
