/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario_conf.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "io/input.h"
#include "io/scenario/files.h"
#include "io/scenario/parse.h"
#include "io/scenario/sections.h"
#include "models/span.h"
#include "sim/alloc.h"
#include "sim/hash.h"

static bool read_start(struct reading *r, cfg_t *file)
{
    const char *text = section_text(file, "start");

    return text == NULL || utc_parse(&r->scenario->start, text, r->err)
           || reading_fail_setting(r, file, "start");
}

static bool read_each(struct reading *r, cfg_t *file, const char *name,
                      bool (*read)(struct reading *r, cfg_t *section))
{
    for (unsigned i = 0; i < cfg_size(file, name); i++) {
        if (!read(r, cfg_getnsec(file, name, i)))
            return false;
    }
    return true;
}

static bool check_whole(const struct reading *r)
{
    return r->scenario->traffic_count > 0
           || err_exit(r->err, EX_DATAERR, "%s: no traffic { } in it: nothing would happen",
                       r->path);
}

static bool read_file(struct reading *r, cfg_t *file)
{
    struct scenario *scenario = r->scenario;
    const char *title = section_text(file, "title");

    if (!read_start(r, file) || !reading_span(r, file, "duration", &scenario->duration)
        || !reading_number(r, file, "seed", &scenario->seed, 0, UINT64_MAX))
        return false;
    if (title != NULL)
        scenario->title = alloc_text(title, strlen(title));
    r->context = (struct text_context){scenario->start, read_samples, r};
    return read_each(r, file, "mta", read_mta) && read_each(r, file, "class", read_class)
           && read_each(r, file, "traffic", read_traffic) && read_each(r, file, "site", read_site)
           && check_whole(r) && read_each(r, file, "mta", read_operations);
}

/* Reads `text`, and spoils it. */
static bool read_spoiling(struct scenario *scenario, char *text, const char *path, struct err *err)
{
    struct reading r = {.scenario = scenario, .path = path, .err = err};
    struct options options = {0};

    err->status = 0;
    scenario_init(scenario);
    cfg_t *file = scenario_parse(&r, &options, text);
    bool good = file != NULL && read_file(&r, file);
    if (file != NULL)
        cfg_free(file);
    options_fini(&options);
    reading_fini(&r);
    if (good)
        scenario_ready(scenario);
    else
        scenario_fini(scenario);
    return good;
}

bool scenario_read_text(struct scenario *scenario, const char *text, size_t length,
                        const char *path, struct err *err)
{
    if (memchr(text, '\0', length) != NULL)
        return err_exit(err, EX_DATAERR, "%s: a NUL byte in it: this is no scenario", path);

    char *copy = alloc_text(text, length);
    bool good = read_spoiling(scenario, copy, path, err);
    scenario->hash += hash_more(HASH_EMPTY, text, length);
    free(copy);
    return good;
}

bool scenario_read(struct scenario *scenario, const char *path, struct err *err)
{
    char *text;
    size_t length;

    if (!input_read_all(path, &text, &length, err))
        return false;
    bool good = scenario_read_text(scenario, text, length, path, err);
    free(text);
    return good;
}
