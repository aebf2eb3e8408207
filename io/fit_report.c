/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/fit_report.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "io/figures.h"
#include "io/json_text.h"

static const char *span(double seconds, char text[FIGURE_MOST])
{
    if (seconds < 1e10)
        return figure_span((uint64_t)(seconds * 1000 + 0.5), text);
    snprintf(text, FIGURE_MOST, "%.2g years", seconds / (365.25 * 86400));
    return text;
}

/* ---- text ---- */

static void print_log(FILE *out, const struct fit_report *report)
{
    char text[FIGURE_MOST];

    fprintf(out, "log: %s lines of Postfix, ", figure_count(report->totals->postfix_lines, text));
    fprintf(out, "%s to ", figure_utc(report->totals->first, text));
    fprintf(out, "%s\n", figure_utc(report->totals->last, text));
    fprintf(out, "  its length: %s; whatever is said of more than that is extrapolated: *\n",
            span(report->fit->length, text));
    if (report->episodes->others > 0)
        fprintf(out, "  left out: %s temporary failures by no cause that is known here\n",
                figure_count(report->episodes->others, text));
}

static void print_counts(FILE *out, const struct fit *fit)
{
    fprintf(out, "\n%-9s %-21s %9s %9s %9s %9s\n", "spells", "of each", "in all", "over", "begin",
            "older");
    fprintf(out, "%-9s %-21s %9s %9s %9s %9s\n", "", "", "", "", "seen", "than log");
    for (int i = 0; i < CAUSE_COUNT; i++) {
        const struct cause_fit *of = &fit->causes[i];
        fprintf(out, "%-9s %-21s %9zu %9zu %9zu %9zu\n", cause_names[i],
                cause_unit_names[cause_unit((enum cause)i)], of->spells, of->recovered, of->begins,
                of->late);
    }
}

static void print_share(FILE *out, const struct cure_fit *of)
{
    bool wide = of->high[CURE_SHARE] - of->low[CURE_SHARE] > FIT_WIDE_SHARE;

    fprintf(out, "  never   %.1f %% (%.1f to %.1f)*%s\n", 100 * of->cure.value[CURE_SHARE],
            100 * of->low[CURE_SHARE], 100 * of->high[CURE_SHARE],
            wide ? ": the log cannot say" : "");
}

static void print_parameters(FILE *out, const struct fit *fit, const struct cure_fit *of)
{
    const char *const *names = cure_parameter_names[of->cure.family];
    char text[FIGURE_MOST];

    print_share(out, of);
    fprintf(out, "  %-7s %s ", names[CURE_SCALE], span(of->cure.value[CURE_SCALE], text));
    fprintf(out, "(%s to ", span(of->low[CURE_SCALE], text));
    fprintf(out, "%s)%s\n", span(of->high[CURE_SCALE], text),
            fit_is_beyond(fit, of, CURE_SCALE) ? "*" : "");
    fprintf(out, "  %-7s %.2f (%.2f to %.2f)\n", names[CURE_SHAPE], of->cure.value[CURE_SHAPE],
            of->low[CURE_SHAPE], of->high[CURE_SHAPE]);
}

static void print_fit(FILE *out, const struct fit *fit, enum cause cause)
{
    const struct cause_fit *of = &fit->causes[cause];

    if (of->best == NULL) {
        fprintf(out, "%s: %s (%zu of %zu over)\n", cause_names[cause],
                cure_verdict_text(of->verdict), of->recovered, of->spells);
        return;
    }
    enum cure_family family = of->best->cure.family;
    const struct cure_fit *other = &of->of_family[1 - family];
    fprintf(out, "%s: %s", cause_names[cause], cure_family_names[family]);
    if (other->verdict == CURE_FITTED)
        fprintf(out, ", AIC %.1f below %s's", other->aic - of->best->aic,
                cure_family_names[other->cure.family]);
    fprintf(out, "\n");
    print_parameters(out, fit, of->best);
}

static void print_share_cell(FILE *out, double share, bool starred)
{
    if (isnan(share))
        fprintf(out, " %7s", "-");
    else
        fprintf(out, " %5.1f%%%s", 100 * share, starred ? "*" : " ");
}

static void print_row(FILE *out, const struct fit *fit, enum cause cause, bool fitted)
{
    fprintf(out, "%-9s %-6s", fitted ? "" : cause_names[cause], fitted ? "fitted" : "seen");
    for (const struct fit_age *age = fit_ages + 1; age->name != NULL; age++) {
        struct fit_at at = fit_at(fit, cause, age->age);
        print_share_cell(out, fitted ? at.fitted : at.seen, at.extrapolated);
    }
    fprintf(out, "\n");
}

