/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/rows.h"

#include <math.h>
#include <stdlib.h>

static const double MOST_SECONDS = 1e11; /* three thousand years: far from overflow */

bool seconds_parse(sim_time *at, const char *cell, struct err *err)
{
    char *end;
    double seconds = strtod(cell, &end);

    if (end == cell || *end != '\0' || !(fabs(seconds) < MOST_SECONDS))
        return err_set(err, "'%.40s' is no number of seconds", cell);
    *at = (sim_time)llround(seconds * (double)SIM_SECOND);
    return true;
}
