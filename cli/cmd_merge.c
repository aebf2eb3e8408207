/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/cmd_merge.c - the parts of a sweep as one
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "cli/sweeping.h"
#include "io/comparison_csv.h"
#include "io/paths.h"
#include "io/sweep_text.h"
#include "sim/alloc.h"

struct options {
    char **parts;
    size_t part_count;
    const char *folder;
    enum format format;
};

static const struct option long_options[] = {
    {"format", required_argument, NULL, 'F'},
    {NULL, 0, NULL, 0},
};

static bool take_option(void *user, int option, char *value, struct err *err)
{
    struct options *options = user;

    if (option == 'O') {
        options->folder = value;
        return true;
    }
    return cli_take_format(&options->format, 1u << FORMAT_TEXT | 1u << FORMAT_CSV, value, err);
}

struct merge {
    struct sweep_manifest manifest; /* of the first part, and so of all */
    struct sweep sweep;
    struct units units;
    struct comparison comparison;
};

/* ------------------------------------------------------------------- parts */

static bool is_of_the_first(const struct merge *merge, const struct sweep_manifest *manifest,
                            const char *part, struct err *err)
{
    char *other = sweep_manifest_difference(manifest, &merge->manifest);
    bool as_many = manifest->replications == merge->manifest.replications;
    bool same = other == NULL && as_many;

    if (!same)
        err_exit(err, EX_DATAERR, "%.200s: of another sweep than the first part, of another %.80s",
                 part, other != NULL ? other : "number of replications");
    free(other);
    return same;
}

static bool read_part(struct merge *merge, const char *part, bool first, struct err *err)
{
    struct sweep_manifest manifest;
    struct sweep sweep = {0};
    bool good = sweep_manifest_read(&manifest, &sweep, part, err);

    if (good && first) {
        merge->manifest = manifest;
        merge->sweep = sweep;
        return units_read(&merge->units, part, &merge->sweep, err);
    }
    good = good && is_of_the_first(merge, &manifest, part, err);
    sweep_manifest_fini(&manifest);
    sweep_fini(&sweep);
    return good && units_read(&merge->units, part, &merge->sweep, err);
}

static bool read_parts(struct merge *merge, const struct options *options, struct err *err)
{
    for (size_t i = 0; i < options->part_count; i++) {
        if (!read_part(merge, options->parts[i], i == 0, err))
            return false;
    }
    units_sort(&merge->units);
    return true;
}

/* ------------------------------------------------------------------ checks */

/* "maximal_queue_lifetime=4h, replication 17". */
static void name_unit(const struct merge *merge, uint64_t number, char *text, size_t room)
{
    size_t points = sweep_points(&merge->sweep), used = 0;

    for (size_t i = 0; i < merge->sweep.axis_count && used < room; i++)
        used +=
            (size_t)snprintf(text + used, room - used, "%.60s=%.40s, ", merge->sweep.axes[i].name,
                             sweep_value(&merge->sweep, (size_t)(number % points), i));
    if (used < room)
        snprintf(text + used, room - used, "replication %" PRIu64, number / points);
}

struct fault {
    uint64_t first, count;
};

static void note_fault(struct fault *fault, uint64_t number, uint64_t count)
{
    if (fault->count == 0)
        fault->first = number;
    fault->count += count;
}

static bool refuse(const struct merge *merge, const struct fault *fault, const char *what,
                   struct err *err)
{
    char unit[256];

    name_unit(merge, fault->first, unit, sizeof unit);
    return err_exit(err, EX_DATAERR, "%" PRIu64 " %s; the first is %s", fault->count, what, unit);
}

/* What a sweep of more replications left there. */
static void drop_surplus(struct merge *merge, uint64_t all)
{
    struct units *units = &merge->units;

    while (units->count > 0 && units->list[units->count - 1].number >= all)
        free(units->list[--units->count].figures);
}

