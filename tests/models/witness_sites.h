/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/witness_sites.h - the part of the witness that watches destinations
 *
 * From the order in which deliveries begin and end it works out again what each window is, who
 * stands in line, and which failure kills a site: Postfix's qmgr_queue.c, as arithmetic.
 */
#ifndef TESTS_MODELS_WITNESS_SITES_H
#define TESTS_MODELS_WITNESS_SITES_H

#include <stdlib.h>

#include "models/mta/postfix/parameters.h"
#include "models/world.h"
#include "sim/alloc.h"

/* Deliveries of a message to one destination, in line or under way. */
struct errand {
    uint64_t key; /* the message */
    uint32_t recipients;
    sim_time start;
};

struct errands {
    struct errand *list;
    size_t count, room;
};

struct watched {
    int window; /* while it is alive */
    double success, failure, fail_cohorts;
    bool dead;
    sim_time dead_until, rest_until;
    struct errands line, begun;
    uint64_t to_retry; /* recipients that will come back untried */
};

/* A delivery that has ended; what it met is told next. */
struct completion {
    bool open, known, blamed, was_dead, revived, died;
    uint32_t site;
    struct errand errand; /* as its attempts say */
};

struct watch {
    const struct run *run;
    const struct postfix_settings *settings;
    const char *fault;
    int line;
    struct watched *list;
    size_t count;
    struct completion completion;
    int64_t revived;   /* a site that is alive again, and why is not told yet; or -1 */
    bool blind;        /* lines may have been emptied without a word */
    uint64_t busy;     /* in all */
    sim_time last_end; /* of any delivery; -1 */
    uint64_t deaths;   /* for those who ask whether it was worth watching */
};

#define SITE_HOLDS(w, cond)                                                                        \
    do {                                                                                           \
        if (!(cond) && (w)->fault == NULL) {                                                       \
            (w)->fault = #cond;                                                                    \
            (w)->line = __LINE__;                                                                  \
        }                                                                                          \
    } while (0)

/* ------------------------------------------------------------ operators */

/* Whether it is done at some time after `after`, up to `at`; the last such time is `*when`. */
static inline bool operation_within(const struct operation *operation, sim_time after, sim_time at,
                                    sim_time *when)
{
    if (operation->at > at)
        return false;
    sim_time every = operation->every;
    *when = every == 0 ? operation->at : at - (at - operation->at) % every;
    if (*when >= operation->until && every > 0)
        *when = operation->at + (operation->until - 1 - operation->at) / every * every;
    return *when > after && *when < operation->until;
}

/* The last time within (after, at] that somebody did so; -1: never. */
static inline sim_time last_operation(const struct scenario *scenario, enum operation_kind kind,
                                      sim_time after, sim_time at)
{
    sim_time last = -1, when;

    for (size_t i = 0; i < scenario->operation_count; i++) {
        const struct operation *operation = &scenario->operations[i];
        if (operation->kind == kind && operation_within(operation, after, at, &when) && when > last)
            last = when;
    }
    return last;
}

/* ------------------------------------------------------------ lines */

static inline void errands_add(struct errands *errands, struct errand errand)
{
    errands->list =
        alloc_grow(errands->list, &errands->room, errands->count + 1, sizeof *errands->list);
    errands->list[errands->count++] = errand;
}

static inline struct errand errands_take(struct errands *errands, size_t place)
{
    struct errand taken = errands->list[place];

    for (size_t i = place + 1; i < errands->count; i++)
        errands->list[i - 1] = errands->list[i];
    errands->count--;
    return taken;
}

static inline bool same_errand(const struct errand *a, const struct errand *b)
{
    return a->key == b->key && a->recipients == b->recipients && a->start == b->start;
}

/* Where such a one is; `count` if there is none. */
static inline size_t errands_find(const struct errands *errands, const struct errand *errand)
{
    size_t i = 0;

    while (i < errands->count && !same_errand(&errands->list[i], errand))
        i++;
    return i;
}

/* ------------------------------------------------------------ windows */

static inline long most_at_once(const struct watch *watch)
{
    return watch->settings->default_destination_rate_delay > 0
               ? 1
               : watch->settings->default_destination_concurrency_limit;
}

static inline int first_window(const struct watch *watch)
{
    long first = watch->settings->initial_destination_concurrency, most = most_at_once(watch);

    return (int)(most > 0 && first > most ? most : first);
}

static inline void window_fresh(const struct watch *watch, struct watched *site, int window)
{
    site->window = window > 0 ? window : first_window(watch);
    site->success = site->failure = site->fail_cohorts = 0;
}

static inline double step_of(struct postfix_feedback feedback, int window)
{
    return feedback.per_window ? feedback.base / window : feedback.base;
}

