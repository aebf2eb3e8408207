/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scenario/reading.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "models/span.h"
#include "sim/alloc.h"

void reading_fini(struct reading *r)
{
    free(r->lines);
    keymap_fini(&r->places);
}

void reading_mark(struct reading *r, const void *what, int line)
{
    r->lines = alloc_grow(r->lines, &r->mark_room, r->mark_count + 1, sizeof *r->lines);
    *keymap_at(&r->places, (uintptr_t)what, 0) = (int64_t)r->mark_count;
    r->lines[r->mark_count++] = line;
}

int64_t reading_place(const struct reading *r, const void *what)
{
    const int64_t *place = keymap_find(&r->places, (uintptr_t)what);

    return place == NULL ? -1 : *place;
}

int reading_line(const struct reading *r, const void *what)
{
    int64_t place = reading_place(r, what);

    return place < 0 ? 0 : r->lines[place];
}

bool reading_fail(struct reading *r, int line)
{
    int status = r->err->status != 0 ? r->err->status : EX_DATAERR;

    if (!r->failed)
        err_within(r->err, "%s:%d", r->path, line);
    r->err->status = status;
    r->failed = true;
    return false;
}

bool reading_fail_setting(struct reading *r, cfg_t *section, const char *name)
{
    char prefix[80];

    err_within(r->err, "%s%s", section_prefix(section, prefix, sizeof prefix), name);
    return reading_fail(r, reading_line(r, cfg_getopt(section, name)));
}

const char *section_prefix(const cfg_t *section, char *text, size_t room)
{
    bool is_file = strcmp(section->name, "root") == 0;

    snprintf(text, room, "%s%s", is_file ? "" : section->name, is_file ? "" : ": ");
    return text;
}

const char *section_text(cfg_t *section, const char *name)
{
    return cfg_size(section, name) == 0 ? NULL : cfg_getstr(section, name);
}

bool reading_number(struct reading *r, cfg_t *section, const char *name, uint64_t *number,
                    uint64_t least, uint64_t most)
{
    const char *text = section_text(section, name);

    if (text == NULL)
        return true;
    size_t digits = strspn(text, "0123456789");
    errno = 0;
    unsigned long long value = strtoull(text, NULL, 10);
    if (digits > 0 && text[digits] == '\0' && errno == 0 && value >= least && value <= most) {
        *number = value;
        return true;
    }
    err_set(r->err, "'%.60s' is no whole number from %" PRIu64 " to %" PRIu64, text, least, most);
    return reading_fail_setting(r, section, name);
}

bool reading_span(struct reading *r, cfg_t *section, const char *name, sim_time *span)
{
    const char *text = section_text(section, name);

    return text == NULL || span_parse(span, text, r->err) || reading_fail_setting(r, section, name);
}

static bool read_setting(struct reading *r, cfg_t *section, const struct setting *setting,
                         void *object)
{
    const char *text = section_text(section, setting->name);

    if (text == NULL && setting->fallback == NULL) {
        err_set(r->err, "%s: '%s' must be given: %s", section->name, setting->name,
                setting->summary);
        return reading_fail(r, reading_line(r, section));
    }
    return text == NULL || setting_set(setting, object, text, &r->context, r->err)
           || reading_fail_setting(r, section, setting->name);
}

/* Whatever has both lasts from the one until the other. */
static bool check_span(struct reading *r, cfg_t *section, const struct setting *table,
                       const void *object)
{
    const struct setting *from = setting_find(table, "from"), *until = setting_find(table, "until");

    if (from == NULL || until == NULL
        || setting_instant(from, object) <= setting_instant(until, object))
        return true;
    err_set(r->err, "it is over before it begins: an instant from 'from' on was expected");
    return reading_fail_setting(r, section, "until");
}

bool reading_settings(struct reading *r, cfg_t *section, const struct setting *table, void *object)
{
    for (const struct setting *setting = table; setting->name != NULL; setting++) {
        if (!read_setting(r, section, setting, object))
            return false;
    }
    return check_span(r, section, table, object);
}
