/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/results.h"

#include <math.h>
#include <string.h>

#include "sim/check.h"

#define MILLISECOND (SIM_SECOND / 1000)

static bool is_mail(const struct message *message)
{
    return message->notice == 0;
}

static uint64_t milliseconds(sim_time span)
{
    return span <= 0 ? 0 : (uint64_t)((span + MILLISECOND / 2) / MILLISECOND);
}

static void arrived(struct observer *self, const struct message *message, uint32_t recipients)
{
    struct results *results = CONTAINER_OF(self, struct results, observer);

    if (!is_mail(message)) {
        results->notices += message->arrival >= results->since;
        return;
    }
    results->messages++;
    results->recipients += recipients;
}

static void scanned(struct observer *self, sim_time at, uint64_t scan, uint32_t messages,
                    uint64_t recipients)
{
    struct results *results = CONTAINER_OF(self, struct results, observer);

    (void)at;
    (void)messages;
    if (scan == SCAN_FLUSH)
        results->flushed += recipients;
    if (recipients > 0)
        histogram_add(&results->attempts_per_scan, recipients, 1);
}

static void delivered(struct results *results, const struct message *message,
                      const struct attempt *attempt)
{
    if (!is_mail(message))
        return;
    results->fates.delivered++;
    results->fates.delivered_at_once += message->activations == 1;
    histogram_add(&results->delay, milliseconds(attempt->end - message->arrival), 1);
}

/* The message is gone: what its recipients came to, but for those already counted as delivered. */
static void removed(struct results *results, const struct message *message,
                    const struct tally *tally)
{
    if (!is_mail(message))
        return;
    results->fates.bounced += tally->bounced;
    results->fates.expired += tally->expired;
    results->fates.deleted += tally->deleted;
    histogram_add(&results->attempts_per_message, message->activations, 1);
}

/* Some recipients, or the whole message, are done with. */
static COLD void settled(struct results *results, const struct activation *activation)
{
    for (size_t i = 0; i < activation->count; i++) {
        if (activation->attempts[i].outcome == OUTCOME_SENT)
            delivered(results, activation->message, &activation->attempts[i]);
    }
    if (activation->fate != FATE_DEFERRED)
        removed(results, activation->message, &activation->tally);
}

static void ended(struct observer *self, const struct activation *activation)
{
    struct results *results = CONTAINER_OF(self, struct results, observer);
    bool deferred = activation->fate == FATE_DEFERRED;

    if (LIKELY(activation->end >= results->since)) {
        for (size_t i = 0; i < activation->count; i++)
            results->outcomes[activation->attempts[i].outcome]++;
    }
    if (!deferred || activation->tally.sent > 0)
        settled(results, activation);
}

static void notified(struct observer *self, sim_time at, const struct message *message,
                     enum notice_kind kind, uint32_t recipients)
{
    struct results *results = CONTAINER_OF(self, struct results, observer);

    if (kind == NOTICE_DELAY)
        results->warnings += at >= results->since;
    else
        histogram_add(&results->bad_news, milliseconds(at - message->arrival), recipients);
}

static void left(struct observer *self, sim_time at, const struct message *message,
                 const struct tally *tally)
{
    struct results *results = CONTAINER_OF(self, struct results, observer);

    (void)at;
    removed(results, message, tally);
    if (is_mail(message))
        results->fates.queued += tally->queued;
}

static void operated(struct observer *self, sim_time at, enum operation_kind kind,
                     const struct message *message, const struct tally *tally)
{
    (void)at;
    if (kind == OPERATION_DELETE)
        removed(CONTAINER_OF(self, struct results, observer), message, tally);
}

static void site_changed(struct observer *self, sim_time at, uint32_t site, bool dead)
{
    struct results *results = CONTAINER_OF(self, struct results, observer);

    (void)at;
    (void)site;
    results->deaths += dead;
}

static void peaked(struct observer *self, const struct queue_peaks *peaks)
{
    struct results *results = CONTAINER_OF(self, struct results, observer);

    results->active_max = peaks->active;
    results->deferred_max = peaks->deferred;
}

/* The books balance, or what we print is worthless. */
static void finished(struct observer *self, sim_time at)
{
    struct results *results = CONTAINER_OF(self, struct results, observer);
    const struct tally_sum *fates = &results->fates;

    (void)at;
    EXPECT(results->recipients
           == fates->delivered + fates->bounced + fates->expired + fates->deleted + fates->queued);
}

static const struct observer_ops results_ops = {
    .arrived = arrived,
    .scanned = scanned,
    .ended = ended,
    .notified = notified,
    .operated = operated,
    .site_changed = site_changed,
    .left = left,
    .peaked = peaked,
    .finished = finished,
};

void results_init(struct results *results)
{
    *results = (struct results){.observer.ops = &results_ops};
}

void results_fini(struct results *results)
{
    histogram_fini(&results->delay);
    histogram_fini(&results->bad_news);
    histogram_fini(&results->attempts_per_message);
    histogram_fini(&results->attempts_per_scan);
}

