/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/manifest.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/figures.h"
#include "io/json_text.h"
#include "models/mta/postfix/transports.h"

static json_t *utc_text(sim_time at)
{
    char text[FIGURE_MOST];

    return json_string(figure_utc(at, text));
}

/* Without the folder, which differs from one machine to another. */
static json_t *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return json_text(slash == NULL ? path : slash + 1);
}

/* As text where it is more than jansson's numbers hold. */
static json_t *seed_json(uint64_t seed)
{
    if (seed <= INT64_MAX)
        return json_integer((json_int_t)seed);
    return json_sprintf("%" PRIu64, seed);
}

json_t *manifest_head(const struct manifest_source *source)
{
    json_t *json = json_object();

    json_object_set_new(json, "version", json_string(TEMPFAIL_VERSION));
    json_object_set_new(json, "scenario", name_of(source->path));
    json_object_set_new(json, "scenario_fnv1a", json_sprintf("%016" PRIx64, source->hash));
    if (source->scenario->title != NULL)
        json_object_set_new(json, "title", json_text(source->scenario->title));
    json_object_set_new(json, "start", utc_text(source->scenario->start));
    json_object_set_new(json, "seed", seed_json(source->seed));
    if (source->recovery != NULL)
        json_object_set_new(json, "recovery", json_string(source->recovery));
    return json;
}

static void add_setting(json_t *settings, const struct main_cf *config, const char *name)
{
    struct err err;
    char *value;

    if (!main_cf_expand(config, name, &value, &err))
        return;
    json_t *setting = json_object();
    json_object_set_new(setting, "value", json_text(value));
    json_object_set_new(setting, "from", name_of(main_cf_origin(config, name)));
    json_object_set_new(settings, name, setting);
    free(value);
}

json_t *manifest_settings(const struct main_cf *config)
{
    json_t *settings = json_object();
    char transport[POSTFIX_TRANSPORT_ROOM];

    for (size_t i = 0; i < postfix_parameter_count; i++)
        add_setting(settings, config, postfix_parameters[i].name);
    for (size_t i = 0; i < config->count; i++) {
        if (postfix_override_find(config->entry[i].name, transport) != NULL)
            add_setting(settings, config, config->entry[i].name);
    }
    return settings;
}

char *manifest_text(json_t *json)
{
    char *text = json_dumps(json, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15));

    REQUIRE(text != NULL);
    json_decref(json);
    return text;
}

static void put(struct output *output, json_t *json)
{
    char *text = manifest_text(json);

    output_write(output, text, strlen(text));
    output_write(output, "\n", 1);
    free(text);
}

static void add_replications(json_t *json, uint64_t replications)
{
    json_object_set_new(json, "replications", json_integer((json_int_t)replications));
    json_object_set_new(json, "mta", json_string("postfix"));
}

/* Spans are no counts; what has no value is left out. */
static json_t *counts_json(const struct experiment *experiment)
{
    json_t *counts = json_object();

    for (size_t i = 0; metrics[i].name != NULL; i++) {
        double mean = experiment_figure(experiment, i).mean;
        if (strcmp(metrics[i].unit, "s") != 0 && !isnan(mean))
            json_object_set_new(counts, metrics[i].name, json_real(mean));
    }
    return counts;
}

void manifest_put(struct output *output, const struct manifest *manifest)
{
    json_t *json = manifest_head(&manifest->source);

    add_replications(json, manifest->replications);
    json_object_set_new(json, "settings", manifest_settings(manifest->config));
    json_object_set_new(json, "counts", counts_json(manifest->experiment));
    put(output, json);
}

void compare_manifest_put(struct output *output, const struct compare_manifest *manifest)
{
    json_t *json = manifest_head(&manifest->source), *policies = json_array();

    for (size_t i = 0; i < manifest->policy_count; i++) {
        json_t *policy = json_object();
        json_object_set_new(policy, "name", json_text(manifest->policies[i]));
        json_object_set_new(policy, "settings", manifest_settings(manifest->configs[i]));
        json_array_append_new(policies, policy);
    }
    add_replications(json, manifest->replications);
    json_object_set_new(json, "policies", policies);
    put(output, json);
}
