/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/next_report.h"

#include <inttypes.h>
#include <string.h>

#include "io/csv_row.h"
#include "io/figures.h"
#include "sim/printable.h"

#define DESTINATIONS_SHOWN 10
#define DESTINATION_WIDTH 34

static const char *const fates[] = {"deferred", "either", "expired"};

const char *next_destination(const char *address, char text[NEXT_DESTINATION_ROOM])
{
    const char *at = strrchr(address, '@');

    snprintf(text, NEXT_DESTINATION_ROOM, "%s",
             *address == '\0' ? "(unknown)" : (at == NULL ? "(local)" : at + 1));
    for (char *c = text; *c != '\0'; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    }
    printable(text, strlen(text));
    return text;
}

static uint64_t age_of(const struct next_row *row)
{
    struct forecast_message message = {.created = row->entry->created};

    return (uint64_t)outlook_age(&row->policy->plan, &message);
}

/* ---------------------------------------------------------------------- CSV */

void next_csv_begin(struct output *out)
{
    output_print(out, "queue_id,queue_name,age_s,next_low_s,next_high_s,attempts_left,"
                      "expires_low_s,expires_high_s,policy,attempts_left_high,if_next_fails\n");
}

static void put_window(struct csv_row *cells, const struct next_row *row,
                       const struct forecast_window *window)
{
    int64_t now = row->policy->plan.now;

    if (row->forecast->scheduled) {
        csv_number(cells, (uint64_t)(window->low - now));
        csv_number(cells, (uint64_t)(window->high - now));
    } else {
        csv_empty(cells);
        csv_empty(cells);
    }
}

static void put_count(struct csv_row *cells, const struct next_row *row, uint64_t count)
{
    if (row->forecast->scheduled)
        csv_number(cells, count);
    else
        csv_empty(cells);
}

static void put_text(struct csv_row *cells, const char *text)
{
    csv_text(cells, text, strlen(text));
}

void next_csv_put(struct output *out, const struct next_row *row)
{
    struct csv_row cells = csv_row(out);
    const struct forecast *forecast = row->forecast;

    put_text(&cells, row->entry->id);
    put_text(&cells, listed_queue_names[row->entry->queue]);
    csv_number(&cells, age_of(row));
    put_window(&cells, row, &forecast->next);
    put_count(&cells, row, forecast->attempts_low);
    put_window(&cells, row, &forecast->expires);
    put_text(&cells, row->policy->name);
    put_count(&cells, row, forecast->attempts_high);
    put_text(&cells, fates[forecast->if_next_fails]);
    csv_end(&cells);
}

/* --------------------------------------------------------------------- JSON */

/* The names of policies are what was typed: they become harmless, and quotes are escaped. */
static void put_quoted(struct output *out, const char *text)
{
    char copy[NEXT_DESTINATION_ROOM], quoted[2 * NEXT_DESTINATION_ROOM], *at = quoted;

    snprintf(copy, sizeof copy, "%s", text);
    printable(copy, strlen(copy));
    for (const char *c = copy; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            *at++ = '\\';
        *at++ = *c;
    }
    *at = '\0';
    output_print(out, "\"%s\"", quoted);
}

static void put_json_window(struct output *out, const char *name, const struct next_row *row,
                            const struct forecast_window *window)
{
    int64_t now = row->policy->plan.now;

    if (row->forecast->scheduled)
        output_print(out, ", \"%s_low_s\": %" PRId64 ", \"%s_high_s\": %" PRId64, name,
                     window->low - now, name, window->high - now);
    else
        output_print(out, ", \"%s_low_s\": null, \"%s_high_s\": null", name, name);
}

static void put_json_counts(struct output *out, const struct next_row *row)
{
    if (row->forecast->scheduled)
        output_print(out, ", \"attempts_left\": %" PRIu64 ", \"attempts_left_high\": %" PRIu64,
                     row->forecast->attempts_low, row->forecast->attempts_high);
    else
        output_print(out, ", \"attempts_left\": null, \"attempts_left_high\": null");
}

void next_json_begin(struct output *out, int64_t now)
{
    char text[FIGURE_MOST];

    output_print(out, "{\"now\": \"%s\", \"messages\": [\n", figure_utc(now * SIM_SECOND, text));
}

