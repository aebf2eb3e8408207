/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/reconstruct.h - a scenario made of what a log tells
 *
 * Messages come when they came. What a site answered is known at the instants
 * at which it was asked; it changed its mind at some instant between two, and
 * `recovery` says at which. Before the first answer the same holds, and after
 * the last too.
 *
 * A site that refuses to talk to one message refuses all: when it fell ill and
 * when it was well again is what all messages to that domain tell, and whoever
 * asks in between is refused, but who is known to have been answered then. What
 * refused a message twice in a row refused it in between, though others were let
 * in. Once in a session, an answer is a matter of one recipient: a greylist, a
 * full mailbox, a connection that is lost.
 *
 * A suspended message did not ask the site: others had been refused, and the
 * queue manager of a replay suspends by itself. Should it not, the message meets
 * what they met. What was suspended for its transport counts as refused: nothing
 * in a replay makes a transport fail.
 *
 * What an operator did to a message that stayed, hold, release or expire, is done
 * again at that time.
 *
 * Notices are made anew by a replay, by their own number; what the logged ones
 * met is known of their recipient. Left out is what an operator removed, what
 * got no answer, and address probes.
 *
 * A log covers a span of time: of older messages it knows those that were still
 * there, and what became of the last ones it does not say. Both are counted.
 */
#ifndef MODELS_RECONSTRUCT_H
#define MODELS_RECONSTRUCT_H

#include "models/contacts.h"
#include "models/deeds.h"
#include "models/directory.h"
#include "models/logged.h"
#include "models/recovery.h"
#include "models/results.h"
#include "models/scenario.h"
#include "models/site/evidence.h"

/* One recipient of a message. Numbers are the reconstruction's names. */
struct reconstructed_arrival {
    sim_time at;        /* since 1970, whole milliseconds */
    sim_time delivered; /* in the log, since 1970; SIM_NEVER: it was not */
    uint32_t label, sender, recipient;
    uint32_t queue_id; /* in the log, where several messages may have had it */
    uint32_t order;    /* of being added */
    int64_t size_bytes;
};

/* What its one traffic is called. */
#define RECONSTRUCT_TRAFFIC "logged"

struct reconstruction {
    struct names names; /* number 0 is "" */
    uint32_t *uses;     /* by name: how many messages had it as their queue id */
    size_t uses_room;
    struct reconstructed_arrival *arrivals;
    size_t arrival_count, arrival_room;
    struct deeds deeds;
    struct spell *spells; /* what was answered, for as long as it was seen */
    size_t spell_count, spell_room;
    struct contacts contacts;   /* what is known of sites, whoever asked */
    struct directory directory; /* of messages, by label */
    uint32_t *places; /* by name: of the message with that label; made by reconstruct_ready() */

    /* The same messages as the log has them: no scans, no queues. */
    struct results logged;

    uint64_t older;                           /* came before the log says anything of them */
    uint64_t unfinished;                      /* not seen to leave */
    uint64_t by_operator, unanswered, probes; /* left out */
};

void reconstruct_init(struct reconstruction *r);
void reconstruct_fini(struct reconstruction *r);

/* Takes a message; keeps nothing of it. */
void reconstruct_add(struct reconstruction *r, const struct logged_message *message);

/* Call after the last message, before what follows. */
void reconstruct_ready(struct reconstruction *r);

/* The whole second of the earliest arrival, since 1970. Requires a message. */
sim_time reconstruct_start(const struct reconstruction *r);

/* What was tried when no scan was is to be flushed again. Once at most; before what follows. */
void reconstruct_flushes(struct reconstruction *r, const struct reconstruct_plan *plan);

/* Tells each row of evidence, and its text, in the order in which they belong. */
typedef void reconstruct_evidence_fn(void *user, const struct evidence_row *row, const char *text);
void reconstruct_evidence(const struct reconstruction *r, const struct reconstruct_plan *plan,
                          reconstruct_evidence_fn *tell, void *user);

/* Makes the scenario, ready to run. Release it with scenario_fini(). */
void reconstruct_scenario(const struct reconstruction *r, const struct reconstruct_plan *plan,
                          struct scenario *scenario);

#endif
