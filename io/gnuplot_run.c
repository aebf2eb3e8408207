/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/gnuplot_run.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/paths.h"
#include "io/report_figures.h"
#include "models/mta/postfix/parameters.h"
#include "sim/alloc.h"

/* A time in seconds, or a count; false where it is neither, and *number is as it was. */
static bool read_number(const char *name, const char *text, long *number)
{
    const struct postfix_parameter *parameter = postfix_parameter_find(name);
    struct err err;
    long read;

    if (parameter == NULL || (parameter->type != POSTFIX_TIME && parameter->type != POSTFIX_INT)
        || !postfix_value_set(&read, parameter, text, NULL, &err))
        return false;
    *number = read;
    return true;
}

static bool configured_number(json_t *manifest, const char *name, long *number)
{
    const char *text;

    return json_unpack(manifest, "{s:{s:{s:s}}}", "settings", name, "value", &text) == 0
           && read_number(name, text, number);
}

/* A number, or a text where it is more than jansson's numbers hold. */
static void describe_seed(const json_t *seed, char text[24])
{
    if (json_is_string(seed))
        snprintf(text, 24, "%s", json_string_value(seed));
    else if (json_is_integer(seed))
        snprintf(text, 24, "%" JSON_INTEGER_FORMAT, json_integer_value(seed));
    else
        snprintf(text, 24, "?");
}

static void add_note(struct gnuplot_run *run, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* What is too long is cut. */
static void add_note(struct gnuplot_run *run, const char *fmt, ...)
{
    size_t used = strlen(run->note);
    va_list args;

    va_start(args, fmt);
    vsnprintf(run->note + used, sizeof run->note - used, fmt, args);
    va_end(args);
}

/* "weekend-outage.conf ba6b7bf550012464, seed 7": what a reader needs to run it again. */
static bool describe_source(struct gnuplot_run *run, json_t *manifest)
{
    const char *scenario = NULL, *hash = NULL;
    json_t *seed = NULL;
    char number[24];

    if (json_unpack(manifest, "{s:s, s?s, s:o}", "scenario", &scenario, "scenario_fnv1a", &hash,
                    "seed", &seed)
        != 0)
        return false;
    describe_seed(seed, number);
    add_note(run, "%.100s", scenario);
    if (hash != NULL)
        add_note(run, " %.16s", hash);
    add_note(run, ", seed %s", number);
    return true;
}

/* A mean of few is not whole. */
static const char *amount_text(double amount, char text[FIGURE_MOST])
{
    if (!(amount > 0 && amount < 9.95) || amount == floor(amount))
        return report_count(amount, text);
    snprintf(text, FIGURE_MOST, "%.1f", amount);
    return text;
}

/* And to know what the figures cannot say. */
static void describe_run(struct gnuplot_run *run, json_t *manifest)
{
    double recipients, queued;
    char text[FIGURE_MOST];

    if (json_unpack(manifest, "{s:{s:F, s:F}}", "counts", "recipients", &recipients, "queued",
                    &queued)
            != 0
        || !describe_source(run, manifest))
        return;
    if (run->replications > 1)
        add_note(run, ", %ld replications, on average", run->replications);
    add_note(run, "%s %s recipients", run->replications > 1 ? "" : ",",
             amount_text(recipients, text));
    if (queued > 0)
        add_note(run, ", %s still queued at the end", amount_text(queued, text));
}

static void describe_sweep(struct gnuplot_run *run, json_t *sweep)
{
    json_int_t replications;

    if (json_unpack(sweep, "{s:I}", "replications", &replications) != 0
        || !describe_source(run, sweep))
        return;
    if (replications > 0)
        add_note(run, ", replications of each point: %lld", (long long)replications);
}

/* The value of an axis that is worth what the configuration has. */
static void find_current(json_t *axis, json_t *sweep, char current[GNUPLOT_VALUE_ROOM])
{
    const char *name = json_string_value(json_object_get(axis, "name"));
    json_t *values = json_object_get(axis, "values"), *value;
    long configured, swept;
    size_t i;

    if (name == NULL || !configured_number(sweep, name, &configured))
        return;
    json_array_foreach(values, i, value)
    {
        const char *text = json_string_value(value);
        if (text != NULL && read_number(name, text, &swept) && swept == configured) {
            snprintf(current, GNUPLOT_VALUE_ROOM, "%s", text);
            return;
        }
    }
}

static json_t *manifest_in(const char *folder, const char *name)
{
    char *path = alloc_printf("%s/%s", folder, name);
    json_t *manifest = json_load_file(path, 0, NULL);

    free(path);
    return manifest;
}

struct gnuplot_run gnuplot_run_of(const char *folder)
{
    struct gnuplot_run run = {.folder = folder};
    size_t length;
    const char *name = path_last_part(folder, &length);

    snprintf(run.name, sizeof run.name, "%.*s", (int)length, name);
    json_t *manifest = manifest_in(folder, "manifest.json");
    json_t *sweep = manifest_in(folder, "sweep.json");
    if (manifest != NULL) {
        configured_number(manifest, "maximal_queue_lifetime", &run.lifetime_s);
        run.replications = (long)json_integer_value(json_object_get(manifest, "replications"));
        describe_run(&run, manifest);
    } else if (sweep != NULL) {
        json_t *axes = json_object_get(sweep, "vary");
        describe_sweep(&run, sweep);
        find_current(json_array_get(axes, 0), sweep, run.current[0]);
        find_current(json_array_get(axes, 1), sweep, run.current[1]);
    }
    json_decref(manifest);
    json_decref(sweep);
    return run;
}
