/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/site/greylist.c - refuses a sender and recipient until they return
 *
 * The clock runs from the first RCPT of the two (RFC 6647, 2.2). How long it
 * runs is drawn for each two, where the delay is not the same for all.
 */
#include "models/site/failure.h"
#include "sim/keymap.h"

struct greylist {
    struct dist delay;
    struct reply text;
};

struct greylist_state {
    struct keymap until; /* by pair: what it is refused before */
};

static const struct setting settings[] = {
    {"delay", SETTING_DIST, offsetof(struct greylist, delay), "300s", 0, 0, NULL,
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

    keymap_fini(&state->until);
}

static sim_time end_of_delay(const struct failure *self, struct approach *approach)
{
    const struct greylist *greylist = self->settings;
    bool constant = dist_is_constant(&greylist->delay);
    uint32_t word = constant ? 0 : approach_luck(approach, self->lane);
    sim_time delay = dist_draw(&greylist->delay, word);

    return delay > SIM_NEVER - approach->at ? SIM_NEVER : approach->at + delay;
}

static const struct reply *speak(struct failure *self, struct approach *approach)
{
    const struct greylist *greylist = self->settings;
    struct greylist_state *state = self->state;
    uint64_t pair = approach_pair(approach);
    const int64_t *known = keymap_find(&state->until, pair);

    if (known == NULL)
        known = keymap_at(&state->until, pair, end_of_delay(self, approach));
    return approach->at < *known ? &greylist->text : NULL;
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
