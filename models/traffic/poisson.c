/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/traffic/poisson.c - messages at random, at a steady rate
 */
#include <gsl/gsl_randist.h>

#include "models/traffic/traffic.h"

struct poisson {
    double rate; /* per second */
    sim_time from, until;
};

struct poisson_state {
    double since_from; /* seconds from `from` to the last message */
};

static const struct setting settings[] = {
    {"rate", SETTING_RATE, offsetof(struct poisson, rate), NULL, 1e-9, 1e6, NULL,
     "messages, on average"},
    {"from", SETTING_INSTANT, offsetof(struct poisson, from), "0", 0, LATEST_ARRIVAL, NULL,
     "when it begins"},
    {"until", SETTING_INSTANT, offsetof(struct poisson, until), "never", 0, 0, NULL,
     "when it ends"},
    {0},
};

static sim_time next(struct traffic *self)
{
    const struct poisson *poisson = self->settings;
    struct poisson_state *state = self->state;

    state->since_from += gsl_ran_exponential(self->rng, 1 / poisson->rate);
    if (state->since_from > 1e11)
        return SIM_NEVER;
    sim_time at = poisson->from + (sim_time)(state->since_from * (double)SIM_SECOND);
    return at < poisson->until ? at : SIM_NEVER;
}

const struct traffic_ops traffic_poisson = {
    .name = "poisson",
    .summary = "at random, at a steady rate",
    .settings_size = sizeof(struct poisson),
    .state_size = sizeof(struct poisson_state),
    .settings = settings,
    .next = next,
};
