/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/log_stamp.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/check.h"

#define DAY ((int64_t)86400)

static const int64_t nov_2026 = 1793664000; /* 2026-11-03 00:00 UTC */

static void use_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

static void use_utc(void)
{
    use_zone("UTC");
}

TestSuite(log_stamp, .init = use_utc);

/* Reads a stamp; the number of bytes must be those before the 'x'. */
static sim_time read_next(struct log_stamps *stamps, const char *line)
{
    sim_time at = -1;
    size_t taken = log_stamp_read(stamps, line, strlen(line), &at);

    cr_expect_eq(taken, strcspn(line, "x"), "%s: takes %zu bytes", line, taken);
    return at;
}

static sim_time read_alone(const char *line)
{
    struct log_stamps stamps;

    log_stamp_init(&stamps, (nov_2026 + 7 * DAY) * SIM_SECOND);
    return read_next(&stamps, line);
}

struct row {
    char line[48];
    int64_t second, micro;
};

ParameterizedTestParameters(log_stamp, reads)
{
    static struct row rows[] = {
        {"Nov  3 16:04:31 x", 1793721871, 0},
        {"Nov 03 16:04:31 x", 1793721871, 0},
        {"Nov  3 16:04:31.25 x", 1793721871, 250000},
        {"Jan 31 00:00:00 x", 1769817600, 0},
        {"2013 Jun 10 06:27:30.123 x", 1370845650, 123000},
        {"2013 Jun  1 06:27:30 x", 1370068050, 0},
        {"2012 Feb 29 00:00:00 x", 1330473600, 0},
        {"2026-11-24T02:03:57.718203+00:00 x", 1795485837, 718203},
        {"2026-11-24T02:03:57Z x", 1795485837, 0},
        {"2026-11-24T02:03:57.1234567Z x", 1795485837, 123456},
        {"2026-11-24T02:03:57+05:30 x", 1795466037, 0},
        {"2026-11-24T02:03:57-0130 x", 1795491237, 0},
        {"2026-12-31T23:59:60Z x", 1798761600, 0},
        {"1970-01-01T00:00:00Z x", 0, 0},
        {"2000-02-29T12:00:00Z x", 951825600, 0},
        {"9999-12-31T23:59:59Z x", 253402300799, 0},
        {"2026-11-24T02:03:57Z", 1795485837, 0},
        {"2026-06-01T00:00:00+0000 x", 1780272000, 0},
        {"2026-06-01T02:00:00.000001+0200 x", 1780272000, 1},
        {"Tue 2026-11-24 02:03:57 UTC x", 1795485837, 0},
        {"Tue 2026-11-24 02:03:57 UTC", 1795485837, 0},
    };
    return cr_make_param_array(struct row, rows, COUNT_OF(rows));
}

ParameterizedTest(struct row *row, log_stamp, reads)
{
    use_utc();
    cr_expect_eq(read_alone(row->line), row->second * SIM_SECOND + row->micro, "%s: %" PRId64,
                 row->line, read_alone(row->line));
}

struct refused {
    char line[40];
};

ParameterizedTestParameters(log_stamp, refuses)
{
    static struct refused rows[] = {
        {""},
        {" "},
        {"Nov"},
        {"Nov  3 16:04:3"},
        {"Nov  3 16:04:31x"},
        {"Nov  3 16:04:31."},
        {"Nov 3 16:04:31 x"},
        {"Nov 31 16:04:31 x"},
        {"Nov  0 16:04:31 x"},
        {"Nov  3 24:04:31 x"},
        {"Nov  3 16:60:31 x"},
        {"Nov  3 16:04:61 x"},
        {"nov  3 16:04:31 x"},
        {"Feb 30 16:04:31 x"},
        {"2013 Feb 29 16:04:31 x"},
        {"1900 Feb 28 16:04:31 x"},
        {"Tue 2026-11-24T02:03:57 UTC x"},
        {"Tue 2026-11-24 02:03:57"},
        {"Tue 2026-11-24 02:03:57 "},
        {"Tue 2026-11-24 02:03:57Z x"},
        {"Tue 2026-11-24 02:03:57  x"},
        {"Tue 2026-11-24 02:03:57 mailserver x"},
        {"Tue 2026-11-31 02:03:57 UTC x"},
        {"Tue 2026-11-24"},
        {"2026-11-24 02:03:57 UTC x"},
        {"2026-13-24T02:03:57Z x"},
        {"2026-00-24T02:03:57Z x"},
        {"2026-11-31T02:03:57Z x"},
        {"2100-02-29T02:03:57Z x"},
        {"1969-12-31T23:59:59Z x"},
        {"2026-11-24T02:03:57 x"},
        {"2026-11-24T02:03:57+24:00 x"},
        {"2026-11-24T02:03:57+00:60 x"},
        {"2026-11-24T02:03:57+1 x"},
        {"2026-11-24t02:03:57Z x"},
        {"20-26-11-24T02:03:57Z x"},
        {"%(day)s 11:00:20 x"},
    };
    return cr_make_param_array(struct refused, rows, COUNT_OF(rows));
}

