/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/paths.h - names of folders and of what lies in them
 */
#ifndef IO_PATHS_H
#define IO_PATHS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether FOLDER/NAME is there and can be read; if not, errno says why. */
bool path_is_there(const char *folder, const char *name);

/* What stands behind the last slash, and how long it is without slashes at the end: "out/stock/"
 * has "stock". */
const char *path_last_part(const char *path, size_t *length);

#endif
