/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/span.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct unit {
    const char *name;
    double seconds;
} units[] = {
    {"ms", 1e-3}, {"s", 1}, {"min", 60}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800},
};

static const double MOST_SECONDS = 100 * 365.25 * 86400; /* a century: far from overflow */

static const struct unit *unit_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (strcmp(units[i].name, name) == 0)
            return &units[i];
    }
    return NULL;
}

/* strtod() without its hexadecimal numbers, infinities and signs; NULL if there is none. */
static const char *number_at(const char *text, double *number)
{
    size_t length = strspn(text, "0123456789.");
    char copy[32];

    if (length == 0 || length >= sizeof copy)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    char *end;
    *number = strtod(copy, &end);
    return *end == '\0' ? text + length : NULL;
}

bool span_parse(sim_time *span, const char *text, struct err *err)
{
    double number;
    const char *rest = number_at(text, &number);
    const struct unit *unit = rest == NULL ? NULL : unit_find(rest);
    bool bare_zero = rest != NULL && *rest == '\0' && number == 0;

    if (unit == NULL && !bare_zero)
        return err_set(err,
                       "'%.60s' is no duration: a number and ms, s, min, h, d or w was expected, "
                       "like 90min or 1.5h",
                       text);
    double seconds = bare_zero ? 0 : number * unit->seconds;
    if (seconds > MOST_SECONDS)
        return err_set(err, "'%.60s' is longer than a century", text);
    *span = (sim_time)llround(seconds * (double)SIM_SECOND);
    return true;
}

bool rate_parse(double *per_second, const char *text, struct err *err)
{
    double number;
    const char *rest = number_at(text, &number);
    const struct unit *unit = rest == NULL || *rest != '/' ? NULL : unit_find(rest + 1);

    if (unit == NULL)
        return err_set(
            err, "'%.60s' is no rate: a number, '/' and a unit was expected, like 20/min", text);
    *per_second = number / unit->seconds;
    return true;
}

bool number_parse(double *number, const char *text, struct err *err)
{
    const char *rest = number_at(text, number);

    if (rest == NULL || *rest != '\0')
        return err_set(err, "'%.60s' is no number", text);
    return true;
}

static bool is_valid_date(const struct tm *tm)
{
    struct tm copy = *tm;
    time_t at = timegm(&copy);

    return at != (time_t)-1 && copy.tm_mon == tm->tm_mon && copy.tm_mday == tm->tm_mday
           && copy.tm_hour == tm->tm_hour && copy.tm_min == tm->tm_min;
}

/* The seconds that may follow the minute: ":30", ":30.25" or nothing. NULL if malformed. */
static const char *seconds_at(const char *text, double *seconds)
{
    *seconds = 0;
    if (*text != ':')
        return text;
    const char *rest = number_at(text + 1, seconds);
    return rest != NULL && *seconds < 60 ? rest : NULL;
}

bool utc_parse(sim_time *at, const char *text, struct err *err)
{
    struct tm tm = {0};
    int length = 0;
    double seconds = 0;
    int fields = sscanf(text, "%4d-%2d-%2dT%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
                        &tm.tm_hour, &tm.tm_min, &length);
    const char *rest = fields == 5 ? seconds_at(text + length, &seconds) : NULL;

    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    if (rest == NULL || strcmp(rest, "Z") != 0 || !is_valid_date(&tm))
        return err_set(err,
                       "'%.60s' is no instant: a duration since the start or UTC like "
                       "2026-06-01T00:00Z was expected",
                       text);
    *at = (sim_time)timegm(&tm) * SIM_SECOND + (sim_time)llround(seconds * (double)SIM_SECOND);
    return true;
}
