/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/verdict.h"

#include <math.h>
#include <string.h>

#include "io/report_figures.h"

/* (3.9 to 4.3); whether 0 is in it, so that all may be chance. */
static void put_percent_range(FILE *out, struct interval i, int decimals)
{
    if (isnan(i.low) || isnan(i.high))
        return;
    fprintf(out, " (%.*f to %.*f%s)", decimals, i.low, decimals, i.high,
            i.low <= 0 && i.high >= 0 ? ", which may be chance" : "");
}

static int decimals_of(double percent)
{
    return fabs(percent) < 0.95 ? 2 : 1;
}

/* Above zero: more. */
static void put_percent(FILE *out, struct interval i, const char *what)
{
    bool more = i.mean >= 0;
    struct interval size = interval_scaled(i, more ? 1 : -1);
    int decimals = decimals_of(size.mean);

    if (!more && size.high > 100) /* than all cannot be saved */
        size.high = 100;
    fprintf(out, "%.*f %% %s %s", decimals, size.mean, more ? "more" : "fewer", what);
    put_percent_range(out, size, decimals);
}

static void put_time(FILE *out, struct interval i)
{
    bool later = i.mean >= 0;
    struct interval size = interval_scaled(i, later ? 1 : -1);
    char text[3][FIGURE_MOST];

    fprintf(out, "%s %s", report_span(size.mean, text[0]), later ? "later" : "earlier");
    if (isnan(size.low) || isnan(size.high))
        return;
    if (size.low <= 0) {
        fprintf(out, " (which may be chance)");
        return;
    }
    report_span(size.low, text[1]);
    report_span(size.high, text[2]);
    if (strcmp(text[1], text[2]) != 0)
        fprintf(out, " (%s to %s)", text[1], text[2]);
}

static void put_bounces(FILE *out, const struct verdict *verdict)
{
    if (fabs(verdict->bounced.mean) >= VERDICT_LEAST_PERCENT) {
        put_percent(out, verdict->bounced, "of all recipients bounce");
        return;
    }
    fprintf(out, "as many recipients bounce");
    if (fabs(verdict->delay.mean) >= VERDICT_LEAST_SECONDS) {
        fprintf(out, ", nine in ten have their mail ");
        put_time(out, verdict->delay);
    }
}

/* Under one of them no failure is told: because there is none, or not before the end. */
static void put_only_news(FILE *out, const struct verdict *verdict)
{
    char text[FIGURE_MOST];

    if (!isnan(verdict->news))
        fprintf(out, ", senders learn of failures after %s, under %s of none",
                report_span(verdict->news, text), verdict->other);
    else if (!isnan(verdict->other_news))
        fprintf(out, ", senders learn of no failure, under %s after %s", verdict->other,
                report_span(verdict->other_news, text));
}

static void put_bad_news(FILE *out, const struct verdict *verdict)
{
    struct interval wait = verdict->bad_news;

    if (isnan(verdict->news) || isnan(verdict->other_news)) {
        put_only_news(out, verdict);
        return;
    }
    if (isnan(wait.mean))
        return;
    fprintf(out, ", senders learn of failures ");
    if (fabs(wait.mean) < VERDICT_LEAST_SECONDS)
        fprintf(out, "as soon");
    else
        put_time(out, wait);
}

static void put_attempts(FILE *out, struct interval more)
{
    if (isnan(more.mean))
        return;
    if (fabs(more.mean) < VERDICT_LEAST_PERCENT) {
        fprintf(out, ", as many attempts");
        return;
    }
    fprintf(out, ", ");
    put_percent(out, more, "attempts");
}

void verdict_print(FILE *out, const struct verdict *verdict)
{
    fprintf(out, "%s instead of %s: ", verdict->policy, verdict->other);
    if (verdict->any_mail) {
        put_bounces(out, verdict);
        put_bad_news(out, verdict);
        put_attempts(out, verdict->attempts);
    } else {
        fprintf(out, "nothing to compare, as no mail came");
    }
    fprintf(out, ".");
}

void verdict_put_share(FILE *out, double count, double all)
{
    double percent = 100 * count / all;

    fprintf(out, "%.*f %%", decimals_of(percent), percent);
}

/* Fewer count as none. */
#define LEAST_RECIPIENTS 0.5

bool verdict_print_queued(FILE *out, const char *policy, double queued, double all)
{
    char count[FIGURE_MOST];

    if (!(queued >= LEAST_RECIPIENTS) || !(all > 0))
        return false;
    if (policy != NULL)
        fprintf(out, "%s: ", policy);
    fprintf(out, "%s recipients (", report_count(queued, count));
    verdict_put_share(out, queued, all);
    fprintf(out, ") still waited at the end: they count neither as delivered nor as bounced, and "
                 "how long they would have waited is in no delay.");
    return true;
}

struct verdict verdict_of(const struct comparison *comparison, size_t point)
{
    double attempts = comparison_figure_of(comparison, 0, "attempts").mean;

    return (struct verdict){
        .policy = comparison->keys[point * comparison->key_count],
        .other = comparison->keys[0],
        .any_mail = comparison_figure_of(comparison, 0, "recipients").mean > 0,
        .bounced = interval_scaled(comparison_more_given_up(comparison, point), 100),
        .delay = comparison_difference_of(comparison, point, "delay_p90"),
        .bad_news = comparison_difference_of(comparison, point, "bad_news_p50"),
        .news = comparison_figure_of(comparison, point, "bad_news_p50").mean,
        .other_news = comparison_figure_of(comparison, 0, "bad_news_p50").mean,
        .attempts = interval_scaled(comparison_difference_of(comparison, point, "attempts"),
                                    100 / attempts),
    };
}
