/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sites_csv.h"

#include <stdlib.h>
#include <string.h>

#include "io/csv_row.h"
#include "sim/alloc.h"

static struct site_figures *figures_of(struct observer *self, uint32_t site)
{
    return &CONTAINER_OF(self, struct sites_csv, observer)->figures[site];
}

static void ended(struct observer *self, const struct activation *activation)
{
    for (size_t i = 0; i < activation->count; i++) {
        const struct attempt *attempt = &activation->attempts[i];
        figures_of(self, attempt->site)->outcomes[attempt->outcome]++;
    }
}

static void busied(struct observer *self, sim_time at, uint32_t site, int change)
{
    struct site_figures *figures = figures_of(self, site);

    (void)at;
    figures->busy += (uint32_t)change;
    if (figures->busy > figures->busy_max)
        figures->busy_max = figures->busy;
}

static void live(struct site_figures *figures, sim_time at)
{
    if (figures->dead_since == SIM_NEVER)
        return;
    figures->dead += at - figures->dead_since;
    figures->dead_since = SIM_NEVER;
}

static void site_changed(struct observer *self, sim_time at, uint32_t site, bool dead)
{
    struct site_figures *figures = figures_of(self, site);

    live(figures, at);
    if (!dead)
        return;
    figures->deaths++;
    figures->dead_since = at;
}

static void put_site(struct sites_csv *csv, uint32_t site)
{
    const struct names *domains = &csv->catalogue.scenario->domains;
    const struct site_figures *figures = &csv->figures[site];
    const uint64_t *outcomes = figures->outcomes;
    uint64_t connections =
        outcomes[OUTCOME_SENT] + outcomes[OUTCOME_DEFERRED] + outcomes[OUTCOME_BOUNCED];
    struct csv_row row = csv_row(&csv->output);

    if (connections + outcomes[OUTCOME_SUSPENDED] == 0)
        return;
    csv_number(&row, csv->catalogue.rng.replication);
    csv_text(&row, names_text(domains, site), names_length(domains, site));
    csv_number(&row, connections + outcomes[OUTCOME_SUSPENDED]);
    csv_number(&row, connections);
    csv_number(&row, outcomes[OUTCOME_SENT]);
    csv_number(&row, outcomes[OUTCOME_DEFERRED]);
    csv_number(&row, outcomes[OUTCOME_SUSPENDED]);
    csv_number(&row, outcomes[OUTCOME_BOUNCED]);
    csv_number(&row, figures->deaths);
    csv_seconds(&row, figures->dead);
    csv_number(&row, figures->busy_max);
    csv_end(&row);
}

struct named_site {
    const char *name;
    uint32_t site;
};

static int by_name(const void *a, const void *b)
{
    const struct named_site *x = a, *y = b;

    return strcmp(x->name, y->name);
}

/* By name: the order in which a scenario came to know them is of no interest. */
static void finished(struct observer *self, sim_time at)
{
    struct sites_csv *csv = CONTAINER_OF(self, struct sites_csv, observer);
    const struct names *domains = &csv->catalogue.scenario->domains;
    struct named_site *sites = alloc_zeroed((domains->count + 1) * sizeof *sites);

    for (uint32_t i = 0; i < domains->count; i++) {
        sites[i] = (struct named_site){names_text(domains, i), i};
        live(&csv->figures[i], at);
    }
    qsort(sites, domains->count, sizeof *sites, by_name);
    for (uint32_t i = 0; i < domains->count; i++)
        put_site(csv, sites[i].site);
    free(sites);
}

static const struct observer_ops sites_ops = {
    .ended = ended,
    .busied = busied,
    .site_changed = site_changed,
    .finished = finished,
};

bool sites_csv_open(struct sites_csv *csv, const char *folder, struct err *err)
{
    *csv = (struct sites_csv){.observer.ops = &sites_ops};
    if (!output_open(&csv->output, folder, "sites.csv", err))
        return false;
    output_print(&csv->output, "%s\n",
                 "replication,site,attempts,connections,sent,deferred,suspended,bounced,"
                 "dead_times,dead_s,busy_max");
    return true;
}

void sites_csv_begin(struct sites_csv *csv, const struct catalogue *catalogue)
{
    size_t count = catalogue->scenario->domains.count;

    free(csv->figures);
    csv->catalogue = *catalogue;
    csv->figures = alloc_zeroed((count + 1) * sizeof *csv->figures);
    for (size_t i = 0; i < count; i++)
        csv->figures[i].dead_since = SIM_NEVER;
}

void sites_csv_fini(struct sites_csv *csv)
{
    free(csv->figures);
    csv->figures = NULL;
}
