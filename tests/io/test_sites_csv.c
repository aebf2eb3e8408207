/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sites.csv, of events made up here. */
#include "io/sites_csv.h"

#include <unistd.h>

#include "tests/io/rows.h"

static char folder[] = P_tmpdir "/tempfail-sites-XXXXXX";
static struct scenario scenario;
static struct sites_csv csv;

static void make_world(void)
{
    struct err err;

    cr_assert_not_null(mkdtemp(folder));
    scenario_init(&scenario);
    scenario_add_domain_of(&scenario, "@a.example");
    scenario_add_domain_of(&scenario, "@b.example");
    scenario_add_domain_of(&scenario, "@never.example");
    cr_assert(sites_csv_open(&csv, folder, &err), "%s", err.text);
    sites_csv_begin(&csv, &(struct catalogue){&scenario, {1, 4}, false});
}

static void forget_world(void)
{
    char *path = alloc_printf("%s/sites.csv", folder);

    unlink(path);
    free(path);
    cr_expect_eq(rmdir(folder), 0);
    sites_csv_fini(&csv);
    scenario_fini(&scenario);
}

TestSuite(sites_csv, .init = make_world, .fini = forget_world);

#define SITES                                                                                      \
    "replication,site,attempts,connections,sent,deferred,suspended,bounced,dead_times,dead_s,"     \
    "busy_max"

static void meet(uint32_t site, enum outcome outcome)
{
    struct attempt attempt = {.site = site, .outcome = outcome};
    struct activation activation = {.attempts = &attempt, .count = 1};

    csv.observer.ops->ended(&csv.observer, &activation);
}

Test(sites_csv, counts_what_each_site_answered)
{
    for (int i = 0; i < 4; i++)
        meet(1, (enum outcome)i);
    meet(2, OUTCOME_SUSPENDED);
    csv.observer.ops->finished(&csv.observer, 0);
    expect_rows(&csv.output, SITES,
                "4,a.example,4,3,1,1,1,1,0,0.000,0\n"
                "4,b.example,1,0,0,0,1,0,0,0.000,0\n");
}

/* Dead from 10 to 310 s and from 400 s to the end at 450 s; three agents at most. */
Test(sites_csv, tells_how_long_a_site_was_dead_and_how_busy)
{
    const struct observer_ops *ops = csv.observer.ops;

    meet(1, OUTCOME_DEFERRED);
    ops->site_changed(&csv.observer, 10 * SIM_SECOND, 1, true);
    ops->site_changed(&csv.observer, 310 * SIM_SECOND, 1, false);
    ops->site_changed(&csv.observer, 400 * SIM_SECOND, 1, true);
    for (int i = 0; i < 3; i++)
        ops->busied(&csv.observer, 0, 1, 1);
    ops->busied(&csv.observer, 0, 1, -1);
    ops->busied(&csv.observer, 0, 1, 1);
    ops->finished(&csv.observer, 450 * SIM_SECOND);
    expect_rows(&csv.output, SITES, "4,a.example,1,1,0,1,0,0,2,350.000,3\n");
}

Test(sites_csv, begins_each_replication_anew)
{
    meet(1, OUTCOME_SENT);
    csv.observer.ops->finished(&csv.observer, 0);
    sites_csv_begin(&csv, &(struct catalogue){&scenario, {1, 5}, false});
    meet(2, OUTCOME_SENT);
    csv.observer.ops->finished(&csv.observer, 0);
    expect_rows(&csv.output, SITES,
                "4,a.example,1,1,1,0,0,0,0,0.000,0\n"
                "5,b.example,1,1,1,0,0,0,0,0.000,0\n");
}
