/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/tuned.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/expression.h"
#include "io/figures.h"
#include "models/refine.h"
#include "sim/alloc.h"

#define MOST_LINES 25  /* of the table */
#define LINES_BEHIND 3 /* what is best */

void tuned_init(struct tuned *tuned)
{
    *tuned = (struct tuned){.metric = metric_find("attempts"), .best = SIZE_MAX};
    goal_names_add_metrics(&tuned->names);
    expression_add_lost(&tuned->names);
}

static void forget_candidate(const struct tuned *tuned, struct candidate *candidate)
{
    for (size_t i = 0; i < tuned->axis_count; i++)
        free(candidate->keys[i]);
    free(candidate->figures);
    *candidate = (struct candidate){0};
}

void tuned_fini(struct tuned *tuned)
{
    forget_candidate(tuned, &tuned->present);
    for (size_t i = 0; i < tuned->count; i++)
        forget_candidate(tuned, &tuned->list[i]);
    for (size_t i = 0; i < tuned->axis_count; i++)
        free(tuned->axes[i]);
    free(tuned->list);
    free(tuned->edges);
    goal_fini(&tuned->goal);
    goal_names_fini(&tuned->names);
}

bool tuned_is_met(const struct tuned *tuned)
{
    return tuned->best != SIZE_MAX;
}

bool tuned_fits(const struct tuned *tuned, const struct scenario *scenario, struct err *err)
{
    return expression_fits_classes("--goal", tuned->goal_text, scenario, err)
           && expression_fits_classes(tuned->metric_option, tuned->metric->name, scenario, err);
}

/* ------------------------------------------------------------------ points */

static size_t count_met(const struct tuned *tuned, const struct comparison *comparison,
                        size_t point)
{
    size_t met = 0;

    for (size_t r = 0; r < comparison_replications(comparison); r++)
        met += goal_holds(&tuned->goal, expression_value,
                          &(struct expression_point){comparison, point, r})
               == TRUTH_YES;
    return met;
}

static struct candidate candidate_of(const struct tuned *tuned, const struct comparison *comparison,
                                     size_t point)
{
    struct expression_point at = {comparison, point, 0};
    struct candidate candidate = {
        .truth = goal_holds(&tuned->goal, expression_mean, &at),
        .failed = goal_failed(&tuned->goal, expression_mean, &at),
        .met = count_met(tuned, comparison, point),
        .cost = comparison_figure_of(comparison, point, tuned->metric->name).mean,
        .recipients = comparison_figure_of(comparison, point, "recipients").mean,
        .queued = comparison_figure_of(comparison, point, "queued").mean,
        .figures = expression_figures(&tuned->goal, &tuned->names, expression_mean, &at),
    };

    for (size_t i = 0; i < comparison->key_count; i++) {
        const char *key = comparison->keys[point * comparison->key_count + i];
        candidate.keys[i] = alloc_text(key, strlen(key));
    }
    return candidate;
}

static bool is_same(const struct tuned *tuned, const struct candidate *a, const struct candidate *b)
{
    for (size_t i = 0; i < tuned->axis_count; i++) {
        if (strcmp(a->keys[i], b->keys[i]) != 0)
            return false;
    }
    return true;
}

void tuned_set_subject(struct tuned *tuned, const struct subject *subject, uint64_t seed)
{
    tuned->seed = seed;
    tuned->source = subject->path;
    tuned->is_log = subject->is_log;
    tuned->remark = subject_remark(subject);
}

void tuned_set_present(struct tuned *tuned, const struct comparison *comparison)
{
    if (tuned->axis_count > 0)
        return;
    tuned->replications = comparison_replications(comparison);
    tuned->axis_count = comparison->key_count;
    for (size_t i = 0; i < tuned->axis_count; i++)
        tuned->axes[i] = alloc_text(comparison->key_names[i], strlen(comparison->key_names[i]));
    tuned->present = candidate_of(tuned, comparison, 0);
}

static bool is_alike(const struct comparison *comparison, size_t a, size_t b)
{
    const struct samples *samples = &comparison->samples;
    size_t width = metric_count();

    for (size_t r = 0; r < samples->count; r++) {
        const double *figures = samples->values + r * samples->width;
        if (memcmp(figures + a * width, figures + b * width, width * sizeof *figures) != 0)
            return false;
    }
    return true;
}

/* Each point against that with the first value of the axis. */
static bool is_idle(const struct comparison *comparison, const struct sweep *sweep, size_t axis)
{
    size_t count = sweep->axes[axis].count, stride = 1;

    for (size_t i = axis + 1; i < sweep->axis_count; i++)
        stride *= sweep->axes[i].count;
    for (size_t point = 0; point < sweep_points(sweep); point++) {
        size_t first = point - point / stride % count * stride;
        if (!is_alike(comparison, 1 + point, 1 + first))
            return false;
    }
    return count > 1;
}

void tuned_note_idle(struct tuned *tuned, const struct comparison *comparison,
                     const struct sweep *sweep)
{
    for (size_t i = 0; i < sweep->axis_count; i++)
        tuned->is_idle[i] = is_idle(comparison, sweep, i);
}

