/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_run.c - a scenario under one policy or several
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/expression.h"
#include "cli/plan.h"
#include "cli/policy.h"
#include "io/maillog_writer.h"
#include "io/output.h"
#include "io/results_files.h"
#include "io/scenario_conf.h"
#include "io/snapshot.h"
#include "io/summary_text.h"
#include "models/catalogue.h"
#include "models/span.h"
#include "sim/alloc.h"

struct options {
    struct config_options config;
    const char *path, *folder;
    const char *maillog; /* NULL: none is wanted */
    enum maillog_format maillog_format;
    bool has_seed, quiet;
    enum format format;
    uint64_t seed;
    uint32_t replications;
    sim_time bin;                     /* 0: queue_run_delay */
    sim_time moments[MOST_SNAPSHOTS]; /* ascending; SIM_NEVER: the end */
    size_t moment_count;
    struct fail_if *fail_if;
};

static const struct option long_options[] = {
    CONFIG_POLICY,
    {"seed", required_argument, NULL, 's'},
    {"bin", required_argument, NULL, 'b'},
    {"replications", required_argument, NULL, 'r'},
    {"format", required_argument, NULL, 'F'},
    {"fail-if", required_argument, NULL, 'f'},
    {"snapshot", required_argument, NULL, 'S'},
    {"maillog", required_argument, NULL, 'm'},
    {"maillog-format", required_argument, NULL, 'M'},
    {NULL, 0, NULL, 0},
};

static bool take_replications(struct options *options, const char *text, struct err *err)
{
    uint64_t count;

    if (!cli_take_count(&count, "replications", text, 1, 1u << 20, err))
        return false;
    options->replications = (uint32_t)count;
    return true;
}

static bool take_bin(struct options *options, const char *text, struct err *err)
{
    if (span_parse(&options->bin, text, err) && options->bin > 0)
        return true;
    return err_exit(err, EX_USAGE, "--bin: '%.40s' is no duration above 0, like 5min", text);
}

/* Keeps them in order, each once: they happen in this order. */
static bool add_moment(struct options *options, sim_time moment, struct err *err)
{
    size_t place = 0;

    while (place < options->moment_count && options->moments[place] < moment)
        place++;
    if (place < options->moment_count && options->moments[place] == moment)
        return true;
    if (options->moment_count == MOST_SNAPSHOTS)
        return err_exit(err, EX_USAGE, "--snapshot: at most %d of them", MOST_SNAPSHOTS);
    memmove(options->moments + place + 1, options->moments + place,
            (options->moment_count - place) * sizeof *options->moments);
    options->moments[place] = moment;
    options->moment_count++;
    return true;
}

static bool take_snapshot(struct options *options, const char *text, struct err *err)
{
    sim_time moment;

    if (strcmp(text, "end") == 0)
        return add_moment(options, SIM_NEVER, err);
    if (span_parse(&moment, text, err) && moment % SIM_SECOND == 0)
        return add_moment(options, moment, err);
    return err_exit(err, EX_USAGE,
                    "--snapshot: '%.40s' is neither 'end' nor a duration in whole seconds, like 2d",
                    text);
}

static bool take_maillog_format(struct options *options, const char *text, struct err *err)
{
    for (int i = 0; maillog_format_names[i] != NULL; i++) {
        if (strcmp(text, maillog_format_names[i]) == 0) {
            options->maillog_format = (enum maillog_format)i;
            return true;
        }
    }
    return err_exit(err, EX_USAGE,
                    "--maillog-format: '%.40s' is neither traditional, rfc3339 nor rfc5424", text);
}

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
    case 's':
        options->has_seed = true;
        return cli_take_count(&options->seed, "seed", value, 0, UINT64_MAX, err);
    case 'r':
        return take_replications(options, value, err);
    case 'f':
        return fail_if_take(options->fail_if, value, err);
    case 'b':
        return take_bin(options, value, err);
    case 'S':
        return take_snapshot(options, value, err);
    case 'm':
        options->maillog = value;
        return strcmp(value, "-") != 0
               || err_exit(err, EX_USAGE,
                           "--maillog: standard output carries the summary: name a file");
    case 'M':
        return take_maillog_format(options, value, err);
    case 'F':
        return cli_take_format(&options->format, 1u << FORMAT_TEXT | 1u << FORMAT_CSV, value, err);
    default:
        return config_take(&options->config, option, value, err);
    }
}

