/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_compare.c - the same mail, with the same luck, under several policies
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "cli/expression.h"
#include "cli/policy.h"
#include "cli/progress.h"
#include "cli/trial_options.h"
#include "io/comparison_csv.h"
#include "io/comparison_text.h"
#include "io/diff_csv.h"
#include "io/manifest.h"
#include "io/summary_text.h"
#include "models/trials.h"
#include "sim/alloc.h"

#define REPLICATIONS 20

struct options {
    struct trial_options trial;
    const char *folder;
    enum format format;
    struct fail_if *fail_if;
};

static const struct option long_options[] = {
    TRIAL_OPTIONS,
    TRIAL_PRECISION,
    {"format", required_argument, NULL, 'F'},
    {"fail-if", required_argument, NULL, 'f'},
    {NULL, 0, NULL, 0},
};

static bool take_option(void *user, int option, char *value, struct err *err)
{
    struct options *options = user;

    switch (option) {
    case 'O':
        options->folder = value;
        return true;
    case 'f':
        return fail_if_take(options->fail_if, value, err);
    case 'F':
        return cli_take_format(&options->format, 1u << FORMAT_TEXT | 1u << FORMAT_CSV, value, err);
    default:
        return trial_options_take(&options->trial, option, value, err);
    }
}

/* What is compared, and what comes out. */
struct work {
    const struct options *options;
    struct subject subject;
    struct policies policies;
    const void *settings[MOST_POLICIES + 1];
    const char *names[MOST_POLICIES + 1];
    const struct main_cf *configs[MOST_POLICIES + 1];
    struct trials trials;
    struct comparison comparison;
    struct output comparison_file, diff_file, manifest_file;
    struct classes classes[MOST_POLICIES + 1];
    struct endings first; /* of the replication that is being taken */
    struct progress progress;
    uint64_t of; /* trials, at most */
};

/* ------------------------------------------------------------------ trials */

/* The catalogue of a replication: who a message is from hangs on nothing else. */
static struct catalogue catalogue_of(const struct work *work, uint64_t number)
{
    return (struct catalogue){&work->subject.scenario,
                              {work->trials.seed, trial_replication(&work->trials, number)},
                              false};
}

/* Keeps how mail ended under the first policy, and tells where it ends otherwise. */
static void list_differences(struct work *work, struct trial *trial)
{
    size_t point = trial_point(&work->trials, trial->number);
    struct catalogue catalogue = catalogue_of(work, trial->number);

    if (point > 0) {
        diff_put(&work->diff_file, &catalogue, &work->first, work->names[point], &trial->endings);
        return;
    }
    endings_fini(&work->first);
    work->first = trial->endings;
    endings_init(&trial->endings);
}

static bool take_trial(void *user, struct trial *trial)
{
    struct work *work = user;
    size_t point = trial_point(&work->trials, trial->number);

    comparison_add(&work->comparison, point, trial->figures);
    classes_merge(&work->classes[point], &trial->classes);
    if (work->trials.with_endings)
        list_differences(work, trial);
    if (!work->options->trial.quiet && progress_is_seen())
        progress_trials(&work->progress, trial->number + 1, work->of);
    return point + 1 < work->trials.points || !is_precise(&work->options->trial, &work->comparison);
}

static void run_trials(struct work *work)
{
    const struct options *options = work->options;
    uint64_t most = trial_options_replications(&options->trial, &work->subject, REPLICATIONS);

    work->of = most * work->trials.points;
    progress_init(&work->progress, 0, 1);
    trials_run(&work->trials, NULL, work->of, take_trial, work);
    progress_end(&work->progress);
    trial_options_warn(&options->trial, &work->comparison);
}

/* ------------------------------------------------------------------- files */

static bool open_files(struct work *work, struct err *err)
{
    const char *folder = work->options->folder;

    if (folder == NULL)
        return true;
    if (!output_make_folder(folder, err)
        || !output_open(&work->comparison_file, folder, "compare.csv", err)
        || !output_open(&work->diff_file, folder, "diff.csv", err)
        || !output_open(&work->manifest_file, folder, "compare.json", err))
        return false;
    diff_put_header(&work->diff_file);
    return true;
}

static bool commit_files(struct work *work, struct err *err)
{
    if (work->options->folder == NULL)
        return true;
    comparison_put(&work->comparison_file, &work->comparison);
    compare_manifest_put(
        &work->manifest_file,
        &(struct compare_manifest){
            .source = {work->subject.path, work->subject.hash, &work->subject.scenario,
                       work->trials.seed, work->subject.recovery},
            .replications = comparison_replications(&work->comparison),
            .policies = work->names,
            .configs = work->configs,
            .policy_count = work->policies.count,
        });
    return output_commit(&work->diff_file, err) && output_commit(&work->comparison_file, err)
           && output_commit(&work->manifest_file, err);
}

