/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sweep_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "io/input.h"
#include "io/json_text.h"
#include "io/output.h"
#include "sim/alloc.h"

#define FILE_NAME "sweep.json"

static json_t *axes_json(const struct sweep *sweep)
{
    json_t *axes = json_array();

    for (size_t i = 0; i < sweep->axis_count; i++) {
        json_t *axis = json_object(), *values = json_array();
        for (size_t v = 0; v < sweep->axes[i].count; v++)
            json_array_append_new(values, json_text(sweep->axes[i].values[v]));
        json_object_set_new(axis, "name", json_text(sweep->axes[i].name));
        json_object_set_new(axis, "values", values);
        json_array_append_new(axes, axis);
    }
    return axes;
}

void sweep_manifest_make(struct sweep_manifest *manifest, const struct sweep *sweep,
                         const struct sweep_plan *plan)
{
    json_t *json = manifest_head(&plan->source);

    json_object_set_new(json, "replications", json_integer((json_int_t)plan->replications));
    json_object_set_new(json, "precision", json_real(plan->precision));
    json_object_set_new(json, "vary", axes_json(sweep));
    json_object_set_new(json, "settings", manifest_settings(plan->config));
    manifest->replications = plan->replications;
    manifest->precision = plan->precision;
    manifest->text = manifest_text(json);
}

void sweep_manifest_fini(struct sweep_manifest *manifest)
{
    free(manifest->text);
}

/* ----------------------------------------------------------------- reading */

static bool take_axis(struct sweep *sweep, json_t *json, struct err *err)
{
    const char *name = json_string_value(json_object_get(json, "name"));
    json_t *values = json_object_get(json, "values"), *value;
    size_t i;

    if (name == NULL || json_array_size(values) == 0)
        return err_set(err, "vary: a name and values were expected");
    char *text = alloc_printf("%s=", name);
    json_array_foreach(values, i, value)
    {
        const char *one = json_string_value(value);
        char *longer = alloc_printf("%s%s%s", text, i > 0 ? "," : "", one == NULL ? "" : one);
        free(text);
        text = longer;
    }
    bool good = sweep_add(sweep, text, err);
    free(text);
    return good;
}

static bool take_manifest(struct sweep_manifest *manifest, struct sweep *sweep, json_t *json,
                          struct err *err)
{
    json_t *axes = json_object_get(json, "vary"), *axis;
    json_int_t replications = json_integer_value(json_object_get(json, "replications"));
    size_t i;

    if (!json_is_array(axes) || replications < 0)
        return err_set(err, "no manifest of a sweep");
    manifest->replications = (uint64_t)replications;
    manifest->precision = json_number_value(json_object_get(json, "precision"));
    json_array_foreach(axes, i, axis)
    {
        if (!take_axis(sweep, axis, err))
            return false;
    }
    return true;
}

bool sweep_manifest_read(struct sweep_manifest *manifest, struct sweep *sweep, const char *folder,
                         struct err *err)
{
    char *path = alloc_printf("%s/" FILE_NAME, folder);
    json_error_t where;
    size_t length;

    *manifest = (struct sweep_manifest){0};
    bool good = input_read_all(path, &manifest->text, &length, err);
    if (good) {
        json_t *json = json_loads(manifest->text, JSON_REJECT_DUPLICATES, &where);
        good = json == NULL ? err_set(err, "line %d: %s", where.line, where.text)
                            : take_manifest(manifest, sweep, json, err);
        json_decref(json);
        if (!good) {
            err_within(err, "%s", path);
            err->status = EX_DATAERR;
        }
    }
    free(path);
    return good;
}

/* The first member of `one` that `other` has not, or not alike; NULL: there is none. */
static const char *find_difference(json_t *one, json_t *other)
{
    const char *key;
    json_t *value;

    json_object_foreach(one, key, value)
    {
        if (strcmp(key, "replications") != 0 && !json_equal(value, json_object_get(other, key)))
            return key;
    }
    return NULL;
}

static const char *find_either(json_t *one, json_t *other)
{
    const char *key = find_difference(one, other);

    return key != NULL ? key : find_difference(other, one);
}

char *sweep_manifest_difference(const struct sweep_manifest *one,
                                const struct sweep_manifest *other)
{
    json_t *a = json_loads(one->text, 0, NULL), *b = json_loads(other->text, 0, NULL);
    const char *key = find_either(a, b);

    if (key != NULL && strcmp(key, "settings") == 0)
        key = find_either(json_object_get(a, key), json_object_get(b, key));
    char *text = key == NULL ? NULL : alloc_text(key, strlen(key));
    json_decref(a);
    json_decref(b);
    return text;
}

bool sweep_manifest_write(const struct sweep_manifest *manifest, const char *folder,
                          struct err *err)
{
    struct output output = {0};
    size_t length = strlen(manifest->text);
    bool good = output_open(&output, folder, FILE_NAME, err);

    if (good) {
        output_write(&output, manifest->text, length);
        if (manifest->text[length - 1] != '\n')
            output_write(&output, "\n", 1);
        good = output_commit(&output, err);
    }
    output_discard(&output);
    return good;
}
