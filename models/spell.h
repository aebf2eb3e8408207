/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/spell.h - what a recipient of a message was answered, for as long as that was seen
 *
 * Made and used by models/reconstruct.c and models/reconstruct_evidence.c alone.
 */
#ifndef MODELS_SPELL_H
#define MODELS_SPELL_H

#include "models/duration.h"
#include "models/logged_reply.h"

struct spell {
    struct logged_reply reply;
    uint32_t recipient, message; /* as in struct evidence_row */
    uint32_t text, order;        /* of being added */
    sim_time first, last;        /* when the site was first and last asked, since 1970 */
    sim_time ended;              /* when an agent last had it, which asked the site */
    struct duration took;        /* all of them can have taken this long */
    uint32_t site;               /* of the contacts */
    bool blames_site;
    bool untried;       /* the site was asked by others only: the message was suspended */
    sim_time suspended; /* when it was, the last time; -SIM_NEVER: never */
};

static inline bool spell_same_key(const struct spell *a, const struct spell *b)
{
    return a->recipient == b->recipient && a->message == b->message;
}

/* Whether there was no session: what all mail to the site would have met. */
static inline bool spell_refuses_all(const struct spell *spell)
{
    return spell->blames_site && spell->reply.stage < STAGE_MAIL;
}

#endif
