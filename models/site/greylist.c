/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/site/greylist.c - refuses a sender and recipient until they return
 *
 * The clock runs from the first RCPT of the two (RFC 6647, 2.2).
 */
#include "models/site/failure.h"
#include "sim/keymap.h"

struct greylist {
    sim_time delay;
    struct reply text;
};

struct greylist_state {
    struct keymap first_seen; /* by pair */
};

static const struct setting settings[] = {
    {"delay", SETTING_SPAN, offsetof(struct greylist, delay), "300s", 0, 0, NULL,
     "since the first RCPT of that sender and recipient"},
    {"text", SETTING_REPLY, offsetof(struct greylist, text), "450 4.2.0 Greylisted", 0, 0, NULL,
     "the answer until then"},
    {0},
};

static unsigned stages(const void *object)
{
    (void)object;
    return AT_STAGE(STAGE_RCPT);
}

static void end(struct failure *self)
{
    struct greylist_state *state = self->state;

    keymap_fini(&state->first_seen);
}

static const struct reply *speak(struct failure *self, struct approach *approach)
{
    const struct greylist *greylist = self->settings;
    struct greylist_state *state = self->state;
    sim_time first = *keymap_at(&state->first_seen, approach_pair(approach), approach->at);

    return approach->at - first < greylist->delay ? &greylist->text : NULL;
}

const struct failure_ops failure_greylist = {
    .name = "greylist",
    .summary = "refuses a sender and recipient until they return after a delay",
    .settings_size = sizeof(struct greylist),
    .state_size = sizeof(struct greylist_state),
    .settings = settings,
    .stages = stages,
    .end = end,
    .speak = speak,
};
