/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/infer/infer.h"

#include <stdlib.h>
#include <string.h>

#include "models/infer/round.h"
#include "models/infer/trouble.h"
#include "models/mta/postfix/scans.h"
#include "sim/alloc.h"

#define USUAL_LIFETIME (5 * 86400)

/* qmgr warns a second before its time: see postfix_warns(). */
#define WARNING_TOLERANCE 1

enum { MAIL, BOUNCES }; /* classes of lifetime */

const char *infer_name(enum infer_setting setting)
{
    static const char *const names[] = {
        [INFER_QUEUE_RUN_DELAY] = "queue_run_delay",
        [INFER_MINIMAL_BACKOFF_TIME] = "minimal_backoff_time",
        [INFER_MAXIMAL_BACKOFF_TIME] = "maximal_backoff_time",
        [INFER_MAXIMAL_QUEUE_LIFETIME] = "maximal_queue_lifetime",
        [INFER_BOUNCE_QUEUE_LIFETIME] = "bounce_queue_lifetime",
        [INFER_DELAY_WARNING_TIME] = "delay_warning_time",
        [INFER_SCAN_PHASE] = "scan_phase",
    };

    return names[setting];
}

/* ---- what a message tells ---- */

static bool was_deferred(const struct logged_message *message, size_t trip)
{
    for (size_t i = message->attempt_count; i-- > 0;) {
        const struct logged_attempt *attempt = &message->attempts[i];
        if (attempt->activation == trip
            && (attempt->status == LOGGED_DEFERRED || attempt->status == LOGGED_SUSPENDED))
            return true;
    }
    return false;
}

/* Whether a failed trip ended in the deferred queue, and not with the message. */
static bool was_kept(const struct logged_message *message, size_t trip)
{
    if (message->activations[trip].end == SIM_NEVER)
        return false;
    if (trip + 1 < message->activation_count)
        return true;
    return message->expired == SIM_NEVER && (message->removed == SIM_NEVER || message->by_operator)
           && was_deferred(message, trip);
}

/* How old it was, in whole seconds, when it was last kept before `until`; -1 if it never was. */
static int64_t age_when_kept(const struct logged_message *message, sim_time until)
{
    for (size_t i = message->activation_count; i-- > 0;)
        if (was_kept(message, i) && message->activations[i].end < until)
            return sim_second(message->activations[i].end) - logged_create_time(message);
    return -1;
}

static bool is_expired(const struct logged_message *message)
{
    return message->expired != SIM_NEVER && !message->forced;
}

static void add_lifetime(struct infer *infer, const struct logged_message *message)
{
    int class = message->sender[0] == '\0' ? BOUNCES : MAIL;
    int64_t kept = age_when_kept(message, SIM_NEVER);

    if (is_expired(message)) {
        int64_t given_up = sim_second(message->expired) - logged_create_time(message);
        votes_add(&infer->lifetimes[class], kept + 1, given_up);
        infer->expired[class]++;
    } else if (kept >= 0) {
        votes_add(&infer->lifetimes[class], kept + 1, VOTES_NO_END);
    }
}

static void add_warning(struct infer *infer, const struct logged_message *message)
{
    bool warned = message->warned != SIM_NEVER;
    sim_time trip_end = SIM_NEVER;

    if (message->sender[0] == '\0')
        return;
    for (size_t i = 0; warned && i < message->activation_count; i++)
        if (message->activations[i].end <= message->warned)
            trip_end = message->activations[i].end;
    int64_t kept = age_when_kept(message, trip_end);
    int64_t low = kept < 0 ? 1 : kept + WARNING_TOLERANCE + 1;
    if (warned && trip_end != SIM_NEVER) {
        int64_t age = sim_second(trip_end) - logged_create_time(message);
        votes_add(&infer->warnings, low, age + WARNING_TOLERANCE);
        infer->warned++;
    } else if (!warned && kept >= 0) {
        votes_add(&infer->warnings, low, VOTES_NO_END);
    }
}

void infer_add(struct infer *infer, const struct logged_message *message)
{
    retries_add(&infer->retries, message);
    active_add(&infer->active, message);
    if (message->arrival == SIM_NEVER || message->sender == NULL)
        return;
    add_lifetime(infer, message);
    add_warning(infer, message);
}

void infer_add_start(struct infer *infer, const struct logged_start *start)
{
    struct infer_starts *starts = &infer->starts;

    starts->list = alloc_grow(starts->list, &starts->room, starts->count + 1, sizeof *starts->list);
    starts->list[starts->count++] =
        (struct infer_start){sim_second(start->at), start->reloaded, false};
}

void infer_fini(struct infer *infer)
{
    free(infer->retries.list);
    active_fini(&infer->active);
    free(infer->starts.list);
    votes_fini(&infer->lifetimes[MAIL]);
    votes_fini(&infer->lifetimes[BOUNCES]);
    votes_fini(&infer->warnings);
}

/* ---- what all of them tell ---- */

static const struct infer_answer unknown = {INFER_UNKNOWN, INFER_UNKNOWN, INFER_UNKNOWN, 0};

/* What is not bounded above is not known. */
static struct infer_answer answer_of(const struct votes_range *range, int64_t usual, uint64_t seen)
{
    if (range->votes == 0)
        return unknown;
    if (range->high == VOTES_NO_END)
        return (struct infer_answer){INFER_UNKNOWN, range->low, INFER_UNKNOWN, seen};
    return (struct infer_answer){round_within(range->low, range->high, usual), range->low,
                                 range->high, seen};
}

