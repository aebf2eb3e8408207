/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/expression.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli.h"
#include "sim/alloc.h"

#define VALUE_MOST 80

/* Where a name stands in a text, and not as a part of a longer one; NULL: nowhere. */
static const char *name_at(const char *text, const char *name)
{
    static const char in_names[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.";
    size_t length;

    for (const char *next = text; *next != '\0'; next += length) {
        next += strcspn(next, in_names);
        length = strspn(next, in_names);
        if (length > 0 && length == strlen(name) && memcmp(next, name, length) == 0)
            return next;
    }
    return NULL;
}

static bool is_known(const struct goal_names *names, const char *name)
{
    size_t i = 0;

    while (i < names->count && strcmp(names->list[i].name, name) != 0)
        i++;
    return i < names->count;
}

/* A word that means something elsewhere. */
static void refuse_lost(const struct goal_names *names, const char *text, struct err *err)
{
    const char *at = name_at(text, "lost");

    if (err->line == NULL || at != err->line + err->spot || is_known(names, "lost"))
        return;
    err_set(err, "lost is of compare and tune, which measure against what is configured");
    err_at(err, text, (size_t)(at - text));
}

bool expression_take(struct goal *goal, const char *option, const char *text,
                     const struct goal_names *names, struct err *err)
{
    if (goal_parse(goal, text, names, err))
        return true;
    refuse_lost(names, text, err);
    err->status = EX_USAGE;
    return err_within(err, "%s", option);
}

/* Metrics that have a value only where there are classes. */
static const char *const of_classes[] = {"late", "utility"};

static bool is_of_classes(const char *name)
{
    size_t i = 0;

    while (i < COUNT_OF(of_classes) && strcmp(of_classes[i], name) != 0)
        i++;
    return i < COUNT_OF(of_classes);
}

bool expression_fits_classes(const char *option, const char *text, const struct scenario *scenario,
                             struct err *err)
{
    for (size_t i = 0; !scenario_has_classes(scenario) && i < COUNT_OF(of_classes); i++) {
        const char *at = name_at(text, of_classes[i]);
        if (at == NULL)
            continue;
        err_exit(err, EX_USAGE,
                 "%s: %s has no value, as there are no classes of mail: a scenario may have some, "
                 "as class letter { deadline = 1h }",
                 option, of_classes[i]);
        return err_at(err, text, (size_t)(at - text));
    }
    return true;
}

/* Without the zeros behind the point. */
static void put_decimals(char text[FIGURE_MOST], double number, int decimals)
{
    double scale = pow(10, decimals), rounded = round(number * scale) / scale + 0.0; /* no -0 */
    size_t length = (size_t)snprintf(text, FIGURE_MOST, "%.*f", decimals, rounded);

    if (length >= FIGURE_MOST)
        snprintf(text, FIGURE_MOST, "%.10g", number);
    while (length < FIGURE_MOST && text[length - 1] == '0')
        text[--length] = '\0';
    if (length < FIGURE_MOST && text[length - 1] == '.')
        text[--length] = '\0';
}

const char *expression_count(double count, char text[FIGURE_MOST])
{
    char whole[FIGURE_MOST], decimals[FIGURE_MOST];
    double rounded = round(100 * fabs(count)) / 100;

    if (!(rounded < 1e12)) {
        snprintf(text, FIGURE_MOST, "%.10g", count);
        return text;
    }
    put_decimals(decimals, rounded - floor(rounded), 2);
    figure_count((uint64_t)rounded, whole);
    snprintf(text, FIGURE_MOST, "%s%.20s%.3s", count < 0 && rounded > 0 ? "-" : "", whole,
             decimals + 1);
    return text;
}

/* "31 h 02 (111720 s)": what people read, and what was compared. */
static void put_span(char text[VALUE_MOST], double seconds)
{
    char figure[FIGURE_MOST], number[FIGURE_MOST];

    put_decimals(number, seconds, seconds < 60 ? 3 : 1);
    if (seconds < 60)
        snprintf(text, VALUE_MOST, "%s s", number);
    else
        snprintf(text, VALUE_MOST, "%s (%s s)", figure_span((uint64_t)(seconds * 1000), figure),
                 number);
}

/* What is asked, and of whom. */
struct asked {
    const struct goal *goal;
    const struct goal_names *names;
    goal_value_fn *value;
    void *user;
};

/* What a name counts as a share of all, NAN where the goal does not ask for that. */
static double share_of(const struct asked *asked, const struct goal_name *name, double count)
{
    const struct goal_names *names = asked->names;

    for (size_t i = 0; i < names->count; i++) {
        const struct goal_name *all = &names->list[i];
        if (all == name || strcmp(all->name, name->unit) != 0 || !goal_needs(asked->goal, i))
            continue;
        double total = asked->value(asked->user, i);
        return total == 0 ? NAN : count / total;
    }
    return NAN;
}

/* "bounced 106 (0.848 %)" */
static char *figure_text(const struct asked *asked, size_t number)
{
    const struct goal_name *name = &asked->names->list[number];
    double value = asked->value(asked->user, number), share = share_of(asked, name, value);
    char text[VALUE_MOST], percentage[FIGURE_MOST];

    if (isnan(value))
        return alloc_printf("%s has no value%s", name->name,
                            is_of_classes(name->name) ? ", as there are no classes of mail" : "");
    if (strcmp(name->unit, "s") == 0) {
        put_span(text, value);
        return alloc_printf("%s %s", name->name, text);
    }
    expression_count(value, text);
    if (isnan(share))
        return alloc_printf("%s %s", name->name, text);
    put_decimals(percentage, 100 * share, 3);
    return alloc_printf("%s %s (%s %%)", name->name, text, percentage);
}

static void append(char **list, const char *between, const char *more)
{
    char *longer = alloc_printf("%s%s%s", *list, **list == '\0' ? "" : between, more);

    free(*list);
    *list = longer;
}

char *expression_figures(const struct goal *goal, const struct goal_names *names,
                         goal_value_fn *value, void *user)
{
    struct asked asked = {goal, names, value, user};
    char *list = alloc_text("", 0);
    bool all_known = true;

    for (size_t i = 0; i < names->count; i++) {
        if (!goal_needs(goal, i))
            continue;
        char *figure = figure_text(&asked, i);
        append(&list, ", ", figure);
        free(figure);
        all_known &= !isnan(value(user, i));
    }
    if (all_known && goal_holds(goal, value, user) == TRUTH_UNKNOWN)
        append(&list, "; ", "what is divided by 0 has no value");
    return list;
}

/* -------------------------------------------------------------- comparisons */

void expression_add_lost(struct goal_names *names)
{
    goal_names_add(names, "lost", "recipients");
}

double expression_mean(void *expression_point, size_t name)
{
    const struct expression_point *at = expression_point;

    if (name < metric_count())
        return comparison_figure(at->comparison, at->point, name).mean;
    return -comparison_difference_of(at->comparison, at->point, "delivered").mean;
}

double expression_value(void *expression_point, size_t name)
{
    const struct expression_point *at = expression_point;
    const struct samples *samples = &at->comparison->samples;
    const double *first = samples->values + at->replication * samples->width;
    const double *figures = first + at->point * metric_count();
    size_t delivered = (size_t)(metric_find("delivered") - metrics);

    return name < metric_count() ? figures[name] : first[delivered] - figures[delivered];
}

/* --------------------------------------------------------------- --fail-if */

void fail_if_init(struct fail_if *fail_if)
{
    *fail_if = (struct fail_if){0};
    goal_names_add_metrics(&fail_if->names);
}

void fail_if_fini(struct fail_if *fail_if)
{
    goal_fini(&fail_if->goal);
    goal_names_fini(&fail_if->names);
}

bool fail_if_take(struct fail_if *fail_if, const char *text, struct err *err)
{
    if (fail_if->text != NULL)
        return err_exit(err, EX_USAGE, "--fail-if: given twice: join the expressions with |");
    fail_if->text = text;
    return expression_take(&fail_if->goal, "--fail-if", text, &fail_if->names, err);
}

void fail_if_test(struct fail_if *fail_if, const char *policy, goal_value_fn *value, void *user)
{
    enum truth truth = fail_if->text == NULL ? TRUTH_NO : goal_holds(&fail_if->goal, value, user);

    if (truth == TRUTH_NO)
        return;
    char *figures = expression_figures(&fail_if->goal, &fail_if->names, value, user);
    char *said = alloc_printf("%s%s--fail-if '%s' %s: %s", policy == NULL ? "" : policy,
                              policy == NULL ? "" : ": ", fail_if->text,
                              truth == TRUTH_YES ? "holds" : "cannot be told", figures);
    fflush(stdout); /* the answer comes before what is said of it */
    cli_say(truth == TRUTH_YES ? "" : "warning: ", said);
    fail_if->holds |= truth == TRUTH_YES;
    free(said);
    free(figures);
}
