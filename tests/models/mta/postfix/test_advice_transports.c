/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is told of settings of single transports: by hand from qmgr/qmgr_transport.c,
 * qmgr/qmgr_queue.c and postconf(5).
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

#include "models/mta/postfix/advice.h"

static void set(struct postfix_settings *settings, const char *name, const char *value)
{
    const struct postfix_parameter *parameter = postfix_parameter_find(name);
    struct err err;

    cr_assert(parameter != NULL ? postfix_parameter_set(settings, parameter, value, NULL, &err)
                                : postfix_override_set(settings, name, value, NULL, &err),
              "%s = %s: %s", name, value, err.text);
}

/* Postfix's defaults, but for "NAME=VALUE NAME=VALUE". */
static struct postfix_settings with(const char *assignments)
{
    struct postfix_settings settings;
    char copy[512], *rest = copy;

    postfix_settings_init(&settings);
    snprintf(copy, sizeof copy, "%s", assignments);
    for (char *name; (name = strtok_r(rest, " ", &rest)) != NULL;) {
        char *value = strchr(name, '=');
        *value++ = '\0';
        set(&settings, name, value);
    }
    return settings;
}

/* A line each, "RULE PARAMETER TEXT"; what is always said of the scans is left out. */
static void note(void *user, const struct advice *advice)
{
    char *told = user;
    size_t used = strlen(told);

    if (strcmp(advice->rule->name, "grid") != 0)
        snprintf(told + used, 4096 - used, "%s %s %s\n", advice->rule->name, advice->parameter,
                 advice->text);
}

struct row {
    char assignments[200];
    char told[3][240]; /* how the lines begin; "": there is none */
};

ParameterizedTestParameters(advice_transports, tell_of_what_was_written)
{
    static struct row rows[] = {
        {"smtp_destination_rate_delay=1s",
         {"paced_and_killed smtp_destination_rate_delay "
          "default_destination_concurrency_failed_cohort_limit = 1 with "
          "smtp_destination_rate_delay = 1s: the window is 1, so one failed connection",
          "paced smtp_destination_rate_delay smtp_destination_rate_delay = 1s: one delivery at a "
          "time to each destination, at most 3600 an hour"}},
        {"smtp_destination_rate_delay=1s smtp_destination_concurrency_failed_cohort_limit=9",
         {"paced_and_killed smtp_destination_concurrency_failed_cohort_limit "
          "smtp_destination_concurrency_failed_cohort_limit = 9 with smtp_destination_rate_delay",
          "paced "}},
        {"smtp_destination_rate_delay=1s smtp_destination_concurrency_failed_cohort_limit=10",
         {"paced "}},
        {"smtp_destination_rate_delay=1s default_destination_concurrency_failed_cohort_limit=10",
         {"paced "}},
        {"relay_destination_rate_delay=60s "
         "smtp_destination_concurrency_failed_cohort_limit=20",
         {"paced_and_killed relay_destination_rate_delay ",
          "paced relay_destination_rate_delay relay_destination_rate_delay = 1m: "}},
        {"slow_destination_rate_delay=7s slow_destination_concurrency_failed_cohort_limit=0",
         {"paced slow_destination_rate_delay slow_destination_rate_delay = 7s: one delivery at a "
          "time to each destination, at most 515 an hour",
          "nothing_is_dead slow_destination_concurrency_failed_cohort_limit "
          "slow_destination_concurrency_failed_cohort_limit = 0: no destination"}},

        {"smtp_transport_rate_delay=30s",
         {"one_transport_paced smtp_transport_rate_delay smtp_transport_rate_delay = 30s: one "
          "delivery at a time, at most 120 an hour to all destinations together"}},
        {"smtp_transport_rate_delay=0s", {""}},

        {"smtp_initial_destination_concurrency=1",
         {"one_failure_kills smtp_initial_destination_concurrency "
          "smtp_initial_destination_concurrency = 1, default_destination_concurrency_limit = 20:"}},
        {"smtp_destination_concurrency_limit=1",
         {"one_failure_kills smtp_destination_concurrency_limit "
          "initial_destination_concurrency = 5, smtp_destination_concurrency_limit = 1:"}},
        {"smtp_destination_concurrency_limit=1 "
         "smtp_destination_concurrency_failed_cohort_limit=2",
         {""}},
        {"smtp_destination_concurrency_limit=2", {""}},
        {"smtp_destination_recipient_limit=1",
         {"recipients_apart smtp_destination_recipient_limit "
          "smtp_destination_recipient_limit = 1: each recipient is"}},
        {"smtp_destination_recipient_limit=2", {""}},
    };
    return cr_make_param_array(struct row, rows, sizeof rows / sizeof rows[0]);
}

