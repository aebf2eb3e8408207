/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/paths.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/alloc.h"

bool path_is_there(const char *folder, const char *name)
{
    char *path = alloc_printf("%s/%s", folder, name);
    bool there = access(path, R_OK) == 0; /* free() leaves errno alone */

    free(path);
    return there;
}

const char *path_last_part(const char *path, size_t *length)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t from = end;
    while (from > 0 && path[from - 1] != '/')
        from--;
    *length = end - from;
    return path + from;
}