void next_json_put(struct output *out, const struct next_row *row, bool first)
{
    output_print(out, "%s{\"queue_id\": \"%s\", \"queue_name\": \"%s\", \"age_s\": %" PRIu64,
                 first ? "" : ",\n", row->entry->id, listed_queue_names[row->entry->queue],
                 age_of(row));
    put_json_window(out, "next", row, &row->forecast->next);
    put_json_counts(out, row);
    put_json_window(out, "expires", row, &row->forecast->expires);
    output_print(out,
                 ", \"if_next_fails\": \"%s\", \"policy\": ", fates[row->forecast->if_next_fails]);
    put_quoted(out, row->policy->name);
    output_print(out, "}");
}

static void put_json_policy(struct output *out, const struct outlook_policy *policy)
{
    output_print(out, "{\"policy\": ");
    put_quoted(out, policy->name);
    output_print(out,
                 ", \"expire_at_next\": %" PRIu64 ", \"expire_at_next_within_2h\": %" PRIu64
                 ", \"without_sender\": %" PRIu64 ", \"may_expire_at_next\": %" PRIu64 "}",
                 policy->expire, policy->expire_soon, policy->unnoticed, policy->may_expire);
}

void next_json_end(struct output *out, const struct outlook *outlook)
{
    output_print(out, "\n], \"policies\": [\n");
    for (size_t i = 0; i < outlook->policy_count; i++) {
        output_print(out, i == 0 ? "" : ",\n");
        put_json_policy(out, &outlook->policies[i]);
    }
    output_print(out, "\n]}\n");
}

/* --------------------------------------------------------------------- text */

struct figure {
    char text[FIGURE_MOST];
};

static struct figure count_figure(uint64_t count)
{
    struct figure figure;

    figure_count(count, figure.text);
    return figure;
}

static struct figure span_figure(int64_t seconds)
{
    struct figure figure;

    if (seconds < 60)
        snprintf(figure.text, sizeof figure.text, "%" PRId64 " s", seconds);
    else
        figure_span((uint64_t)seconds * 1000, figure.text);
    return figure;
}

struct window_text {
    char text[2 * FIGURE_MOST + 4];
};

static struct window_text window_text(const struct forecast_window *window, int64_t now)
{
    struct window_text text;
    struct figure low = span_figure(window->low - now), high = span_figure(window->high - now);

    if (strcmp(low.text, high.text) == 0)
        snprintf(text.text, sizeof text.text, "%s", low.text);
    else
        snprintf(text.text, sizeof text.text, "%s - %s", low.text, high.text);
    return text;
}

/* Text that was typed or came from mail. */
static void print_name(FILE *out, const char *name, int width)
{
    char copy[NEXT_DESTINATION_ROOM];

    snprintf(copy, sizeof copy, "%s", name);
    printable(copy, strlen(copy));
    if (width > 0)
        fprintf(out, "%-*.*s", width, width, copy);
    else
        fprintf(out, "%s", copy);
}

static void print_queues(FILE *out, const struct outlook *outlook)
{
    static const enum listed_queue order[] = {LISTED_DEFERRED, LISTED_ACTIVE, LISTED_INCOMING,
                                              LISTED_MAILDROP, LISTED_HOLD};
    const char *before = ": ";
    char now[FIGURE_MOST];

    fprintf(out, "%s: %s messages", figure_utc(outlook->policies[0].plan.now * SIM_SECOND, now),
            count_figure(outlook->messages).text);
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        if (outlook->queues[order[i]] == 0)
            continue;
        fprintf(out, "%s%s %s", before, count_figure(outlook->queues[order[i]]).text,
                order[i] == LISTED_HOLD ? "on hold" : listed_queue_names[order[i]]);
        before = ", ";
    }
    fprintf(out, "\n");
    if (outlook->held_past > 0)
        fprintf(out, "  %s on hold bounce at their first failure once released\n",
                count_figure(outlook->held_past).text);
    if (outlook->forced > 0)
        fprintf(out, "  forced to expire (postsuper -e): %s\n", count_figure(outlook->forced).text);
}

static void print_settings(FILE *out, const struct outlook_policy *policy)
{
    const struct postfix_settings *settings = policy->plan.settings;

    fprintf(out, "  scan every %s, backoff %s to %s, ",
            postfix_time_text(settings->queue_run_delay).text,
            postfix_time_text(settings->minimal_backoff_time).text,
            postfix_time_text(settings->maximal_backoff_time).text);
    fprintf(out, "lifetime %s, bounces %s\n",
            postfix_time_text(settings->maximal_queue_lifetime).text,
            postfix_time_text(settings->bounce_queue_lifetime).text);
}

