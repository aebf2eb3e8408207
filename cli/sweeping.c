/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sweeping.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "io/paths.h"
#include "models/mta/postfix/routes.h"
#include "sim/alloc.h"

bool sweep_take_axis(struct sweep_options *options, const char *text, struct err *err)
{
    if (sweep_add(&options->sweep, text, err))
        return true;
    err->status = EX_USAGE;
    return err_within(err, "--vary");
}

/* ------------------------------------------------------------------ points */

static bool is_noted(const struct notes *notes, const char *text)
{
    for (size_t i = 0; i < notes->count; i++) {
        if (strcmp(notes->text[i], text) == 0)
            return true;
    }
    return false;
}

/* Whether a note of that kind was given: it may have other values at its end, "(from 5d to 2d)". */
static bool is_said(const struct notes *said, const char *text)
{
    const char *values = strstr(text, " (");
    size_t length = values == NULL ? strlen(text) : (size_t)(values - text);

    for (size_t i = 0; i < said->count; i++) {
        if (strncmp(said->text[i], text, length) == 0)
            return true;
    }
    return false;
}

/* What is to be said of many points is said once. */
static void note_news(struct sweeping *sweeping, struct notes *notes, struct notes *more)
{
    for (size_t i = 0; i < more->count; i++) {
        if (is_noted(notes, more->text[i]) || is_said(&sweeping->said, more->text[i]))
            continue;
        notes_add(notes, "%s", more->text[i]);
        if (sweeping->options->says_once)
            notes_add(&sweeping->said, "%s", more->text[i]);
    }
    notes_fini(more);
}

/* What lies below what is varied, as it is: the first point, where it is one. */
static bool is_present(const struct sweeping *sweeping, size_t point)
{
    return sweeping->options->with_present && point == 0;
}

static size_t count_points(const struct sweeping *sweeping)
{
    return sweep_points(&sweeping->options->sweep) + sweeping->options->with_present;
}

static bool read_point(struct sweeping *sweeping, size_t point, struct notes *notes,
                       struct err *err)
{
    const struct sweep *sweep = &sweeping->options->sweep;
    size_t place = point - sweeping->options->with_present;
    struct main_cf *config = &sweeping->points[point].config;
    struct notes more = {0};
    bool good = true;

    main_cf_copy(config, &sweeping->base.list[0].config);
    for (size_t i = 0; good && !is_present(sweeping, point) && i < sweep->axis_count; i++) {
        char *assignment = alloc_printf("%s=%s", sweep->axes[i].name, sweep_value(sweep, place, i));
        good = config_set(config, assignment, "--vary", err);
        free(assignment);
    }
    good = good && main_cf_settings(config, &sweeping->points[point].settings, &more, err);
    note_news(sweeping, notes, &more);
    return good;
}

static bool read_points(struct sweeping *sweeping, struct err *err)
{
    size_t points = count_points(sweeping);
    struct notes notes = {0};
    bool good = true;

    sweeping->points = alloc_zeroed(points * sizeof *sweeping->points);
    sweeping->point_count = points;
    sweeping->settings = alloc_zeroed(points * sizeof *sweeping->settings);
    note_news(sweeping, &notes, &sweeping->base.list[0].notes);
    for (size_t i = 0; good && i < points; i++) {
        good = read_point(sweeping, i, &notes, err);
        sweeping->settings[i] = &sweeping->points[i].settings;
        if (good)
            postfix_routes_ready(&sweeping->subject.scenario, &sweeping->points[i].settings);
    }
    cli_warn(&notes);
    return good;
}

static bool read_base(struct sweeping *sweeping, struct err *err)
{
    const struct sweep_options *options = sweeping->options;
    struct policy_base base = {&options->trial.config, &sweeping->subject.scenario,
                               sweeping->subject.path};

    if (options->trial.config.policy_count > 1)
        return err_exit(err, EX_USAGE, "--policy: one at most lies below what is varied");
    sweeping->base.keeps_notes = options->says_once;
    return policies_add_named(&sweeping->base, &base, "configured", err);
}

