/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is written of a run is what is read again. Worlds are made from a number,
 * crowded and with operators; that number is the seed that a failure names.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/maillog.h"
#include "io/maillog_writer.h"
#include "models/world.h"
#include "tests/models/random_world.h"

#define SEEDS 400

/* What was told. */
struct counts {
    struct observer observer;
    struct maillog_totals totals; /* what they should be */
    uint64_t files;               /* queue files: a requeued one is another */
    uint64_t deleted, requeued;
};

static struct counts *counts_of(struct observer *self)
{
    return CONTAINER_OF(self, struct counts, observer);
}

static void count_arrived(struct observer *self, const struct message *message, uint32_t recipients)
{
    (void)recipients;
    counts_of(self)->totals.births += message->notice == 0;
    counts_of(self)->files++;
}

static void count_activated(struct observer *self, sim_time at, const struct message *message,
                            uint32_t recipients, uint64_t scan)
{
    (void)at, (void)message, (void)recipients, (void)scan;
    counts_of(self)->totals.activations++;
}

static void count_attempted(struct observer *self, const struct message *message, sim_time since,
                            const struct attempt *attempt)
{
    static const enum logged_status statuses[] = {
        [OUTCOME_SENT] = LOGGED_SENT,
        [OUTCOME_DEFERRED] = LOGGED_DEFERRED,
        [OUTCOME_BOUNCED] = LOGGED_BOUNCED,
        [OUTCOME_SUSPENDED] = LOGGED_SUSPENDED,
    };

    (void)message, (void)since;
    counts_of(self)->totals.attempts[statuses[attempt->outcome]]++;
}

static void count_ended(struct observer *self, const struct activation *activation)
{
    counts_of(self)->totals.expired += activation->fate == FATE_EXPIRED;
    counts_of(self)->totals.removed += activation->fate != FATE_DEFERRED;
}

static void count_notified(struct observer *self, sim_time at, const struct message *message,
                           enum notice_kind kind, uint32_t recipients)
{
    (void)at, (void)message, (void)recipients;
    counts_of(self)->totals.bounce_notices += kind == NOTICE_NON_DELIVERY;
    counts_of(self)->totals.delay_notices += kind == NOTICE_DELAY;
}

static void count_operated(struct observer *self, sim_time at, enum operation_kind kind,
                           const struct message *message, const struct tally *tally)
{
    bool again = kind == OPERATION_REQUEUE;

    (void)at, (void)message, (void)tally;
    counts_of(self)->totals.removed += again || kind == OPERATION_DELETE;
    counts_of(self)->totals.births += again;
    counts_of(self)->files += again;
    counts_of(self)->requeued += again;
    counts_of(self)->deleted += kind == OPERATION_DELETE;
}

static const struct observer_ops counting = {
    .arrived = count_arrived,
    .activated = count_activated,
    .attempted = count_attempted,
    .ended = count_ended,
    .notified = count_notified,
    .operated = count_operated,
};

static void drop(void *user, struct logged_message *message)
{
    (void)user;
    logged_message_free(message);
}

static struct maillog_totals read_log(const char *path)
{
    struct maillog *log = maillog_new((struct maillog_sink){drop, NULL});
    struct maillog_totals totals;
    struct err err;

    cr_assert(maillog_read(log, path, &err), "%s", err.text);
    maillog_finish(log, &totals);
    return totals;
}

static void run_and_log(uint64_t seed, const char *path, struct counts *counts)
{
    struct postfix_settings settings = random_settings(seed);
    struct scenario scenario;
    struct observers observers = {0};
    struct maillog_writer writer;
    struct err err;

    random_scenario(&scenario, seed, false);
    random_contention(&scenario, &settings, seed);
    const struct catalogue catalogue = {&scenario, {seed, 0}, seed % 2 == 0};
    const struct maillog_options options = {(enum maillog_format)(seed % 3), "mx.example",
                                            (unsigned)(seed % 7)};
    cr_assert(maillog_writer_open(&writer, path, &catalogue, &options, &err), "%s", err.text);
    observers_add(&observers, &writer.observer);
    observers_add(&observers, &counts->observer);
    world_run(&(struct run){&scenario, mta_find("postfix"), &settings, seed, 0, &observers});
    cr_assert(maillog_writer_commit(&writer, &err), "%s", err.text);
    maillog_writer_discard(&writer);
    scenario_fini(&scenario);
}

static void expect_same(uint64_t seed, const struct counts *counts,
                        const struct maillog_totals *found)
{
    const struct maillog_totals *want = &counts->totals;
    const struct {
        const char *name;
        uint64_t found, want;
    } rows[] = {
        {"files", found->messages + found->unqueued, counts->files},
        {"births", found->births, want->births},
        {"activations", found->activations, want->activations},
        {"sent", found->attempts[LOGGED_SENT], want->attempts[LOGGED_SENT]},
        {"deferred", found->attempts[LOGGED_DEFERRED], want->attempts[LOGGED_DEFERRED]},
        {"suspended", found->attempts[LOGGED_SUSPENDED], want->attempts[LOGGED_SUSPENDED]},
        {"bounced", found->attempts[LOGGED_BOUNCED], want->attempts[LOGGED_BOUNCED]},
        {"expired", found->expired, want->expired},
        {"non-delivery notices", found->bounce_notices, want->bounce_notices},
        {"delay notices", found->delay_notices, want->delay_notices},
        {"removed", found->removed, want->removed},
        {"lines not read", found->foreign_lines + found->unstamped_lines, 0},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_assert_eq(rows[i].found, rows[i].want, "seed %llu, %s: %llu, not %llu",
                     (unsigned long long)seed, rows[i].name, (unsigned long long)rows[i].found,
                     (unsigned long long)rows[i].want);
}

Test(maillog_round_trip, what_is_written_is_what_is_read)
{
    char folder[] = P_tmpdir "/tempfail-round-trip-XXXXXX";
    uint64_t attempts[LOGGED_STATUS_COUNT] = {0}, deleted = 0, requeued = 0;

    cr_assert_not_null(mkdtemp(folder));
    char *path = alloc_printf("%s/mail.log", folder);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct counts counts = {.observer.ops = &counting};
        run_and_log(seed, path, &counts);
        struct maillog_totals totals = read_log(path);
        expect_same(seed, &counts, &totals);
        for (int i = 0; i < LOGGED_STATUS_COUNT; i++)
            attempts[i] += totals.attempts[i];
        deleted += counts.deleted;
        requeued += counts.requeued;
    }
    for (int i = 0; i < LOGGED_OTHER; i++)
        cr_expect_gt(attempts[i], 100, "status %d: %llu", i, (unsigned long long)attempts[i]);
    cr_expect_gt(deleted, 100);
    cr_expect_gt(requeued, 100);
    unlink(path);
    rmdir(folder);
    free(path);
}