ParameterizedTest(struct refused *row, log_stamp, refuses)
{
    struct log_stamps stamps;
    sim_time at = 42;

    use_utc();
    log_stamp_init(&stamps, nov_2026 * SIM_SECOND);
    cr_expect_eq(log_stamp_read(&stamps, row->line, strlen(row->line), &at), 0, "%s", row->line);
    cr_expect_eq(at, 42);
}

Test(log_stamp, reads_no_byte_after_the_length)
{
    static const char line[] = "Nov  3 16:04:31 x";
    struct log_stamps stamps;
    sim_time at;

    log_stamp_init(&stamps, nov_2026 * SIM_SECOND);
    for (size_t length = 0; length < 15; length++) {
        char *exact = malloc(length + 1);
        memcpy(exact, line, length);
        exact[length] = '9';
        cr_expect_eq(log_stamp_read(&stamps, exact, length, &at), 0);
        free(exact);
    }
    cr_expect_eq(log_stamp_read(&stamps, line, 15, &at), 15);
}

Test(log_stamp, takes_local_time_from_the_environment)
{
    use_zone("Europe/Berlin");
    cr_expect_eq(read_alone("Nov  3 16:04:31 x"), (1793721871 - 3600) * SIM_SECOND);
    cr_expect_eq(read_alone("2013 Jun 10 06:27:30 x"), (1370845650 - 7200) * SIM_SECOND);
    cr_expect_eq(read_alone("2026-11-24T02:03:57Z x"), 1795485837 * SIM_SECOND);
}

Test(log_stamp, follows_the_change_to_summer_time)
{
    struct log_stamps stamps;

    use_zone("Europe/Berlin");
    log_stamp_init(&stamps, nov_2026 * SIM_SECOND);
    sim_time before = read_next(&stamps, "Mar 29 01:59:59 x");
    cr_expect_eq(read_next(&stamps, "Mar 29 03:00:00 x") - before, SIM_SECOND);
}

Test(log_stamp, begins_no_later_than_a_day_after_the_reference)
{
    struct log_stamps stamps;

    log_stamp_init(&stamps, nov_2026 * SIM_SECOND);
    cr_expect_eq(read_next(&stamps, "Nov  4 00:00:00 x"), (nov_2026 + DAY) * SIM_SECOND);
    log_stamp_init(&stamps, nov_2026 * SIM_SECOND);
    cr_expect_eq(read_next(&stamps, "Nov  4 01:00:00 x"),
                 (nov_2026 + DAY + 3600 - 365 * DAY) * SIM_SECOND);
}

Test(log_stamp, begins_next_year_when_that_is_a_day_away)
{
    struct log_stamps stamps;

    log_stamp_init(&stamps, (1798761600 - 3600) * SIM_SECOND); /* 2026-12-31 23:00 */
    cr_expect_eq(read_next(&stamps, "Jan  1 00:00:01 x"), 1798761601 * SIM_SECOND);
}

Test(log_stamp, goes_over_new_year_and_back)
{
    struct log_stamps stamps;
    const int64_t new_year = 1767225600; /* 2026-01-01 */

    log_stamp_init(&stamps, nov_2026 * SIM_SECOND);
    cr_expect_eq(read_next(&stamps, "Dec 31 23:59:59 x"), (new_year - 1) * SIM_SECOND);
    cr_expect_eq(read_next(&stamps, "Jan  1 00:00:01 x"), (new_year + 1) * SIM_SECOND);
    cr_expect_eq(read_next(&stamps, "Dec 31 23:59:58 x"), (new_year - 2) * SIM_SECOND);
    cr_expect_eq(read_next(&stamps, "Jan  1 00:00:02 x"), (new_year + 2) * SIM_SECOND);
}

