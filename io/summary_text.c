/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/summary_text.h"

#include <inttypes.h>
#include <string.h>

#include "io/figures.h"

#define COLUMN 10

static void print_count(FILE *out, const char *what, uint64_t count, uint64_t all)
{
    char text[FIGURE_MOST];

    fprintf(out, "%-24s %*s", what, COLUMN, figure_count(count, text));
    if (all > 0)
        fprintf(out, "  %5.1f %%", 100.0 * (double)count / (double)all);
}

static void print_spans(FILE *out, const struct histogram *h)
{
    static const double at[] = {0.5, 0.9, 1};
    char text[FIGURE_MOST];

    for (size_t i = 0; h->count > 0 && i < COUNT_OF(at); i++)
        fprintf(out, " %*s", COLUMN, figure_span(histogram_quantile(h, at[i]), text));
    fprintf(out, "\n");
}

static void print_head(FILE *out, const struct summary_head *head)
{
    const struct postfix_settings *s = head->settings;
    char text[FIGURE_MOST];

    fprintf(out, "%s%s%s: postfix %lds/%lds/%lds, lifetime %s", head->scenario,
            head->policy == NULL ? "" : ", ", head->policy == NULL ? "" : head->policy,
            s->queue_run_delay, s->minimal_backoff_time, s->maximal_backoff_time,
            figure_span((uint64_t)s->maximal_queue_lifetime * 1000, text));
    fprintf(out, ", bounces %s\n", figure_span((uint64_t)s->bounce_queue_lifetime * 1000, text));
    fprintf(out, "seed %" PRIu64 ", %" PRIu64 " replication%s", head->seed, head->replications,
            head->replications == 1 ? "" : "s");
    if (head->duration != SIM_NEVER)
        fprintf(out, ", %.3g days", (double)head->duration / (86400.0 * (double)SIM_SECOND));
    fprintf(out, "\n\n");
}

/* Of what is not there nothing is said. */
static void print_share(FILE *out, const char *name, uint64_t count, uint64_t all)
{
    if (count == 0)
        return;
    print_count(out, name, count, all);
    fprintf(out, "\n");
}

static void print_effort(FILE *out, const struct results *results)
{
    char text[FIGURE_MOST], busiest[FIGURE_MOST];
    uint64_t attempts = results_attempts(results);

    fprintf(out, "%-24s %*s  %.1f per message, busiest scan %s\n", "attempts", COLUMN,
            figure_count(attempts, text),
            results->messages == 0 ? 0 : (double)attempts / (double)results->messages,
            figure_count(results->attempts_per_scan.max, busiest));
    print_share(out, "  not tried, site dead", results->outcomes[OUTCOME_SUSPENDED], attempts);
    print_share(out, "  made by flushes", results->flushed, attempts);
    fprintf(out, "%-24s %*s\n", "deferred queue, most", COLUMN,
            figure_count(results->deferred_max, text));
    if (results->warnings > 0)
        fprintf(out, "%-24s %*s\n", "delay warnings", COLUMN,
                figure_count(results->warnings, text));
}

void summary_print(FILE *out, const struct summary_head *head, const struct results *results)
{
    uint64_t all = results->recipients;

    print_head(out, head);
    fprintf(out, "%-24s %*s  %7s %*s %*s %*s\n", "", COLUMN, "recipients", "share", COLUMN,
            "delay p50", COLUMN, "p90", COLUMN, "max");
    print_count(out, "delivered", results->fates.delivered, all);
    print_spans(out, &results->delay);
    print_count(out, "  at the first attempt", results->fates.delivered_at_once, all);
    fprintf(out, "\n");
    print_count(out, "bounced", results->fates.bounced, all);
    fprintf(out, "\n");
    print_count(out, "expired", results->fates.expired, all);
    fprintf(out, "\n");
    print_count(out, "  sender told of failure", results->bad_news.count, all);
    print_spans(out, &results->bad_news);
    print_share(out, "deleted", results->fates.deleted, all);
    print_share(out, "still queued", results->fates.queued, all);
    print_effort(out, results);
}

/* ----------------------------------------------------------------- classes */

#define CLASS_NAME 15
#define CLASS_SPAN 9

static void print_class_spans(FILE *out, const struct histogram *delay)
{
    static const double at[] = {0.5, 0.9};
    char text[FIGURE_MOST];

    for (size_t i = 0; i < COUNT_OF(at); i++)
        fprintf(out, " %*s", CLASS_SPAN,
                delay->count == 0 ? "" : figure_span(histogram_quantile(delay, at[i]), text));
}

/* A name that is too long has a line of its own. */
static void print_class(FILE *out, const char *name, const struct class_sum *sum, double utility)
{
    const struct tally_sum *fates = &sum->fates;
    const uint64_t shares[] = {fates->delivered - sum->late, sum->late,
                               fates->bounced + fates->expired};
    char text[FIGURE_MOST];

    fprintf(out, "%-*s", CLASS_NAME, name);
    if (strlen(name) > CLASS_NAME)
        fprintf(out, "\n%*s", CLASS_NAME, "");
    fprintf(out, " %*s", COLUMN, figure_count(sum->recipients, text));
    for (size_t i = 0; i < COUNT_OF(shares); i++) {
        if (sum->recipients > 0)
            fprintf(out, " %5.1f %%", 100.0 * (double)shares[i] / (double)sum->recipients);
        else
            fprintf(out, " %7s", "");
    }
    print_class_spans(out, &sum->delay);
    fprintf(out, " %*.1f\n", CLASS_SPAN, utility);
}

/* Fits 80 columns. Mail of no class comes last, if there is some. */
void summary_print_classes(FILE *out, const struct names *names, const struct classes *classes)
{
    struct class_sum all = {0};
    size_t lines = 0;

    if (classes->count == 0)
        return;
    fprintf(out, "\n%-*s %*s %7s %7s %7s %*s %*s %*s\n", CLASS_NAME, "class", COLUMN, "recipients",
            "in time", "late", "lost", CLASS_SPAN, "delay p50", CLASS_SPAN, "p90", CLASS_SPAN,
            "utility");
    for (size_t i = 1; i <= classes->count; i++) {
        uint32_t number = (uint32_t)(i % classes->count);
        const struct class_sum *sum = &classes->list[number];
        if (number == 0 && sum->recipients == 0)
            continue;
        print_class(out, number == 0 ? "(none)" : names_text(names, number), sum,
                    class_sum_utility(sum));
        class_sum_merge(&all, sum);
        lines++;
    }
    if (lines > 1)
        print_class(out, "(all)", &all, classes_utility(classes));
    histogram_fini(&all.delay);
}
