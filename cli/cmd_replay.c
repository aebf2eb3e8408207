/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_replay.c - what a log tells, run again, and under other settings
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/lifetimes.h"
#include "cli/recording.h"
#include "cli/replay_runs.h"
#include "io/lost_csv.h"
#include "io/replay_files.h"
#include "sim/alloc.h"

struct options {
    struct config_options config;
    const char *folder;
    struct logs logs;
    enum recovery recovery;
    enum format format;
    bool quiet;
};

static const struct option long_options[] = {
    CONFIG_POLICY,
    {"recovery", required_argument, NULL, 'r'},
    {"format", required_argument, NULL, 'F'},
    {NULL, 0, NULL, 0},
};

/* What was read of the logs, and what became of it when it was run. */
struct replay {
    const struct options *options;
    struct recording recording;
    struct policies policies; /* the first: the log's own settings */
    struct replay_runs runs;
    struct replay_column columns[MOST_POLICIES + 1];
    size_t column_count;
    struct recipient_fates own[RECOVERY_LATEST + 1]; /* under the log's settings */
};

static bool take_option(void *user, int option, char *value, struct err *err)
{
    struct options *options = user;

    switch (option) {
    case 'O':
        options->folder = value;
        return true;
    case 'q':
        options->quiet = true;
        return true;
    case 'r':
        return recording_take_recovery(&options->recovery, value, err);
    case 'F':
        return cli_take_format(&options->format, 1u << FORMAT_TEXT | 1u << FORMAT_JSON, value, err);
    default:
        return config_take(&options->config, option, value, err);
    }
}

/* ----------------------------------------------------------------- replays */

static bool list_lost(const struct replay *replay, const struct recipient_fates *fates,
                      const char *folder, struct replay_column *column, struct err *err)
{
    struct lost_search search = {&replay->recording.reconstruction, replay->own, fates};

    replay_runs_count_lost(&replay->runs, replay->own, fates, column);
    if (folder == NULL)
        return true;
    column->lost_path = alloc_printf("%s/lost.csv", folder);
    return lost_csv_write(folder, &search, replay->options->recovery, replay->runs.plan.start,
                          replay->recording.totals.first, err);
}

/* The first is the log's own settings, by which the others are measured. */
static bool run_column(struct replay *replay, const struct policy *policy, struct err *err)
{
    const char *parent = replay->options->folder;
    struct recipient_fates fates[RECOVERY_LATEST + 1];
    bool own = replay->column_count == 0;
    struct replay_column *column = &replay->columns[replay->column_count++];
    char *folder = parent == NULL ? NULL : alloc_printf("%s/%s", parent, policy->name);

    column->name = policy->name;
    bool good =
        replay_runs_under(&replay->runs, policy, folder, column, own ? replay->own : fates, err);
    if (!own) {
        good = good && list_lost(replay, fates, folder, column, err);
        for (int i = 0; i <= RECOVERY_LATEST; i++)
            recipient_fates_fini(&fates[i]);
    }
    free(folder);
    return good;
}

static bool run_columns(struct replay *replay, struct err *err)
{
    bool good = true;

    for (size_t i = 0; good && i < replay->policies.count; i++)
        good = run_column(replay, &replay->policies.list[i], err);
    return good;
}

static bool write_lifetimes(struct replay *replay, struct err *err)
{
    const char *folder = replay->options->folder;

    return folder == NULL || lifetimes_write(&replay->runs, replay->own, folder, err);
}

static bool write_inputs(struct replay *replay, struct err *err)
{
    const char *folder = replay->options->folder;

    if (folder == NULL)
        return true;
    if (!replay_files_write(folder, &replay->recording.reconstruction, &replay->runs.plan,
                            &replay->policies.list[0].config, err))
        return false;
    replay->runs.source_hash = replay_files_hash(folder);
    return true;
}

static void lay_plan(struct replay *replay)
{
    replay->runs = (struct replay_runs){
        .reconstruction = &replay->recording.reconstruction,
        .policies = &replay->policies,
        .plan = replay->recording.plan,
        .first = replay->recording.totals.first,
        .quiet = replay->options->quiet,
    };
}

static void print_report(const struct replay *replay)
{
    struct replay_report report = {
        &replay->recording.totals, &replay->recording.reconstruction,
        &replay->recording.check,  replay->options->recovery,
        replay->columns,           replay->column_count,
    };

    if (replay->options->format == FORMAT_JSON)
        replay_report_json(stdout, &report);
    else
        replay_report_text(stdout, &report);
}

/* Under the log's own settings, and under what is asked for beside. */
static bool read_policies(struct replay *replay, struct err *err)
{
    const struct config_options *options = &replay->options->config;
    struct policy_base base = {options, NULL, NULL};

    if (!policies_add_base(&replay->policies, &base, "replayed", err))
        return false;
    return (options->policy_count == 0 && options->assignment_count == 0)
           || policies_add_named(&replay->policies, &base, "what-if", err);
}

static void forget(struct replay *replay)
{
    for (int i = 0; i <= RECOVERY_LATEST; i++) {
        for (size_t c = 0; c < replay->column_count; c++)
            results_fini(&replay->columns[c].at[i]);
        recipient_fates_fini(&replay->own[i]);
    }
    for (size_t c = 0; c < replay->column_count; c++)
        free(replay->columns[c].lost_path);
    replay_runs_fini(&replay->runs);
    policies_fini(&replay->policies);
    recording_fini(&replay->recording);
}

static bool run_all(struct replay *replay, struct err *err)
{
    if (!read_policies(replay, err)
        || !recording_read(&replay->recording, &replay->options->logs,
                           &replay->policies.list[0].settings, replay->options->recovery, err))
        return false;
    lay_plan(replay);
    if (!write_inputs(replay, err) || !run_columns(replay, err) || !write_lifetimes(replay, err))
        return false;
    print_report(replay);
    return true;
}

int cmd_replay(int argc, char **argv)
{
    static const struct cli_options known = {CONFIG_SHORT "O:q", long_options, take_option};
    struct options options = {.recovery = RECOVERY_MIDDLE};
    struct replay replay = {.options = &options};
    struct err err = {0};
    bool good = cli_take_options(argc, argv, &known, &options, &err);

    good = good && logs_take(&options.logs, argc, argv, &err) && run_all(&replay, &err);
    forget(&replay);
    config_options_fini(&options.config);
    return cli_end("replay", good, &err, EX_DATAERR);
}
