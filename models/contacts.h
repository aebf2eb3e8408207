/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/contacts.h - when each site could be reached, by whatever message
 *
 * A site that refuses to talk refuses all mail. Finding a contact costs the
 * logarithm of their number. Zero is a valid empty set.
 */
#ifndef MODELS_CONTACTS_H
#define MODELS_CONTACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/reply.h"
#include "sim/names.h"
#include "sim/time.h"

struct contact {
    sim_time at;   /* when it was asked */
    sim_time took; /* until it was known */
    uint32_t site;
    uint32_t run, run_end; /* those of the site from `run` to before `run_end` came out alike */
    uint32_t text;         /* what it met, to the caller */
    enum smtp_stage stage; /* and where */
    bool reached;          /* it talked, whatever it said */
};

struct contacts {
    struct names sites;
    struct contact *list; /* by site and time */
    size_t count, room;
};

void contacts_fini(struct contacts *contacts);

/* The number of an address's domain, in any case of letters. */
uint32_t contacts_site(struct contacts *contacts, const char *address);

/* Its runs are found by contacts_ready(). */
void contacts_add(struct contacts *contacts, const struct contact *contact);

/* Call after the last is added, before any is looked for. */
void contacts_ready(struct contacts *contacts);

/* The latest that came out so, not before `from` and before `until`; NULL if there is none. */
const struct contact *contacts_last(const struct contacts *contacts, uint32_t site, bool reached,
                                    sim_time from, sim_time until);

/* The first that came out so, later than `after`; NULL if there is none. */
const struct contact *contacts_first(const struct contacts *contacts, uint32_t site, bool reached,
                                     sim_time after);

#endif
