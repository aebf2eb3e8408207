/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/refused.h"

#include <stdlib.h>

#include "sim/alloc.h"

static sim_time beginning(const struct reconstruct_plan *plan, const struct contact *well,
                          const struct contact *refusal)
{
    if (well != NULL)
        return fell_ill_at(plan, well->at, refusal->at);
    return plan->recovery == RECOVERY_EARLIEST ? start_of_scan(plan, refusal->at) : -SIM_NEVER;
}

static sim_time end(const struct reconstruct_plan *plan, const struct contact *refusal,
                    const struct contact *well)
{
    if (well != NULL)
        return recovered_at(plan, refusal->at, well->at);
    return plan->recovery == RECOVERY_EARLIEST ? refusal->at + SIM_SECOND : SIM_NEVER;
}

static const struct contact *of_site(const struct contacts *contacts, size_t place, uint32_t site)
{
    return place < contacts->count && contacts->list[place].site == site ? &contacts->list[place]
                                                                         : NULL;
}

/* The run of refusals that begins at `first`. */
static void add_span(struct refused *refused, const struct contacts *contacts, size_t first,
                     const struct reconstruct_plan *plan)
{
    const struct contact *refusal = &contacts->list[first];
    const struct contact *last = &contacts->list[refusal->run_end - 1];
    const struct contact *before = first == 0 ? NULL : of_site(contacts, first - 1, refusal->site);
    const struct contact *after = of_site(contacts, refusal->run_end, refusal->site);
    struct refused_span span = {refusal, beginning(plan, before, refusal), end(plan, last, after)};

    if (span.from >= span.until)
        return;
    refused->list =
        alloc_grow(refused->list, &refused->room, refused->count + 1, sizeof *refused->list);
    refused->list[refused->count++] = span;
}

void refused_init(struct refused *refused, const struct contacts *contacts,
                  const struct reconstruct_plan *plan)
{
    *refused = (struct refused){0};
    for (size_t i = 0; i < contacts->count; i = contacts->list[i].run_end) {
        if (!contacts->list[i].reached)
            add_span(refused, contacts, i, plan);
    }
}

void refused_fini(struct refused *refused)
{
    free(refused->list);
}

bool refused_within(const struct refused *refused, uint32_t site, sim_time from, sim_time until)
{
    size_t low = 0, high = refused->count;

    /* The first of the site that is not over at `from`. */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct refused_span *span = &refused->list[middle];
        if (span->refusal->site < site || (span->refusal->site == site && span->until <= from))
            low = middle + 1;
        else
            high = middle;
    }
    return low < refused->count && refused->list[low].refusal->site == site
           && refused->list[low].from < until;
}
