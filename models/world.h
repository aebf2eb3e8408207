/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/world.h - one run of a scenario: the simulation and all who take part
 */
#ifndef MODELS_WORLD_H
#define MODELS_WORLD_H

#include "models/mta/mta.h"

struct run {
    const struct scenario *scenario; /* ready */
    const struct mta_ops *mta;
    const void *mta_settings; /* of the MTA's own type */
    uint64_t seed;
    uint32_t replication; /* from 0; below 2^24 */
    const struct observers *observers;
};

/*
 * Runs it from t = 0 to the scenario's end, or until nothing is left to do. The
 * same run tells the same observers the same things, on any machine.
 */
void world_run(const struct run *run);

#endif
