/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/self_check.h"

#include <stdlib.h>
#include <string.h>

#include "models/mta/postfix/rules.h"
#include "models/mta/postfix/scans.h"
#include "sim/alloc.h"

/* All in whole seconds. */
struct self_check_retry {
    int64_t deferred;  /* when the activation before it ended */
    int32_t wait;      /* from then on: until it may be tried again */
    int32_t picked_up; /* from then on: when it was */
};
_Static_assert(sizeof(struct self_check_retry) == 16, "a retry costs 16 bytes");

void self_check_init(struct self_check *check, const struct postfix_settings *settings)
{
    *check = (struct self_check){.settings = settings};
}

void self_check_fini(struct self_check *check)
{
    free(check->retries);
}

void self_check_use_scans(struct self_check *check, const struct scan *scans, size_t count)
{
    check->scans = scans;
    check->scan_count = count;
}

/* ---- what the log says ---- */

static void add_retry(struct self_check *check, int64_t created, sim_time end, sim_time again)
{
    int64_t deferred = sim_second(end);
    struct self_check_retry retry = {
        .deferred = deferred,
        .wait = sim_seconds32(postfix_backoff(check->settings, deferred - created)),
        .picked_up = sim_seconds32(sim_second(again) - deferred),
    };

    check->retries =
        alloc_grow(check->retries, &check->room, check->count + 1, sizeof *check->retries);
    check->retries[check->count++] = retry;
}

void self_check_add(struct self_check *check, const struct logged_message *message)
{
    if (message->arrival == SIM_NEVER)
        return;
    for (size_t i = 1; i < message->activation_count; i++) {
        const struct logged_activation *activation = &message->activations[i];
        if (activation[-1].end != SIM_NEVER && activation->at != SIM_NEVER)
            add_retry(check, logged_create_time(message), activation[-1].end, activation->at);
    }
}

/* ---- the phase that explains most ---- */

/* The phases that explain each retry run, around the period, from one of `first` to one of `last`.
 */
struct spans {
    uint32_t *first, *last; /* sorted apart */
    size_t count;
    size_t across; /* those that begin below the period's end and end above its start */
};

static uint32_t within_period(int64_t second, int64_t period)
{
    int64_t rest = second % period;

    return (uint32_t)(rest < 0 ? rest + period : rest);
}

/* A scan explains a retry if it is the first that can take the file, and begins shortly before. */
static void add_span(struct spans *spans, const struct self_check_retry *retry, int64_t tolerance,
                     int64_t period)
{
    int64_t picked_up = retry->deferred + retry->picked_up;
    int64_t first = retry->deferred + (retry->wait - tolerance > 1 ? retry->wait - tolerance : 1);
    int64_t last = first + period - 1;

    if (first < picked_up - SELF_CHECK_FEED)
        first = picked_up - SELF_CHECK_FEED;
    if (last > picked_up)
        last = picked_up;
    if (first > last)
        return;
    spans->first[spans->count] = within_period(first, period);
    spans->last[spans->count] = within_period(last, period);
    spans->across += spans->first[spans->count] > spans->last[spans->count];
    spans->count++;
}

