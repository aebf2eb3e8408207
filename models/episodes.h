/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/episodes.h - from when until when sites did not accept
 *
 * An episode is a spell of one cause (models/cause.h) at one of its units: a
 * site, a sender and recipient, or a recipient. It began between the last answer
 * that shows that all was well, or at no known instant, and the first failure;
 * it ended between the last failure and the first such answer, or is still open.
 * Well means delivered, or answered at a later stage of the session than that of
 * the failure; a throttle, which lets some pass, is not over while it is met
 * again within ten minutes. Failures by other causes say nothing of this one, nor does what
 * was suspended, for it asked no site.
 *
 * A message that is older than the log failed before, where the log does not
 * tell: it is taken to have failed by the same cause since it came. Of such
 * spells only those are known that lasted until the log began.
 */
#ifndef MODELS_EPISODES_H
#define MODELS_EPISODES_H

#include "models/cause.h"
#include "models/cure.h"
#include "models/survival.h"
#include "sim/names.h"
#include "sim/time.h"

/* Instants since 1970, of the attempts' begins. */
struct episode {
    enum cause cause;
    uint32_t unit;    /* of the cause's kind of unit */
    uint32_t site;    /* in the names: the recipient's domain */
    sim_time well;    /* the last answer before it that shows that all was well; SIM_NEVER: none */
    sim_time first;   /* failure, by the age of a message where the log did not see it */
    sim_time entered; /* the first failure in the log */
    sim_time last;    /* failure */
    sim_time recovered; /* the first answer after it that does; SIM_NEVER: none */
};

struct observation;

struct episodes {
    struct names names; /* of sites, and of the units that are no sites */
    struct observation *observations;
    size_t observation_count, observation_room;
    uint64_t others; /* temporary failures by none of the causes */

    /* Made by episodes_ready(): */
    struct episode *list; /* by cause, unit and time */
    size_t count, room;
    size_t of_cause[CAUSE_COUNT + 1]; /* where each cause begins in the list; the last: `count` */
    size_t units[CAUSE_COUNT];        /* how many of its units had an episode ... */
    size_t watched[CAUSE_COUNT];      /* ... of those at sites where any had */
};

void episodes_init(struct episodes *episodes);
void episodes_fini(struct episodes *episodes);

/* Takes a message; keeps nothing of it. What an operator removed counts as far as it came. */
void episodes_add(struct episodes *episodes, const struct logged_message *message);

/* Call once, after the last message. */
void episodes_ready(struct episodes *episodes);

/* Those of one cause. */
const struct episode *episodes_of(const struct episodes *episodes, enum cause cause, size_t *count);

/* As the likelihood takes it. Stamps have whole seconds: a recovery may be a second later. */
struct cure_spell episode_spell(const struct episode *episode);

/*
 * As the product limit takes it: what lies between two attempts is put into their middle. Where no
 * begin is known it is the first failure.
 */
struct survival_subject episode_subject(const struct episode *episode);

#endif