static bool has_mail(const struct tuned *tuned)
{
    return tuned->present.recipients > 0;
}

/* The less, the better. */
static double burden(const struct tuned *tuned, const struct candidate *candidate)
{
    return tuned->maximise ? -candidate->cost : candidate->cost;
}

/* A goal that cannot be told is not met; nor is a cost known that was not measured. */
static bool is_better(const struct tuned *tuned, const struct candidate *candidate)
{
    if (!has_mail(tuned) || candidate->truth != TRUTH_YES || isnan(candidate->cost))
        return false;
    return tuned->best == SIZE_MAX
           || burden(tuned, candidate) < burden(tuned, &tuned->list[tuned->best]);
}

void tuned_add(struct tuned *tuned, const struct comparison *comparison, size_t point)
{
    struct candidate candidate = candidate_of(tuned, comparison, point);

    for (size_t i = 0; i < tuned->count; i++) {
        if (is_same(tuned, &tuned->list[i], &candidate)) {
            forget_candidate(tuned, &candidate);
            return;
        }
    }
    if (is_better(tuned, &candidate))
        tuned->best = tuned->count;
    tuned->list = alloc_grow(tuned->list, &tuned->room, tuned->count + 1, sizeof *tuned->list);
    tuned->list[tuned->count++] = candidate;
}

static bool look_into_gap(const struct tuned *tuned, const struct sweep *tried, struct sweep *finer)
{
    struct refine_point *points = alloc_zeroed((tuned->count + 1) * sizeof *points);

    for (size_t i = 0; i < tuned->count; i++) {
        const struct candidate *candidate = &tuned->list[i];
        points[i] = (struct refine_point){(const char *const *)candidate->keys, candidate->failed,
                                          burden(tuned, candidate)};
    }
    bool good = refine_gap(tried, points, tuned->count, finer);
    free(points);
    return good;
}

bool tuned_look_on(const struct tuned *tuned, const struct sweep *tried, struct sweep *finer)
{
    if (!tuned_is_met(tuned))
        return look_into_gap(tuned, tried, finer);
    return refine(tried, (const char *const *)tuned->list[tuned->best].keys, finer);
}

void tuned_note_edges(struct tuned *tuned, const struct sweep *tried)
{
    for (size_t i = 0; tuned_is_met(tuned) && i < tried->axis_count; i++) {
        const char *value = tuned->list[tuned->best].keys[i];
        int edge = refine_edge(&tried->axes[i], value);
        if (edge == 0 || tuned->is_idle[i])
            continue;
        char *edges =
            alloc_printf("%s%s%s=%s is the %s that was tried",
                         tuned->edges == NULL ? "" : tuned->edges, tuned->edges == NULL ? "" : ", ",
                         tried->axes[i].name, value, edge < 0 ? "least" : "greatest");
        free(tuned->edges);
        tuned->edges = edges;
    }
}

/* ------------------------------------------------------------------ answer */

static void print_keys(FILE *out, const struct tuned *tuned, const struct candidate *candidate)
{
    for (size_t i = 0; i < tuned->axis_count; i++)
        fprintf(out, "%s%s=%s", i > 0 ? ", " : "", tuned->axes[i], candidate->keys[i]);
}

static const char *cost_text(const struct tuned *tuned, double cost, char text[FIGURE_MOST])
{
    if (isnan(cost))
        snprintf(text, FIGURE_MOST, "-");
    else if (strcmp(tuned->metric->unit, "s") == 0)
        figure_span((uint64_t)llround(1000 * cost), text);
    else
        expression_count(round(cost), text);
    return text;
}

static int by_cost(const void *a, const void *b)
{
    const struct candidate *x = *(const struct candidate *const *)a;
    const struct candidate *y = *(const struct candidate *const *)b;

    if (isnan(x->cost) || isnan(y->cost))
        return isnan(x->cost) - isnan(y->cost);
    return x->cost < y->cost ? -1 : x->cost > y->cost;
}

/* What has no value is last, too. */
static int by_gain(const void *a, const void *b)
{
    const struct candidate *x = *(const struct candidate *const *)a;
    bool both = !isnan(x->cost) && !isnan((*(const struct candidate *const *)b)->cost);

    return both ? by_cost(b, a) : by_cost(a, b);
}

static const char *truth_word(const struct tuned *tuned, const struct candidate *candidate)
{
    if (tuned_is_met(tuned) && candidate == &tuned->list[tuned->best])
        return "best";
    return candidate->truth == TRUTH_YES ? "yes" : candidate->truth == TRUTH_NO ? "no" : "?";
}

static void print_line(FILE *out, const struct tuned *tuned, const struct candidate *candidate)
{
    char text[FIGURE_MOST];

    fprintf(out, "%-5s %12s  ", truth_word(tuned, candidate),
            cost_text(tuned, candidate->cost, text));
    print_keys(out, tuned, candidate);
    fprintf(out, "; %s\n", candidate->figures);
}

