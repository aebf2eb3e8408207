/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fit written as a scenario, which the scenario's reader takes whatever stood in the log. */
#include "io/fit_files.h"

#include <stdlib.h>
#include <unistd.h>

#include "io/scenario_conf.h"
#include "models/mta/postfix/parameters.h"
#include "models/world.h"
#include "sim/alloc.h"
#include "tests/io/fitted.h"

static char folder[] = P_tmpdir "/tempfail-fit-XXXXXX";
static struct fitted fitted;
static struct scenario scenario; /* as read; zero until then */

static void begin(void)
{
    cr_assert_not_null(mkdtemp(folder));
    fitted_init(&fitted);
    scenario = (struct scenario){0};
}

static void end(void)
{
    char *command = alloc_printf("rm -r '%s'", folder);

    cr_expect_eq(system(command), 0);
    free(command);
    if (scenario.traffic_count > 0)
        scenario_fini(&scenario);
    fitted_fini(&fitted);
}

TestSuite(fit_files, .init = begin, .fini = end);

static void write_and_read(void)
{
    struct fitted_log log = {&fitted.fit, &fitted.episodes, &fitted.mail};
    char *path = alloc_printf("%s/fitted.conf", folder);
    struct err err = {0};

    fitted_ready(&fitted);
    cr_assert(fit_files_write(folder, &log, &err), "%s", err.text);
    cr_assert(scenario_read(&scenario, path, &err), "%s", err.text);
    free(path);
}

static char *conf(void)
{
    char *path = alloc_printf("%s/fitted.conf", folder), *text = alloc_zeroed(1 << 20);
    FILE *file = fopen(path, "r");

    cr_assert_not_null(file);
    cr_assert_gt(fread(text, 1, (1 << 20) - 1, file), 0);
    fclose(file);
    free(path);
    return text;
}

static const struct site_spec *site(const char *name)
{
    for (size_t i = 0; i < scenario.site_count; i++) {
        if (strcmp(scenario.sites[i].name, name) == 0)
            return &scenario.sites[i];
    }
    return NULL;
}

Test(fit_files, has_each_site_away_for_as_long_as_was_fitted)
{
    fitted_add_forty(&fitted);
    write_and_read();
    cr_expect_eq(scenario.site_count, 41, "forty that refuse, and one that greylists");
    const struct site_spec *one = site("s7.example");
    cr_assert_not_null(one);
    cr_expect_eq(one->failure_count, 1);
    cr_expect_str_eq(one->failures[0].ops->name, "outage");
    char *text = conf(),
         *length = fit_distribution(&fitted.fit.causes[CAUSE_REFUSED].best->cure, 1);
    char *outage = alloc_printf("outage { at = 0.000s  for = \"%s\"  how = refused }", length);
    cr_expect_not_null(strstr(text, outage), "%s", text);
    cr_expect_not_null(
        strstr(text, "# greylist: the log cannot say: too few recoveries; as long as"));
    free(outage);
    free(length);
    free(text);
}

/* What the log cannot say lasts as it did: to the middle of 420 and 600 s, or for ever. */
Test(fit_files, has_the_logs_own_lengths_where_it_cannot_say_more)
{
    fitted_meet(&fitted, "u@d.example", REFUSED, 600);
    fitted_meet(&fitted, "u@e.example", REFUSED, 0);
    write_and_read();
    char *text = conf();
    cr_expect_not_null(strstr(text, "for = 510.000s  how = refused"), "%s", text);
    cr_expect_not_null(strstr(text, "for = never  how = refused"), "%s", text);
    free(text);
}

/* Ten of twenty recipients at sites that greylist. */
Test(fit_files, greylists_as_many_as_were)
{
    for (int i = 0; i < 20; i++) {
        char to[40];
        snprintf(to, sizeof to, "u%d@d.example", i);
        fitted_meet(&fitted, to, i % 2 == 0 ? GREY : NULL, 300 + 100 * i);
    }
    write_and_read();
    char *text = conf();
    cr_expect_not_null(strstr(text, "greylist { delay = \"mixture(0.5: 0s, 0.5: "), "%s", text);
    cr_expect_str_eq(site("d.example")->failures[0].ops->name, "greylist");
    free(text);
}

