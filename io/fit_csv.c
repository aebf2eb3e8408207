/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/fit_csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv_row.h"
#include "sim/alloc.h"

const struct fit_age fit_ages[] = {
    {60, "1 min"},   {300, "5 min"}, {900, "15 min"}, {3600, "1 h"},   {14400, "4 h"},
    {43200, "12 h"}, {86400, "1 d"}, {172800, "2 d"}, {432000, "5 d"}, {0, NULL},
};

struct fit_at fit_at(const struct fit *fit, enum cause cause, double age)
{
    const struct cause_fit *of = &fit->causes[cause];
    const struct survival_point *point = survival_at(&of->survival, age);
    struct fit_at at = {.at_risk = survival_at_risk(&of->survival, age),
                        .seen = NAN,
                        .seen_low = NAN,
                        .seen_high = NAN,
                        .fitted = NAN,
                        .fitted_low = NAN,
                        .fitted_high = NAN,
                        .extrapolated = fit_is_extrapolated(fit, age)};

    if (at.at_risk > 0) {
        at.seen = point == NULL ? 1 : point->away;
        at.seen_low = point == NULL ? NAN : point->low;
        at.seen_high = point == NULL ? NAN : point->high;
    }
    if (of->best != NULL) {
        at.fitted = cure_away(&of->best->cure, age);
        cure_away_interval(of->best, age, &at.fitted_low, &at.fitted_high);
    }
    return at;
}

/* ---- figures ---- */

static void put_text(struct csv_row *row, const char *text)
{
    csv_text(row, text, strlen(text));
}

/* One row under way to its value. */
static struct csv_row begin_row(struct output *output, enum cause cause, const char *family,
                                const char *metric, const char *unit)
{
    struct csv_row row = csv_row(output);

    put_text(&row, cause_names[cause]);
    put_text(&row, family);
    put_text(&row, metric);
    put_text(&row, unit);
    return row;
}

static void put_count(struct output *output, enum cause cause, const char *metric, size_t count)
{
    struct csv_row row = begin_row(output, cause, "", metric, "spells");

    csv_number(&row, count);
    csv_empty(&row);
    csv_empty(&row);
    csv_number(&row, 0);
    csv_end(&row);
}

static void put_real(struct output *output, enum cause cause, const char *family,
                     const char *metric, const char *unit, const double value[3], bool extrapolated)
{
    struct csv_row row = begin_row(output, cause, family, metric, unit);

    for (int i = 0; i < 3; i++)
        csv_real(&row, value[i], strcmp(unit, "s") == 0 ? 3 : 6);
    csv_number(&row, extrapolated);
    csv_end(&row);
}

/* A share that never recovers is said of all time, most of which no log has seen. */
static void put_family(struct output *output, const struct fit *fit, enum cause cause,
                       const struct cure_fit *of)
{
    static const char *const units[CURE_PARAMETERS] = {"share", "s", "number"};
    const char *family = cure_family_names[of->cure.family];
    bool chosen = fit->causes[cause].best == of;

    for (int i = 0; i < CURE_PARAMETERS; i++) {
        double value[] = {of->cure.value[i], of->low[i], of->high[i]};
        bool beyond = fit_is_beyond(fit, of, (enum cure_parameter)i);
        put_real(output, cause, family, cure_parameter_names[of->cure.family][i], units[i], value,
                 beyond);
    }
    put_real(output, cause, family, "aic", "number", (double[]){of->aic, NAN, NAN}, false);
    put_real(output, cause, family, "chosen", "number", (double[]){chosen, NAN, NAN}, false);
}

void fit_csv_put_figures(struct output *output, const struct fit *fit)
{
    output_print(output, "cause,family,metric,unit,value,ci95_low,ci95_high,extrapolated\n");
    for (int i = 0; i < CAUSE_COUNT; i++) {
        const struct cause_fit *of = &fit->causes[i];
        enum cause cause = (enum cause)i;
        put_count(output, cause, "spells", of->spells);
        put_count(output, cause, "recovered", of->recovered);
        put_count(output, cause, "begins_seen", of->begins);
        put_count(output, cause, "older_than_log", of->late);
        put_real(output, cause, "", "longest_seen", "s", (double[]){of->last, NAN, NAN}, false);
        for (int family = 0; family < CURE_FAMILIES; family++) {
            if (of->of_family[family].verdict == CURE_FITTED)
                put_family(output, fit, cause, &of->of_family[family]);
        }
    }
}

/* ---- survival ---- */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

#define GRID 40 /* from a minute, eight a decade: to eight weeks */

/* All ages of which there shall be a row, ascending, some perhaps twice. Allocated. */
static double *ages_of(const struct fit *fit, const struct cause_fit *of, size_t *count)
{
    double *ages = alloc_zeroed((of->survival.count + GRID + 20) * sizeof *ages);
    size_t n = 0;

    for (size_t i = 0; i < of->survival.count; i++)
        ages[n++] = of->survival.points[i].age;
    for (int i = 0; i < GRID; i++)
        ages[n++] = round(60 * pow(10, i / 8.0));
    for (const struct fit_age *age = fit_ages; age->name != NULL; age++)
        ages[n++] = age->age;
    ages[n++] = fit->length;
    ages[n++] = of->last;
    qsort(ages, n, sizeof *ages, ascending);
    *count = n;
    return ages;
}

static void put_age(struct output *output, const struct fit *fit, enum cause cause, double age)
{
    const struct survival_point *point = survival_at(&fit->causes[cause].survival, age);
    struct fit_at at = fit_at(fit, cause, age);
    struct csv_row row = csv_row(output);
    bool now = point != NULL && point->age == age;

    put_text(&row, cause_names[cause]);
    csv_real(&row, age, 3);
    csv_number(&row, at.at_risk);
    csv_number(&row, now ? point->recovered : 0);
    csv_real(&row, at.seen, 6);
    csv_real(&row, at.seen_low, 6);
    csv_real(&row, at.seen_high, 6);
    csv_real(&row, at.fitted, 6);
    csv_real(&row, at.fitted_low, 6);
    csv_real(&row, at.fitted_high, 6);
    csv_number(&row, at.extrapolated);
    csv_end(&row);
}

void fit_csv_put_survival(struct output *output, const struct fit *fit)
{
    output_print(output, "cause,age_s,at_risk,recovered,away,ci95_low,ci95_high,fitted,fitted_low,"
                         "fitted_high,extrapolated\n");
    for (int cause = 0; cause < CAUSE_COUNT; cause++) {
        size_t count;
        if (fit->causes[cause].spells == 0)
            continue;
        double *ages = ages_of(fit, &fit->causes[cause], &count);
        for (size_t i = 0; i < count; i++) {
            if (ages[i] > 0 && (i == 0 || ages[i] != ages[i - 1]))
                put_age(output, fit, (enum cause)cause, ages[i]);
        }
        free(ages);
    }
}
