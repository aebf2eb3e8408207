/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

const char *figure_count(uint64_t number, char text[FIGURE_MOST])
{
    char digits[24];
    size_t length = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, number), used = 0;

    for (size_t i = 0; i < length && used + 2 < FIGURE_MOST; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
    return text;
}

const char *figure_span(uint64_t ms, char text[FIGURE_MOST])
{
    uint64_t s = (ms + 500) / 1000;

    if (ms < 9950)
        snprintf(text, FIGURE_MOST, "%.1f s", (double)ms / 1000);
    else if (s < 60)
        snprintf(text, FIGURE_MOST, "%" PRIu64 " s", s);
    else if (s < 3600)
        snprintf(text, FIGURE_MOST, "%" PRIu64 " min %02" PRIu64, s / 60, s % 60);
    else if (s < 48 * 3600)
        snprintf(text, FIGURE_MOST, "%" PRIu64 " h %02" PRIu64, s / 3600, s / 60 % 60);
    else
        snprintf(text, FIGURE_MOST, "%" PRIu64 " d %02" PRIu64 " h", s / 86400, s / 3600 % 24);
    return text;
}

const char *figure_utc(sim_time at, char text[FIGURE_MOST])
{
    time_t seconds = (time_t)sim_second(at);
    struct tm tm;

    if (gmtime_r(&seconds, &tm) == NULL
        || strftime(text, FIGURE_MOST, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        text[0] = '\0';
    return text;
}
