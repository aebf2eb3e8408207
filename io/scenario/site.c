/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/site.c - site { }, with its latency and its failures
 */
#include <stdlib.h>
#include <string.h>

#include "io/scenario/files.h"
#include "io/scenario/parts.h"
#include "io/scenario/sections.h"
#include "models/luck.h"
#include "sim/alloc.h"

/* Each stage and each failure has a lane of luck. */
#define MOST_FAILURES (MOST_LANES - STAGE_COUNT - 1)

static bool read_stage(struct reading *r, struct dist *latency, cfg_t *section, const char *name)
{
    const char *text = section_text(section, name);

    if (text == NULL)
        return true;
    dist_fini(latency);
    if (!dist_parse(latency, text, &r->context, r->err))
        return reading_fail_setting(r, section, name);
    if (latency->kind == DIST_NEVER) {
        err_set(r->err, "a stage that never ends is an outage");
        return reading_fail_setting(r, section, name);
    }
    return true;
}

static bool read_latency(struct reading *r, struct site_spec *site, cfg_t *section)
{
    cfg_t *latency = cfg_getnsec(section, "latency", 0);
    cfg_t *second = cfg_getnsec(section, "latency", 1);

    if (second != NULL) {
        err_set(r->err, "site: 'latency' is given twice (first in line %d)",
                reading_line(r, latency));
        return reading_fail(r, reading_line(r, second));
    }
    for (int stage = 0; latency != NULL && stage < STAGE_COUNT; stage++) {
        if (!read_stage(r, &site->latency[stage], latency, smtp_stage_names[stage]))
            return false;
    }
    return true;
}

/* ---------------------------------------------------------------- failures */

static const char *failure_name(size_t kind)
{
    return failures[kind] == NULL ? NULL : failures[kind]->name;
}

static bool read_failure(struct reading *r, struct site_spec *site, const struct part *part)
{
    const struct failure_ops *ops = failures[part->kind];
    void *settings = site_add_failure(site, ops);

    return reading_settings(r, part->section, ops->settings, settings)
           && reading_rows(r, part->section, ops->rows, settings);
}

static bool read_failures(struct reading *r, struct site_spec *site, cfg_t *section)
{
    size_t count;
    struct part *parts = parts_list(r, section, failure_name, &count);
    bool good = count <= MOST_FAILURES;

    if (!good) {
        err_set(r->err, "site: more than %d failures", MOST_FAILURES);
        reading_fail(r, reading_line(r, section));
    }
    for (size_t i = 0; good && i < count; i++)
        good = read_failure(r, site, &parts[i]);
    free(parts);
    return good;
}

static bool read_addresses(struct reading *r, struct site_spec *site, cfg_t *section)
{
    uint64_t addresses = site->addresses;
    bool good = reading_number(r, section, "addresses", &addresses, 1, MOST_ADDRESSES);

    site->addresses = (uint32_t)addresses;
    return good;
}

/* Names are compared in lower case here, as those of domains are. */
static bool is_known(const struct scenario *scenario, const char *name)
{
    for (size_t i = 0; i + 1 < scenario->site_count; i++) {
        if (strcmp(scenario->sites[i].name, name) == 0)
            return true;
    }
    return false;
}

bool read_site(struct reading *r, cfg_t *section)
{
    struct site_spec *site = scenario_add_site(r->scenario, cfg_title(section));

    if (is_known(r->scenario, site->name)) {
        err_set(r->err, "site: '%.60s' is given twice: the case of its letters makes no difference",
                site->name);
        return reading_fail(r, reading_line(r, section));
    }
    return read_addresses(r, site, section) && read_latency(r, site, section)
           && read_failures(r, site, section);
}
