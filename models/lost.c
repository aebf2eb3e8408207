/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/lost.h"

#include <stdlib.h>

#include "sim/alloc.h"

static void settle(struct recipient_fate *fate, const struct activation *trip,
                   const struct attempt *attempt)
{
    if (attempt->outcome == OUTCOME_SENT)
        fate->delivered = attempt->end;
    else if (attempt->outcome == OUTCOME_BOUNCED || trip->fate == FATE_EXPIRED)
        fate->bounced = trip->end;
}

static void ended(struct observer *self, const struct activation *trip)
{
    struct recipient_fates *fates = CONTAINER_OF(self, struct recipient_fates, observer);
    const struct message *message = trip->message;

    if (message->notice != 0)
        return;
    for (size_t i = 0; i < trip->count; i++) {
        const struct attempt *attempt = &trip->attempts[i];
        settle(&fates->list[fates->first[message->number] + attempt->recipient], trip, attempt);
    }
}

static const struct observer_ops fates_ops = {.ended = ended};

void recipient_fates_init(struct recipient_fates *fates, const struct reconstruction *r)
{
    size_t messages = 0;

    *fates = (struct recipient_fates){.observer.ops = &fates_ops};
    fates->list = alloc_zeroed((r->arrival_count + 1) * sizeof *fates->list);
    fates->first = alloc_zeroed((r->arrival_count + 1) * sizeof *fates->first);
    for (size_t i = 0; i < r->arrival_count; i++) {
        fates->list[i] = (struct recipient_fate){SIM_NEVER, SIM_NEVER};
        /* The recipients of a message stand together, and messages as they are numbered. */
        if (i == 0 || r->arrivals[i].label != r->arrivals[i - 1].label)
            fates->first[messages++] = (uint32_t)i;
    }
}

void recipient_fates_fini(struct recipient_fates *fates)
{
    free(fates->list);
    free(fates->first);
}

bool lost_is(const struct lost_search *search, enum recovery recovery, size_t arrival)
{
    bool delivered = search->reconstruction->arrivals[arrival].delivered != SIM_NEVER
                     || search->own[recovery].list[arrival].delivered != SIM_NEVER;

    return delivered && search->policy[recovery].list[arrival].bounced != SIM_NEVER;
}

uint64_t lost_count(const struct lost_search *search, enum recovery recovery)
{
    uint64_t count = 0;

    for (size_t i = 0; i < search->reconstruction->arrival_count; i++)
        count += lost_is(search, recovery, i);
    return count;
}

void lost_tell(const struct lost_search *search, enum recovery chosen, lost_tell_fn *tell,
               void *user)
{
    const struct reconstruction *r = search->reconstruction;

    for (size_t i = 0; i < r->arrival_count; i++) {
        struct lost_recipient lost = {&r->arrivals[i], SIM_NEVER, true};
        for (int k = RECOVERY_LATEST; k >= 0; k--) {
            if (!lost_is(search, (enum recovery)k, i))
                lost.sure = false;
            else
                lost.bounced = search->policy[k].list[i].bounced;
        }
        if (lost_is(search, chosen, i))
            lost.bounced = search->policy[chosen].list[i].bounced;
        if (lost.bounced != SIM_NEVER)
            tell(user, &lost);
    }
}
