/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_run.c - a scenario under one policy or several
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "cli/config.h"
#include "io/event_csv.h"
#include "io/input.h"
#include "io/results_files.h"
#include "io/scenario_conf.h"
#include "io/summary_text.h"
#include "models/span.h"
#include "models/world.h"
#include "sim/alloc.h"

struct options {
    struct config_options config;
    const char *path, *folder;
    bool has_seed, csv;
    uint64_t seed;
    uint32_t replications;
    sim_time bin; /* 0: queue_run_delay */
};

static const struct option long_options[] = {
    {"policy", required_argument, NULL, 'p'}, {"seed", required_argument, NULL, 's'},
    {"bin", required_argument, NULL, 'b'},    {"replications", required_argument, NULL, 'r'},
    {"format", required_argument, NULL, 'F'}, {NULL, 0, NULL, 0},
};

/* All files of one run; what is not open is zero. */
struct files {
    struct attempts_csv attempts;
    struct messages_csv messages;
    struct timeline_csv timeline;
    struct output summary, histograms, manifest;
};

static bool parse_count(uint64_t *count, const char *name, const char *text, uint64_t most,
                        struct err *err)
{
    char *end;

    *count = strtoull(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && *count <= most)
        return true;
    return err_exit(err, EX_USAGE, "--%s: '%.40s' is no whole number up to %llu", name, text,
                    (unsigned long long)most);
}

static bool take_replications(struct options *options, const char *text, struct err *err)
{
    uint64_t count;

    if (!parse_count(&count, "replications", text, 1u << 20, err))
        return false;
    if (count == 0)
        return err_exit(err, EX_USAGE, "--replications: at least 1 was expected");
    options->replications = (uint32_t)count;
    return true;
}

static bool take_bin(struct options *options, const char *text, struct err *err)
{
    if (span_parse(&options->bin, text, err) && options->bin > 0)
        return true;
    return err_exit(err, EX_USAGE, "--bin: '%.40s' is no duration above 0, like 5min", text);
}

static bool take_option(struct options *options, int option, char *value, struct err *err)
{
    switch (option) {
    case 'c':
        options->config.config = value;
        return true;
    case 'o':
        config_add_assignment(&options->config, value);
        return true;
    case 'O':
        options->folder = value;
        return true;
    case 'p':
        return config_add_policy(&options->config, value, err);
    case 's':
        options->has_seed = true;
        return parse_count(&options->seed, "seed", value, UINT64_MAX >> 1, err);
    case 'r':
        return take_replications(options, value, err);
    case 'b':
        return take_bin(options, value, err);
    case 'F':
        options->csv = strcmp(value, "csv") == 0;
        return options->csv || strcmp(value, "text") == 0
               || err_exit(err, EX_USAGE, "--format: '%.40s' is none of text, csv", value);
    default:
        return err_exit(err, EX_USAGE, "run: no such option");
    }
}

/* ---------------------------------------------------------------- settings */

static bool stack_settings(const struct options *options, const struct scenario *scenario,
                           const char *policy, struct main_cf *cf, struct notes *notes,
                           struct err *err)
{
    if (!config_read_base(&options->config, cf, notes, err))
        return false;
    if (scenario->main_cf != NULL && !main_cf_read_file(cf, scenario->main_cf, notes, err))
        return false;
    for (size_t i = 0; i < scenario->assignment_count; i++) {
        const struct assignment *a = &scenario->assignments[i];
        char *origin = alloc_printf("%s:%d", options->path, a->line);
        main_cf_set_value(cf, a->name, a->value, origin);
        free(origin);
    }
    return config_overlay(&options->config, policy, cf, notes, err);
}

/* ------------------------------------------------------------------- files */

static bool files_open(struct files *files, const char *folder, sim_time bin, struct err *err)
{
    return output_make_folder(folder, err) && attempts_csv_open(&files->attempts, folder, err)
           && messages_csv_open(&files->messages, folder, err)
           && timeline_csv_open(&files->timeline, folder, bin, err)
           && output_open(&files->summary, folder, "summary.csv", err)
           && output_open(&files->histograms, folder, "histograms.csv", err)
           && output_open(&files->manifest, folder, "manifest.json", err);
}

static bool files_commit(struct files *files, struct err *err)
{
    return output_commit(&files->attempts.output, err)
           && output_commit(&files->messages.output, err)
           && output_commit(&files->timeline.output, err) && output_commit(&files->summary, err)
           && output_commit(&files->histograms, err) && output_commit(&files->manifest, err);
}

static void files_discard(struct files *files)
{
    output_discard(&files->attempts.output);
    output_discard(&files->messages.output);
    output_discard(&files->timeline.output);
    output_discard(&files->summary);
    output_discard(&files->histograms);
    output_discard(&files->manifest);
}

static void files_begin(struct files *files, const struct catalogue *catalogue,
                        struct observers *observers)
{
    attempts_csv_begin(&files->attempts, catalogue);
    messages_csv_begin(&files->messages, catalogue);
    timeline_csv_begin(&files->timeline, catalogue->rng.replication);
    observers_add(observers, &files->attempts.observer);
    observers_add(observers, &files->messages.observer);
    observers_add(observers, &files->timeline.observer);
}