static int by_size(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void gather_spans(struct spans *spans, const struct self_check *check, int64_t tolerance)
{
    *spans = (struct spans){
        .first = alloc_zeroed((check->count + 1) * sizeof *spans->first),
        .last = alloc_zeroed((check->count + 1) * sizeof *spans->last),
    };
    for (size_t i = 0; i < check->count; i++)
        add_span(spans, &check->retries[i], tolerance, check->settings->queue_run_delay);
    qsort(spans->first, spans->count, sizeof *spans->first, by_size);
    qsort(spans->last, spans->count, sizeof *spans->last, by_size);
}

/*
 * Where most spans overlap, and there the latest, as no retry comes before its scan: so it is the
 * last phase of some span. -1 if there is no span.
 */
static int64_t best_phase(const struct spans *spans)
{
    size_t begun = 0, most = 0;
    int64_t best = -1;

    for (size_t ended = 0; ended < spans->count; ended++) {
        while (begun < spans->count && spans->first[begun] <= spans->last[ended])
            begun++;
        size_t overlapping = spans->across + begun - ended;
        if (overlapping > most) {
            most = overlapping;
            best = spans->last[ended];
        }
    }
    return best;
}

static int64_t find_phase(const struct self_check *check, int64_t tolerance)
{
    struct spans spans;

    gather_spans(&spans, check, tolerance);
    int64_t phase = best_phase(&spans);
    free(spans.first);
    free(spans.last);
    return phase;
}

/* ---- which scan it was, and which it should have been ---- */

/* A clock of that phase whose first scan comes before all retries. */
static struct scan_clock clock_of_phase(const struct self_check *check, int64_t phase)
{
    int64_t period = check->settings->queue_run_delay;
    int64_t first = check->count > 0 ? check->retries[0].deferred : 0;

    for (size_t i = 1; i < check->count; i++) {
        const struct self_check_retry *retry = &check->retries[i];
        if (retry->deferred < first)
            first = retry->deferred;
    }
    first -= period + (int64_t)within_period(first - phase, period);
    return scan_clock_at(first * SIM_SECOND, period);
}

static struct scan_clock clock_of(const struct self_check *check, int64_t phase)
{
    if (check->scan_count > 0)
        return scan_clock_recorded(check->scans, check->scan_count,
                                   check->settings->queue_run_delay);
    return clock_of_phase(check, phase);
}

static sim_time scan_end(const struct scan_clock *clock, uint64_t number)
{
    return clock->recorded != NULL && number < clock->first_number ? clock->recorded[number - 1].end
                                                                   : scan_start(clock, number);
}

/* The scan that was going on at `second`; 0 if there was none. */
static uint64_t scan_at(const struct scan_clock *clock, int64_t second)
{
    uint64_t number = scan_from(clock, (second + 1) * SIM_SECOND) - 1;

    if (number == 0 || sim_second(scan_end(clock, number)) + SELF_CHECK_FEED < second)
        return 0;
    return number;
}

static void judge(const struct self_check_retry *retry, const struct scan_clock *clock,
                  int64_t tolerance, struct self_check_result *result)
{
    int64_t mtime = retry->deferred + retry->wait;
    uint64_t next = scan_after(clock, retry->deferred * SIM_SECOND);
    uint64_t predicted = scan_taking(clock, mtime + SCAN_TOLERANCE - tolerance, next);
    uint64_t seen = scan_at(clock, retry->deferred + retry->picked_up);

    result->retries++;
    if (seen == 0)
        result->off_grid++;
    else if (seen < predicted)
        result->early++;
    else if (seen == predicted)
        result->on_scan++;
    else if (seen == predicted + 1)
        result->late_by_one++;
    else
        result->late++;
}

void self_check_finish_as_if(const struct self_check *check, int64_t tolerance,
                             struct self_check_result *result)
{
    int64_t phase = check->scan_count > 0 ? -1 : find_phase(check, tolerance);
    struct scan_clock clock = clock_of(check, phase < 0 ? 0 : phase);

    *result = (struct self_check_result){.phase_s = phase};
    for (size_t i = 0; i < check->count; i++)
        judge(&check->retries[i], &clock, tolerance, result);
}

void self_check_finish(const struct self_check *check, struct self_check_result *result)
{
    self_check_finish_as_if(check, SCAN_TOLERANCE, result);
}

/* ---- one for each queue manager ---- */

void self_checks_init(struct self_checks *checks, const struct postfix_settings *settings)
{
    *checks = (struct self_checks){.settings = settings};
}

void self_checks_fini(struct self_checks *checks)
{
    for (size_t i = 0; i < checks->count; i++)
        self_check_fini(&checks->checks[i]);
    free(checks->checks);
    names_fini(&checks->servers);
}

static struct self_check *check_of(struct self_checks *checks, const struct logged_message *message)
{
    char *name = alloc_printf("%s %s", message->host, message->instance);
    size_t server = names_add(&checks->servers, name, strlen(name));

    free(name);
    if (server == checks->count) {
        checks->checks =
            alloc_grow(checks->checks, &checks->room, server + 1, sizeof *checks->checks);
        self_check_init(&checks->checks[checks->count++], checks->settings);
    }
    return &checks->checks[server];
}

void self_checks_add(struct self_checks *checks, const struct logged_message *message)
{
    self_check_add(check_of(checks, message), message);
}

static void add_result(struct self_check_result *sum, const struct self_check_result *one)
{
    sum->retries += one->retries;
    sum->on_scan += one->on_scan;
    sum->early += one->early;
    sum->late_by_one += one->late_by_one;
    sum->late += one->late;
    sum->off_grid += one->off_grid;
}

void self_checks_finish(const struct self_checks *checks, struct self_check_result *sum)
{
    uint64_t most = 0;

    *sum = (struct self_check_result){.phase_s = -1};
    for (size_t i = 0; i < checks->count; i++) {
        struct self_check_result one;
        self_check_finish(&checks->checks[i], &one);
        add_result(sum, &one);
        if (one.retries > most) {
            most = one.retries;
            sum->phase_s = one.phase_s;
        }
    }
}