static bool name_present(struct sweeping *sweeping, struct err *err)
{
    const struct sweep *sweep = &sweeping->options->sweep;

    if (!sweeping->options->with_present)
        return true;
    for (size_t i = 0; i < sweep->axis_count; i++) {
        if (!main_cf_expand(&sweeping->points[0].config, sweep->axes[i].name, &sweeping->present[i],
                            err))
            return false;
        sweeping->comparison.keys[i] = sweeping->present[i];
    }
    return true;
}

static void lay_plan(struct sweeping *sweeping)
{
    const struct sweep_options *options = sweeping->options;
    size_t points = count_points(sweeping);

    sweeping->trials = (struct trials){
        .scenario = &sweeping->subject.scenario,
        .mta = mta_find("postfix"),
        .settings = sweeping->settings,
        .points = points,
        .seed = options->trial.has_seed ? options->trial.seed : sweeping->subject.scenario.seed,
        .since = sweeping->subject.since,
        .threads = trial_options_threads(&options->trial),
    };
    sweeping->wanted =
        trial_options_replications(&options->trial, &sweeping->subject, SWEEP_REPLICATIONS);
    sweep_manifest_make(
        &sweeping->manifest, &options->sweep,
        &(struct sweep_plan){
            .source = {sweeping->subject.path, sweeping->subject.hash, &sweeping->subject.scenario,
                       sweeping->trials.seed, sweeping->subject.recovery},
            .config = &sweeping->base.list[0].config,
            .replications = options->trial.precision > 0 ? 0 : sweeping->wanted,
            .precision = options->trial.precision,
        });
    comparison_init(&sweeping->comparison, points);
    comparison_name_points(&sweeping->comparison, &options->sweep, options->with_present);
}

static bool lay_grid(struct sweeping *sweeping, struct err *err)
{
    if (!read_points(sweeping, err))
        return false;
    lay_plan(sweeping);
    return name_present(sweeping, err);
}

bool sweeping_init(struct sweeping *sweeping, const struct sweep_options *options, struct err *err)
{
    *sweeping = (struct sweeping){.options = options};
    return trial_options_read_subject(&options->trial, &sweeping->subject, options->argc,
                                      options->argv, err)
           && read_base(sweeping, err) && lay_grid(sweeping, err);
}

/* All but what was read. */
static void forget_grid(struct sweeping *sweeping)
{
    for (size_t i = 0; i < SWEEP_MOST_AXES; i++)
        free(sweeping->present[i]);
    for (size_t i = 0; i < sweeping->point_count; i++)
        main_cf_fini(&sweeping->points[i].config);
    free(sweeping->points);
    free(sweeping->settings);
    units_fini(&sweeping->done);
    units_close(&sweeping->file);
    sweep_manifest_fini(&sweeping->manifest);
    comparison_forget_names(&sweeping->comparison);
    comparison_fini(&sweeping->comparison);
}

bool sweeping_again(struct sweeping *sweeping, const struct sweep_options *options, struct err *err)
{
    forget_grid(sweeping);
    *sweeping = (struct sweeping){.options = options,
                                  .subject = sweeping->subject,
                                  .base = sweeping->base,
                                  .said = sweeping->said};
    return lay_grid(sweeping, err);
}

void sweeping_fini(struct sweeping *sweeping)
{
    forget_grid(sweeping);
    policies_fini(&sweeping->base);
    subject_fini(&sweeping->subject);
    notes_fini(&sweeping->said);
}

/* ---------------------------------------------------------------- the folder */

static bool check_folder(const struct sweeping *sweeping, struct err *err)
{
    const char *folder = sweeping->options->folder;
    struct sweep_manifest there;
    struct sweep sweep = {0};

    if (!path_is_there(folder, "sweep.json") && errno == ENOENT)
        return units_is_new(&sweeping->file)
               || err_exit(err, EX_USAGE, "-O %.200s: has units.csv and no sweep.json", folder);
    bool good = sweep_manifest_read(&there, &sweep, folder, err);
    if (good) {
        char *other = sweep_manifest_difference(&there, &sweeping->manifest);
        good = other == NULL
               || err_exit(err, EX_USAGE,
                           "-O %.200s: holds another sweep, of another %.80s (sweep.json): name "
                           "another folder",
                           folder, other);
        free(other);
    }
    sweep_manifest_fini(&there);
    sweep_fini(&sweep);
    return good;
}