/* --------------------------------------------------------------------- run */

/* The bytes of summary.csv; of several policies one after the other, each row with its name. */
static bool print_csv(const struct options *options, const char *policy,
                      const struct experiment *experiment, struct err *err)
{
    struct output out = cli_output();
    bool several = options->config.policy_count > 1;

    summary_put_rows(&out, several ? policy : NULL, experiment);
    return cli_output_end(&out, err);
}

static bool print_answer(const struct options *options, const struct plan *plan, const char *policy,
                         const struct experiment *experiment, struct err *err)
{
    if (options->format == FORMAT_CSV)
        return print_csv(options, policy, experiment, err);
    summary_print(stdout,
                  &(struct summary_head){plan->source, policy, plan->settings, plan->seed,
                                         plan->replications, plan->scenario->duration},
                  &experiment->total);
    summary_print_classes(stdout, &plan->scenario->class_names, &experiment->total.classes);
    return true;
}

static double mean_of_metric(void *experiment, size_t metric)
{
    return experiment_figure(experiment, metric).mean;
}

/* DIR, or DIR/POLICY where there are several; allocated. NULL: no files are wanted. */
static char *folder_of(const struct options *options, const char *policy)
{
    if (options->folder != NULL && options->config.policy_count > 1)
        return alloc_printf("%s/%s", options->folder, policy);
    return options->folder == NULL ? NULL : alloc_printf("%s", options->folder);
}

static bool run_plan(const struct options *options, const struct plan *plan, const char *policy,
                     const char *folder, struct err *err)
{
    struct experiment experiment;

    experiment_init(&experiment);
    bool good = plan_run(plan, folder, &experiment, err);
    good = good && print_answer(options, plan, policy, &experiment, err);
    if (good)
        fail_if_test(options->fail_if, policy, mean_of_metric, &experiment);
    experiment_fini(&experiment);
    return good;
}

/* Takes snapshots of its first replication. */
static bool run_with_snapshots(const struct options *options, struct plan *plan, const char *policy,
                               const char *folder, struct err *err)
{
    struct snapshots snapshots;
    struct catalogue catalogue = {
        plan->scenario, {plan->seed, 0}, plan->settings->enable_long_queue_ids};
    bool good = snapshots_open(&snapshots, folder, &catalogue, options->moments,
                               options->moment_count, err);

    plan->first_guest = &snapshots.listing.observer;
    good = good && run_plan(options, plan, policy, folder, err) && snapshots_commit(&snapshots, err)
           && snapshots_print(&snapshots, stdout, err);
    snapshots_discard(&snapshots);
    return good;
}

/* With its snapshots, if there are to be some. */
static bool run_and_look(const struct options *options, struct plan *plan, const char *policy,
                         const char *folder, struct err *err)
{
    if (options->moment_count > 0)
        return run_with_snapshots(options, plan, policy, folder, err);
    return run_plan(options, plan, policy, folder, err)
           && (folder == NULL || output_remove(folder, "qshape.csv", err));
}

/* With the log that Postfix would have written, which is there when all else is. */
static bool run_logged(const struct options *options, struct plan *plan, const char *policy,
                       const char *folder, struct err *err)
{
    struct maillog_writer writer = {0};
    struct catalogue catalogue = {
        plan->scenario, {plan->seed, 0}, plan->settings->enable_long_queue_ids};
    char *hostname = NULL;
    bool good =
        main_cf_expand(plan->config, "myhostname", &hostname, err)
        && maillog_writer_open(
            &writer, options->maillog, &catalogue,
            &(struct maillog_options){options->maillog_format, hostname,
                                      (unsigned)plan->settings->delay_logging_resolution_limit},
            err);

    plan->guest = &writer.observer;
    good = good && run_and_look(options, plan, policy, folder, err)
           && maillog_writer_commit(&writer, err);
    maillog_writer_discard(&writer);
    free(hostname);
    return good;
}

