/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/lifetimes.h"

#define HOUR 3600L
#define DAY (24 * HOUR)

static const long usual[LIFETIMES_MOST - 1] = {
    HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY, 7 * DAY,
};

struct lifetimes lifetimes_with(long own)
{
    struct lifetimes lifetimes = {0};
    size_t i = 0;

    while (i < COUNT_OF(usual) && usual[i] < own)
        lifetimes.list[lifetimes.count++] = usual[i++];
    lifetimes.list[lifetimes.count++] = own;
    if (i < COUNT_OF(usual) && usual[i] == own)
        i++;
    while (i < COUNT_OF(usual))
        lifetimes.list[lifetimes.count++] = usual[i++];
    return lifetimes;
}

struct postfix_settings lifetime_settings(const struct postfix_settings *settings, long lifetime)
{
    struct postfix_settings kept = *settings;

    kept.maximal_queue_lifetime = lifetime;
    if (kept.bounce_queue_lifetime > lifetime)
        kept.bounce_queue_lifetime = lifetime;
    return kept;
}

bool lifetime_is_extrapolated(long lifetime, long own, sim_time span)
{
    return lifetime > own || lifetime * SIM_SECOND > span;
}
