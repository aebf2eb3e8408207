/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/class.c - class { }
 */
#include <string.h>

#include "io/scenario/sections.h"

#define NAME_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#define MOST_NAME 40

bool read_class(struct reading *r, cfg_t *section)
{
    const char *name = cfg_title(section);
    size_t length = strlen(name);

    if (length == 0 || length > MOST_NAME || strspn(name, NAME_LETTERS) != length) {
        err_set(r->err, "class: '%.60s' should be 1 to %d letters, digits, '-' or '_'", name,
                MOST_NAME);
        return reading_fail(r, reading_line(r, section));
    }
    return reading_settings(r, section, class_settings, scenario_add_class(r->scenario, name));
}
