/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/verdict.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "io/figures.h"

/* A sentence under way. */
struct sentence {
    char *text;
    size_t used;
};

static PRINTF_LIKE(2, 3) void add(struct sentence *sentence, const char *fmt, ...)
{
    size_t room = VERDICT_MOST - sentence->used;
    va_list args;

    va_start(args, fmt);
    int length = vsnprintf(sentence->text + sentence->used, room, fmt, args);
    va_end(args);
    sentence->used += (size_t)length < room ? (size_t)length : room - 1;
}

/* As many decimals as tell something: 12 %, 1.2 %, 0.012 %. */
static int decimals_of(double percent)
{
    double size = fabs(percent);

    return size >= 10 ? 0 : size >= 0.1 || size == 0 ? 1 : size >= 0.01 ? 2 : 3;
}

static bool is_nothing(struct interval share)
{
    return share.mean == 0 && !(share.low < 0) && !(share.high > 0);
}

static void add_given_up(struct sentence *sentence, struct interval share)
{
    int decimals = decimals_of(100 * share.mean);

    if (isnan(share.mean))
        add(sentence, "no mail");
    else if (is_nothing(share))
        add(sentence, "as much bounced");
    else
        add(sentence, "%+.*f %% bounced", decimals, 100 * share.mean);
    if (!isnan(share.low) && !is_nothing(share))
        add(sentence, " (%.*f to %.*f)", decimals, 100 * share.low, decimals, 100 * share.high);
}

/* In seconds; below a minute there is no difference for people. */
static void add_bad_news(struct sentence *sentence, struct interval later)
{
    char span[FIGURE_MOST];

    if (isnan(later.mean))
        return;
    if (fabs(later.mean) < 60)
        add(sentence, ", senders learn as soon");
    else
        add(sentence, ", senders learn %s %s",
            figure_span((uint64_t)llround(1000 * fabs(later.mean)), span),
            later.mean < 0 ? "earlier" : "later");
}

static void add_attempts(struct sentence *sentence, double first, double more)
{
    double percent = 100 * more / first;

    if (isnan(percent) || first == 0)
        return;
    if (fabs(percent) < 0.5)
        add(sentence, ", as many attempts");
    else
        add(sentence, ", %.0f %% %s attempts", fabs(percent), percent < 0 ? "fewer" : "more");
}

const char *verdict_text(const struct comparison *comparison, size_t point, char text[VERDICT_MOST])
{
    struct sentence sentence = {text, 0};
    size_t keys = comparison->key_count;

    text[0] = '\0';
    add(&sentence, "%.80s instead of %.80s: ", comparison->keys[point * keys], comparison->keys[0]);
    add_given_up(&sentence, comparison_more_given_up(comparison, point));
    add_bad_news(&sentence, comparison_difference_of(comparison, point, "bad_news_p50"));
    add_attempts(&sentence, comparison_figure_of(comparison, 0, "attempts").mean,
                 comparison_difference_of(comparison, point, "attempts").mean);
    return text;
}
