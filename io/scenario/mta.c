/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/mta.c - mta { }
 */
#include "models/mta/mta.h"

#include <string.h>

#include "io/scenario/files.h"
#include "io/scenario/sections.h"
#include "io/scenario/transport_table.h"
#include "models/mta/postfix/transports.h"
#include "sim/alloc.h"

static bool is_parameter(const char *name)
{
    char transport[POSTFIX_TRANSPORT_ROOM];

    return postfix_parameter_find(name) != NULL || postfix_override_find(name, transport) != NULL;
}

static void read_assignments(struct reading *r, cfg_t *section)
{
    for (cfg_opt_t *opt = section->opts; opt->name != NULL; opt++) {
        const char *value = is_parameter(opt->name) ? section_text(section, opt->name) : NULL;
        if (value != NULL)
            scenario_add_assignment(r->scenario, opt->name, value, reading_line(r, opt));
    }
}

bool read_mta(struct reading *r, cfg_t *section)
{
    struct scenario *scenario = r->scenario;
    const char *name = cfg_title(section), *main_cf = section_text(section, "main_cf");

    if (scenario->mta != NULL) {
        err_set(r->err, "mta: '%.60s': there is '%.60s' already, and one is enough", name,
                scenario->mta);
        return reading_fail(r, reading_line(r, section));
    }
    if (mta_find(name) == NULL) {
        err_set(r->err, "mta: '%.60s': there is only postfix", name);
        return reading_fail(r, reading_line(r, section));
    }
    scenario->mta = alloc_text(name, strlen(name));
    if (main_cf != NULL)
        scenario->main_cf = path_beside(r, main_cf);
    read_assignments(r, section);
    return reading_span(r, section, "scan_phase", &scenario->scan_phase)
           && reading_span(r, section, "handover", &scenario->handover) && reading_scans(r, section)
           && reading_transports(r, section);
}