static int64_t within_period(int64_t second, int64_t period)
{
    return (second % period + period) % period;
}

static struct infer_answer phase_of(const struct grid *grid)
{
    const struct grid_hit *last = &grid->hits[grid->count - 1];
    int64_t least = 0, most = 0;
    uint64_t seen = 0;

    for (size_t i = grid->count; i-- > 0 && grid->hits[i].segment == last->segment;) {
        int64_t periods = last->number - grid->hits[i].number;
        int64_t off = grid->hits[i].at + periods * grid->period - last->at;
        least = off < least ? off : least;
        most = off > most ? off : most;
        seen++;
    }
    return (struct infer_answer){within_period(last->at, grid->period),
                                 within_period(last->at + least, grid->period),
                                 within_period(last->at + most, grid->period), seen};
}

static void answer_timing(const struct timing *timing, struct infer_answer *answers)
{
    const struct backoff *backoff = &timing->backoff;

    if (timing->grid.count == 0)
        return;
    answers[INFER_QUEUE_RUN_DELAY] = (struct infer_answer){timing->grid.period, timing->period_low,
                                                           timing->period_high, timing->grid.count};
    answers[INFER_MINIMAL_BACKOFF_TIME] =
        answer_of(&backoff->minimal_range, backoff->minimal, backoff->minimal_told);
    answers[INFER_MAXIMAL_BACKOFF_TIME] =
        answer_of(&backoff->maximal_range, backoff->maximal, backoff->maximal_told);
    answers[INFER_SCAN_PHASE] = phase_of(&timing->grid);
}

static struct infer_answer answer_lifetime(struct infer *infer, int class)
{
    if (infer->lifetimes[class].count == 0)
        return unknown;
    struct votes_range range =
        votes_most(&infer->lifetimes[class], 0, VOTES_NO_END, USUAL_LIFETIME);
    return answer_of(&range, USUAL_LIFETIME, infer->expired[class]);
}

/* Postfix lowers it to maximal_queue_lifetime. */
static void clamp_bounces(struct infer_answer *answers)
{
    const struct infer_answer *mail = &answers[INFER_MAXIMAL_QUEUE_LIFETIME];
    struct infer_answer *bounces = &answers[INFER_BOUNCE_QUEUE_LIFETIME];

    if (bounces->high == INFER_UNKNOWN && mail->high >= bounces->low)
        bounces->high = mail->high;
}

/* Where nobody was told, it is off, or longer than anything was kept. */
static struct infer_answer answer_warning(struct infer *infer)
{
    struct votes_range range = votes_most(&infer->warnings, 1, VOTES_NO_END, 0);

    if (infer->warnings.count == 0)
        return unknown;
    if (infer->warned == 0)
        return (struct infer_answer){0, range.low, INFER_UNKNOWN, 0};
    return answer_of(&range, 0, infer->warned);
}

void infer_finish(struct infer *infer, struct infer_result *result)
{
    struct timing *timing = &result->timing;

    *result = (struct infer_result){.retries = infer->retries.count};
    for (int i = 0; i < INFER_SETTING_COUNT; i++)
        result->answers[i] = unknown;
    timing_find(timing, &infer->retries);
    timing_find_waits(timing, &infer->retries, &infer->active, 0);
    result->on_scan = timing->verdicts[VERDICT_ON_SCAN];
    result->waited = timing->verdicts[VERDICT_WAITED];
    result->early = timing->verdicts[VERDICT_EARLY];
    result->late = timing->verdicts[VERDICT_LATE];
    result->off_grid = timing->verdicts[VERDICT_OFF_GRID];
    answer_timing(timing, result->answers);
    trouble_find(timing, &infer->retries, &infer->starts, result);
    result->answers[INFER_MAXIMAL_QUEUE_LIFETIME] = answer_lifetime(infer, MAIL);
    result->answers[INFER_BOUNCE_QUEUE_LIFETIME] = answer_lifetime(infer, BOUNCES);
    clamp_bounces(result->answers);
    result->answers[INFER_DELAY_WARNING_TIME] = answer_warning(infer);
}

void infer_result_fini(struct infer_result *result)
{
    free(result->events);
    timing_fini(&result->timing);
}

/* ---- one for each queue manager ---- */

static struct infer *infer_of(struct infers *infers, const char *host, const char *instance)
{
    char *name = alloc_printf("%s %s", host, instance);
    size_t server = names_add(&infers->servers, name, strlen(name));

    free(name);
    if (server == infers->count) {
        infers->list = alloc_grow(infers->list, &infers->room, server + 1, sizeof *infers->list);
        infers->list[infers->count++] = (struct infer){0};
    }
    return &infers->list[server];
}

void infers_add(struct infers *infers, const struct logged_message *message)
{
    infer_add(infer_of(infers, message->host, message->instance), message);
}

void infers_start(struct infers *infers, const struct logged_start *start)
{
    infer_add_start(infer_of(infers, start->host, start->instance), start);
}

void infers_fini(struct infers *infers)
{
    for (size_t i = 0; i < infers->count; i++)
        infer_fini(&infers->list[i]);
    free(infers->list);
    names_fini(&infers->servers);
}