static uint64_t hash_file(const char *path)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    struct err err;
    char *text;
    size_t length;

    if (!input_read_all(path, &text, &length, &err))
        return 0;
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    free(text);
    return h;
}

/* --------------------------------------------------------------------- run */

struct plan {
    const struct options *options;
    const struct scenario *scenario;
    const struct main_cf *config;
    const struct postfix_settings *settings;
    const char *policy; /* its name; NULL: none */
    uint64_t seed;
};

static void replicate(const struct plan *plan, struct files *files, struct experiment *experiment)
{
    for (uint32_t r = 0; r < plan->options->replications; r++) {
        struct catalogue catalogue = {plan->scenario, {plan->seed, r}};
        struct observers observers = {0};
        struct results results;

        results_init(&results);
        observers_add(&observers, &results.observer);
        if (files != NULL)
            files_begin(files, &catalogue, &observers);
        world_run(&(struct run){plan->scenario, mta_find("postfix"), plan->settings, plan->seed, r,
                                &observers});
        experiment_add(experiment, &results);
        results_fini(&results);
    }
}

static bool run_into(const struct plan *plan, const char *folder, struct experiment *experiment,
                     struct err *err)
{
    struct files files = {0};
    sim_time bin =
        plan->options->bin > 0 ? plan->options->bin : plan->settings->queue_run_delay * SIM_SECOND;
    bool good = files_open(&files, folder, bin, err);

    if (good) {
        replicate(plan, &files, experiment);
        summary_put(&files.summary, experiment);
        histograms_put(&files.histograms, &experiment->total);
        manifest_put(&files.manifest,
                     &(struct manifest){plan->options->path, hash_file(plan->options->path),
                                        plan->scenario, plan->config, plan->seed,
                                        plan->options->replications, experiment});
        good = files_commit(&files, err);
    }
    files_discard(&files);
    return good;
}

static void print_csv(const struct experiment *experiment)
{
    printf("metric,unit,value,ci95_low,ci95_high\n");
    for (size_t i = 0; metrics[i].name != NULL; i++) {
        struct interval figure = experiment_figure(experiment, i);
        printf("%s,%s,%.3f,%.3f,%.3f\n", metrics[i].name, metrics[i].unit, figure.mean, figure.low,
               figure.high);
    }
}

static void print_answer(const struct plan *plan, const struct experiment *experiment)
{
    if (plan->options->csv) {
        print_csv(experiment);
        return;
    }
    summary_print(stdout,
                  &(struct summary_head){plan->options->path, plan->policy, plan->settings,
                                         plan->seed, plan->options->replications,
                                         plan->scenario->duration},
                  &experiment->total);
}

/* DIR, or DIR/POLICY where there are several; allocated. */
static char *folder_of(const struct plan *plan)
{
    const struct options *options = plan->options;

    if (options->config.policy_count > 1)
        return alloc_printf("%s/%s", options->folder, plan->policy);
    return alloc_printf("%s", options->folder);
}

static bool run_plan(const struct plan *plan, struct err *err)
{
    struct experiment experiment;
    bool good = true;

    experiment_init(&experiment);
    if (plan->options->folder == NULL) {
        replicate(plan, NULL, &experiment);
    } else {
        char *folder = folder_of(plan);
        good = run_into(plan, folder, &experiment, err);
        free(folder);
    }
    if (good)
        print_answer(plan, &experiment);
    experiment_fini(&experiment);
    return good;
}

static bool run_policy(const struct options *options, const struct scenario *scenario,
                       const char *policy, struct err *err)
{
    struct main_cf cf = {0};
    struct notes notes = {0};
    struct postfix_settings settings;
    char *name = policy == NULL ? NULL : config_policy_name(policy);
    bool good = stack_settings(options, scenario, policy, &cf, &notes, err)
                && main_cf_settings(&cf, &settings, &notes, err);

    cli_warn(&notes);
    good = good
           && run_plan(&(struct plan){options, scenario, &cf, &settings, name,
                                      options->has_seed ? options->seed : scenario->seed},
                       err);
    free(name);
    main_cf_fini(&cf);
    return good;
}

static bool run_all(const struct options *options, struct err *err)
{
    struct scenario scenario;
    size_t count = options->config.policy_count;

    if (!scenario_read(&scenario, options->path, err))
        return false;
    bool good = count > 0 || run_policy(options, &scenario, NULL, err);
    for (size_t i = 0; good && i < count; i++) {
        if (i > 0)
            printf("\n");
        good = run_policy(options, &scenario, options->config.policies[i], err);
    }
    scenario_fini(&scenario);
    return good;
}

int cmd_run(int argc, char **argv)
{
    struct options options = {.replications = 1};
    struct err err = {0};
    int option;
    bool good = true;

    while (good && (option = getopt_long(argc, argv, "c:o:O:", long_options, NULL)) != -1) {
        if (option == '?')
            return cli_usage("run");
        good = take_option(&options, option, optarg, &err);
    }
    if (good && optind + 1 != argc)
        return cli_usage("run");
    options.path = argv[optind];
    good = good && run_all(&options, &err);
    config_options_fini(&options.config);
    return good ? cli_done() : cli_fail(&err, EX_DATAERR);
}
