/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/notes.h - things worth telling that are no reason to stop
 *
 * The lower layers print nothing: they add a note here, and cli/ prints the
 * list to stderr. Zero is a valid empty list.
 */
#ifndef SIM_NOTES_H
#define SIM_NOTES_H

#include <stddef.h>

#include "sim/check.h"

struct notes {
    char **text; /* owned */
    size_t count, room;
};

void notes_fini(struct notes *notes);

/* Adds a line; does nothing where `notes` is NULL. */
void notes_add(struct notes *notes, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