static inline void window_up(const struct watch *watch, struct watched *site)
{
    long most = most_at_once(watch);
    double step =
        step_of(watch->settings->default_destination_concurrency_positive_feedback, site->window);

    site->fail_cohorts = 0;
    if ((most != 0 && most <= site->window)
        || site->window >= (int)site->begun.count + first_window(watch))
        return;
    site->success += step;
    for (; site->success + step / 2 >= 1; site->success -= 1) {
        site->window++;
        site->failure = 0;
    }
    if (most > 0 && site->window > most)
        site->window = (int)most;
}

/* Whether it dies. */
static inline bool window_down(const struct watch *watch, struct watched *site)
{
    long cohorts = watch->settings->default_destination_concurrency_failed_cohort_limit;
    double step =
        step_of(watch->settings->default_destination_concurrency_negative_feedback, site->window);

    site->fail_cohorts += 1.0 / site->window;
    if (cohorts > 0 && site->fail_cohorts >= (double)cohorts)
        return true;
    site->failure -= step;
    for (; site->failure - step / 2 < 0; site->failure += 1) {
        site->window--;
        site->success = 0;
    }
    if (site->window < 1)
        site->window = 1;
    return false;
}

static inline void forget_idle(const struct watch *watch, struct watched *site)
{
    if (site->line.count == 0 && site->begun.count == 0 && !site->dead && site->rest_until == 0)
        window_fresh(watch, site, 0);
}

/* ------------------------------------------------------------ what is told */

/* All attempts of the delivery that has ended are told. */
static inline void watch_settle(struct watch *watch)
{
    struct completion done = watch->completion;
    struct watched *site = &watch->list[done.site];

    watch->completion.open = false;
    if (!done.open || watch->blind)
        return;
    if (done.revived) {
        SITE_HOLDS(watch, !done.blamed);
    } else if (done.was_dead) {
        SITE_HOLDS(watch, done.blamed && !done.died);
    } else if (done.blamed) {
        struct watched before = *site;
        bool dies = window_down(watch, &before);
        SITE_HOLDS(watch, dies == done.died);
        if (!dies)
            *site = before;
    } else {
        window_up(watch, site);
    }
    size_t place = errands_find(&site->begun, &done.errand);
    SITE_HOLDS(watch, place < site->begun.count);
    if (place < site->begun.count)
        errands_take(&site->begun, place);
    forget_idle(watch, site);
}

static inline void watch_restart(struct watch *watch)
{
    for (size_t i = 0; i < watch->count; i++) {
        watch->list[i].rest_until = 0;
        if (!watch->list[i].dead)
            window_fresh(watch, &watch->list[i], 0);
    }
}

/* Something else than an attempt is told, at `at`, the last thing having been told at `before`. */
static inline void watch_time(struct watch *watch, sim_time before, sim_time at, bool is_end)
{
    const struct scenario *scenario = watch->run->scenario;

    watch_settle(watch);
    SITE_HOLDS(watch, is_end || watch->revived < 0);
    watch->blind |= last_operation(scenario, OPERATION_TRANSPORT_DOWN, -1, at) >= 0;
    for (size_t i = 0; i < watch->count; i++) {
        struct watched *site = &watch->list[i];
        SITE_HOLDS(watch, !site->dead || at <= site->dead_until);
        if (site->rest_until != 0 && at >= site->rest_until) {
            site->rest_until = 0;
            forget_idle(watch, site);
        }
    }
    if (last_operation(scenario, OPERATION_RESTART, before, at) >= 0)
        watch_restart(watch);
}

/* A message becomes active with so many recipients at a site. */
static inline void watch_line_up(struct watch *watch, uint64_t key, uint32_t domain,
                                 uint32_t recipients)
{
    struct watched *site = &watch->list[domain];
    uint32_t limit = (uint32_t)watch->settings->default_destination_recipient_limit;

    if (site->dead) {
        site->to_retry += recipients;
        return;
    }
    for (uint32_t n; recipients > 0; recipients -= n) {
        n = limit > 0 && recipients > limit ? limit : recipients;
        errands_add(&site->line, (struct errand){.key = key, .recipients = n});
    }
}

static inline void watch_begins(struct watch *watch, sim_time at, uint32_t domain)
{
    struct watched *site = &watch->list[domain];
    long delay = watch->settings->default_transport_rate_delay;

    SITE_HOLDS(watch, !site->dead);
    SITE_HOLDS(watch, ++watch->busy <= (uint64_t)watch->settings->default_process_limit);
    SITE_HOLDS(watch, at >= site->rest_until);
    if (delay > 0) {
        SITE_HOLDS(watch, watch->busy == 1);
        SITE_HOLDS(watch, watch->last_end < 0 || at >= watch->last_end + delay * SIM_SECOND);
    }
    if (watch->blind)
        return;
    SITE_HOLDS(watch, (int)site->begun.count < site->window);
    SITE_HOLDS(watch, site->line.count > 0);
    if (site->line.count == 0)
        return;
    struct errand first = errands_take(&site->line, 0);
    first.start = at;
    errands_add(&site->begun, first);
}

