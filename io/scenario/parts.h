/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/parts.h - the sections within a section, in the order of the file
 *
 * libconfuse keeps those of one name together.
 */
#ifndef IO_SCENARIO_PARTS_H
#define IO_SCENARIO_PARTS_H

#include "io/scenario/reading.h"

struct part {
    size_t kind; /* which of the names it has */
    cfg_t *section;
    int64_t place; /* in the file */
};

/*
 * All parts of a section, of any name that `name_of` gives for 0, 1, ... until
 * it gives NULL; allocated.
 */
struct part *parts_list(const struct reading *r, cfg_t *section, const char *(*name_of)(size_t),
                        size_t *count);

#endif
