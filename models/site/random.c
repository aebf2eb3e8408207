/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/site/random.c - refuses a share of all attempts, each by itself
 */
#include "models/site/failure.h"

struct chance {
    double p;
    int stage;
    struct reply text;
};

static const struct setting settings[] = {
    {"p", SETTING_SHARE, offsetof(struct chance, p), NULL, 0, 0, NULL,
     "the share of attempts that it refuses"},
    {"stage", SETTING_CHOICE, offsetof(struct chance, stage), "rcpt", 0, 0, smtp_stage_names,
     "where it is said"},
    {"text", SETTING_REPLY, offsetof(struct chance, text), "451 4.7.1 try again later", 0, 0, NULL,
     "the answer; 5xx refuses for good"},
    {0},
};

static unsigned stages(const void *object)
{
    return AT_STAGE(((const struct chance *)object)->stage);
}

static const struct reply *speak(struct failure *self, struct approach *approach)
{
    const struct chance *chance = self->settings;

    return rng_unit(approach_luck(approach, self->lane)) < chance->p ? &chance->text : NULL;
}

const struct failure_ops failure_random = {
    .name = "random",
    .summary = "refuses a share of all attempts, each by itself",
    .settings_size = sizeof(struct chance),
    .settings = settings,
    .stages = stages,
    .speak = speak,
};