/* Where the table begins, so that the best and a few behind it are among its lines. */
static size_t first_line(const struct tuned *tuned, const struct candidate *const *order)
{
    size_t best = 0, most = tuned->count < MOST_LINES ? 0 : tuned->count - MOST_LINES;

    while (tuned_is_met(tuned) && order[best] != &tuned->list[tuned->best])
        best++;
    size_t first = best + LINES_BEHIND < MOST_LINES ? 0 : best + LINES_BEHIND + 1 - MOST_LINES;
    return first < most ? first : most;
}

/* In the order of the costs. */
static void print_table(FILE *out, const struct tuned *tuned)
{
    const struct candidate **order = alloc_zeroed((tuned->count + 1) * sizeof *order);

    for (size_t i = 0; i < tuned->count; i++)
        order[i] = &tuned->list[i];
    qsort(order, tuned->count, sizeof *order, tuned->maximise ? by_gain : by_cost);
    size_t first = first_line(tuned, order), end = first + MOST_LINES;
    end = end < tuned->count ? end : tuned->count;
    fprintf(out, "\n%-5s %12s\n", "goal", tuned->metric->name);
    if (first > 0)
        fprintf(out, "%zu with %s\n", first, tuned->maximise ? "more" : "less");
    for (size_t i = first; i < end; i++)
        print_line(out, tuned, order[i]);
    if (end < tuned->count)
        fprintf(out, "and %zu with %s\n", tuned->count - end, tuned->maximise ? "less" : "more");
    free(order);
}

static void print_best(FILE *out, const struct tuned *tuned, const struct candidate *best)
{
    char text[FIGURE_MOST], now[FIGURE_MOST];

    fprintf(out, "\nbest: ");
    print_keys(out, tuned, best);
    fprintf(out, "\n%s %s, with what is configured %s (", tuned->metric->name,
            cost_text(tuned, best->cost, text), cost_text(tuned, tuned->present.cost, now));
    print_keys(out, tuned, &tuned->present);
    fprintf(out, ")\ngoal %s: %s\n", tuned->goal_text, best->figures);
}

/* What the figures do not tell. */
static void print_limits(FILE *out, const struct tuned *tuned, const struct candidate *best)
{
    if (best->met < tuned->replications)
        fprintf(out,
                "that holds of the means; of single replications the goal is met in %zu of %zu\n",
                best->met, tuned->replications);
    if (tuned->edges != NULL)
        fprintf(out, "%s: beyond that nothing is known\n", tuned->edges);
}

static bool is_met_by_any(const struct tuned *tuned)
{
    size_t i = 0;

    while (i < tuned->count && tuned->list[i].truth != TRUTH_YES)
        i++;
    return i < tuned->count;
}

/* What waits at the end under what is configured is delivered by no setting, and lost by none; and
 * yet its end is not known. */
static void print_open(FILE *out, const struct tuned *tuned, double queued_with_best)
{
    const struct candidate *present = &tuned->present;
    char now[FIGURE_MOST], all[FIGURE_MOST], best[FIGURE_MOST];

    if (present->queued == 0 && queued_with_best == 0)
        return;
    fprintf(out,
            "not certain: still queued at the end: %s of %s recipients with what is configured",
            expression_count(present->queued, now), expression_count(present->recipients, all));
    if (tuned_is_met(tuned))
        fprintf(out, ", %s with the best", expression_count(queued_with_best, best));
    fprintf(out,
            ";\ntheir end is open, and what gives them up sooner seems to lose nothing by it\n");
    if (!tuned->is_log)
        fprintf(out, "the scenario is to last until no mail waits\n");
}

static void print_idle(FILE *out, const struct tuned *tuned)
{
    for (size_t i = 0; i < tuned->axis_count; i++) {
        if (tuned->is_idle[i])
            fprintf(out, "%s decides nothing here: all figures are the same whatever its value\n",
                    tuned->axes[i]);
    }
}

static void print_answer(FILE *out, const struct tuned *tuned)
{
    if (tuned_is_met(tuned)) {
        print_best(out, tuned, &tuned->list[tuned->best]);
        print_open(out, tuned, tuned->list[tuned->best].queued);
        print_limits(out, tuned, &tuned->list[tuned->best]);
    } else {
        fprintf(out, "\nno setting that was tried meets the goal %s%s%s\n", tuned->goal_text,
                is_met_by_any(tuned) ? " and has a value for " : "",
                is_met_by_any(tuned) ? tuned->metric->name : "");
        print_open(out, tuned, 0);
    }
    print_idle(out, tuned);
    print_table(out, tuned);
}

void tuned_print(FILE *out, const struct tuned *tuned)
{
    fprintf(out, "%s: seed %" PRIu64 ", %zu setting%s, %zu replication%s of each\n", tuned->source,
            tuned->seed, tuned->count, tuned->count == 1 ? "" : "s", tuned->replications,
            tuned->replications == 1 ? "" : "s");
    if (has_mail(tuned))
        print_answer(out, tuned);
    else
        fprintf(out, "\nnothing to tune, as no mail came\n");
    fprintf(out, "%s", tuned->remark);
}
