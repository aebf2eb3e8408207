/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/summary_text.h"

#include <inttypes.h>

#define COLUMN 10

/* 1234567 as "1,234,567". */
static const char *grouped(uint64_t number, char *text, size_t room)
{
    char digits[24];
    size_t length = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, number), used = 0;

    for (size_t i = 0; i < length && used + 2 < room; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
    return text;
}

/* Milliseconds as people say them: "0.3 s", "12 min 05", "31 h 02", "4 d 23". */
static const char *spoken(uint64_t ms, char *text, size_t room)
{
    uint64_t s = (ms + 500) / 1000;

    if (ms < 9950)
        snprintf(text, room, "%.1f s", (double)ms / 1000);
    else if (s < 60)
        snprintf(text, room, "%" PRIu64 " s", s);
    else if (s < 3600)
        snprintf(text, room, "%" PRIu64 " min %02" PRIu64, s / 60, s % 60);
    else if (s < 48 * 3600)
        snprintf(text, room, "%" PRIu64 " h %02" PRIu64, s / 3600, s / 60 % 60);
    else
        snprintf(text, room, "%" PRIu64 " d %02" PRIu64 " h", s / 86400, s / 3600 % 24);
    return text;
}

static void print_count(FILE *out, const char *what, uint64_t count, uint64_t all)
{
    char text[32];

    fprintf(out, "%-24s %*s", what, COLUMN, grouped(count, text, sizeof text));
    if (all > 0)
        fprintf(out, "  %5.1f %%", 100.0 * (double)count / (double)all);
}

static void print_spans(FILE *out, const struct histogram *h)
{
    static const double at[] = {0.5, 0.9, 1};
    char text[32];

    for (size_t i = 0; h->count > 0 && i < COUNT_OF(at); i++)
        fprintf(out, " %*s", COLUMN, spoken(histogram_quantile(h, at[i]), text, sizeof text));
    fprintf(out, "\n");
}

static void print_head(FILE *out, const struct summary_head *head)
{
    const struct postfix_settings *s = head->settings;
    char text[32];

    fprintf(out, "%s%s%s: postfix %lds/%lds/%lds, lifetime %s", head->scenario,
            head->policy == NULL ? "" : ", ", head->policy == NULL ? "" : head->policy,
            s->queue_run_delay, s->minimal_backoff_time, s->maximal_backoff_time,
            spoken((uint64_t)s->maximal_queue_lifetime * 1000, text, sizeof text));
    fprintf(out, ", bounces %s\n",
            spoken((uint64_t)s->bounce_queue_lifetime * 1000, text, sizeof text));
    fprintf(out, "seed %" PRIu64 ", %" PRIu64 " replication%s", head->seed, head->replications,
            head->replications == 1 ? "" : "s");
    if (head->duration != SIM_NEVER)
        fprintf(out, ", %.3g days", (double)head->duration / (86400.0 * (double)SIM_SECOND));
    fprintf(out, "\n\n");
}

static void print_effort(FILE *out, const struct results *results)
{
    char text[32], busiest[32];
    uint64_t attempts = results_attempts(results);

    fprintf(out, "%-24s %*s  %.1f per message, busiest scan %s\n", "attempts", COLUMN,
            grouped(attempts, text, sizeof text),
            results->messages == 0 ? 0 : (double)attempts / (double)results->messages,
            grouped(results->attempts_per_scan.max, busiest, sizeof busiest));
    fprintf(out, "%-24s %*s\n", "deferred queue, most", COLUMN,
            grouped(results->deferred_max, text, sizeof text));
    if (results->warnings > 0)
        fprintf(out, "%-24s %*s\n", "delay warnings", COLUMN,
                grouped(results->warnings, text, sizeof text));
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
    if (results->fates.queued > 0) {
        print_count(out, "still queued", results->fates.queued, all);
        fprintf(out, "\n");
    }
    print_effort(out, results);
}
