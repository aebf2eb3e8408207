/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/report_figures.h"

#include <math.h>
#include <stdio.h>

/* Whole numbers up to here are exact as a double. */
#define MOST 9e15

static const char *other(double number, const char *unit, char text[FIGURE_MOST])
{
    if (isnan(number))
        snprintf(text, FIGURE_MOST, "-");
    else
        snprintf(text, FIGURE_MOST, "%.3g%s", number, unit);
    return text;
}

const char *report_count(double number, char text[FIGURE_MOST])
{
    if (!(number >= 0 && number <= MOST))
        return other(number, "", text);
    return figure_count((uint64_t)(number + 0.5), text);
}

const char *report_span(double seconds, char text[FIGURE_MOST])
{
    if (!(seconds >= 0 && seconds * 1000 <= MOST))
        return other(seconds, " s", text);
    return figure_span((uint64_t)(seconds * 1000 + 0.5), text);
}
