/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/scans.h"

#include "sim/check.h"

struct scan_clock scan_clock_from(sim_time phase, int64_t period, uint64_t number)
{
    REQUIRE(period >= 1 && number >= 1);
    return (struct scan_clock){
        .period = period,
        .first_number = number,
        .first = phase,
        .first_second = sim_second(phase),
    };
}

struct scan_clock scan_clock_at(sim_time phase, int64_t period)
{
    return scan_clock_from(phase, period, 1);
}

struct scan_clock scan_clock_recorded(const struct scan *recorded, size_t count, int64_t period)
{
    REQUIRE(period >= 1 && count >= 1);
    sim_time first = recorded[count - 1].start + period * SIM_SECOND;
    struct scan_clock clock = scan_clock_from(first, period, count + 1);

    clock.recorded = recorded;
    return clock;
}

sim_time scan_start(const struct scan_clock *clock, uint64_t number)
{
    REQUIRE(number >= 1);
    if (number < clock->first_number && clock->recorded != NULL)
        return clock->recorded[number - 1].start;
    REQUIRE(number >= clock->first_number);
    int64_t periods = (int64_t)(number - clock->first_number);
    return clock->first + periods * clock->period * SIM_SECOND;
}

/* The first recorded scan that starts at or after `at`; one past the last if none does. */
static uint64_t recorded_from(const struct scan_clock *clock, sim_time at)
{
    uint64_t low = 1, high = clock->first_number;

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (clock->recorded[middle - 1].start < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint64_t scan_from(const struct scan_clock *clock, sim_time at)
{
    if (at <= clock->first && clock->recorded != NULL)
        return recorded_from(clock, at);
    if (at <= clock->first)
        return clock->first_number;
    int64_t period = clock->period * SIM_SECOND;
    return clock->first_number + (uint64_t)((at - clock->first + period - 1) / period);
}

uint64_t scan_after(const struct scan_clock *clock, sim_time at)
{
    return scan_from(clock, at + 1);
}
