/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/log_stamp.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "io/span.h"

/* 29 February comes back after at most eight years (1896 to 1904, 2096 to 2104). */
#define LEAP_REACH 8

#define SECONDS_PER_HOUR 3600
#define SECONDS_PER_DAY 86400
#define DAY (SECONDS_PER_DAY * SIM_SECOND)

/* 1980-01-01 and 9998-01-01: between them, every date has a year before it. */
#define REFERENCE_LEAST (315532800 * SIM_SECOND)
#define REFERENCE_MOST (253339228800 * SIM_SECOND)

/* The length of ":04:31". */
#define MINUTES 6

#define ZONE_MOST 6

/* A calendar hour. */
struct civil {
    int year, month, day, hour; /* year 0: not given; month from 1 */
};

void log_stamp_init(struct log_stamps *stamps, sim_time reference)
{
    if (reference < REFERENCE_LEAST)
        reference = REFERENCE_LEAST;
    if (reference > REFERENCE_MOST)
        reference = REFERENCE_MOST;
    *stamps = (struct log_stamps){.reference = reference, .last = SIM_NEVER};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Eats exactly `width` digits. */
static bool take_number(struct span *rest, size_t width, int *number)
{
    int value = 0;

    if (rest->length < width)
        return false;
    for (size_t i = 0; i < width; i++) {
        if (!is_digit(rest->text[i]))
            return false;
        value = 10 * value + rest->text[i] - '0';
    }
    *rest = span_from(*rest, width);
    *number = value;
    return true;
}

static bool take_byte(struct span *rest, char byte)
{
    return span_take(rest, (struct span){&byte, 1});
}

static bool take_month(struct span *rest, int *month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (int i = 0; i < 12; i++)
        if (span_take(rest, (struct span){names + 3 * i, 3})) {
            *month = i + 1;
            return true;
        }
    return false;
}

/* "Nov  3 16" */
static bool take_named_day(struct span *rest, struct civil *civil)
{
    if (!take_month(rest, &civil->month) || !take_byte(rest, ' '))
        return false;
    size_t width = take_byte(rest, ' ') ? 1 : 2;
    return take_number(rest, width, &civil->day) && take_byte(rest, ' ')
           && take_number(rest, 2, &civil->hour);
}

/* "2026-11-24T16", where `mark` is the 'T' */
static bool take_numbered_day(struct span *rest, char mark, struct civil *civil)
{
    return take_number(rest, 4, &civil->year) && take_byte(rest, '-')
           && take_number(rest, 2, &civil->month) && take_byte(rest, '-')
           && take_number(rest, 2, &civil->day) && take_byte(rest, mark)
           && take_number(rest, 2, &civil->hour);
}

static bool take_weekday(struct span *rest)
{
    static const char names[] = "Mon Tue Wed Thu Fri Sat Sun ";

    for (int i = 0; i < 7; i++)
        if (span_take(rest, (struct span){names + 4 * i, 4}))
            return true;
    return false;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

static bool is_valid(const struct civil *civil)
{
    return civil->year >= 1970 && civil->year <= 9999 && civil->month >= 1 && civil->month <= 12
           && civil->day >= 1 && civil->day <= days_in_month(civil->year, civil->month)
           && civil->hour <= 23;
}

/* Where the hour begins, read as UTC. */
static bool utc_hour(const struct civil *civil, sim_time *at)
{
    if (!is_valid(civil))
        return false;
    int64_t before = civil->year - 1;
    int64_t days = 365 * before + before / 4 - before / 100 + before / 400 - 719162;
    for (int month = 1; month < civil->month; month++)
        days += days_in_month(civil->year, month);
    days += civil->day - 1;
    *at = (days * SECONDS_PER_DAY + civil->hour * SECONDS_PER_HOUR) * SIM_SECOND;
    return true;
}

/* Where the hour begins, read as local time. */
static bool local_hour(const struct civil *civil, sim_time *at)
{
    if (!is_valid(civil))
        return false;
    struct tm tm = {
        .tm_year = civil->year - 1900,
        .tm_mon = civil->month - 1,
        .tm_mday = civil->day,
        .tm_hour = civil->hour,
        .tm_isdst = -1,
    };
    *at = (sim_time)mktime(&tm) * SIM_SECOND;
    return true;
}

static int local_year(sim_time at)
{
    time_t second = (time_t)sim_second(at);
    struct tm tm;
    return localtime_r(&second, &tm) == NULL ? 1970 : tm.tm_year + 1900;
}

/* The latest year that keeps the first line of a log from being in the future. */
static bool first_hour(const struct log_stamps *stamps, struct civil civil, sim_time *at)
{
    int year = local_year(stamps->reference);

    for (civil.year = year + 1; civil.year >= year - LEAP_REACH; civil.year--)
        if (local_hour(&civil, at) && *at <= stamps->reference + DAY)
            return true;
    return false;
}

/* The year that puts the hour nearest to the last stamp. */
static bool nearest_hour(const struct log_stamps *stamps, struct civil civil, sim_time *at)
{
    int year = local_year(stamps->last);
    int reach = civil.month == 2 && civil.day == 29 ? LEAP_REACH : 1;
    sim_time nearest = SIM_NEVER;

    for (civil.year = year - reach; civil.year <= year + reach; civil.year++) {
        sim_time hour;
        if (!local_hour(&civil, &hour))
            continue;
        sim_time distance = hour < stamps->last ? stamps->last - hour : hour - stamps->last;
        if (distance < nearest) {
            nearest = distance;
            *at = hour;
        }
    }
    return nearest != SIM_NEVER;
}

/* "2026-11-24 16" behind a weekday. The zone's name is a place's, unless it is UTC. */
static bool full_hour(struct span *rest, sim_time *at)
{
    struct civil civil = {0};

    if (!take_numbered_day(rest, ' ', &civil))
        return false;
    bool is_utc = rest->length > MINUTES && span_starts(span_from(*rest, MINUTES), SPAN(" UTC "));
    return is_utc ? utc_hour(&civil, at) : local_hour(&civil, at);
}

static bool find_hour(const struct log_stamps *stamps, struct span text, size_t *length,
                      sim_time *at)
{
    struct civil civil = {0};
    struct span rest = text;
    bool found;

    if (rest.length > 4 && rest.text[4] == '-')
        found = take_numbered_day(&rest, 'T', &civil) && utc_hour(&civil, at);
    else if (take_weekday(&rest))
        found = full_hour(&rest, at);
    else if (rest.length > 0 && is_digit(rest.text[0]))
        found = take_number(&rest, 4, &civil.year) && take_byte(&rest, ' ')
                && take_named_day(&rest, &civil) && local_hour(&civil, at);
    else if (!take_named_day(&rest, &civil))
        found = false;
    else if (stamps->last == SIM_NEVER)
        found = first_hour(stamps, civil, at);
    else
        found = nearest_hour(stamps, civil, at);
    *length = text.length - rest.length;
    return found;
}

/* Eats the stamp up to its hour. Neighbouring lines mostly share that text: compare it first. */
static bool take_hour(struct log_stamps *stamps, struct span *rest, sim_time *at)
{
    if (stamps->hour_length == 0
        || !span_starts(*rest, (struct span){stamps->hour, stamps->hour_length})) {
        size_t length;
        if (!find_hour(stamps, *rest, &length, &stamps->hour_at)) {
            stamps->hour_length = 0;
            return false;
        }
        memcpy(stamps->hour, rest->text, length);
        stamps->hour_length = length;
    }
    *rest = span_from(*rest, stamps->hour_length);
    *at = stamps->hour_at;
    return true;
}

/* Eats ":04:31"; a leap second is 60. */
static bool take_minutes(struct span *rest, sim_time *at)
{
    int minute, second;

    if (!take_byte(rest, ':') || !take_number(rest, 2, &minute) || !take_byte(rest, ':')
        || !take_number(rest, 2, &second) || minute > 59 || second > 60)
        return false;
    *at += (minute * 60 + second) * SIM_SECOND;
    return true;
}

/* Eats ".718203", if it is there; digits after the sixth do not count. */
static void take_fraction(struct span *rest, sim_time *at)
{
    size_t i = 1;

    if (rest->length < 2 || rest->text[0] != '.' || !is_digit(rest->text[1]))
        return;
    for (sim_time unit = SIM_SECOND / 10; i < rest->length && is_digit(rest->text[i]); i++) {
        *at += (rest->text[i] - '0') * unit;
        unit /= 10;
    }
    *rest = span_from(*rest, i);
}

/* Eats "Z", "+01:00" or "+0100" and makes the instant UTC. */
static bool take_offset(struct span *rest, sim_time *at)
{
    int hours, minutes;

    if (take_byte(rest, 'Z'))
        return true;
    int sign = take_byte(rest, '-') ? -1 : 1;
    if (sign > 0 && !take_byte(rest, '+'))
        return false;
    if (!take_number(rest, 2, &hours))
        return false;
    take_byte(rest, ':');
    if (!take_number(rest, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *at -= sign * (hours * SECONDS_PER_HOUR + minutes * 60) * SIM_SECOND;
    return true;
}

/* Eats " CEST", which full_hour() knows of. */
static bool take_zone(struct span *rest)
{
    if (!take_byte(rest, ' '))
        return false;
    size_t length = span_find(*rest, ' ');
    *rest = span_from(*rest, length);
    return length > 0 && length <= ZONE_MOST;
}

size_t log_stamp_read(struct log_stamps *stamps, const char *text, size_t length, sim_time *at)
{
    struct span rest = {text, length};
    sim_time read;

    if (!take_hour(stamps, &rest, &read) || !take_minutes(&rest, &read))
        return 0;
    take_fraction(&rest, &read);
    bool has_offset = length > 4 && text[4] == '-';
    if (has_offset && !take_offset(&rest, &read))
        return 0;
    bool has_zone = length > 8 && text[8] == '-';
    if (has_zone && !take_zone(&rest))
        return 0;
    if (rest.length > 0 && !take_byte(&rest, ' '))
        return 0;
    bool has_year = has_zone || is_digit(text[0]);
    if (!has_year)
        stamps->last = read;
    *at = read;
    return length - rest.length;
}