static inline void watch_ends(struct watch *watch, sim_time at, uint32_t domain)
{
    struct watched *site = &watch->list[domain];
    long delay = watch->settings->default_destination_rate_delay;

    SITE_HOLDS(watch, watch->busy-- > 0);
    watch->last_end = at;
    if (delay > 0)
        site->rest_until = (sim_second(at) + delay) * SIM_SECOND;
    watch->completion = (struct completion){.open = true,
                                            .site = domain,
                                            .was_dead = site->dead,
                                            .revived = watch->revived == (int64_t)domain};
    watch->revived = -1;
}

static inline void watch_dies(struct watch *watch, sim_time at, uint32_t domain)
{
    struct watched *site = &watch->list[domain];
    long length = watch->settings->minimal_backoff_time;

    SITE_HOLDS(watch, !site->dead && watch->completion.open && watch->completion.site == domain);
    watch->completion.died = true;
    watch->deaths++;
    site->dead = true;
    site->dead_until = (sim_second(at) + length) * SIM_SECOND;
    while (site->line.count > 0)
        site->to_retry += errands_take(&site->line, 0).recipients;
}

/* By its timer, by an operator, with rate delays at once; or by a delivery whose end is told
 * next. */
static inline void watch_lives(struct watch *watch, sim_time at, uint32_t domain)
{
    const struct scenario *scenario = watch->run->scenario;
    struct watched *site = &watch->list[domain];
    bool at_once = watch->completion.open && watch->completion.died
                   && watch->settings->default_destination_rate_delay > 0;

    SITE_HOLDS(watch, site->dead);
    if (!at_once && at != site->dead_until
        && last_operation(scenario, OPERATION_FLUSH, at - 1, at) < 0
        && last_operation(scenario, OPERATION_RESTART, at - 1, at) < 0)
        watch->revived = domain;
    site->dead = false;
    window_fresh(watch, site, (int)site->begun.count - (watch->completion.open && at_once ? 1 : 0));
    if (!at_once && watch->revived < 0)
        forget_idle(watch, site);
}

/* A delivery that takes no time, to a site that nothing loads, leaves no trace. */
static inline void watch_instant(struct watch *watch, struct watched *site, uint64_t key,
                                 bool blamed)
{
    SITE_HOLDS(watch, !blamed && !site->dead && site->begun.count == 0 && site->line.count == 1
                          && site->line.list[0].key == key);
    if (site->line.count > 0)
        errands_take(&site->line, 0);
}

static inline void watch_untried(struct watch *watch, struct watched *site,
                                 const struct attempt *attempt)
{
    watch_settle(watch);
    SITE_HOLDS(watch, attempt->start == attempt->end && attempt->ready == attempt->end);
    SITE_HOLDS(watch, watch->blind || site->to_retry > 0);
    site->to_retry -= site->to_retry > 0;
}

static inline void watch_attempt(struct watch *watch, uint64_t key, const struct attempt *attempt)
{
    struct watched *site = &watch->list[attempt->site];
    struct completion *done = &watch->completion;
    bool blamed = attempt->outcome == OUTCOME_DEFERRED
                  && (attempt->stage < STAGE_MAIL || attempt->reply->session_lost);

    SITE_HOLDS(watch, attempt->site < watch->count && attempt->site == attempt->domain);
    if (attempt->outcome == OUTCOME_SUSPENDED) {
        watch_untried(watch, site, attempt);
    } else if (watch->blind) {
        return;
    } else if (!done->open) {
        watch_instant(watch, site, key, blamed);
    } else {
        if (!done->known)
            done->errand = (struct errand){.key = key, .start = attempt->start};
        done->known = true;
        SITE_HOLDS(watch, attempt->site == done->site);
        SITE_HOLDS(watch, done->errand.key == key && done->errand.start == attempt->start);
        done->errand.recipients++;
        done->blamed |= blamed;
    }
}

static inline void watch_init(struct watch *watch, const struct run *run)
{
    *watch = (struct watch){
        .run = run,
        .settings = run->mta_settings,
        .count = run->scenario->domains.count,
        .revived = -1,
        .last_end = -1,
    };
    watch->list = alloc_zeroed((watch->count + 1) * sizeof *watch->list);
    for (size_t i = 0; i < watch->count; i++)
        window_fresh(watch, &watch->list[i], 0);
}

static inline void watch_fini(struct watch *watch)
{
    for (size_t i = 0; i < watch->count; i++) {
        free(watch->list[i].line.list);
        free(watch->list[i].begun.list);
    }
    free(watch->list);
}

#endif
