/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/traffic.c - traffic { }
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/scenario/files.h"
#include "io/scenario/keys.h"
#include "io/scenario/sections.h"
#include "models/span.h"
#include "sim/alloc.h"

#define MOST_SIZE_BYTES UINT64_C(1000000000000)
#define MOST_RECIPIENTS_EACH 100000

/* "@gmail.example:4": a domain and its weight, 1 if there is none. */
static bool read_destination(struct reading *r, struct traffic_spec *traffic, const char *text)
{
    const char *colon = strrchr(text, ':');
    size_t length = colon == NULL ? strlen(text) : (size_t)(colon - text);
    double weight = 1;

    if (text[0] != '@' || length < 2)
        return err_set(r->err, "'%.60s' should be '@', a domain and perhaps ':' and its weight",
                       text);
    if (colon != NULL && (!number_parse(&weight, colon + 1, r->err) || weight <= 0))
        return err_set(r->err, "'%.60s': the weight should be a number above 0", text);
    char *address = alloc_text(text, length);
    traffic_add_destination(traffic, scenario_add_domain_of(r->scenario, address), weight);
    free(address);
    return true;
}

static bool read_destinations(struct reading *r, cfg_t *section, struct traffic_spec *traffic)
{
    cfg_opt_t *list = cfg_getopt(section, "recipients");

    for (unsigned i = 0; i < cfg_opt_size(list); i++) {
        if (read_destination(r, traffic, cfg_opt_getnstr(list, i)))
            continue;
        err_within(r->err, "traffic: recipients");
        return reading_fail(r, reading_line(r, i == 0 ? (void *)list : list->values[i]));
    }
    return true;
}

static bool read_made_up(struct reading *r, cfg_t *section, struct traffic_spec *traffic)
{
    const char *sender = section_text(section, "sender");
    uint64_t size = (uint64_t)traffic->size_bytes, each = (uint64_t)traffic->recipients_each;

    if (sender == NULL || section_text(section, "recipients") == NULL) {
        err_set(r->err, "traffic: '%s' must be given", sender == NULL ? "sender" : "recipients");
        return reading_fail(r, reading_line(r, section));
    }
    traffic->sender = scenario_add_name(r->scenario, sender);
    if (!read_destinations(r, section, traffic)
        || !reading_number(r, section, "size_bytes", &size, 0, MOST_SIZE_BYTES)
        || !reading_number(r, section, "recipients_each", &each, 1, MOST_RECIPIENTS_EACH))
        return false;
    traffic->size_bytes = (int64_t)size;
    traffic->recipients_each = (int64_t)each;
    return true;
}

static bool is_heeded(const struct traffic_ops *ops, const char *name)
{
    return scenario_has_key(traffic_keys, name) || setting_find(ops->settings, name) != NULL
           || (ops->envelope == NULL && scenario_has_key(envelope_keys, name));
}

/* What belongs to another kind of traffic would go unheeded. */
static bool refuse_foreign(struct reading *r, cfg_t *section, const struct traffic_ops *ops)
{
    for (cfg_opt_t *opt = section->opts; opt->name != NULL; opt++) {
        if (reading_place(r, opt) < 0 || is_heeded(ops, opt->name))
            continue;
        err_set(r->err, "arrivals = %s has no such setting", ops->name);
        return reading_fail_setting(r, section, opt->name);
    }
    return true;
}

static bool refuse_kind(struct reading *r, cfg_t *section, const char *kind)
{
    char known[160] = "";

    for (size_t i = 0; traffics[i] != NULL; i++) {
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", i == 0 ? "" : ", ", traffics[i]->name);
    }
    if (kind == NULL) {
        err_set(r->err, "traffic: 'arrivals' must be given: %s", known);
        return reading_fail(r, reading_line(r, section));
    }
    err_set(r->err, "'%.60s' is none of %s", kind, known);
    return reading_fail_setting(r, section, "arrivals");
}

static bool refuse_class(struct reading *r, cfg_t *section, const char *name)
{
    const struct names *names = &r->scenario->class_names;
    char known[160] = "";

    for (uint32_t i = 1; i < names->count; i++) {
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", i == 1 ? "" : ", ",
                 names_text(names, i));
    }
    if (known[0] == '\0')
        err_set(r->err, "'%.60s': there is no class %.60s { }", name, name);
    else
        err_set(r->err, "'%.60s' is none of %s", name, known);
    return reading_fail_setting(r, section, "class");
}

static bool read_class_of(struct reading *r, cfg_t *section, struct traffic_spec *traffic)
{
    const char *name = section_text(section, "class");

    if (name == NULL)
        return true;
    traffic->class = names_find(&r->scenario->class_names, name, strlen(name));
    return (traffic->class != NAMES_NONE && traffic->class != 0) || refuse_class(r, section, name);
}

bool read_traffic(struct reading *r, cfg_t *section)
{
    const char *kind = section_text(section, "arrivals");
    const struct traffic_ops *ops = kind == NULL ? NULL : traffic_find(kind);

    if (ops == NULL)
        return refuse_kind(r, section, kind);
    struct traffic_spec *traffic = scenario_add_traffic(r->scenario, cfg_title(section));
    traffic_set_kind(traffic, ops);
    if (!refuse_foreign(r, section, ops) || !read_class_of(r, section, traffic)
        || !reading_settings(r, section, ops->settings, traffic->settings)
        || !reading_rows(r, section, ops->rows, traffic->settings))
        return false;
    return ops->envelope != NULL || read_made_up(r, section, traffic);
}
