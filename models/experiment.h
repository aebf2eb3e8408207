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
};

void experiment_init(struct experiment *experiment);
void experiment_fini(struct experiment *experiment);

/* Adds a replication; add them in their order. */
void experiment_add(struct experiment *experiment, const struct results *results);

/*
 * The mean of metric number `i` over the replications that have it, with its
 * 95 % interval (NAN with fewer than two); all NAN if none has it.
 */
struct interval experiment_figure(const struct experiment *experiment, size_t i);

#endif