/* Reads what is done, and makes ready to add to it: alone, before anything is looked at. */
static bool enter_folder(struct sweeping *sweeping, struct err *err)
{
    const struct sweep_options *options = sweeping->options;

    if (options->folder == NULL)
        return true;
    return output_make_folder(options->folder, err)
           && units_open(&sweeping->file, options->folder, &options->sweep, err)
           && check_folder(sweeping, err)
           && sweep_manifest_write(&sweeping->manifest, options->folder, err)
           && units_begin(&sweeping->file, &sweeping->done, err);
}

/* ------------------------------------------------------------------ trials */

/* So that each shard has its share of the dear points, too. */
static bool is_ours(const struct sweeping *sweeping, uint64_t number)
{
    const struct sweep_options *options = sweeping->options;
    uint64_t turn =
        trial_point(&sweeping->trials, number) + trial_replication(&sweeping->trials, number);

    return options->shards == 0 || turn % options->shards == options->shard;
}

/* The trials to be done, ascending. Allocated. */
static uint64_t *list_trials(struct sweeping *sweeping, size_t *count)
{
    const struct units *done = &sweeping->done;
    uint64_t all = sweeping->wanted * sweeping->trials.points;
    uint64_t *list = alloc_zeroed((all + 1) * sizeof *list);
    size_t next = 0;

    *count = 0;
    for (uint64_t number = 0; number < all; number++) {
        while (next < done->count && done->list[next].number < number)
            next++;
        bool is_done = next < done->count && done->list[next].number == number;
        if (!is_done && is_ours(sweeping, number))
            list[(*count)++] = number;
    }
    return list;
}

/* Trials come here in their order, whether they are done now or were before. */
static void compare_trial(struct sweeping *sweeping, uint64_t number, const double *figures)
{
    const struct sweep_options *options = sweeping->options;
    size_t point = trial_point(&sweeping->trials, number);

    if (options->shards > 0 || sweeping->is_enough
        || number >= sweeping->wanted * sweeping->trials.points)
        return;
    comparison_add(&sweeping->comparison, point, figures);
    sweeping->is_enough =
        point + 1 == sweeping->trials.points && is_precise(&options->trial, &sweeping->comparison);
}

static void compare_done(struct sweeping *sweeping, uint64_t before)
{
    const struct units *done = &sweeping->done;

    for (; sweeping->next_done < done->count && done->list[sweeping->next_done].number < before;
         sweeping->next_done++)
        compare_trial(sweeping, done->list[sweeping->next_done].number,
                      done->list[sweeping->next_done].figures);
}

static bool take_trial(void *user, struct trial *trial)
{
    struct sweeping *sweeping = user;

    compare_done(sweeping, trial->number);
    if (sweeping->is_enough)
        return false;
    if (sweeping->options->folder != NULL
        && !units_add(&sweeping->file, &(struct unit){trial->number, trial->figures},
                      sweeping->err)) {
        sweeping->failed = true;
        return false;
    }
    compare_trial(sweeping, trial->number, trial->figures);
    if (!sweeping->options->trial.quiet && progress_is_seen())
        progress_trials(&sweeping->progress, ++sweeping->taken, sweeping->of);
    return !sweeping->is_enough;
}

/* Results of fewer trials would be taken for the whole. */
static bool forget_results(const struct sweeping *sweeping, struct err *err)
{
    const struct sweep_options *options = sweeping->options;
    bool whole = sweeping->of == 0 && options->shards == 0;

    return options->folder == NULL || whole || output_remove(options->folder, SWEEP_RESULTS, err);
}

static bool run_trials(struct sweeping *sweeping, struct err *err)
{
    size_t count;
    uint64_t *list = list_trials(sweeping, &count);

    sweeping->of = count;
    bool good = forget_results(sweeping, err);
    if (good) {
        progress_init(&sweeping->progress, 0, 1);
        trials_run(&sweeping->trials, list, count, take_trial, sweeping);
        progress_end(&sweeping->progress);
        compare_done(sweeping, UINT64_MAX);
        trial_options_warn(&sweeping->options->trial, &sweeping->comparison);
    }
    free(list);
    return good && !sweeping->failed;
}

bool sweeping_run(struct sweeping *sweeping, struct err *err)
{
    sweeping->err = err;
    return enter_folder(sweeping, err) && run_trials(sweeping, err);
}
