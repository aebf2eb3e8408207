/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/traffic/diurnal.c - messages at random, more by day than by night
 *
 * A Poisson stream whose rate follows a cosine over the UTC day:
 * rate * (1 + swing * cos(2 pi (time of day - peak) / 24 h)). Drawn by thinning
 * (Lewis and Shedler, "Simulation of nonhomogeneous Poisson processes by
 * thinning", 1979).
 */
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "models/traffic/traffic.h"

struct diurnal {
    double rate; /* per second, the mean of a day */
    double swing;
    sim_time peak;
    sim_time from, until;
};

struct diurnal_state {
    double since_from; /* seconds from `from` to the last candidate */
};

static const struct setting settings[] = {
    {"rate", SETTING_RATE, offsetof(struct diurnal, rate), NULL, 1e-9, 1e6, NULL,
     "messages, on average over a day"},
    {"peak", SETTING_SPAN, offsetof(struct diurnal, peak), "14h", 0, 86400, NULL,
     "the busiest time of the UTC day"},
    {"swing", SETTING_SHARE, offsetof(struct diurnal, swing), "0.8", 0, 0, NULL,
     "0: none; 1: no mail at all at the quietest time"},
    {"from", SETTING_INSTANT, offsetof(struct diurnal, from), "0", 0, LATEST_ARRIVAL, NULL,
     "when it begins"},
    {"until", SETTING_INSTANT, offsetof(struct diurnal, until), "never", 0, 0, NULL,
     "when it ends"},
    {0},
};

/* The share of candidates that are messages. */
static double acceptance(const struct traffic *self, const struct diurnal *diurnal, sim_time at)
{
    double hours = (double)(self->day + at - diurnal->peak) / (3600.0 * (double)SIM_SECOND);

    return (1 + diurnal->swing * cos(M_PI * hours / 12)) / (1 + diurnal->swing);
}

static sim_time next(struct traffic *self)
{
    const struct diurnal *diurnal = self->settings;
    struct diurnal_state *state = self->state;
    double most = diurnal->rate * (1 + diurnal->swing);

    while (state->since_from < 1e11) {
        state->since_from += gsl_ran_exponential(self->rng, 1 / most);
        sim_time at = diurnal->from + (sim_time)(state->since_from * (double)SIM_SECOND);
        if (at >= diurnal->until)
            break;
        if (gsl_rng_uniform(self->rng) < acceptance(self, diurnal, at))
            return at;
    }
    return SIM_NEVER;
}

const struct traffic_ops traffic_diurnal = {
    .name = "diurnal",
    .summary = "at random, more by day than by night",
    .settings_size = sizeof(struct diurnal),
    .state_size = sizeof(struct diurnal_state),
    .settings = settings,
    .next = next,
};
