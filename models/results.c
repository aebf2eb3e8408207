/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/results.h"

#include <math.h>
#include <string.h>

#include "sim/check.h"

static bool is_mail(const struct message *message)
{
    return message->notice == 0;
}

static void begun(struct observer *self, const struct scenario *scenario)
{
    classes_begin(&CONTAINER_OF(self, struct results, observer)->classes, scenario);
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
    if (results->classes.count > 0)
        classes_of(&results->classes, message)->recipients += recipients;
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
    sim_time delay = attempt->end - message->arrival;

    if (!is_mail(message))
        return;
    tally_sum_deliver(&results->fates, message);
    histogram_add(&results->delay, sim_milliseconds(delay), 1);
    if (results->classes.count > 0)
        class_sum_deliver(classes_of(&results->classes, message), message, delay);
}

/* Its sender was told of a delay, and all were reached after all. */
static bool warned_for_nothing(const struct results *results, const struct message *message,
                               const struct tally *tally)
{
    return message->warned && message->arrival >= results->since
           && tally->bounced + tally->expired + tally->deleted + tally->queued == 0;
}

/* The message is gone, or left over at the end. */
static void removed(struct results *results, const struct message *message,
                    const struct tally *tally)
{
    if (!is_mail(message))
        return;
    tally_sum_add(&results->fates, tally);
    if (results->classes.count > 0)
        tally_sum_add(&classes_of(&results->classes, message)->fates, tally);
    histogram_add(&results->attempts_per_message, message->activations, 1);
    results->warnings_unneeded += warned_for_nothing(results, message, tally);
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
        histogram_add(&results->bad_news, sim_milliseconds(at - message->arrival), recipients);
}

static void left(struct observer *self, sim_time at, const struct message *message,
                 const struct tally *tally)
{
    (void)at;
    removed(CONTAINER_OF(self, struct results, observer), message, tally);
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

static bool balances(uint64_t recipients, const struct tally_sum *fates)
{
    return recipients
           == fates->delivered + fates->bounced + fates->expired + fates->deleted + fates->queued;
}

/* The books balance, or what we print is worthless. */
static void finished(struct observer *self, sim_time at)
{
    struct results *results = CONTAINER_OF(self, struct results, observer);
    const struct classes *classes = &results->classes;

    (void)at;
    EXPECT(balances(results->recipients, &results->fates));
    for (size_t i = 0; i < classes->count; i++)
        EXPECT(balances(classes->list[i].recipients, &classes->list[i].fates));
}

static const struct observer_ops results_ops = {
    .begun = begun,
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
    histogram_keep(&results->delay);
    histogram_keep(&results->bad_news);
}

void results_fini(struct results *results)
{
    classes_fini(&results->classes);
    histogram_fini(&results->delay);
    histogram_fini(&results->bad_news);
    histogram_fini(&results->attempts_per_message);
    histogram_fini(&results->attempts_per_scan);
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
    into->warnings_unneeded += from->warnings_unneeded;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        into->outcomes[i] += from->outcomes[i];
    tally_sum_merge(&into->fates, &from->fates);
    classes_merge(&into->classes, &from->classes);
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

static double late(const struct results *results)
{
    return classes_late(&results->classes);
}

static double utility(const struct results *results)
{
    return classes_utility(&results->classes);
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
COUNT(warnings_unneeded, warnings_unneeded)
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
    {"warnings_unneeded", "messages", warnings_unneeded},
    {"late", "recipients", late},
    {"utility", "value", utility},
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