static void merge_fates(struct tally_sum *into, const struct tally_sum *from)
{
    into->delivered += from->delivered;
    into->delivered_at_once += from->delivered_at_once;
    into->bounced += from->bounced;
    into->expired += from->expired;
    into->deleted += from->deleted;
    into->queued += from->queued;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

void results_merge(struct results *into, const struct results *from)
{
    into->messages += from->messages;
    into->recipients += from->recipients;
    into->notices += from->notices;
    into->warnings += from->warnings;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        into->outcomes[i] += from->outcomes[i];
    merge_fates(&into->fates, &from->fates);
    histogram_merge(&into->delay, &from->delay);
    histogram_merge(&into->bad_news, &from->bad_news);
    histogram_merge(&into->attempts_per_message, &from->attempts_per_message);
    histogram_merge(&into->attempts_per_scan, &from->attempts_per_scan);
    into->flushed += from->flushed;
    into->deaths += from->deaths;
    into->active_max = larger(into->active_max, from->active_max);
    into->deferred_max = larger(into->deferred_max, from->deferred_max);
}

/* ---------------------------------------------------------------- metrics */

static double seconds_at(const struct histogram *h, double q)
{
    return h->count == 0 ? NAN : (double)histogram_quantile(h, q) / 1000;
}

uint64_t results_attempts(const struct results *results)
{
    uint64_t sum = 0;

    for (int i = 0; i < OUTCOME_COUNT; i++)
        sum += results->outcomes[i];
    return sum;
}

static double attempts(const struct results *results)
{
    return (double)results_attempts(results);
}

static double connections(const struct results *results)
{
    return (double)(results_attempts(results) - results->outcomes[OUTCOME_SUSPENDED]);
}

#define COUNT(name, field)                                                                         \
    static double name(const struct results *results)                                              \
    {                                                                                              \
        return (double)results->field;                                                             \
    }
#define QUANTILE(name, field, q)                                                                   \
    static double name(const struct results *results)                                              \
    {                                                                                              \
        return seconds_at(&results->field, q);                                                     \
    }

COUNT(messages, messages)
COUNT(recipients, recipients)
COUNT(notices, notices)
COUNT(sent, outcomes[OUTCOME_SENT])
COUNT(deferred, outcomes[OUTCOME_DEFERRED])
COUNT(suspended, outcomes[OUTCOME_SUSPENDED])
COUNT(mail_delivered, fates.delivered)
COUNT(delivered_at_once, fates.delivered_at_once)
COUNT(bounced, fates.bounced)
COUNT(expired, fates.expired)
COUNT(deleted, fates.deleted)
COUNT(queued, fates.queued)
COUNT(warnings, warnings)
COUNT(flushed, flushed)
COUNT(dead_sites, deaths)
COUNT(attempts_per_scan_max, attempts_per_scan.max)
COUNT(active_max, active_max)
COUNT(deferred_queue_max, deferred_max)
QUANTILE(delay_p50, delay, 0.5)
QUANTILE(delay_p90, delay, 0.9)
QUANTILE(delay_p99, delay, 0.99)
QUANTILE(delay_max, delay, 1)
QUANTILE(bad_news_p50, bad_news, 0.5)
QUANTILE(bad_news_p90, bad_news, 0.9)
QUANTILE(bad_news_max, bad_news, 1)

const struct metric metrics[] = {
    {"messages", "messages", messages},
    {"recipients", "recipients", recipients},
    {"notices", "messages", notices},
    {"attempts", "attempts", attempts},
    {"connections", "attempts", connections},
    {"sent", "attempts", sent},
    {"deferred", "attempts", deferred},
    {"suspended", "attempts", suspended},
    {"delivered", "recipients", mail_delivered},
    {"delivered_at_once", "recipients", delivered_at_once},
    {"bounced", "recipients", bounced},
    {"expired", "recipients", expired},
    {"deleted", "recipients", deleted},
    {"queued", "recipients", queued},
    {"delay_p50", "s", delay_p50},
    {"delay_p90", "s", delay_p90},
    {"delay_p99", "s", delay_p99},
    {"delay_max", "s", delay_max},
    {"bad_news_p50", "s", bad_news_p50},
    {"bad_news_p90", "s", bad_news_p90},
    {"bad_news_max", "s", bad_news_max},
    {"warnings", "messages", warnings},
    {"attempts_per_scan_max", "attempts", attempts_per_scan_max},
    {"active_max", "messages", active_max},
    {"deferred_queue_max", "messages", deferred_queue_max},
    {"flushed", "attempts", flushed},
    {"dead_sites", "times", dead_sites},
    {NULL, NULL, NULL},
};

size_t metric_count(void)
{
    return COUNT_OF(metrics) - 1;
}

void metrics_measure(const struct results *results, double *figures)
{
    for (size_t i = 0; i < metric_count(); i++)
        figures[i] = metrics[i].value(results);
}

const struct metric *metric_find(const char *name)
{
    for (const struct metric *metric = metrics; metric->name != NULL; metric++) {
        if (strcmp(metric->name, name) == 0)
            return metric;
    }
    return NULL;
}
