/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/scenario/reading.h - a scenario file that is being read
 *
 * Where each thing was written, and how to say what is wrong there. Only
 * io/scenario_conf.c and its parts in this folder include it.
 */
#ifndef IO_SCENARIO_READING_H
#define IO_SCENARIO_READING_H

#include <confuse.h>

#include "models/scenario.h"
#include "sim/keymap.h"

struct reading {
    struct scenario *scenario;
    const char *path;
    struct err *err;
    bool failed; /* the text of err is complete */

    int *lines; /* of what was marked, in the order of the file; owned */
    size_t mark_count, mark_room;
    struct keymap places; /* in `lines`, by address */

    struct text_context context;
};

void reading_fini(struct reading *r);

/* Notes that `what` (an option, a value or a section of libconfuse's) stands in that line. */
void reading_mark(struct reading *r, const void *what, int line);

/* How many were marked before it; -1 if it was not. */
int64_t reading_place(const struct reading *r, const void *what);

/* The line where it stands; 0 if it was not marked. */
int reading_line(const struct reading *r, const void *what);

/* Puts FILE:LINE before the text. Both are always false. */
bool reading_fail(struct reading *r, int line);

/* As reading_fail(), with SECTION: and NAME: too, and the line where NAME was written. */
bool reading_fail_setting(struct reading *r, cfg_t *section, const char *name);

/* What a message about a section begins with: "outage: ", nothing for the file itself. */
const char *section_prefix(const cfg_t *section, char *text, size_t room);

/* What was written for NAME, the first if it is a list; NULL if nothing was. */
const char *section_text(cfg_t *section, const char *name);

/* Each leaves alone what was not written. */
bool reading_number(struct reading *r, cfg_t *section, const char *name, uint64_t *number,
                    uint64_t least, uint64_t most);
bool reading_span(struct reading *r, cfg_t *section, const char *name, sim_time *span);

/* Sets what was written of `table`; what must be given and was not is an error. */
bool reading_settings(struct reading *r, cfg_t *section, const struct setting *table, void *object);

#endif
