/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seconds since 1970 from the calendar, by date(1). */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

#include "models/span.h"
#include "sim/check.h"

static sim_time utc(const char *text)
{
    struct err err = {0};
    sim_time at = -1;

    cr_expect(utc_parse(&at, text, &err), "%s: %s", text, err.text);
    return at;
}

Test(utc, counts_from_1970)
{
    cr_expect_eq(utc("1970-01-01T00:00Z"), 0);
    cr_expect_eq(utc("1970-01-02T01:01Z"), 90060 * SIM_SECOND);
    cr_expect_eq(utc("2026-06-01T00:00Z"), 1780272000 * SIM_SECOND);
    cr_expect_eq(utc("2038-01-19T03:14:08Z"), (INT64_C(1) << 31) * SIM_SECOND);
}

Test(utc, may_be_before_1970)
{
    cr_expect_eq(utc("1969-12-31T23:59Z"), -60 * SIM_SECOND);
    cr_expect_eq(utc("1969-12-31T23:59:59Z"), -SIM_SECOND);
    cr_expect_eq(utc("1900-01-01T00:00Z"), -2208988800 * SIM_SECOND);
}

Test(utc, may_have_seconds_and_parts_of_them)
{
    cr_expect_eq(utc("1970-01-01T00:00:30Z"), 30 * SIM_SECOND);
    cr_expect_eq(utc("1970-01-01T00:00:00.5Z"), 500000);
    cr_expect_eq(utc("1970-01-01T00:00:59.999999Z"), 59999999);
}

Test(utc, knows_leap_years)
{
    cr_expect_eq(utc("2024-02-29T00:00Z"), 1709164800 * SIM_SECOND);
    cr_expect_eq(utc("2000-02-29T00:00Z"), 951782400 * SIM_SECOND);
}

Test(utc, does_not_depend_on_where_one_is)
{
    setenv("TZ", "America/New_York", 1);
    tzset();
    cr_expect_eq(utc("2026-06-01T00:00Z"), 1780272000 * SIM_SECOND);
}

Test(utc, refuses_what_no_calendar_has)
{
    static const char *const wrong[] = {
        "2026-02-29T00:00Z",    "1900-02-29T00:00Z",    "2026-04-31T00:00Z", "2026-00-01T00:00Z",
        "2026-13-01T00:00Z",    "2026-06-00T00:00Z",    "2026-06-32T00:00Z", "2026-06-01T24:00Z",
        "2026-06-01T00:60Z",    "2026-06-01T00:00:60Z", "2026-06-01T01:-1Z", "2026-06-01T-1:00Z",
        "2026-06-01T00:00:-1Z",
    };
    struct err err = {0};
    sim_time at = -1;

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        cr_expect_not(utc_parse(&at, wrong[i], &err), "%s is %lld", wrong[i], (long long)at);
    cr_expect_eq(at, -1);
}

Test(utc, refuses_what_is_not_all_there_or_more)
{
    static const char *const wrong[] = {
        "",
        "Z",
        "2026-06-01",
        "2026-06-01Z",
        "2026-06-01T00Z",
        "2026-06-01T00:00",
        "2026-06-01T00:00:Z",
        "2026-06-01T00:00.5Z",
        "2026-06-01T00:00z",
        "2026-06-01T00:00+02:00",
        "2026-06-01T00:00Z ",
        " x2026-06-01T00:00Z",
        "2026-06-01 00:00Z",
        "2026/06/01T00:00Z",
        "12026-06-01T00:00Z",
        "2026-006-01T00:00Z",
        "2026-06-01T00:00:1e1Z",
    };
    struct err err = {0};
    sim_time at = -1;

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        cr_expect_not(utc_parse(&at, wrong[i], &err), "%s is %lld", wrong[i], (long long)at);
}

Test(utc, the_refusal_says_what_would_do)
{
    struct err err = {0};
    sim_time at;

    cr_expect_not(utc_parse(&at, "Tuesday", &err));
    cr_expect_str_eq(err.text, "'Tuesday' is no instant: a duration since the start or UTC like "
                               "2026-06-01T00:00Z was expected");
}
