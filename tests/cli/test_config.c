/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/cli/test_config.c - which setting holds, and where it is from */
#include "cli/config.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static struct config_options options;
static struct main_cf cf;
static struct notes notes;
static struct err err;
static char base[64], policy[64];

static void make_file(char *path, const char *text)
{
    int fd = mkstemp(strcpy(path, P_tmpdir "/tempfail-config-XXXXXX"));
    FILE *file = fdopen(fd, "w");

    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

static void start(void)
{
    unsetenv("MAIL_CONFIG");
    make_file(base, "queue_run_delay = 1\nminimal_backoff_time = 1\nmaximal_backoff_time = 1\n"
                    "mine = 1\nmax_idle = $mine\n");
    make_file(policy, "minimal_backoff_time = 2\nmaximal_backoff_time = 2\n");
}

static void stop(void)
{
    unlink(base);
    unlink(policy);
    config_options_fini(&options);
    main_cf_fini(&cf);
    notes_fini(&notes);
}

TestSuite(config, .init = start, .fini = stop);

static bool stack(const char *chosen)
{
    return config_read_base(&options, &cf, &notes, &err)
           && config_overlay(&options, chosen, &cf, &notes, &err);
}

static void expect_setting(const char *name, const char *value, const char *origin_begins)
{
    const struct main_cf_entry *entry = main_cf_find(&cf, name);

    cr_assert_not_null(entry, "%s", name);
    cr_expect_str_eq(entry->value, value, "%s = %s", name, entry->value);
    cr_expect_eq(strncmp(entry->origin, origin_begins, strlen(origin_begins)), 0, "%s: %s", name,
                 entry->origin);
}

static void expect_refused(const char *chosen, int status, const char *text)
{
    cr_expect_not(stack(chosen));
    cr_expect_str_eq(err.text, text, "%s", err.text);
    cr_expect_eq(err.status, status);
}

static void give_o(const char *assignment)
{
    cr_assert(config_take(&options, 'o', assignment, &err));
}

Test(config, is_empty_where_nothing_is_given)
{
    cr_assert(stack(NULL));
    cr_expect_eq(cf.count, 0);
}

Test(config, lets_the_option_o_win_over_a_policy_and_that_over_c)
{
    options.config = base;
    give_o("maximal_backoff_time=3");
    cr_assert(stack(policy), "%s", err.text);
    expect_setting("queue_run_delay", "1", base);
    expect_setting("minimal_backoff_time", "2", policy);
    expect_setting("maximal_backoff_time", "3", "-o");
    cr_expect_eq(notes.count, 0, "a layer over another is nothing to tell");
}

Test(config, lets_the_last_o_win)
{
    give_o("max_use=1");
    give_o("max_use = 2");
    cr_assert(stack(NULL));
    expect_setting("max_use", "2", "-o");
}

Test(config, takes_mail_config_from_the_environment_unless_there_is_c)
{
    setenv("MAIL_CONFIG", policy, 1);
    cr_assert(stack(NULL));
    expect_setting("minimal_backoff_time", "2", policy);
    main_cf_fini(&cf);
    options.config = base;
    cr_assert(stack(NULL));
    expect_setting("minimal_backoff_time", "1", base);
}

Test(config, reads_a_policy_that_is_typed_out)
{
    options.config = base;
    cr_assert(stack("queue_run_delay=4,minimal_backoff_time = 5m,"), "%s", err.text);
    expect_setting("queue_run_delay", "4", "--policy");
    expect_setting("minimal_backoff_time", "5m", "--policy");
    expect_setting("maximal_backoff_time", "1", base);
}

Test(config, takes_a_file_whose_name_looks_like_a_setting)
{
    char made[64], path[96];
    const char *name = path + strlen(P_tmpdir) + 1;

    make_file(made, "queue_run_delay = 9\n");
    snprintf(path, sizeof path, "%s=9", made);
    cr_assert_eq(rename(made, path), 0);
    options.config = base;
    cr_assert(stack(path), "%s", err.text);
    expect_setting("queue_run_delay", "9", path);
    main_cf_fini(&cf);
    cr_assert_eq(chdir(P_tmpdir), 0);
    cr_assert(stack(name), "%s", err.text);
    expect_setting("queue_run_delay", "9", name);
    unlink(path);
}

Test(config, takes_names_that_a_value_refers_to)
{
    options.config = base;
    give_o("mine=7");
    give_o("relay_destination_concurrency_limit=7");
    cr_assert(stack(NULL), "%s", err.text);
    expect_setting("mine", "7", "-o");
}

Test(config, refuses_a_name_that_can_have_no_effect)
{
    give_o("mine=7");
    expect_refused(NULL, EX_CONFIG, "-o: 'mine': no such parameter ('tempfail models' lists them)");
}

Test(config, says_what_was_probably_meant)
{
    expect_refused("queue_run_dely=5", EX_CONFIG,
                   "--policy: 'queue_run_dely': no such parameter (did you mean"
                   " 'queue_run_delay'?)");
}

Test(config, refuses_an_o_without_a_value)
{
    give_o("max_use");
    expect_refused(NULL, EX_CONFIG,
                   "-o: missing '=' after attribute name: \"max_use\" (accepted: NAME=VALUE)");
}

Test(config, refuses_a_policy_that_is_not_there)
{
    expect_refused("no-such", EX_CONFIG,
                   "--policy no-such: no such file, and no shipped policy of that name");
}

Test(config, refuses_a_path_that_is_not_there)
{
    expect_refused("/none/x.cf", EX_NOINPUT, "open /none/x.cf: No such file or directory");
    options.config = "/none";
    expect_refused(NULL, EX_NOINPUT, "open /none: No such file or directory");
}

Test(config, takes_eight_policies)
{
    for (int i = 0; i < MOST_POLICIES; i++)
        cr_assert(config_take(&options, 'p', "stock", &err));
    cr_expect_not(config_take(&options, 'p', "stock", &err));
    cr_expect_str_eq(err.text, "--policy: at most 8 of them");
    cr_expect_eq(err.status, EX_USAGE);
    cr_expect_eq(options.policy_count, 8);
}

struct name {
    char given[40], want[40];
};

ParameterizedTestParameters(config, calls_a_policy_by_a_short_name)
{
    static struct name names[] = {
        {"stock", "stock"},
        {"/etc/x/one-day.cf", "one-day"},
        {"./a.b.cf", "a.b"},
        {"fast.conf", "fast.conf"},
        {".cf", ".cf"},
        {"queue_run_delay=5m,max_use=1", "queue_run_delay=5m,max_use=1"},
        {"defer_transports=a/b", "defer_transports=a_b"},
        {"a=b/x=1.cf", "a=b_x=1"},
        {"./x=1.cf", "x=1"},
    };
    return cr_make_param_array(struct name, names, COUNT_OF(names));
}

ParameterizedTest(struct name *name, config, calls_a_policy_by_a_short_name)
{
    char *got = config_policy_name(name->given);

    cr_expect_str_eq(got, name->want, "%s", got);
    free(got);
}
