/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/site/sites.h - the remote sites of one run
 *
 * An MTA asks here what an attempt meets; it never sees which failure spoke.
 */
#ifndef MODELS_SITE_SITES_H
#define MODELS_SITE_SITES_H

#include "models/scenario.h"

struct site;
struct step;

/* Millions of attempts meet a hundred thousand sites at random: what one of them needs lies
 * together, and near that of the others. */
struct sites {
    const struct scenario *scenario;
    struct rng rng;
    const struct site_spec *others; /* site "*", or one that accepts */
    const struct site_spec **specs; /* by domain; NULL: as others */
    struct site *by_domain;         /* begun when first asked for */
    struct step *steps;             /* of all that are begun */
    size_t step_count, step_room;
    struct failure *failures; /* the same */
    size_t failure_count, failure_room;
};

/* The scenario must outlive the sites and be ready. */
void sites_init(struct sites *sites, const struct scenario *scenario, const struct rng *rng);
void sites_fini(struct sites *sites);

/*
 * What the attempt meets at the site of `domain` (a number of the scenario's
 * domains); 2xx is a delivery. The approach then tells when and at which stage:
 * at SIM_NEVER if it is never answered, whatever the reply. To be asked in the
 * order of the attempts' starts. The reply belongs to the site.
 */
const struct reply *sites_answer(struct sites *sites, uint32_t domain, struct approach *approach);

/*
 * The same for one more recipient of a message, in a session that is set up and
 * has named its sender: the approach's time is when it was set up.
 */
const struct reply *sites_answer_more(struct sites *sites, uint32_t domain,
                                      struct approach *approach);

/*
 * Tells the outages of each domain, as this run has drawn them, in the order of the
 * domains' numbers and of the file. Left out are those that some of a site's
 * addresses escape, and those of no length.
 */
typedef void sites_outage_fn(void *user, uint32_t domain, const struct outage_span *outage);
void sites_outages(const struct sites *sites, sites_outage_fn *tell, void *user);

#endif
