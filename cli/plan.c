/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/plan.h"

#include "cli/progress.h"
#include "io/classes_csv.h"
#include "io/event_csv.h"
#include "io/manifest.h"
#include "io/outages_csv.h"
#include "io/results_files.h"
#include "io/sites_csv.h"
#include "io/timeline_csv.h"
#include "models/world.h"

/* All files of one run; what is not open is zero: classes, where there are none. */
struct files {
    struct attempts_csv attempts;
    struct messages_csv messages;
    struct timeline_csv timeline;
    struct sites_csv sites;
    struct output classes, outages, summary, histograms, ages, manifest;
};

static bool classes_open(struct output *classes, const char *folder,
                         const struct scenario *scenario, struct err *err)
{
    if (!scenario_has_classes(scenario))
        return true;
    if (!output_open(classes, folder, "classes.csv", err))
        return false;
    output_print(classes, CLASSES_COLUMNS);
    return true;
}

static bool classes_commit(struct output *classes, const char *folder, struct err *err)
{
    return classes->path == NULL ? output_remove(folder, "classes.csv", err)
                                 : output_commit(classes, err);
}

static bool files_open(struct files *files, const char *folder, const struct scenario *scenario,
                       sim_time bin, struct err *err)
{
    return output_make_folder(folder, err) && attempts_csv_open(&files->attempts, folder, err)
           && messages_csv_open(&files->messages, folder, err)
           && timeline_csv_open(&files->timeline, folder, bin, err)
           && sites_csv_open(&files->sites, folder, err)
           && classes_open(&files->classes, folder, scenario, err)
           && output_open(&files->outages, folder, "outages.csv", err)
           && output_open(&files->summary, folder, "summary.csv", err)
           && output_open(&files->histograms, folder, "histograms.csv", err)
           && output_open(&files->ages, folder, "ages.csv", err)
           && output_open(&files->manifest, folder, "manifest.json", err);
}

static bool files_commit(struct files *files, const char *folder, struct err *err)
{
    return output_commit(&files->attempts.output, err)
           && output_commit(&files->messages.output, err)
           && output_commit(&files->timeline.output, err)
           && output_commit(&files->sites.output, err)
           && classes_commit(&files->classes, folder, err) && output_commit(&files->outages, err)
           && output_commit(&files->summary, err) && output_commit(&files->histograms, err)
           && output_commit(&files->ages, err) && output_commit(&files->manifest, err);
}

static void files_discard(struct files *files)
{
    output_discard(&files->attempts.output);
    output_discard(&files->messages.output);
    output_discard(&files->timeline.output);
    output_discard(&files->sites.output);
    sites_csv_fini(&files->sites);
    output_discard(&files->classes);
    output_discard(&files->outages);
    output_discard(&files->summary);
    output_discard(&files->histograms);
    output_discard(&files->ages);
    output_discard(&files->manifest);
}

static void files_begin(struct files *files, const struct catalogue *catalogue,
                        struct observers *observers)
{
    attempts_csv_begin(&files->attempts, catalogue);
    messages_csv_begin(&files->messages, catalogue);
    timeline_csv_begin(&files->timeline, catalogue->rng.replication);
    sites_csv_begin(&files->sites, catalogue);
    outages_put(&files->outages, catalogue);
    observers_add(observers, &files->attempts.observer);
    observers_add(observers, &files->messages.observer);
    observers_add(observers, &files->timeline.observer);
    observers_add(observers, &files->sites.observer);
}

/* files: NULL if none are written. */
static void replicate(const struct plan *plan, struct files *files, struct experiment *experiment)
{
    struct progress progress;

    progress_init(&progress, plan->scenario->duration, plan->replications);
    for (uint32_t r = 0; r < plan->replications; r++) {
        struct catalogue catalogue = {
            plan->scenario, {plan->seed, r}, plan->settings->enable_long_queue_ids};
        struct observers observers = {0};
        struct results results;

        results_init(&results);
        observers_add(&observers, &results.observer);
        if (plan->guest != NULL)
            observers_add(&observers, plan->guest);
        if (plan->first_guest != NULL && r == 0)
            observers_add(&observers, plan->first_guest);
        if (files != NULL)
            files_begin(files, &catalogue, &observers);
        if (!plan->quiet && progress_is_seen()) {
            progress_begin(&progress, r);
            observers_add(&observers, &progress.observer);
        }
        world_run(&(struct run){plan->scenario, mta_find("postfix"), plan->settings, plan->seed, r,
                                &observers});
        if (files != NULL)
            classes_put(&files->classes, r, &plan->scenario->class_names, &results.classes);
        experiment_add(experiment, &results);
        results_fini(&results);
    }
}

static void put_sums(struct files *files, const struct plan *plan,
                     const struct experiment *experiment)
{
    summary_put(&files->summary, experiment);
    histograms_put(&files->histograms, &experiment->total);
    ages_put(&files->ages, experiment);
    manifest_put(&files->manifest,
                 &(struct manifest){
                     {plan->source, plan->source_hash, plan->scenario, plan->seed, NULL},
                     plan->config,
                     plan->replications,
                     experiment,
                 });
}

static bool run_into(const struct plan *plan, const char *folder, struct experiment *experiment,
                     struct err *err)
{
    struct files files = {0};
    sim_time bin = plan->bin > 0 ? plan->bin : plan->settings->queue_run_delay * SIM_SECOND;
    bool good = files_open(&files, folder, plan->scenario, bin, err);

    if (good) {
        output_print(&files.outages, OUTAGES_COLUMNS);
        replicate(plan, &files, experiment);
        put_sums(&files, plan, experiment);
        good = files_commit(&files, folder, err);
    }
    files_discard(&files);
    return good;
}

bool plan_run(const struct plan *plan, const char *folder, struct experiment *experiment,
              struct err *err)
{
    if (folder != NULL)
        return run_into(plan, folder, experiment, err);
    replicate(plan, NULL, experiment);
    return true;
}
