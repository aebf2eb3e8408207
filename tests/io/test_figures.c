/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as people read them. */
#include "io/figures.h"

#include <criterion/criterion.h>

static char text[FIGURE_MOST];

Test(figures, counts_have_commas_between_thousands)
{
    cr_expect_str_eq(figure_count(0, text), "0");
    cr_expect_str_eq(figure_count(999, text), "999");
    cr_expect_str_eq(figure_count(1000, text), "1,000");
    cr_expect_str_eq(figure_count(1234567, text), "1,234,567");
    cr_expect_str_eq(figure_count(UINT64_MAX, text), "18,446,744,073,709,551,615");
}

/* 9,950 ms is where a tenth of a second stops to matter. */
Test(figures, spans_have_two_units_at_most)
{
    cr_expect_str_eq(figure_span(0, text), "0.0 s");
    cr_expect_str_eq(figure_span(9949, text), "9.9 s");
    cr_expect_str_eq(figure_span(9950, text), "10 s");
    cr_expect_str_eq(figure_span(59499, text), "59 s");
    cr_expect_str_eq(figure_span(59500, text), "1 min 00");
    cr_expect_str_eq(figure_span(725000, text), "12 min 05");
    cr_expect_str_eq(figure_span(111720000, text), "31 h 02");
    cr_expect_str_eq(figure_span(172800000, text), "2 d 00 h");
}

Test(figures, instants_are_utc_in_whole_seconds)
{
    cr_expect_str_eq(figure_utc(0, text), "1970-01-01T00:00:00Z");
    cr_expect_str_eq(figure_utc(1780272000 * SIM_SECOND + 999999, text), "2026-06-01T00:00:00Z");
    cr_expect_str_eq(figure_utc(-1, text), "1969-12-31T23:59:59Z");
}
