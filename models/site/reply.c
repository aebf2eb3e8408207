/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/site/reply.c - the same answer to everyone, for a span of time
 */
#include "models/site/failure.h"

struct always {
    sim_time from, until;
    int stage;
    struct reply text;
};

static const struct setting settings[] = {
    {"from", SETTING_INSTANT, offsetof(struct always, from), "0", 0, 0, NULL, "when it begins"},
    {"until", SETTING_INSTANT, offsetof(struct always, until), "never", 0, 0, NULL, "when it ends"},
    {"stage", SETTING_CHOICE, offsetof(struct always, stage), "rcpt", 0, 0, smtp_stage_names,
     "where it is said"},
    {"text", SETTING_REPLY, offsetof(struct always, text), "450 4.2.0 try again later", 0, 0, NULL,
     "the answer; 5xx refuses for good"},
    {0},
};

static unsigned stages(const void *object)
{
    return AT_STAGE(((const struct always *)object)->stage);
}

static const struct reply *speak(struct failure *self, struct approach *approach)
{
    const struct always *always = self->settings;

    bool holds = approach->at >= always->from && approach->at < always->until;
    return holds ? &always->text : NULL;
}

const struct failure_ops failure_reply = {
    .name = "reply",
    .summary = "the same answer to everyone, for a span of time",
    .settings_size = sizeof(struct always),
    .settings = settings,
    .stages = stages,
    .speak = speak,
};
