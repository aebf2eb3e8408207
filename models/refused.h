/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/refused.h - the spans of time in which a site refused everybody
 *
 * A span for each time that a site was found away, by one message or many: from
 * between the last contact before and the first refusal, until between the last
 * refusal and the next contact. What was refused first may have been for ever,
 * and what is refused last may be for good.
 */
#ifndef MODELS_REFUSED_H
#define MODELS_REFUSED_H

#include "models/contacts.h"
#include "models/recovery.h"

struct refused_span {
    const struct contact *refusal; /* the first */
    sim_time from, until;          /* since 1970; -SIM_NEVER, SIM_NEVER: without end */
};

struct refused {
    struct refused_span *list; /* by site and time */
    size_t count, room;
};

/* Requires contacts_ready(); they must outlive the spans. Release with refused_fini(). */
void refused_init(struct refused *refused, const struct contacts *contacts,
                  const struct reconstruct_plan *plan);
void refused_fini(struct refused *refused);

/* Whether the site refused everybody at some instant of these; the last is not one. */
bool refused_within(const struct refused *refused, uint32_t site, sim_time from, sim_time until);

#endif