static void expect_told(const char *assignments, char (*told)[240], size_t count)
{
    struct postfix_settings settings = with(assignments);
    char lines[4096] = "", *rest = lines;
    size_t seen = 0;

    advice_give(&settings, note, lines);
    for (char *line; (line = strtok_r(rest, "\n", &rest)) != NULL; seen++)
        cr_expect(seen < count && told[seen][0] != '\0'
                      && strncmp(line, told[seen], strlen(told[seen])) == 0,
                  "%s: %s", assignments, line);
    cr_expect(seen == count || told[seen][0] == '\0', "%s: only %zu lines", assignments, seen);
}

ParameterizedTest(struct row *row, advice_transports, tell_of_what_was_written)
{
    expect_told(row->assignments, row->told, 3);
}

ParameterizedTestParameters(advice_transports, tell_no_fact_twice)
{
    static struct row rows[] = {
        {"default_destination_rate_delay=1s smtp_destination_rate_delay=1s",
         {"paced_and_killed default_destination_concurrency_failed_cohort_limit ",
          "paced default_destination_rate_delay "}},
        /* another figure is another fact; that one failure is too much is not */
        {"default_destination_rate_delay=1s smtp_destination_rate_delay=2s",
         {"paced_and_killed default_destination_concurrency_failed_cohort_limit ",
          "paced default_destination_rate_delay ", "paced smtp_destination_rate_delay "}},
        {"default_transport_rate_delay=1s smtp_transport_rate_delay=1s",
         {"transport_paced default_transport_rate_delay "}},
        {"initial_destination_concurrency=1 smtp_destination_concurrency_limit=1",
         {"one_failure_kills initial_destination_concurrency "}},
        {"default_destination_concurrency_limit=1 smtp_initial_destination_concurrency=1",
         {"one_failure_kills initial_destination_concurrency "}},
        {"default_destination_recipient_limit=1 smtp_destination_recipient_limit=1",
         {"recipients_apart default_destination_recipient_limit "}},
        {"default_destination_concurrency_failed_cohort_limit=0 "
         "smtp_destination_concurrency_failed_cohort_limit=0",
         {"nothing_is_dead default_destination_concurrency_failed_cohort_limit "}},
        {"smtp_destination_recipient_limit=1 smtp_destination_concurrency_limit=5",
         {"recipients_apart smtp_destination_recipient_limit "}},
    };
    return cr_make_param_array(struct row, rows, sizeof rows / sizeof rows[0]);
}

ParameterizedTest(struct row *row, advice_transports, tell_no_fact_twice)
{
    expect_told(row->assignments, row->told, 3);
}

/* local_destination_recipient_limit is 1 by default, and local(8) never says that a site is down.
 */
Test(advice_transports, tell_nothing_of_what_is_postfixs_own_doing)
{
    static char told[3][240] = {
        "paced local_destination_rate_delay local_destination_rate_delay = 1s: "};

    expect_told("local_destination_rate_delay=1s", told, 3);
    expect_told("local_initial_destination_concurrency=1 "
                "retry_destination_concurrency_failed_cohort_limit=0",
                told + 1, 2);
}

Test(advice_transports, each_have_their_own)
{
    static char told[3][240] = {
        "one_failure_kills smtp_initial_destination_concurrency ",
        "one_failure_kills relay_initial_destination_concurrency ",
    };

    expect_told("smtp_initial_destination_concurrency=1 relay_initial_destination_concurrency=1",
                told, 3);
}

/* It ends with what the sentence ends with, however long the names. */
Test(advice_transports, are_told_of_in_whole_sentences)
{
    struct postfix_settings settings = with("");
    char transport[POSTFIX_TRANSPORT_ROOM], name[POSTFIX_NAME_ROOM];
    static const char *const tails[][2] = {{"_destination_rate_delay", "2147483647s"},
                                           {"_destination_concurrency_failed_cohort_limit", "1"},
                                           {"_destination_concurrency_limit", "1"},
                                           {"_initial_destination_concurrency", "1"}};
    char lines[4096] = "";

    memset(transport, 't', sizeof transport - 1);
    transport[sizeof transport - 1] = '\0';
    for (size_t i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "%s%s", transport, tails[i][0]);
        set(&settings, name, tails[i][1]);
    }
    advice_give(&settings, note, lines);
    cr_expect(strstr(lines, "postconf(5) recommends 10 or more\n") != NULL, "%s", lines);
    cr_expect(strstr(lines, "(qmgr_message_active_limit = 20000)\n") != NULL, "%s", lines);

    lines[0] = '\0';
    settings.overrides[0].value = 0;
    advice_give(&settings, note, lines);
    cr_expect(strstr(lines, "by default it takes three\n") != NULL, "%s", lines);
}
