/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/site/quota.c - accepts so many recipients in a period, no more
 *
 * Periods are aligned to t = 0. Whom it lets pass counts as accepted, whatever a
 * failure that speaks after it says: at RCPT it belongs behind the others.
 */
#include "models/site/failure.h"

struct quota {
    int64_t limit;
    sim_time per;
    struct reply text;
};

struct quota_state {
    int64_t period, accepted;
};

static const struct setting settings[] = {
    {"limit", SETTING_COUNT, offsetof(struct quota, limit), NULL, 0, 0, NULL,
     "recipients accepted in a period"},
    {"per", SETTING_SPAN, offsetof(struct quota, per), "1h", 0.001, 1e9, NULL,
     "the period, aligned to t = 0"},
    {"text", SETTING_REPLY, offsetof(struct quota, text), "452 4.5.3 too many recipients", 0, 0,
     NULL, "the answer beyond it"},
    {0},
};

static unsigned stages(const void *object)
{
    (void)object;
    return AT_STAGE(STAGE_RCPT);
}

static const struct reply *speak(struct failure *self, struct approach *approach)
{
    const struct quota *quota = self->settings;
    struct quota_state *state = self->state;
    int64_t period = approach->at / quota->per;

    if (period > state->period)
        *state = (struct quota_state){.period = period};
    if (state->accepted >= quota->limit)
        return &quota->text;
    state->accepted++;
    return NULL;
}

const struct failure_ops failure_quota = {
    .name = "quota",
    .summary = "accepts so many recipients in a period, no more",
    .settings_size = sizeof(struct quota),
    .state_size = sizeof(struct quota_state),
    .settings = settings,
    .stages = stages,
    .speak = speak,
};