static bool run_policy(const struct options *options, const struct scenario *scenario,
                       const struct policy *policy, struct err *err)
{
    struct plan plan = {
        .scenario = scenario,
        .source = options->path,
        .source_hash = scenario->hash,
        .config = &policy->config,
        .settings = &policy->settings,
        .seed = options->has_seed ? options->seed : scenario->seed,
        .replications = options->replications,
        .bin = options->bin,
        .quiet = options->quiet,
    };

    char *folder = folder_of(options, policy->name);

    bool good = options->maillog != NULL ? run_logged(options, &plan, policy->name, folder, err)
                                         : run_and_look(options, &plan, policy->name, folder, err);
    free(folder);
    return good;
}

static bool run_policies(const struct options *options, struct scenario *scenario, struct err *err)
{
    struct policies policies = {0};
    struct policy_base base = {&options->config, scenario, options->path};
    bool good = policies_add_named(&policies, &base, NULL, err);

    bool csv = options->format == FORMAT_CSV;

    if (good)
        policies_route(&policies, scenario);
    if (good && csv)
        printf("%s" SUMMARY_COLUMNS, policies.count > 1 ? "policy," : "");
    for (size_t i = 0; good && i < policies.count; i++) {
        if (i > 0 && !csv)
            printf("\n");
        good = run_policy(options, scenario, &policies.list[i], err);
    }
    policies_fini(&policies);
    return good;
}

/* What is asked for must come to pass, and not into the CSV. */
static bool moments_fit(const struct options *options, const struct scenario *scenario,
                        struct err *err)
{
    if (options->moment_count > 0 && options->format == FORMAT_CSV && options->folder == NULL)
        return err_exit(err, EX_USAGE, "--snapshot beside --format csv needs -O");
    for (size_t i = 0; i < options->moment_count; i++) {
        sim_time moment = options->moments[i];
        if (moment != SIM_NEVER && moment > scenario->duration)
            return err_exit(
                err, EX_USAGE, "--snapshot: %lld s are beyond the end of the run, at %lld s",
                (long long)sim_second(moment), (long long)sim_second(scenario->duration));
    }
    return true;
}

/* One Postfix writes one log, once. */
static bool maillog_fits(const struct options *options, struct err *err)
{
    if (options->maillog == NULL)
        return true;
    if (options->config.policy_count > 1)
        return err_exit(err, EX_USAGE,
                        "--maillog is of one run: give one --policy, and run again for the next");
    if (options->replications > 1)
        return err_exit(err, EX_USAGE,
                        "--maillog is of one run: leave out --replications, and vary --seed");
    return true;
}

static bool run_all(const struct options *options, struct err *err)
{
    struct scenario scenario;

    if (!maillog_fits(options, err))
        return false;
    if (!scenario_read(&scenario, options->path, err))
        return false;
    bool good = moments_fit(options, &scenario, err) && run_policies(options, &scenario, err);
    scenario_fini(&scenario);
    return good;
}

int cmd_run(int argc, char **argv)
{
    static const struct cli_options known = {CONFIG_SHORT "O:q", long_options, take_option};
    struct fail_if fail_if;
    struct options options = {.replications = 1, .fail_if = &fail_if};
    struct err err = {0};

    fail_if_init(&fail_if);
    bool good = cli_take_options(argc, argv, &known, &options, &err);
    bool unnamed = optind == argc && cli_has_stdin();

    if (good && optind + 1 != argc && !unnamed)
        good = cli_misuse(&err);
    options.path = unnamed ? "-" : argv[optind];
    good = good && run_all(&options, &err);
    config_options_fini(&options.config);
    fail_if_fini(&fail_if);
    int status = cli_end("run", good, &err, EX_DATAERR);
    return status == EX_OK && fail_if.holds ? EXIT_MISSED : status;
}
