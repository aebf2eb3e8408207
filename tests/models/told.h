/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/told.h - results, told by hand what happened
 */
#ifndef TESTS_MODELS_TOLD_H
#define TESTS_MODELS_TOLD_H

#include <criterion/criterion.h>

#include "models/results.h"

#define MOST_TOLD 8

/* In seconds. */
static inline void tell_arrival(struct results *results, const struct message *message,
                                uint32_t recipients)
{
    results->observer.ops->arrived(&results->observer, message, recipients);
}

static inline void tell_scan(struct results *results, double at, uint32_t messages,
                             uint64_t recipients)
{
    results->observer.ops->scanned(&results->observer, (sim_time)(at * 1e6), 1, messages,
                                   recipients);
}

/* A scan that took all. */
static inline void tell_flush(struct results *results, double at, uint32_t messages,
                              uint64_t recipients)
{
    results->observer.ops->scanned(&results->observer, (sim_time)(at * 1e6), SCAN_FLUSH, messages,
                                   recipients);
}

/* A site dies. */
static inline void tell_death(struct results *results, double at)
{
    results->observer.ops->site_changed(&results->observer, (sim_time)(at * 1e6), 0, true);
}

/* A trip on which all that are left meet the outcomes, written "sdbu", and end at the same time. */
static inline void tell_end(struct results *results, const struct message *message, double at,
                            const char *outcomes, enum fate fate, struct tally tally)
{
    static const char letters[] = "sdbu";
    struct attempt attempts[MOST_TOLD] = {0};
    struct activation activation = {.message = message,
                                    .end = (sim_time)(at * 1e6),
                                    .attempts = attempts,
                                    .count = strlen(outcomes),
                                    .fate = fate,
                                    .tally = tally};

    for (size_t i = 0; i < activation.count; i++) {
        attempts[i].outcome = (enum outcome)(strchr(letters, outcomes[i]) - letters);
        attempts[i].end = activation.end;
    }
    results->observer.ops->ended(&results->observer, &activation);
}

static inline void tell_notice(struct results *results, const struct message *message, double at,
                               enum notice_kind kind, uint32_t recipients)
{
    results->observer.ops->notified(&results->observer, (sim_time)(at * 1e6), message, kind,
                                    recipients);
}

static inline void tell_left(struct results *results, const struct message *message,
                             struct tally tally)
{
    results->observer.ops->left(&results->observer, 0, message, &tally);
}

static inline void tell_peaks(struct results *results, uint64_t active, uint64_t deferred)
{
    results->observer.ops->peaked(&results->observer, &(struct queue_peaks){active, deferred});
}

static inline void tell_finished(struct results *results)
{
    results->observer.ops->finished(&results->observer, 0);
}

static inline double figure(const struct results *results, const char *name)
{
    const struct metric *metric = metric_find(name);

    cr_assert_not_null(metric, "%s", name);
    return metric->value(results);
}

/* One message to one recipient, delivered after so many seconds. */
static inline void tell_delivery(struct results *results, double delay)
{
    const struct message message = {.activations = 1};

    tell_arrival(results, &message, 1);
    tell_end(results, &message, delay, "s", FATE_REMOVED, (struct tally){.sent = 1});
}

#endif
