/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/comparison_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/figures.h"
#include "io/verdict.h"
#include "io/wrapped.h"

#define COLUMN 12

/* Those that people compare; the others are in the CSV. */
static const struct line {
    const char *metric, *heading;
} lines[] = {
    {"delivered", "delivered"},
    {"late", "  late"},
    {"utility", "utility of the mail"},
    {"bounced", "bounced"},
    {"expired", "expired"},
    {"queued", "still queued"},
    {"delay_p50", "delay p50"},
    {"delay_p90", "  p90"},
    {"delay_p99", "  p99"},
    {"bad_news_p50", "bad news p50"},
    {"bad_news_p90", "  p90"},
    {"warnings", "delay warnings"},
    {"attempts", "attempts"},
    {"suspended", "  not tried, site dead"},
    {"attempts_per_scan_max", "  busiest scan"},
    {"deferred_queue_max", "deferred queue, most"},
};

/* Means of counts have a decimal while that tells something. */
static const char *figure_text(const struct metric *metric, double value, bool is_mean,
                               char text[FIGURE_MOST])
{
    double size = fabs(value);

    if (isnan(value))
        snprintf(text, FIGURE_MOST, "-");
    else if (strcmp(metric->unit, "s") == 0)
        figure_span((uint64_t)llround(1000 * size), text);
    else if (is_mean && size < 100 && size > 0)
        snprintf(text, FIGURE_MOST, "%.1f", size);
    else
        figure_count((uint64_t)llround(size), text);
    return text;
}

static const char *signed_text(const struct metric *metric, double value, bool is_mean,
                               char text[FIGURE_MOST + 1])
{
    char size[FIGURE_MOST];

    figure_text(metric, value, is_mean, size);
    bool is_nothing = strspn(size, "0. s") == strlen(size);
    snprintf(text, FIGURE_MOST + 1, "%s%s", is_nothing ? "" : value < 0 ? "-" : "+", size);
    return text;
}

/* Student's interval is as far to either side. */
static void print_margin(FILE *out, const struct metric *metric, struct interval difference)
{
    char text[FIGURE_MOST];
    double margin = difference.high - difference.mean;

    if (margin > 0)
        fprintf(out, " %*s", COLUMN, figure_text(metric, margin, true, text));
}

/* Of what is not there nothing is said; no time at all is a time, and no worth is a worth. */
static bool is_worth_a_line(const struct metric *metric, double mean)
{
    bool counts = strcmp(metric->unit, "s") != 0 && strcmp(metric->unit, "value") != 0;

    return counts ? mean > 0 : !isnan(mean);
}

/* Only what is worth something can be worth less than nothing. */
static const char *own_text(const struct metric *metric, double value, bool is_mean,
                            char text[FIGURE_MOST + 1])
{
    text[0] = '-';
    figure_text(metric, value, is_mean, value < 0 ? text + 1 : text);
    return text;
}

static void print_line(FILE *out, const struct comparison *comparison, size_t point,
                       const struct line *line)
{
    const struct metric *metric = metric_find(line->metric);

    if (metric == NULL)
        return;
    size_t number = (size_t)(metric - metrics);
    struct interval first = comparison_figure(comparison, 0, number);
    struct interval figure = comparison_figure(comparison, point, number);
    struct interval difference = comparison_difference(comparison, point, number);
    bool is_mean = comparison_replications(comparison) > 1;
    char a[FIGURE_MOST + 1], b[FIGURE_MOST + 1], d[FIGURE_MOST + 1];

    if (!is_worth_a_line(metric, first.mean) && !is_worth_a_line(metric, figure.mean))
        return;
    fprintf(out, "%-22s %*s %*s", line->heading, COLUMN, own_text(metric, first.mean, is_mean, a),
            COLUMN, own_text(metric, figure.mean, is_mean, b));
    if (!isnan(difference.mean))
        fprintf(out, " %*s", COLUMN, signed_text(metric, difference.mean, is_mean, d));
    print_margin(out, metric, difference);
    fprintf(out, "\n");
}

/* As many bounce, too, where the end came before any could. */
static void print_queued(FILE *out, const struct comparison *comparison, size_t point)
{
    char *text;
    size_t length;
    FILE *sentence = open_memstream(&text, &length);

    REQUIRE(sentence != NULL);
    bool any = verdict_print_queued(sentence, comparison->keys[point * comparison->key_count],
                                    comparison_figure_of(comparison, point, "queued").mean,
                                    comparison_figure_of(comparison, point, "recipients").mean);
    fclose(sentence);
    if (any)
        print_wrapped(out, text, 0);
    free(text);
}

static void print_verdict(FILE *out, const struct comparison *comparison, size_t point)
{
    struct verdict verdict = verdict_of(comparison, point);
    char *text;
    size_t length;
    FILE *sentence = open_memstream(&text, &length);

    REQUIRE(sentence != NULL);
    verdict_print(sentence, &verdict);
    fclose(sentence);
    print_wrapped(out, text, 0);
    free(text);
}

void comparison_print(FILE *out, const struct comparison *comparison)
{
    for (size_t point = 1; point < comparison->points; point++) {
        fprintf(out, "\n");
        print_verdict(out, comparison, point);
        if (point == 1)
            print_queued(out, comparison, 0);
        print_queued(out, comparison, point);
        fprintf(out, "\n%-22s %*.*s %*.*s %*s%s\n", "", COLUMN, COLUMN, comparison->keys[0], COLUMN,
                COLUMN, comparison->keys[point * comparison->key_count], COLUMN, "difference",
                comparison_replications(comparison) > 1 ? "    95 % +/-" : "");
        for (size_t i = 0; i < COUNT_OF(lines); i++)
            print_line(out, comparison, point, &lines[i]);
    }
}