static void print_classes(const struct work *work)
{
    for (size_t i = 0; i < work->policies.count; i++) {
        if (work->classes[i].count > 0)
            printf("\n%s, all replications together:\n", work->names[i]);
        summary_print_classes(stdout, &work->subject.scenario.class_names, &work->classes[i]);
    }
}

static bool print_answer(const struct work *work, struct err *err)
{
    size_t replications = comparison_replications(&work->comparison);

    if (work->options->format == FORMAT_CSV) {
        struct output out = cli_output();
        comparison_put(&out, &work->comparison);
        return cli_output_end(&out, err);
    }
    printf("%s: seed %" PRIu64 ", %zu replication%s\n", work->subject.path, work->trials.seed,
           replications, replications == 1 ? "" : "s");
    comparison_print(stdout, &work->comparison);
    print_classes(work);
    printf("%s", subject_remark(&work->subject));
    return true;
}

/* Of those that are measured against the first. */
static void test_fail_if(const struct work *work)
{
    for (size_t point = 1; point < work->comparison.points; point++)
        fail_if_test(work->options->fail_if, work->names[point], expression_mean,
                     &(struct expression_point){&work->comparison, point, 0});
}

/* ------------------------------------------------------------------- plans */

/* Two at least: what is asked for is measured against what is there. */
static bool read_policies(struct work *work, struct err *err)
{
    const struct config_options *config = &work->options->trial.config;
    struct policy_base base = {config, &work->subject.scenario, work->subject.path};

    if (config->policy_count == 0 && config->assignment_count == 0)
        return err_exit(err, EX_USAGE, "nothing to compare: give --policy, or -o NAME=VALUE");
    if (config->policy_count < 2 && !policies_add_base(&work->policies, &base, "configured", err))
        return false;
    return policies_add_named(&work->policies, &base, "what-if", err);
}

static void lay_plan(struct work *work)
{
    static const char *const key_names[] = {"policy"};
    const struct options *options = work->options;

    policies_route(&work->policies, &work->subject.scenario);
    for (size_t i = 0; i < work->policies.count; i++) {
        work->settings[i] = &work->policies.list[i].settings;
        work->names[i] = work->policies.list[i].name;
        work->configs[i] = &work->policies.list[i].config;
    }
    work->trials = (struct trials){
        .scenario = &work->subject.scenario,
        .mta = mta_find("postfix"),
        .settings = work->settings,
        .points = work->policies.count,
        .seed = options->trial.has_seed ? options->trial.seed : work->subject.scenario.seed,
        .since = work->subject.since,
        .threads = trial_options_threads(&options->trial),
        .with_endings = options->folder != NULL,
    };
    comparison_init(&work->comparison, work->policies.count);
    work->comparison.key_names = key_names;
    work->comparison.key_count = 1;
    work->comparison.keys = work->names;
}

static bool compare(struct work *work, struct err *err)
{
    bool good = read_policies(work, err);

    if (good)
        lay_plan(work);
    good = good && open_files(work, err);
    if (good)
        run_trials(work);
    good = good && commit_files(work, err) && print_answer(work, err);
    if (good)
        test_fail_if(work);
    output_discard(&work->diff_file);
    output_discard(&work->comparison_file);
    output_discard(&work->manifest_file);
    endings_fini(&work->first);
    for (size_t i = 0; i < COUNT_OF(work->classes); i++)
        classes_fini(&work->classes[i]);
    comparison_fini(&work->comparison);
    policies_fini(&work->policies);
    return good;
}

static bool compare_all(const struct options *options, int argc, char **argv, struct err *err)
{
    struct work work = {.options = options};
    bool good = trial_options_read_subject(&options->trial, &work.subject, argc, argv, err)
                && compare(&work, err);

    subject_fini(&work.subject);
    return good;
}

int cmd_compare(int argc, char **argv)
{
    static const struct cli_options known = {TRIAL_SHORT "O:", long_options, take_option};
    struct fail_if fail_if;
    struct options options = {.fail_if = &fail_if, .trial.recovery = RECOVERY_MIDDLE};
    struct err err = {0};

    fail_if_init(&fail_if);
    expression_add_lost(&fail_if.names);
    bool good = cli_take_options(argc, argv, &known, &options, &err)
                && compare_all(&options, argc, argv, &err);
    trial_options_fini(&options.trial);
    fail_if_fini(&fail_if);
    int status = cli_end("compare", good, &err, EX_DATAERR);
    return status == EX_OK && fail_if.holds ? EXIT_MISSED : status;
}
