/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/traffic/even.c - one message after another, equally far apart
 */
#include "models/traffic/traffic.h"

struct even {
    double rate; /* per second */
    sim_time from, until;
};

struct even_state {
    int64_t number;
};

static const struct setting settings[] = {
    {"rate", SETTING_RATE, offsetof(struct even, rate), NULL, 1e-9, 1e6, NULL, "messages"},
    {"from", SETTING_INSTANT, offsetof(struct even, from), "0", 0, LATEST_ARRIVAL, NULL,
     "when the first one comes"},
    {"until", SETTING_INSTANT, offsetof(struct even, until), "never", 0, 0, NULL, "when it ends"},
    {0},
};

static sim_time next(struct traffic *self)
{
    const struct even *even = self->settings;
    struct even_state *state = self->state;
    double since_from = (double)state->number++ / even->rate;

    if (since_from > 1e11)
        return SIM_NEVER;
    sim_time at = even->from + (sim_time)(since_from * (double)SIM_SECOND + 0.5);
    return at < even->until ? at : SIM_NEVER;
}

const struct traffic_ops traffic_even = {
    .name = "even",
    .summary = "one after another, equally far apart",
    .settings_size = sizeof(struct even),
    .state_size = sizeof(struct even_state),
    .settings = settings,
    .next = next,
};
