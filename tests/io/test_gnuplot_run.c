/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What manifests tell of a folder that is to be drawn. */
#include "io/gnuplot_run.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/alloc.h"
#include "tests/io/put_file.h"

static char folder[] = P_tmpdir "/tempfail-gnuplot_run-XXXXXX";

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static void remove_folder(void)
{
    unlink("manifest.json");
    unlink("sweep.json");
    cr_assert_eq(chdir("/"), 0);
    cr_expect_eq(rmdir(folder), 0);
}

TestSuite(gnuplot_run, .init = make_folder, .fini = remove_folder);

static void expect_name(const char *path, const char *name)
{
    cr_expect_str_eq(gnuplot_run_of(path).name, name, "%s: %s", path, gnuplot_run_of(path).name);
}

Test(gnuplot_run, names_a_run_by_the_last_part_of_its_folder)
{
    expect_name("out/stock", "stock");
    expect_name("out/stock//", "stock");
    expect_name("stock", "stock");
    expect_name("", "");
    char *path = alloc_printf("out/%0300d", 7);
    cr_expect_eq(strlen(gnuplot_run_of(path).name), 255);
    free(path);
}

static void expect_lifetime(const char *manifest, long seconds)
{
    put_file("manifest.json", manifest);
    cr_expect_eq(gnuplot_run_of(".").lifetime_s, seconds, "%s", manifest);
}

static void expect_note(const char *manifest, const char *note)
{
    put_file("manifest.json", manifest);
    cr_expect_str_eq(gnuplot_run_of(".").note, note);
}

Test(gnuplot_run, says_what_was_run)
{
    expect_note("{\"scenario\": \"a.conf\", \"seed\": 7,"
                " \"counts\": {\"recipients\": 12.0, \"queued\": 0.0}}",
                "a.conf, seed 7, 12 recipients");
    expect_note("{\"scenario\": \"a.conf\", \"scenario_fnv1a\": \"0123456789abcdef\", \"seed\": 7,"
                " \"counts\": {\"recipients\": 12.0, \"queued\": 0.0}}",
                "a.conf 0123456789abcdef, seed 7, 12 recipients");
    expect_note("{\"scenario\": \"a.conf\", \"seed\": \"18446744073709551615\","
                " \"counts\": {\"recipients\": 12.5, \"queued\": 3}}",
                "a.conf, seed 18446744073709551615, 13 recipients, 3 still queued at the end");
    expect_note("{\"scenario\": \"a.conf\", \"seed\": 7, \"replications\": 20,"
                " \"counts\": {\"recipients\": 1234567.5, \"queued\": 1234}}",
                "a.conf, seed 7, 20 replications, on average 1,234,568 recipients, "
                "1,234 still queued at the end");
    cr_expect_eq(gnuplot_run_of(".").replications, 20);
    expect_note(
        "{\"scenario\": \"a.conf\", \"seed\": 7, \"replications\": 20,"
        " \"counts\": {\"recipients\": 9.94, \"queued\": 0.1}}",
        "a.conf, seed 7, 20 replications, on average 9.9 recipients, 0.1 still queued at the end");
    expect_note("{\"scenario\": \"a.conf\", \"seed\": 7, \"replications\": 1,"
                " \"counts\": {\"recipients\": 1000, \"queued\": 0}}",
                "a.conf, seed 7, 1,000 recipients");
    expect_note("{\"scenario\": \"a.conf\", \"seed\": 7}", "");
    expect_note("{\"seed\": 7, \"counts\": {\"recipients\": 12.0, \"queued\": 0.0}}", "");
}

Test(gnuplot_run, finds_the_lifetime_in_the_manifest)
{
    cr_expect_eq(gnuplot_run_of(".").lifetime_s, 0);
    expect_lifetime("{\"settings\": {\"maximal_queue_lifetime\": {\"value\": \"1d\"}}}", 86400);
    expect_lifetime("{\"settings\": {\"maximal_queue_lifetime\": {\"value\": \"1x\"}}}", 0);
    expect_lifetime("{\"settings\": {\"maximal_queue_lifetime\": {\"value\": 5}}}", 0);
    expect_lifetime("{\"settings\": {}}", 0);
    expect_lifetime("[1]", 0);
    expect_lifetime("{", 0);
}

/* ----------------------------------------------------------------- sweeps */

#define AXIS(name, values) "{\"name\": \"" name "\", \"values\": [" values "]}"
#define SETTING(name, value) "\"" name "\": {\"value\": \"" value "\"}"

static void expect_current(const char *vary, const char *settings, const char *first,
                           const char *second)
{
    char *json = alloc_printf("{\"vary\": [%s], \"settings\": {%s}}", vary, settings);

    put_file("sweep.json", json);
    struct gnuplot_run run = gnuplot_run_of(".");
    cr_expect_str_eq(run.current[0], first, "%s: %s", json, run.current[0]);
    cr_expect_str_eq(run.current[1], second, "%s: %s", json, run.current[1]);
    free(json);
}

/* A bare lifetime is of days. */
Test(gnuplot_run, finds_what_of_a_sweep_is_configured)
{
#define LIFETIME AXIS("maximal_queue_lifetime", "\"1d\", \"120h\", \"5\"")
#define BACKOFF AXIS("maximal_backoff_time", "\"1h\", \"4000\"")
    expect_current(LIFETIME, SETTING("maximal_queue_lifetime", "5d"), "120h", "");
    expect_current(LIFETIME, SETTING("maximal_queue_lifetime", "2d"), "", "");
    expect_current(LIFETIME, "", "", "");
    expect_current(
        LIFETIME ", " BACKOFF,
        SETTING("maximal_queue_lifetime", "1d") ", " SETTING("maximal_backoff_time", "4000s"), "1d",
        "4000");
    expect_current(AXIS("soft_bounce", "\"yes\""), SETTING("soft_bounce", "yes"), "", "");
    expect_current(AXIS("qmgr_message_active_limit", "\"20\""),
                   SETTING("qmgr_message_active_limit", "20"), "20", "");
    expect_current(AXIS("no_such", "\"1\""), SETTING("no_such", "1"), "", "");
    expect_current("{\"name\": 1}, {\"values\": [1]}", "", "", "");
    expect_current("", "", "", "");
}

Test(gnuplot_run, says_what_was_swept)
{
    put_file("sweep.json", "{\"scenario\": \"a.conf\", \"seed\": 7, \"replications\": 20}");
    cr_expect_str_eq(gnuplot_run_of(".").note, "a.conf, seed 7, replications of each point: 20");
    put_file("sweep.json", "{\"scenario\": \"a.conf\", \"seed\": 7, \"replications\": 0}");
    cr_expect_str_eq(gnuplot_run_of(".").note, "a.conf, seed 7");
    put_file("sweep.json", "{\"seed\": 7, \"replications\": 0}");
    cr_expect_str_eq(gnuplot_run_of(".").note, "");
}
