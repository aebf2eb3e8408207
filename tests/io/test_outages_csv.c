/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outages.csv, of sites made up here. */
#include "io/outages_csv.h"

#include <unistd.h>

#include "tests/io/rows.h"

static char folder[] = P_tmpdir "/tempfail-outages-XXXXXX";
static struct scenario scenario;
static struct output output;

static void make_world(void)
{
    struct err err;

    cr_assert_not_null(mkdtemp(folder));
    cr_assert(output_open(&output, folder, "outages.csv", &err), "%s", err.text);
    output_print(&output, OUTAGES_COLUMNS);
    scenario_init(&scenario);
}

static void forget_world(void)
{
    char *path = alloc_printf("%s/outages.csv", folder);

    unlink(path);
    free(path);
    cr_expect_eq(rmdir(folder), 0);
    scenario_fini(&scenario);
}

TestSuite(outages_csv, .init = make_world, .fini = forget_world);

static void set(void *settings, const char *name, const char *text)
{
    struct text_context context = {0};
    struct err err;

    cr_assert(setting_set(setting_find(failure_find("outage")->settings, name), settings, text,
                          &context, &err),
              "%s", err.text);
}

static void add_outage(struct site_spec *site, const char *at, const char *length, const char *how)
{
    void *settings = site_add_failure(site, failure_find("outage"));

    set(settings, "at", at);
    set(settings, "for", length);
    set(settings, "how", how);
}

static struct site_spec *add_site(const char *name, const char *address)
{
    if (address != NULL)
        scenario_add_domain_of(&scenario, address);
    return scenario_add_site(&scenario, name);
}

static void expect_outages(uint32_t replication, const char *want)
{
    outages_put(&output, &(struct catalogue){&scenario, {1, replication}, false});
    expect_rows(&output, "replication,site,from_s,until_s,how", want);
}

Test(outages_csv, has_rows_in_the_order_of_time_then_of_names)
{
    struct site_spec *site = add_site("z.example", "@z.example");
    add_outage(site, "2h", "1500ms", "timeout");
    add_outage(site, "1h", "1h", "dns");
    site = add_site("a.example", "@a.example");
    add_outage(site, "1h", "never", "refused");
    add_outage(site, "1h", "1min", "silent");

    expect_outages(3, "3,a.example,3600.000,,refused\n"
                      "3,a.example,3600.000,3660.000,silent\n"
                      "3,z.example,3600.000,7200.000,dns\n"
                      "3,z.example,7200.000,7201.500,timeout\n");
}

Test(outages_csv, knows_the_sites_that_all_others_are)
{
    add_site("b.example", "@b.example");
    scenario_add_domain_of(&scenario, "@c.example");
    add_outage(add_site("*", NULL), "1s", "1s", "greeting");

    expect_outages(0, "0,c.example,1.000,2.000,greeting\n");
}

Test(outages_csv, is_a_header_where_there_are_none)
{
    add_site("b.example", "@b.example");

    expect_outages(0, "");
}

Test(outages_csv, quotes_a_name_that_needs_it)
{
    add_outage(add_site("b,\"\n", "@b,\"\n"), "0s", "1s", "refused");

    expect_outages(0, "0,\"b,\"\"?\",0.000,1.000,refused\n");
}