/* "with maximal_queue_lifetime=1d: 312 of 400 bounce at their next retry, 210 of them within 2
 * hours". */
static void print_sentence(FILE *out, const struct outlook *outlook, size_t i)
{
    const struct outlook_policy *policy = &outlook->policies[i];

    fprintf(out, i == 0 ? "\n" : "\nwith ");
    print_name(out, policy->name, 0);
    fprintf(out, ":\n  %s of %s bounce at their next retry", count_figure(policy->expire).text,
            count_figure(outlook->messages).text);
    if (policy->expire > 0)
        fprintf(out, ", %s of them within 2 hours", count_figure(policy->expire_soon).text);
    fprintf(out, "\n");
    if (policy->unnoticed > 0)
        fprintf(out, "  %s of them have no sender: dropped, nobody is told\n",
                count_figure(policy->unnoticed).text);
    if (policy->may_expire > 0)
        fprintf(out, "  %s more may: their lifetime ends about then\n",
                count_figure(policy->may_expire).text);
    print_settings(out, policy);
}

static void print_counts(FILE *out, const char *label, const uint64_t counts[OUTLOOK_SPANS])
{
    fprintf(out, "  %-26s", label);
    for (size_t i = 0; i < OUTLOOK_SPANS; i++)
        fprintf(out, " %9s", count_figure(counts[i]).text);
    fprintf(out, "\n");
}

static void print_spans(FILE *out, const struct outlook *outlook)
{
    fprintf(out, "\nmessages, surely within    ");
    for (size_t i = 0; i < OUTLOOK_SPANS; i++)
        fprintf(out, " %*s", i == 0 ? 10 : 9, postfix_time_text(outlook_spans[i]).text);
    fprintf(out, "\n");
    for (size_t i = 0; i < outlook->policy_count; i++) {
        const struct outlook_policy *policy = &outlook->policies[i];
        print_name(out, policy->name, 0);
        fprintf(out, "\n");
        print_counts(out, "tried again", policy->tried_within);
        print_counts(out, "given up, if all fails", policy->expired_within);
    }
}

static void print_destinations(FILE *out, const struct outlook *outlook)
{
    size_t shown = outlook->destination_count;

    if (shown > DESTINATIONS_SHOWN)
        shown = DESTINATIONS_SHOWN;
    if (shown == 0)
        return;
    fprintf(out, "\n%-*s %9s %9s %9s %12s\n", DESTINATION_WIDTH, "destination", "messages",
            "bounce", "may", "oldest");
    for (size_t i = 0; i < shown; i++) {
        const struct outlook_destination *destination = &outlook->destinations[i];
        print_name(out, names_text(&outlook->names, destination->name), DESTINATION_WIDTH);
        fprintf(out, " %9s %9s %9s %12s\n", count_figure(destination->messages).text,
                count_figure(destination->expire).text, count_figure(destination->may_expire).text,
                span_figure(destination->oldest).text);
    }
    if (shown < outlook->destination_count)
        fprintf(out, "... and %s more destinations\n",
                count_figure(outlook->destination_count - shown).text);
}

static void print_urgent(FILE *out, const struct outlook *outlook)
{
    int64_t now = outlook->policies[0].plan.now;

    if (outlook->urgent_count == 0)
        return;
    fprintf(out, "\n%-20s %10s %23s %23s\n", "first to be given up", "age", "next attempt in",
            "given up in");
    for (size_t i = 0; i < outlook->urgent_count; i++) {
        const struct outlook_message *message = &outlook->urgent[i];
        fprintf(out, "%-20s %10s %23s %23s\n", message->id, span_figure(message->age).text,
                window_text(&message->forecast.next, now).text,
                window_text(&message->forecast.expires, now).text);
    }
}

/* Whose the tables are that follow. */
static void print_focus(FILE *out, const struct outlook *outlook)
{
    if (outlook->policy_count == 1)
        return;
    fprintf(out, "\nwith ");
    print_name(out, outlook_focus(outlook)->name, 0);
    fprintf(out, ", at the next retry:");
}

void next_text(FILE *out, const struct outlook *outlook)
{
    print_queues(out, outlook);
    if (outlook->messages == outlook->queues[LISTED_HOLD])
        return;
    for (size_t i = 0; i < outlook->policy_count; i++)
        print_sentence(out, outlook, i);
    print_spans(out, outlook);
    print_focus(out, outlook);
    print_destinations(out, outlook);
    print_urgent(out, outlook);
}