static void print_at_risk(FILE *out, const struct fit *fit, enum cause cause)
{
    fprintf(out, "%-9s %-6s", "", "of");
    for (const struct fit_age *age = fit_ages + 1; age->name != NULL; age++)
        fprintf(out, " %6zu ", fit_at(fit, cause, age->age).at_risk);
    fprintf(out, "\n");
}

/* "of" is how many were watched at that age. */
static void print_ages(FILE *out, const struct fit *fit)
{
    fprintf(out, "\n%-16s", "away longer than");
    for (const struct fit_age *age = fit_ages + 1; age->name != NULL; age++)
        fprintf(out, " %6s ", age->name);
    fprintf(out, "\n");
    for (int i = 0; i < CAUSE_COUNT; i++) {
        if (fit->causes[i].spells == 0)
            continue;
        print_row(out, fit, (enum cause)i, false);
        print_at_risk(out, fit, (enum cause)i);
        if (fit->causes[i].best != NULL)
            print_row(out, fit, (enum cause)i, true);
    }
}

void fit_report_text(FILE *out, const struct fit_report *report)
{
    print_log(out, report);
    print_counts(out, report->fit);
    fprintf(out, "\nhow long they last (in brackets: 95 %% intervals)\n");
    for (int i = 0; i < CAUSE_COUNT; i++)
        print_fit(out, report->fit, (enum cause)i);
    print_ages(out, report->fit);
}

/* ---- JSON ---- */

static json_t *real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *figure(double value, double low, double high, bool extrapolated)
{
    return json_pack("{s:o, s:o, s:o, s:b}", "value", real(value), "ci95_low", real(low),
                     "ci95_high", real(high), "extrapolated", (int)extrapolated);
}

static json_t *family_json(const struct fit *fit, const struct cure_fit *of)
{
    json_t *json = json_object();

    for (int i = 0; i < CURE_PARAMETERS; i++) {
        bool beyond = fit_is_beyond(fit, of, (enum cure_parameter)i);
        json_object_set_new(json, cure_parameter_names[of->cure.family][i],
                            figure(of->cure.value[i], of->low[i], of->high[i], beyond));
    }
    json_object_set_new(json, "aic", real(of->aic));
    return json;
}

static json_t *ages_json(const struct fit *fit, enum cause cause)
{
    json_t *json = json_array();

    for (const struct fit_age *age = fit_ages; age->name != NULL; age++) {
        struct fit_at at = fit_at(fit, cause, age->age);
        json_array_append_new(
            json, json_pack("{s:o, s:I, s:o, s:o}", "age_s", real(age->age), "at_risk",
                            (json_int_t)at.at_risk, "seen",
                            figure(at.seen, at.seen_low, at.seen_high, at.extrapolated), "fitted",
                            figure(at.fitted, at.fitted_low, at.fitted_high, at.extrapolated)));
    }
    return json;
}

static json_t *cause_json(const struct fit *fit, enum cause cause)
{
    const struct cause_fit *of = &fit->causes[cause];
    json_t *families = json_object();

    for (int i = 0; i < CURE_FAMILIES; i++) {
        if (of->of_family[i].verdict == CURE_FITTED)
            json_object_set_new(families, cure_family_names[i],
                                family_json(fit, &of->of_family[i]));
    }
    return json_pack(
        "{s:s, s:s, s:I, s:I, s:I, s:I, s:s, s:o, s:o, s:o}", "cause", cause_names[cause], "unit",
        cause_unit_names[cause_unit(cause)], "spells", (json_int_t)of->spells, "recovered",
        (json_int_t)of->recovered, "begins_seen", (json_int_t)of->begins, "older_than_log",
        (json_int_t)of->late, "verdict", cure_verdict_text(of->verdict), "chosen",
        of->best == NULL ? json_null() : json_string(cure_family_names[of->best->cure.family]),
        "families", families, "away", ages_json(fit, cause));
}

void fit_report_json(FILE *out, const struct fit_report *report)
{
    char first[FIGURE_MOST], last[FIGURE_MOST];
    json_t *causes = json_array();

    for (int i = 0; i < CAUSE_COUNT; i++)
        json_array_append_new(causes, cause_json(report->fit, (enum cause)i));
    json_t *json =
        json_pack("{s:{s:I, s:s, s:s, s:o}, s:o, s:I}", "log", "postfix_lines",
                  (json_int_t)report->totals->postfix_lines, "first",
                  figure_utc(report->totals->first, first), "last",
                  figure_utc(report->totals->last, last), "length_s", real(report->fit->length),
                  "causes", causes, "other_failures", (json_int_t)report->episodes->others);
    REQUIRE(json != NULL);
    json_print(out, json, 9);
}
