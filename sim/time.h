/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/time.h - simulated time
 *
 * Microseconds since the start of the simulation; negative before it. Models
 * that decide in whole seconds round down with sim_second().
 */
#ifndef SIM_TIME_H
#define SIM_TIME_H

#include <stdint.h>

typedef int64_t sim_time;

#define SIM_SECOND ((sim_time)1000000)
#define SIM_NEVER INT64_MAX

/* 9999-12-31T23:59:59Z in seconds since 1970: the last that a calendar of four digits has. */
#define SIM_LAST_SECOND INT64_C(253402300799)

/* The whole second that `at` lies in: rounds down, below zero too. */
static inline int64_t sim_second(sim_time at)
{
    return at >= 0 ? at / SIM_SECOND : -((-at + SIM_SECOND - 1) / SIM_SECOND);
}

/* Rounded; 0 for a span below zero. */
static inline uint64_t sim_milliseconds(sim_time span)
{
    const sim_time millisecond = SIM_SECOND / 1000;

    return span <= 0 ? 0 : (uint64_t)((span + millisecond / 2) / millisecond);
}

/* So many seconds, or the nearest that 32 bits hold. */
static inline int32_t sim_seconds32(int64_t seconds)
{
    return seconds < INT32_MIN ? INT32_MIN : seconds > INT32_MAX ? INT32_MAX : (int32_t)seconds;
}

#endif