Test(log_stamp, reads_a_full_stamp_in_the_zone_that_it_names)
{
    struct log_stamps stamps;

    use_zone("CET-1CEST,M3.5.0,M10.5.0/3");
    log_stamp_init(&stamps, nov_2026 * SIM_SECOND);
    cr_expect_eq(read_next(&stamps, "Mon 2026-06-01 02:00:00 CEST x"), 1780272000 * SIM_SECOND);
    cr_expect_eq(read_next(&stamps, "Mon 2026-06-01 00:00:00 UTC x"), 1780272000 * SIM_SECOND);
}

/* Its year is known, and nobody else's. */
Test(log_stamp, does_not_take_a_year_from_a_full_stamp)
{
    struct log_stamps stamps;

    log_stamp_init(&stamps, nov_2026 * SIM_SECOND);
    read_next(&stamps, "Mon 2020-06-01 02:00:00 UTC x");
    cr_expect_eq(read_next(&stamps, "Nov  3 00:00:00 x"), nov_2026 * SIM_SECOND);
}

Test(log_stamp, goes_through_several_years)
{
    struct log_stamps stamps;

    log_stamp_init(&stamps, nov_2026 * SIM_SECOND);
    sim_time start = read_next(&stamps, "Mar  1 00:00:00 x"); /* 2026 */
    for (int i = 0; i < 3; i++) {
        read_next(&stamps, "Jul  1 00:00:00 x");
        read_next(&stamps, "Nov  1 00:00:00 x");
        read_next(&stamps, "Mar  1 00:00:00 x");
    }
    cr_expect_eq(read_next(&stamps, "Mar  1 00:00:00 x") - start,
                 (3 * 365 + 1) * DAY * SIM_SECOND); /* 2028 has a 29 February */
}

Test(log_stamp, gives_a_29_february_a_leap_year)
{
    struct log_stamps stamps;
    const int64_t leap_day = 1709164800; /* 2024-02-29 */

    log_stamp_init(&stamps, nov_2026 * SIM_SECOND);
    cr_expect_eq(read_next(&stamps, "Feb 29 00:00:00 x"), leap_day * SIM_SECOND);
    cr_expect_eq(read_next(&stamps, "Mar  1 00:00:00 x"), (leap_day + DAY) * SIM_SECOND);
    cr_expect_eq(read_next(&stamps, "Feb 29 12:00:00 x"), (leap_day + DAY / 2) * SIM_SECOND);
}

Test(log_stamp, finds_the_leap_year_nearest_to_the_last_line)
{
    struct log_stamps stamps;

    log_stamp_init(&stamps, nov_2026 * SIM_SECOND);
    read_next(&stamps, "Nov  3 00:00:00 x");
    cr_expect_eq(read_next(&stamps, "Feb 29 00:00:00 x"), 1835395200 * SIM_SECOND); /* 2028 */
}

Test(log_stamp, does_without_a_useful_reference)
{
    struct log_stamps stamps;

    log_stamp_init(&stamps, 0);
    cr_expect_eq(read_next(&stamps, "Nov  3 00:00:00 x"), 310435200 * SIM_SECOND); /* 1979 */
    log_stamp_init(&stamps, SIM_NEVER);
    cr_expect_gt(read_next(&stamps, "Nov  3 00:00:00 x"), 0);
}

Test(log_stamp, is_not_misled_by_a_refused_stamp)
{
    struct log_stamps stamps;
    sim_time at;

    log_stamp_init(&stamps, nov_2026 * SIM_SECOND);
    sim_time first = read_next(&stamps, "Nov  3 00:00:00 x");
    cr_expect_eq(log_stamp_read(&stamps, "Dec 31 00:00:99 x", 17, &at), 0);
    cr_expect_eq(log_stamp_read(&stamps, "Nov 99 00:00:00 x", 17, &at), 0);
    cr_expect_eq(read_next(&stamps, "Nov  3 00:00:01 x"), first + SIM_SECOND);
}
