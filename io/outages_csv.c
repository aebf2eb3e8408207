/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/outages_csv.h"

#include <stdlib.h>
#include <string.h>

#include "io/csv_row.h"
#include "models/site/sites.h"
#include "sim/alloc.h"

struct site_outage {
    struct outage_span span;
    uint32_t site;
    const char *name;
    size_t order; /* of being told */
};

struct outages {
    const struct names *domains;
    struct site_outage *list;
    size_t count, room;
};

/* Mail to nowhere has no site. */
static void add(void *user, uint32_t domain, const struct outage_span *span)
{
    struct outages *outages = user;
    const char *name = names_text(outages->domains, domain);

    if (name[0] == '\0')
        return;
    outages->list =
        alloc_grow(outages->list, &outages->room, outages->count + 1, sizeof *outages->list);
    outages->list[outages->count] = (struct site_outage){*span, domain, name, outages->count};
    outages->count++;
}

static int by_begin(const void *a, const void *b)
{
    const struct site_outage *x = a, *y = b;

    if (x->span.from != y->span.from)
        return x->span.from < y->span.from ? -1 : 1;
    if (x->site != y->site)
        return strcmp(x->name, y->name);
    return x->order < y->order ? -1 : 1;
}

static void put(struct output *output, const struct catalogue *catalogue,
                const struct site_outage *outage)
{
    const struct names *domains = &catalogue->scenario->domains;
    struct csv_row row = csv_row(output);

    csv_number(&row, catalogue->rng.replication);
    csv_text(&row, outage->name, names_length(domains, outage->site));
    csv_seconds(&row, outage->span.from);
    if (outage->span.until < SIM_NEVER)
        csv_seconds(&row, outage->span.until);
    else
        csv_empty(&row);
    csv_text(&row, outage->span.how, strlen(outage->span.how));
    csv_end(&row);
}

void outages_put(struct output *output, const struct catalogue *catalogue)
{
    struct outages outages = {.domains = &catalogue->scenario->domains};
    struct sites sites;

    sites_init(&sites, catalogue->scenario, &catalogue->rng);
    sites_outages(&sites, add, &outages);
    if (outages.count > 0)
        qsort(outages.list, outages.count, sizeof *outages.list, by_begin);
    for (size_t i = 0; i < outages.count; i++)
        put(output, catalogue, &outages.list[i]);
    free(outages.list);
    sites_fini(&sites);
}