/* How many there are to be; where the precision decided, as many as there are. */
static uint64_t expected(const struct merge *merge)
{
    size_t points = sweep_points(&merge->sweep);
    const struct units *units = &merge->units;

    if (merge->manifest.replications > 0)
        return merge->manifest.replications * points;
    return units->count == 0 ? 0 : (units->list[units->count - 1].number / points + 1) * points;
}

/* Each unit once, no more and no less. */
static bool is_whole(struct merge *merge, struct err *err)
{
    const struct units *units = &merge->units;
    struct fault missing = {0}, doubled = {0};
    uint64_t next = 0, all = expected(merge);

    drop_surplus(merge, all);
    if (all == 0)
        return err_exit(err, EX_DATAERR, "no run is done: there is nothing to merge");

    for (size_t i = 0; i < units->count; i++) {
        uint64_t number = units->list[i].number;
        if (number < next)
            note_fault(&doubled, number, 1);
        else if (number > next)
            note_fault(&missing, next, number - next);
        next = number + 1;
    }
    if (next < all)
        note_fault(&missing, next, all - next);
    if (doubled.count > 0)
        return refuse(merge, &doubled, "runs are there twice: is a part named twice?", err);
    if (missing.count > 0)
        return refuse(merge, &missing, "runs are missing: run the shards they belong to again",
                      err);
    return true;
}

/* ----------------------------------------------------------------- results */

static bool is_free(const char *folder, const char *name, struct err *err)
{
    return (!path_is_there(folder, name) && errno == ENOENT)
           || err_exit(err, EX_USAGE, "-O %.200s: has %s already: name another folder", folder,
                       name);
}

static bool write_files(const struct merge *merge, const char *folder, struct err *err)
{
    return folder == NULL
           || (output_make_folder(folder, err) && is_free(folder, "sweep.json", err)
               && is_free(folder, "units.csv", err)
               && comparison_write(&merge->comparison, folder, SWEEP_RESULTS, err)
               && units_write(&merge->units, folder, &merge->sweep, err)
               && sweep_manifest_write(&merge->manifest, folder, err));
}

static bool print_answer(const struct merge *merge, enum format format, struct err *err)
{
    if (format == FORMAT_CSV) {
        struct output out = cli_output();
        comparison_put(&out, &merge->comparison);
        return cli_output_end(&out, err);
    }
    printf("%zu points, %zu replications\n\n", merge->comparison.points,
           comparison_replications(&merge->comparison));
    sweep_print(stdout, &merge->comparison);
    return true;
}

static void compare(struct merge *merge)
{
    size_t points = sweep_points(&merge->sweep);

    comparison_init(&merge->comparison, points);
    comparison_name_points(&merge->comparison, &merge->sweep, 0);
    for (size_t i = 0; i < merge->units.count; i++)
        comparison_add(&merge->comparison, (size_t)(merge->units.list[i].number % points),
                       merge->units.list[i].figures);
}

/* A sweep that stopped early is whole, too: it has whole replications. */
static void warn(const struct merge *merge)
{
    struct trial_options options = {.precision = merge->manifest.precision, .precise_shares = true};

    trial_options_warn(&options, &merge->comparison);
}

static bool merge_all(const struct options *options, struct err *err)
{
    struct merge merge = {0};
    bool good = read_parts(&merge, options, err) && is_whole(&merge, err);

    if (good) {
        compare(&merge);
        warn(&merge);
        good =
            write_files(&merge, options->folder, err) && print_answer(&merge, options->format, err);
    }
    comparison_forget_names(&merge.comparison);
    comparison_fini(&merge.comparison);
    units_fini(&merge.units);
    sweep_manifest_fini(&merge.manifest);
    sweep_fini(&merge.sweep);
    return good;
}

int cmd_merge(int argc, char **argv)
{
    static const struct cli_options known = {"O:", long_options, take_option};
    struct options options = {0};
    struct err err = {0};
    bool good = cli_take_options(argc, argv, &known, &options, &err);

    if (good && optind == argc)
        good = cli_misuse(&err);
    options.parts = argv + optind;
    options.part_count = (size_t)(argc - optind);
    good = good && merge_all(&options, &err);
    return cli_end("merge", good, &err, EX_DATAERR);
}