/* Of three recipients at the site two met a full mailbox. One had room again between 700 and 1001
 * s, the other was not seen to: half of the two for ever. */
Test(fit_files, fills_as_many_mailboxes_as_were)
{
    fitted_meet(&fitted, "u@d.example", "452 4.2.2 mailbox full", 1000);
    fitted_meet(&fitted, "v@d.example", "452 4.2.2 mailbox full", 0);
    fitted_meet(&fitted, "w@d.example", NULL, 500);
    write_and_read();
    char *text = conf();
    cr_expect_not_null(strstr(text, "mixture(0.333333: 0s, 0.333333: never, 0.333333: 850.500s)\"  "
                                    "text = \"452 4.2.2 Mailbox full\""),
                       "%s", text);
    free(text);
}

Test(fit_files, are_run_to_their_end)
{
    struct observers nobody = {0};
    struct postfix_settings settings;

    fitted_add_forty(&fitted);
    write_and_read();
    postfix_settings_init(&settings);
    world_run(&(struct run){&scenario, mta_find("postfix"), &settings, 1, 0, &nobody});
}

Test(fit_files, leave_out_sites_that_have_no_name_to_write)
{
    fitted_meet(&fitted, "u@x\"} site \"*\" { outage { for = never", REFUSED, 0);
    fitted_meet(&fitted, "u@`touch here`", REFUSED, 0);
    fitted_meet(&fitted, "u@${HOME}", REFUSED, 0);
    fitted_meet(&fitted, "u@*", REFUSED, 0);
    fitted_meet(&fitted, "nobody", REFUSED, 0);
    fitted_meet(&fitted, "u@=cmd|' /C calc'!A0", REFUSED, 0);
    fitted_meet(&fitted, "u@[192.0.2.1]", REFUSED, 0);
    fitted_meet(&fitted, "u@good.example", REFUSED, 0);
    write_and_read();
    cr_expect_eq(scenario.site_count, 2);
    cr_expect_not_null(site("good.example"));
    cr_expect_not_null(site("[192.0.2.1]"));
    char *text = conf();
    cr_expect_not_null(strstr(text, "# left out: 6 sites whose names are none"), "%s", text);
    free(text);
}

static void expect_distribution(struct cure cure, double of_all, const char *expected)
{
    char *text = fit_distribution(&cure, of_all);
    struct dist dist;
    struct err err;

    cr_expect_str_eq(text, expected);
    cr_assert(dist_parse(&dist, text, &(struct text_context){0}, &err), "%s", err.text);
    dist_fini(&dist);
    free(text);
}

Test(fit_files, writes_a_distribution_as_the_reader_takes_it)
{
    expect_distribution((struct cure){CURE_LOGNORMAL, {0.6, 3600, 1.9}}, 1,
                        "mixture(0.6: never, 0.4: lognormal(3600.000s, 1.9))");
    expect_distribution((struct cure){CURE_WEIBULL, {0, 60.5, 0.7}}, 1, "weibull(60.500s, 0.7)");
    expect_distribution((struct cure){CURE_WEIBULL, {0.5, 60, 0.7}}, 0.5,
                        "mixture(0.5: 0s, 0.25: never, 0.25: weibull(60.000s, 0.7))");
    expect_distribution((struct cure){CURE_WEIBULL, {0, 60, 0.7}}, 0.25,
                        "mixture(0.75: 0s, 0.25: weibull(60.000s, 0.7))");
}

Test(fit_files, say_where_they_cannot_be_written)
{
    struct fitted_log log = {&fitted.fit, &fitted.episodes, &fitted.mail};
    struct err err = {0};

    fitted_add_forty(&fitted);
    fitted_ready(&fitted);
    cr_expect_not(fit_files_write("/dev/null/here", &log, &err));
    cr_expect_not_null(strstr(err.text, "/dev/null"));
}
