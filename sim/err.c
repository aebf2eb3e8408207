/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool err_set(struct err *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    err->status = 0;
    err->line = NULL;
    return false;
}

bool err_exit(struct err *err, int status, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    err->status = status;
    err->line = NULL;
    return false;
}

bool err_within(struct err *err, const char *fmt, ...)
{
    char inner[sizeof err->text];
    va_list args;

    memcpy(inner, err->text, sizeof inner);
    va_start(args, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);

    size_t used = strlen(err->text);
    snprintf(err->text + used, sizeof err->text - used, ": %s", inner);
    return false;
}

bool err_at(struct err *err, const char *line, size_t spot)
{
    err->line = line;
    err->spot = spot;
    return false;
}
