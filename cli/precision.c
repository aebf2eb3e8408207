/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/precision.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define ROUND 10
#define MOST_FOR_PRECISION 10000

bool take_precision(double *precision, const char *text, struct err *err)
{
    char *end;
    double percent = strtod(text, &end);

    *precision = percent / 100;
    return (end != text && strcmp(end, "%") == 0 && percent > 0 && percent < 100)
           || err_exit(err, EX_USAGE, "--precision: '%.40s' is no share of recipients, like 0.1%%",
                       text);
}

uint64_t replications_wanted(uint64_t asked, double precision, uint64_t usual)
{
    if (asked != 0)
        return asked;
    return precision > 0 ? MOST_FOR_PRECISION : usual;
}

bool is_precise(const struct comparison *comparison, double precision)
{
    if (precision == 0 || comparison_replications(comparison) % ROUND != 0)
        return false;
    for (size_t point = 1; point < comparison->points; point++) {
        struct interval more = comparison_more_given_up(comparison, point);
        if (!(more.high - more.low <= 2 * precision))
            return false;
    }
    return true;
}
