/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/traffic/burst.c - a campaign: many messages at once, or within a span
 */
#include "models/traffic/traffic.h"

struct burst {
    int64_t count;
    sim_time at, within;
};

struct burst_state {
    int64_t number;
};

static const struct setting settings[] = {
    {"count", SETTING_COUNT, offsetof(struct burst, count), NULL, 1, 4e9, NULL, "messages"},
    {"at", SETTING_INSTANT, offsetof(struct burst, at), "0", 0, LATEST_ARRIVAL, NULL,
     "when the first one comes"},
    {"within", SETTING_SPAN, offsetof(struct burst, within), "0", 0, 0, NULL,
     "how long they take to come, equally far apart"},
    {0},
};

static sim_time next(struct traffic *self)
{
    const struct burst *burst = self->settings;
    struct burst_state *state = self->state;

    if (state->number >= burst->count)
        return SIM_NEVER;
    double share = (double)state->number++ / (double)burst->count;
    return burst->at + (sim_time)(share * (double)burst->within);
}

const struct traffic_ops traffic_burst = {
    .name = "burst",
    .summary = "many at once, or within a span",
    .settings_size = sizeof(struct burst),
    .state_size = sizeof(struct burst_state),
    .settings = settings,
    .next = next,
};
