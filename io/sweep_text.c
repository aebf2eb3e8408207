/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sweep_text.h"

#include <math.h>
#include <string.h>

#include "io/figures.h"
#include "sim/alloc.h"

#define KEY_LEAST 10

static const struct column {
    const char *metric, *heading;
    int width;
} columns[] = {
    {"bad_news_p50", "bad news", 10},
    {"delay_p90", "delay p90", 10},
    {"attempts", "attempts", 9},
    {"attempts_per_scan_max", "busiest", 7},
};

/* ---------------------------------------------------------------- headings */

/* How much of a name stands on one line: whole words, "maximal_", "queue_", if they fit. */
static size_t piece(const char *name, size_t width)
{
    size_t length = 0;

    for (;;) {
        size_t word = strcspn(name + length, "_");
        word += name[length + word] == '_';
        if (word == 0 || (length > 0 && length + word > width))
            return length;
        length += word;
    }
}

static size_t key_width(const struct comparison *comparison, size_t key)
{
    size_t width = KEY_LEAST;

    for (size_t point = 0; point < comparison->points; point++) {
        size_t length = strlen(comparison->keys[point * comparison->key_count + key]);
        width = length > width ? length : width;
    }
    return width;
}

static size_t lines_of(const char *name, size_t width)
{
    size_t lines = 0;

    for (; *name != '\0'; name += piece(name, width))
        lines++;
    return lines;
}

/* Line `line` of a name that takes `lines`, the last of them on the last line of `all`. */
static void print_piece(FILE *out, const char *name, size_t width, size_t line, size_t all)
{
    size_t above = all - lines_of(name, width);

    for (size_t i = above; i < line; i++)
        name += piece(name, width);
    size_t length = line < above ? 0 : piece(name, width);
    fprintf(out, "%-*.*s  ", (int)width, (int)length, name);
}

static void print_headings(FILE *out, const struct comparison *comparison)
{
    size_t all = 1;

    for (size_t k = 0; k < comparison->key_count; k++) {
        size_t lines = lines_of(comparison->key_names[k], key_width(comparison, k));
        all = lines > all ? lines : all;
    }
    for (size_t line = 0; line < all; line++) {
        for (size_t k = 0; k < comparison->key_count; k++)
            print_piece(out, comparison->key_names[k], key_width(comparison, k), line, all);
        if (line + 1 < all) {
            fprintf(out, "\n");
            continue;
        }
        fprintf(out, "%8s %6s", "given up", "+/-");
        for (size_t i = 0; i < COUNT_OF(columns); i++)
            fprintf(out, " %*s", columns[i].width, columns[i].heading);
        fprintf(out, "\n");
    }
}

/* ------------------------------------------------------------------ points */

static void print_share(FILE *out, struct interval share)
{
    char text[FIGURE_MOST] = "-", margin[FIGURE_MOST] = "";

    if (!isnan(share.mean))
        snprintf(text, sizeof text, "%.2f %%", 100 * share.mean);
    if (!isnan(share.low))
        snprintf(margin, sizeof margin, "%.2f", 100 * (share.high - share.mean));
    fprintf(out, "%8s %6s", text, margin);
}

static void print_mean(FILE *out, const struct comparison *comparison, size_t point,
                       const struct column *column)
{
    double mean = comparison_figure_of(comparison, point, column->metric).mean;
    bool is_span = strcmp(metric_find(column->metric)->unit, "s") == 0;
    char text[FIGURE_MOST] = "-";

    if (!isnan(mean) && is_span)
        figure_span((uint64_t)llround(1000 * mean), text);
    else if (!isnan(mean))
        figure_count((uint64_t)llround(mean), text);
    fprintf(out, " %*s", column->width, text);
}

/* Means over the replications: less than half a recipient is told as well. */
static void print_queued(FILE *out, const struct comparison *comparison)
{
    char most_text[FIGURE_MOST];
    double most = 0;
    size_t points = 0;

    for (size_t point = 0; point < comparison->points; point++) {
        double queued = comparison_figure_of(comparison, point, "queued").mean;
        if (queued > 0)
            points++;
        most = fmax(most, queued);
    }
    uint64_t up_to = (uint64_t)ceil(most);
    if (points > 0)
        fprintf(out,
                "\nMail was still queued at the end of %zu of %zu points, for up to %s "
                "recipient%s:\nthese are not given up yet.\n",
                points, comparison->points, figure_count(up_to, most_text), up_to == 1 ? "" : "s");
}

void sweep_print(FILE *out, const struct comparison *comparison)
{
    print_headings(out, comparison);
    for (size_t point = 0; point < comparison->points; point++) {
        for (size_t k = 0; k < comparison->key_count; k++)
            fprintf(out, "%-*s  ", (int)key_width(comparison, k),
                    comparison->keys[point * comparison->key_count + k]);
        print_share(out, comparison_given_up(comparison, point));
        for (size_t i = 0; i < COUNT_OF(columns); i++)
            print_mean(out, comparison, point, &columns[i]);
        fprintf(out, "\n");
    }
    print_queued(out, comparison);
}
