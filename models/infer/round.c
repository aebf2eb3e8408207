/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/infer/round.h"

#include <stdbool.h>
#include <stddef.h>

#include "sim/check.h"

/* Seconds are counted in thousands and hundreds only while they are few: nobody writes 17000s. */
#define MOST_IN_SECONDS 10000

static const int64_t steps[] = {86400, 43200, 3600, 1800, 1000, 900, 600, 500, 300,
                                100,   60,    50,   30,   20,   10,  5,   2,   1};

static bool is_step(int64_t seconds, int64_t step)
{
    return seconds % step == 0 && (seconds < MOST_IN_SECONDS || step % 60 == 0 || 60 % step == 0);
}

int roundness(int64_t seconds)
{
    int i = 0;

    while (!is_step(seconds, steps[i]))
        i++;
    return i;
}

/* The multiple of `step` in the range that is nearest its middle; -1 if there is none. */
static int64_t multiple(int64_t low, int64_t high, int64_t step)
{
    int64_t middle = low + (high - low) / 2;
    int64_t below = middle - middle % step, above = below + step;

    if (below < low && above > high)
        return -1;
    if (below < low)
        return above;
    return above > high || middle - below <= above - middle ? below : above;
}

int64_t round_within(int64_t low, int64_t high, int64_t usual)
{
    REQUIRE(0 <= low && low <= high);
    if (low <= usual && usual <= high)
        return usual;
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        int64_t found = multiple(low, high, steps[i]);
        if (found >= 0 && is_step(found, steps[i]))
            return found;
    }
    return low;
}
