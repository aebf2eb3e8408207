/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/lost.h - the mail that another policy would have given up
 *
 * Recipients of the log one by one, in the order of a reconstruction's arrivals:
 * what became of them in a replay, and who is lost by it.
 */
#ifndef MODELS_LOST_H
#define MODELS_LOST_H

#include "models/observer.h"
#include "models/reconstruct.h"

/* Since the scenario's start; SIM_NEVER: it was not. */
struct recipient_fate {
    sim_time delivered;
    sim_time bounced; /* refused for good or given up: its sender is told */
};

/* An observer of one replay of a reconstruction. */
struct recipient_fates {
    struct observer observer;
    struct recipient_fate *list; /* as the arrivals */
    uint32_t *first;             /* by the number of a message: where its recipients are */
};

/* Requires reconstruct_ready(); the reconstruction may go. Release with recipient_fates_fini(). */
void recipient_fates_init(struct recipient_fates *fates, const struct reconstruction *r);
void recipient_fates_fini(struct recipient_fates *fates);

/* Replays of the same log under each recovery: by its own settings, and by those of a policy. */
struct lost_search {
    const struct reconstruction *reconstruction;
    const struct recipient_fates *own, *policy; /* RECOVERY_LATEST + 1 of each */
};

/* Whether the log or its own replay delivered the arrival, and the policy bounces it. */
bool lost_is(const struct lost_search *search, enum recovery recovery, size_t arrival);

/* How many are lost under the recovery. */
uint64_t lost_count(const struct lost_search *search, enum recovery recovery);

struct lost_recipient {
    const struct reconstructed_arrival *arrival;
    sim_time bounced; /* under `chosen`, or the first recovery that loses it */
    bool sure;        /* lost whatever the recovery */
};

/* Tells each that is lost under any recovery, in the order of arrivals. */
typedef void lost_tell_fn(void *user, const struct lost_recipient *lost);
void lost_tell(const struct lost_search *search, enum recovery chosen, lost_tell_fn *tell,
               void *user);

#endif
