/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/mta.c - mta { }
 */
#include "models/mta/mta.h"

#include <string.h>

#include "io/scenario/files.h"
#include "io/scenario/sections.h"
#include "models/mta/postfix/parameters.h"
#include "sim/alloc.h"

static void read_assignments(struct reading *r, cfg_t *section)
{
    for (size_t i = 0; i < postfix_parameter_count; i++) {
        const char *name = postfix_parameters[i].name;
        const char *value = section_text(section, name);
        if (value != NULL)
            scenario_add_assignment(r->scenario, name, value,
                                    reading_line(r, cfg_getopt(section, name)));
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
           && reading_span(r, section, "handover", &scenario->handover)
           && reading_scans(r, section);
}
