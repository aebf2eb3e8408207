/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_sweep.c - a scenario under each of a grid of settings
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "cli/sweeping.h"
#include "io/comparison_csv.h"
#include "io/sweep_text.h"

#define MOST_SHARDS 100000

struct options {
    struct sweep_options sweep;
    enum format format;
};

static const struct option long_options[] = {
    TRIAL_OPTIONS,
    {"vary", required_argument, NULL, 'v'},
    TRIAL_PRECISION,
    {"shard", required_argument, NULL, 'S'},
    {"format", required_argument, NULL, 'F'},
    {NULL, 0, NULL, 0},
};

/* "2/7": the second of seven. */
static bool take_shard(struct sweep_options *options, const char *text, struct err *err)
{
    unsigned shard, shards;
    char rest;

    if (sscanf(text, "%u/%u%c", &shard, &shards, &rest) == 2 && shard >= 1 && shard <= shards
        && shards <= MOST_SHARDS) {
        options->shard = shard - 1;
        options->shards = shards;
        return true;
    }
    return err_exit(err, EX_USAGE, "--shard: '%.40s' is not I/N, with I from 1 to N", text);
}

/* A number that Slurm has put into the environment; `otherwise` where it has not. */
static uint64_t slurm_number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    char *end;

    if (text == NULL || text[0] < '0' || text[0] > '9')
        return otherwise;
    uint64_t number = strtoull(text, &end, 10);
    return *end == '\0' ? number : otherwise;
}

/* A task of a Slurm job array is a shard, if the command line does not say otherwise. */
static bool take_array_task(struct sweep_options *options, struct err *err)
{
    uint64_t task = slurm_number("SLURM_ARRAY_TASK_ID", UINT64_MAX);
    uint64_t least = slurm_number("SLURM_ARRAY_TASK_MIN", 0);
    uint64_t count = slurm_number("SLURM_ARRAY_TASK_COUNT", 0);

    if (task == UINT64_MAX || options->shards > 0)
        return true;
    if (count == 0)
        return err_exit(err, EX_USAGE,
                        "SLURM_ARRAY_TASK_ID is %llu, and there is no SLURM_ARRAY_TASK_COUNT: give "
                        "--shard I/N",
                        (unsigned long long)task);
    if (task < least || task - least >= count || count > MOST_SHARDS)
        return err_exit(
            err, EX_USAGE,
            "SLURM_ARRAY_TASK_ID is %llu, which is none of %llu tasks from %llu: number "
            "them one by one, or give --shard I/N",
            (unsigned long long)task, (unsigned long long)count, (unsigned long long)least);
    options->shard = task - least;
    options->shards = count;
    return true;
}

static bool take_option(void *user, int option, char *value, struct err *err)
{
    struct options *all = user;
    struct sweep_options *options = &all->sweep;

    switch (option) {
    case 'v':
        return sweep_take_axis(options, value, err);
    case 'O':
        options->folder = value;
        return true;
    case 'S':
        return take_shard(options, value, err);
    case 'F':
        return cli_take_format(&all->format, 1u << FORMAT_TEXT | 1u << FORMAT_CSV, value, err);
    default:
        return trial_options_take(&options->trial, option, value, err);
    }
}

static bool options_fit(struct sweep_options *options, struct err *err)
{
    if (options->sweep.axis_count == 0)
        return err_exit(err, EX_USAGE, "nothing to vary: give --vary NAME=VALUE,VALUE");
    if (!take_array_task(options, err))
        return false;
    if (options->shards > 0 && options->folder == NULL)
        return err_exit(err, EX_USAGE, "a shard is of use only where it is kept: give -O DIR");
    if (options->shards > 0 && options->trial.precision > 0)
        return err_exit(err, EX_USAGE,
                        "--precision looks at all trials, of which a shard has but some: give "
                        "--replications");
    return true;
}

static bool print_answer(const struct options *options, const struct sweeping *sweeping,
                         struct err *err)
{
    size_t replications = comparison_replications(&sweeping->comparison);

    if (options->sweep.shards > 0) {
        printf("shard %" PRIu64 " of %" PRIu64 ": %" PRIu64 " runs in %s, %" PRIu64
               " of them new\n",
               options->sweep.shard + 1, options->sweep.shards, sweeping->of + sweeping->done.count,
               options->sweep.folder, sweeping->of);
        return true;
    }
    if (options->format == FORMAT_CSV) {
        struct output out = cli_output();
        comparison_put(&out, &sweeping->comparison);
        return cli_output_end(&out, err);
    }
    printf("%s: seed %" PRIu64 ", %zu points, %zu replication%s\n\n", sweeping->subject.path,
           sweeping->trials.seed, sweeping->trials.points, replications,
           replications == 1 ? "" : "s");
    sweep_print(stdout, &sweeping->comparison);
    printf("%s", subject_remark(&sweeping->subject));
    return true;
}

static bool write_results(const struct options *options, const struct sweeping *sweeping,
                          struct err *err)
{
    return options->sweep.folder == NULL || options->sweep.shards > 0
           || comparison_write(&sweeping->comparison, options->sweep.folder, SWEEP_RESULTS, err);
}

static bool sweep_all(const struct options *options, struct err *err)
{
    struct sweeping sweeping;
    bool good = sweeping_init(&sweeping, &options->sweep, err) && sweeping_run(&sweeping, err)
                && write_results(options, &sweeping, err) && print_answer(options, &sweeping, err);

    sweeping_fini(&sweeping);
    return good;
}

int cmd_sweep(int argc, char **argv)
{
    static const struct cli_options known = {TRIAL_SHORT "O:", long_options, take_option};
    struct options options = {
        .sweep = {.argc = argc,
                  .argv = argv,
                  .trial = {.recovery = RECOVERY_MIDDLE, .precise_shares = true}}};
    struct err err = {0};
    bool good = cli_take_options(argc, argv, &known, &options, &err);

    good = good && options_fit(&options.sweep, &err) && sweep_all(&options, &err);
    sweep_fini(&options.sweep.sweep);
    trial_options_fini(&options.sweep.trial);
    return cli_end("sweep", good, &err, EX_DATAERR);
}
