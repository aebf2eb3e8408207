/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/endings.h - how each message of a run ended
 *
 * An observer that remembers, so that two runs of the same mail can be laid side
 * by side. Notices are left out: another policy sends others.
 */
#ifndef MODELS_ENDINGS_H
#define MODELS_ENDINGS_H

#include "models/observer.h"

struct ending {
    struct message_id id;
    sim_time arrival, end; /* end: SIM_NEVER where it was still there when the run was over */
    struct tally tally;
};

struct endings {
    struct observer observer;
    struct ending *list; /* by traffic and number, once the run is over */
    size_t count, room;
};

void endings_init(struct endings *endings);
void endings_fini(struct endings *endings);

/* Whether recipients fared differently, whenever that was. */
bool endings_differ(const struct ending *one, const struct ending *other);

/* What all recipients came to: one word ("delivered", "expired" ...), "mixed" if they differ. */
const char *tally_word(const struct tally *tally);

#endif
