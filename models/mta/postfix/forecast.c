/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/forecast.h"

const char *const listed_queue_names[] = {"maildrop", "active", "incoming",
                                          "deferred", "hold",   NULL};

struct forecast_plan forecast_present(const struct postfix_settings *settings, int64_t now,
                                      int64_t scan)
{
    struct forecast_plan plan = {.now = now, .before = settings, .settings = settings};
    int64_t period = settings->queue_run_delay;

    if (scan == FORECAST_UNKNOWN)
        return plan;
    int64_t since = (now - scan) % period; /* negative where `scan` is to come */
    int64_t next = now + period - (since >= 0 ? since : since + period);
    plan.knows_scans = true;
    plan.scans = scan_clock_at(next * SIM_SECOND, period);
    return plan;
}

struct forecast_plan forecast_change(const struct forecast_plan *present,
                                     const struct postfix_settings *settings)
{
    return (struct forecast_plan){
        .now = present->now,
        .before = present->settings,
        .settings = settings,
        .knows_scans = true,
        .scans = scan_clock_at(present->now * SIM_SECOND, settings->queue_run_delay),
    };
}

static int64_t max(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t period_of(const struct forecast_plan *plan)
{
    return plan->settings->queue_run_delay;
}

static int64_t lifetime(const struct forecast_plan *plan, const struct forecast_message *message)
{
    return message->null_sender ? plan->settings->bounce_queue_lifetime
                                : plan->settings->maximal_queue_lifetime;
}

/* -------------------------------------------------------------------- scans */

/* The known scan that takes a file of this time stamp. */
static int64_t known_scan(const struct forecast_plan *plan, int64_t mtime)
{
    return sim_second(scan_start(&plan->scans, scan_taking(&plan->scans, mtime, 1)));
}

/* A scan may start in any second. */
static int64_t earliest_scan(const struct forecast_plan *plan, int64_t mtime)
{
    if (plan->knows_scans)
        return known_scan(plan, mtime);
    return max(mtime - SCAN_TOLERANCE, plan->now);
}

/* The one before may have started just before the file could be taken, or just before now. */
static int64_t latest_scan(const struct forecast_plan *plan, int64_t mtime)
{
    if (plan->knows_scans)
        return known_scan(plan, mtime);
    return max(mtime - SCAN_TOLERANCE, plan->now + 1) + period_of(plan) - 1;
}

/* From a scan to the one that takes a message which failed at it, at once. */
static int64_t step(const struct forecast_plan *plan, int64_t age)
{
    int64_t wait = postfix_backoff(plan->settings, age) - SCAN_TOLERANCE;
    int64_t scans = (wait + period_of(plan) - 1) / period_of(plan);

    return max(scans, 1) * period_of(plan);
}

/* -------------------------------------------------------------- next attempt */

/* When the message was made, as far as its present queue file goes. */
static struct forecast_window creation(const struct forecast_plan *plan,
                                       const struct forecast_message *message)
{
    if (message->queue == LISTED_MAILDROP) /* pickup makes another file of it */
        return (struct forecast_window){plan->now, plan->now + FORECAST_PICKUP};
    return (struct forecast_window){message->created, message->created + FORECAST_CREATION};
}

/*
 * The time stamps that its file may have: the last attempt, of which a reason
 * is left, ended between its creation and now.
 */
static struct forecast_window stamps(const struct forecast_plan *plan,
                                     const struct forecast_message *message)
{
    int64_t first =
        message->failed ? message->created + postfix_backoff(plan->before, 0) : message->created;
    int64_t last = plan->now + postfix_backoff(plan->before, plan->now - message->created);

    if (message->mtime != FORECAST_UNKNOWN)
        return (struct forecast_window){message->mtime, message->mtime};
    return (struct forecast_window){first, max(first, last)};
}

static struct forecast_window next_attempt(const struct forecast_plan *plan,
                                           const struct forecast_message *message)
{
    if (message->queue == LISTED_MAILDROP)
        return creation(plan, message);
    if (message->queue != LISTED_DEFERRED)
        return (struct forecast_window){plan->now, plan->now};
    struct forecast_window stamp = stamps(plan, message);
    return (struct forecast_window){
        earliest_scan(plan, stamp.low),
        latest_scan(plan, stamp.high),
    };
}

/* -------------------------------------------------------------------- expiry */

static enum forecast_fate fate(const struct forecast_window *next,
                               const struct forecast_window *lifetime_ends)
{
    if (next->low >= lifetime_ends->high)
        return FORECAST_EXPIRED;
    return next->high < lifetime_ends->low ? FORECAST_DEFERRED : FORECAST_EITHER;
}

/*
 * Not before the lifetime ends; and the last attempt but one ended before it does, at the latest
 * a second before.
 */
static struct forecast_window expiry(const struct forecast_plan *plan,
                                     const struct forecast_message *message,
                                     const struct forecast_window *next,
                                     const struct forecast_window *lifetime_ends)
{
    int64_t last_age = lifetime(plan, message) - 1;
    int64_t last = lifetime_ends->high - 1 + postfix_backoff(plan->settings, last_age);

    if (next->low >= lifetime_ends->high)
        return *next;
    return (struct forecast_window){
        max(next->low, lifetime_ends->low),
        max(next->high, latest_scan(plan, last)),
    };
}

/* The attempts from a scan on, up to the one after which the message is given up. */
static uint64_t attempts_from(const struct forecast_plan *plan, int64_t created, int64_t ends,
                              int64_t scan)
{
    uint64_t count = 1;

    while (scan < ends && scan - created < plan->settings->maximal_backoff_time) {
        scan += step(plan, scan - created);
        count++;
    }
    if (scan >= ends)
        return count;
    int64_t longest = step(plan, plan->settings->maximal_backoff_time); /* always, from here on */
    return count + (uint64_t)((ends - scan + longest - 1) / longest);
}

/* Where the next attempt starts at no scan, only those after it do. */
static uint64_t count_attempts(const struct forecast_plan *plan,
                               const struct forecast_message *message, int64_t created,
                               int64_t start,
                               int64_t (*scan)(const struct forecast_plan *plan, int64_t mtime))
{
    int64_t ends = created + lifetime(plan, message);

    if (message->queue == LISTED_DEFERRED)
        return attempts_from(plan, created, ends, start);
    if (start >= ends)
        return 1;
    int64_t mtime = start + postfix_backoff(plan->settings, start - created);
    return 1 + attempts_from(plan, created, ends, scan(plan, mtime));
}

static struct forecast forecast_of(const struct forecast_plan *plan,
                                   const struct forecast_message *message)
{
    struct forecast_window created = creation(plan, message);
    struct forecast_window ends = {created.low + lifetime(plan, message),
                                   created.high + lifetime(plan, message)};
    struct forecast forecast = {
        .scheduled = message->queue != LISTED_HOLD,
        .next = next_attempt(plan, message),
    };

    if (message->forced) {
        forecast.expires = forecast.next;
        forecast.if_next_fails = FORECAST_EXPIRED;
        return forecast;
    }
    forecast.expires = expiry(plan, message, &forecast.next, &ends);
    forecast.if_next_fails = fate(&forecast.next, &ends);
    forecast.attempts_low =
        count_attempts(plan, message, created.low, forecast.next.high, latest_scan);
    forecast.attempts_high =
        count_attempts(plan, message, created.high, forecast.next.low, earliest_scan);
    return forecast;
}

struct forecast forecast_make(const struct forecast_plan *plan,
                              const struct forecast_message *message)
{
    struct forecast_message seen = *message;

    if (seen.created > plan->now)
        seen.created = plan->now;
    return forecast_of(plan, &seen);
}
