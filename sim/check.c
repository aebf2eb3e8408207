/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

void check_failed(const char *file, int line, const char *cond)
{
    fprintf(stderr, "tempfail: internal error: %s:%d: check failed: %s\n", file, line, cond);
    exit(EX_SOFTWARE);
}
