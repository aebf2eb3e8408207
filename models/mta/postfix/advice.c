/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/advice.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "models/mta/postfix/timetable.h"

/* qmail and KumoMTA keep mail so long; RFC 5321, 4.5.4.1, has 4 to 5 days. */
#define LONG_LIFETIME (7 * 86400L)

/* About five times what Postfix's defaults make. */
#define MANY_ATTEMPTS 500

/* postconf(5), default_destination_rate_delay. */
#define COHORTS_FOR_RATE_DELAY 10

#define HOUR 3600

PRINTF_LIKE(2, 3) static bool say(char *text, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, ADVICE_ROOM, fmt, args);
    va_end(args);
    return true;
}

/* For the arguments of say(). */
#define TIME(seconds) (postfix_time_text(seconds).text)

/* ------------------------------------------------- what the scans make of it */

static long at_least(long value, long least)
{
    return value > least ? value : least;
}

struct advice_range advice_first_retry(const struct postfix_settings *settings)
{
    long earliest = at_least((long)postfix_backoff(settings, 0) - SCAN_TOLERANCE, 1);

    return (struct advice_range){earliest, earliest + settings->queue_run_delay - 1};
}

long advice_interval(const struct postfix_settings *settings, long backoff)
{
    long period = settings->queue_run_delay;
    long scans = (backoff - SCAN_TOLERANCE + period - 1) / period;

    return at_least(scans, 1) * period;
}

/* What a message is left alone for when it is as old as can be. */
static long longest_backoff(const struct postfix_settings *settings)
{
    return at_least(settings->maximal_backoff_time, settings->minimal_backoff_time);
}

static long longest_interval(const struct postfix_settings *settings)
{
    return advice_interval(settings, longest_backoff(settings));
}

/* How long an attempt may take, from its scan on, until the next one comes a scan later. */
static long longest_attempt(const struct postfix_settings *settings, long backoff)
{
    return advice_interval(settings, backoff) - backoff + SCAN_TOLERANCE;
}

/* A backoff of whole scans, give or take the tolerance: hardly an attempt is as quick. */
static bool leaves_no_time(const struct postfix_settings *settings, long backoff)
{
    return longest_attempt(settings, backoff) <= SCAN_TOLERANCE;
}

static bool grid(const struct postfix_settings *settings, char *text)
{
    struct advice_range first = advice_first_retry(settings);
    long floor = settings->minimal_backoff_time;
    char late[200] = "";

    if (leaves_no_time(settings, floor))
        snprintf(late, sizeof late,
                 "; minimal_backoff_time = %s is a whole number of scans, so a young message whose "
                 "attempt "
                 "takes %ld s or more waits for one scan more",
                 TIME(floor), longest_attempt(settings, floor) + 1);
    return say(text,
               "queue_run_delay = %s: as mail waits for a scan, the first retry comes after %ld to "
               "%ld s, and a message older than %s is retried every %ld s%s",
               TIME(settings->queue_run_delay), first.low, first.high,
               TIME(longest_backoff(settings)), longest_interval(settings), late);
}

static bool cap_on_grid(const struct postfix_settings *settings, char *text)
{
    long cap = settings->maximal_backoff_time, interval = advice_interval(settings, cap);

    return cap > settings->minimal_backoff_time && leaves_no_time(settings, cap)
           && say(
               text,
               "maximal_backoff_time = %s is a whole number of scans (queue_run_delay = %s): "
               "after an attempt that takes %ld s or more the next comes not after %ld but %ld s; "
               "a minute less leaves time for slow attempts",
               TIME(cap), TIME(settings->queue_run_delay), longest_attempt(settings, cap) + 1,
               interval, interval + settings->queue_run_delay);
}

static bool floor_above_cap(const struct postfix_settings *settings, char *text)
{
    return settings->minimal_backoff_time > settings->maximal_backoff_time
           && say(text,
                  "minimal_backoff_time = %s is above maximal_backoff_time = %s and wins: every "
                  "retry comes %ld s after the last, however old the message; Postfix says nothing",
                  TIME(settings->minimal_backoff_time), TIME(settings->maximal_backoff_time),
                  longest_interval(settings));
}

static bool scan_above_floor(const struct postfix_settings *settings, char *text)
{
    struct advice_range first = advice_first_retry(settings);

    return settings->queue_run_delay > settings->minimal_backoff_time
           && say(text,
                  "minimal_backoff_time = %s is below queue_run_delay = %s: the scan decides, and "
                  "the first retry comes after %ld to %ld s; queue_run_delay should not be the "
                  "longer of the two",
                  TIME(settings->minimal_backoff_time), TIME(settings->queue_run_delay), first.low,
                  first.high);
}

static bool many_attempts(const struct postfix_settings *settings, char *text)
{
    long attempts = settings->maximal_queue_lifetime / longest_interval(settings);

    return attempts > MANY_ATTEMPTS
           && say(
               text,
               "maximal_backoff_time = %s: a message that cannot be delivered is tried about %ld "
               "times in its maximal_queue_lifetime = %s; under Postfix's defaults it is 107",
               TIME(settings->maximal_backoff_time), attempts,
               TIME(settings->maximal_queue_lifetime));
}

/* ------------------------------------------------------------------ lifetimes */

static bool tried_once(const struct postfix_settings *settings, char *text)
{
    return settings->maximal_queue_lifetime == 0
           && say(text,
                  "maximal_queue_lifetime = 0: mail is tried once, and any temporary failure, "
                  "greylisting too, bounces it");
}

static bool short_lifetime(const struct postfix_settings *settings, char *text)
{
    long lifetime = settings->maximal_queue_lifetime;
    struct advice_range first = advice_first_retry(settings);

    return lifetime > 0 && lifetime <= first.high
           && say(
               text,
               "maximal_queue_lifetime = %s: the first retry comes after %ld to %ld s and %s the "
               "last; if it fails, the message bounces after two attempts",
               TIME(lifetime), first.low, first.high, lifetime <= first.low ? "is" : "may be");
}

/* Until the cap is reached a message is left alone for as long as it is old. */
static bool late_bounce(const struct postfix_settings *settings, char *text)
{
    struct timetable_plan plan = {.settings = settings};
    struct timetable_range range;
    long lifetime = settings->maximal_queue_lifetime;

    if (lifetime <= advice_first_retry(settings).high || longest_backoff(settings) < lifetime)
        return false;
    timetable_over_phases(&range, &plan);
    say(text,
        "maximal_queue_lifetime = %s is not above maximal_backoff_time = %s: retries become as "
        "rare "
        "as the message is old, and as only a failed one ends its life, it bounces at an age of "
        "%lld to %lld s; a smaller maximal_backoff_time makes it sooner",
        TIME(lifetime), TIME(settings->maximal_backoff_time), (long long)sim_second(range.end_low),
        (long long)sim_second(range.end_high));
    timetable_range_fini(&range);
    return true;
}

static bool long_lifetime(const struct postfix_settings *settings, char *text)
{
    return settings->maximal_queue_lifetime > LONG_LIFETIME
           && say(text,
                  "maximal_queue_lifetime = %s: senders are told of a failure only after that "
                  "(RFC 5321 has 4 to 5 days); a number without a unit counts days",
                  TIME(settings->maximal_queue_lifetime));
}

static bool bounces_tried_once(const struct postfix_settings *settings, char *text)
{
    return settings->bounce_queue_lifetime == 0 && settings->maximal_queue_lifetime > 0
           && say(text,
                  "bounce_queue_lifetime = 0: mail without a sender, such as bounces, is tried "
                  "once and, after a temporary failure, dropped; nobody is told");
}

static bool short_bounce_lifetime(const struct postfix_settings *settings, char *text)
{
    long lifetime = settings->bounce_queue_lifetime;
    struct advice_range first = advice_first_retry(settings);

    return lifetime > 0 && lifetime <= first.high && settings->maximal_queue_lifetime > first.high
           && say(
               text,
               "bounce_queue_lifetime = %s: for mail without a sender, such as bounces, the first "
               "retry, after %ld to %ld s, %s the last; then it is dropped, and nobody is told",
               TIME(lifetime), first.low, first.high, lifetime <= first.low ? "is" : "may be");
}

/* -------------------------------------------------------------- delay warnings */

static bool warns_never(const struct postfix_settings *settings, char *text)
{
    return settings->delay_warning_time > 0
           && settings->delay_warning_time >= settings->maximal_queue_lifetime
           && say(
               text,
               "delay_warning_time = %s is not below maximal_queue_lifetime = %s: the message has "
               "bounced by then, and the sender is never warned; a number without a unit counts "
               "hours",
               TIME(settings->delay_warning_time), TIME(settings->maximal_queue_lifetime));
}

/* The latest age at which the first attempt comes after which the sender may be warned. */
static long latest_warning(const struct postfix_settings *settings)
{
    struct advice_range first = advice_first_retry(settings);
    long too_young = settings->delay_warning_time - 2;

    if (too_young < first.low)
        return first.high;
    return too_young + advice_interval(settings, (long)postfix_backoff(settings, too_young));
}

static bool warns_by_chance(const struct postfix_settings *settings, char *text)
{
    long lifetime = settings->maximal_queue_lifetime, warning = settings->delay_warning_time;

    return warning > 1 && warning < lifetime && latest_warning(settings) >= lifetime
           && say(text,
                  "delay_warning_time = %s: the sender is warned after a failed attempt, but the "
                  "first after that may be as late as %ld s, and then it is a bounce "
                  "(maximal_queue_lifetime = %s)",
                  TIME(warning), latest_warning(settings), TIME(lifetime));
}

static bool warns_at_first_retry(const struct postfix_settings *settings, char *text)
{
    struct advice_range first = advice_first_retry(settings);
    long warning = settings->delay_warning_time;

    return warning > 1 && warning <= first.high && settings->maximal_queue_lifetime > first.high
           && say(
               text,
               "delay_warning_time = %s: the sender is warned after a failed attempt, so with the "
               "first retry, after %ld to %ld s, at the earliest",
               TIME(warning), first.low, first.high);
}

static bool clears_nothing(const struct postfix_settings *settings, char *text)
{
    return settings->confirm_delay_cleared && settings->delay_warning_time == 0
           && say(text, "confirm_delay_cleared = yes: does nothing while delay_warning_time = 0");
}

/* ---------------------------------------------------------------- destinations */

#define COHORTS "_destination_concurrency_failed_cohort_limit"
#define INITIAL "_initial_destination_concurrency"
#define LIMIT "_destination_concurrency_limit"
#define RATE_DELAY "_destination_rate_delay"
#define RECIPIENTS "_destination_recipient_limit"
#define TRANSPORT_RATE_DELAY "_transport_rate_delay"

/* Mail by one transport, or by any that has no settings of its own. */
struct advice_transport {
    const struct postfix_settings *settings;
    const char *name; /* "": any */
    struct postfix_transport_settings its;
};

static struct advice_transport transport_of(const struct postfix_settings *settings,
                                            const char *name)
{
    struct advice_transport of = {settings, name, {0}};

    postfix_transport_settings(&of.its, settings, name);
    return of;
}

static struct postfix_deciding decides(const struct advice_transport *of, const char *tail)
{
    return postfix_transport_decides(of->settings, of->name, tail);
}

/* For the arguments of say(): the parameter that a person would have to change. */
#define NAME(of, tail) (decides(of, tail).name)

static bool is_paced(const struct advice_transport *of)
{
    return of->its.destination_rate_delay > 0;
}

/* Only smtp(8) and lmtp(8) ever tell the queue manager that a destination is down. */
static bool may_find_dead(const struct advice_transport *of)
{
    static const char *const others[] = {"local", "virtual", "error", "retry", "discard"};

    for (size_t i = 0; i < COUNT_OF(others); i++) {
        if (strcmp(of->name, others[i]) == 0)
            return false;
    }
    return true;
}

static bool paced_and_killed(const struct advice_transport *of, char *text)
{
    long cohorts = of->its.failed_cohort_limit;

    return is_paced(of) && may_find_dead(of) && cohorts > 0 && cohorts < COHORTS_FOR_RATE_DELAY
           && say(text,
                  "%s = %ld with %s = %s: the window is 1, so %s defers all waiting mail of a "
                  "destination; postconf(5) recommends %d or more",
                  NAME(of, COHORTS), cohorts, NAME(of, RATE_DELAY),
                  TIME(of->its.destination_rate_delay),
                  cohorts == 1 ? "one failed connection" : "a few failed connections in a row",
                  COHORTS_FOR_RATE_DELAY);
}

static long most_an_hour(long delay)
{
    return (HOUR + delay - 1) / delay;
}

static bool paced(const struct advice_transport *of, char *text)
{
    long delay = of->its.destination_rate_delay;

    return is_paced(of)
           && say(text,
                  "%s = %s: one delivery at a time to each destination, "
                  "at most %ld an hour; mail that waits for its turn is in the active queue "
                  "(qmgr_message_active_limit = %ld)",
                  NAME(of, RATE_DELAY), TIME(delay), most_an_hour(delay),
                  of->settings->qmgr_message_active_limit);
}

static bool transport_paced(const struct postfix_settings *settings, char *text)
{
    long delay = settings->default_transport_rate_delay;

    return delay > 0
           && say(
               text,
               "default_transport_rate_delay = %s: every transport, local too, makes one delivery "
               "at a time, at most %ld an hour to all destinations together; "
               "TRANSPORT_transport_rate_delay slows one",
               TIME(delay), most_an_hour(delay));
}

/* Unlike that of all, one that is set for one transport is what was meant. */
static bool one_transport_paced(const struct advice_transport *of, char *text)
{
    long delay = of->its.transport_rate_delay;

    return delay > 0 && delay != of->settings->default_transport_rate_delay
           && say(text,
                  "%s = %s: one delivery at a time, at most %ld an hour to all destinations "
                  "together; mail that waits for its turn is in the active queue "
                  "(qmgr_message_active_limit = %ld)",
                  NAME(of, TRANSPORT_RATE_DELAY), TIME(delay), most_an_hour(delay),
                  of->settings->qmgr_message_active_limit);
}

static bool one_failure_kills(const struct advice_transport *of, char *text)
{
    struct postfix_deciding initial = decides(of, INITIAL), limit = decides(of, LIMIT);

    return !is_paced(of) && may_find_dead(of) && of->its.initial_destination_concurrency == 1
           && of->its.failed_cohort_limit == 1
           && say(
               text,
               "%s = %ld, %s = %ld: one failed connection makes a destination dead, and all its "
               "mail is deferred untried for minimal_backoff_time = %s; by default it takes three",
               initial.name, initial.value, limit.name, limit.value,
               TIME(of->settings->minimal_backoff_time));
}

static bool nothing_is_dead(const struct advice_transport *of, char *text)
{
    return may_find_dead(of) && of->its.failed_cohort_limit <= 0
           && say(text,
                  "%s = %ld: no destination is ever dead, so each message to one that is down is "
                  "tried by itself, for up to smtp_connect_timeout = %s an address",
                  NAME(of, COHORTS), of->its.failed_cohort_limit,
                  TIME(of->settings->smtp_connect_timeout));
}

static bool recipients_apart(const struct advice_transport *of, char *text)
{
    return of->its.destination_recipient_limit == 1
           && say(text,
                  "%s = 1: each recipient is a destination of its own, so concurrency limits and "
                  "rate delays do not hold for a domain",
                  NAME(of, RECIPIENTS));
}

/* ------------------------------------------------------------------------ else */

static bool few_active(const struct postfix_settings *settings, char *text)
{
    return settings->qmgr_message_active_limit < settings->default_process_limit
           && say(
               text,
               "qmgr_message_active_limit = %ld is below default_process_limit = %ld: a few slow "
               "deliveries fill the active queue; new mail waits, and deferred mail until there "
               "is no new mail left",
               settings->qmgr_message_active_limit, settings->default_process_limit);
}

static bool soft_bounces(const struct postfix_settings *settings, char *text)
{
    return settings->soft_bounce
           && say(
               text,
               "soft_bounce = yes: what is refused for good is tried again too, and the sender of "
               "a wrong address is told after maximal_queue_lifetime = %s; no is for production",
               TIME(settings->maximal_queue_lifetime));
}

static bool transports_deferred(const struct postfix_settings *settings, char *text)
{
    return settings->defer_transports[0] != '\0'
           && say(text,
                  "defer_transports = %.100s: their mail is delivered only when the queue is "
                  "flushed, and bounces after maximal_queue_lifetime = %s",
                  settings->defer_transports, TIME(settings->maximal_queue_lifetime));
}

static bool retries_transports(const struct postfix_settings *settings, char *text)
{
    struct postfix_settings stock;

    postfix_settings_init(&stock);
    return settings->transport_retry_time != stock.transport_retry_time
           && say(
               text,
               "transport_retry_time = %s: concerns a delivery agent that cannot be reached; when "
               "messages are tried again is up to minimal_backoff_time, maximal_backoff_time and "
               "queue_run_delay",
               TIME(settings->transport_retry_time));
}

/* ------------------------------------------------------------------- all of them */

#define WARNING(rule, first_to_look_at)                                                            \
    {                                                                                              \
        .name = #rule, .severity = ADVICE_WARNING, .parameter = (first_to_look_at), .holds = rule  \
    }
#define NOTE(rule, first_to_look_at)                                                               \
    {                                                                                              \
        .name = #rule, .severity = ADVICE_NOTE, .parameter = (first_to_look_at), .holds = rule     \
    }
#define WARNING_OF(rule, ...)                                                                      \
    {                                                                                              \
        .name = #rule, .severity = ADVICE_WARNING, .tails = {__VA_ARGS__}, .holds_for = rule       \
    }
#define NOTE_OF(rule, ...)                                                                         \
    {                                                                                              \
        .name = #rule, .severity = ADVICE_NOTE, .tails = {__VA_ARGS__}, .holds_for = rule          \
    }

const struct advice_rule advice_rules[] = {
    WARNING(floor_above_cap, "minimal_backoff_time"),
    WARNING(scan_above_floor, "queue_run_delay"),
    WARNING(tried_once, "maximal_queue_lifetime"),
    WARNING(short_lifetime, "maximal_queue_lifetime"),
    WARNING(late_bounce, "maximal_queue_lifetime"),
    WARNING(long_lifetime, "maximal_queue_lifetime"),
    WARNING(warns_never, "delay_warning_time"),
    WARNING_OF(paced_and_killed, COHORTS, RATE_DELAY),
    WARNING_OF(one_failure_kills, INITIAL, LIMIT, COHORTS),
    WARNING(transport_paced, "default_transport_rate_delay"),
    WARNING(few_active, "qmgr_message_active_limit"),
    WARNING(soft_bounces, "soft_bounce"),
    WARNING(transports_deferred, "defer_transports"),

    NOTE(grid, "queue_run_delay"),
    NOTE(cap_on_grid, "maximal_backoff_time"),
    NOTE(many_attempts, "maximal_backoff_time"),
    NOTE(bounces_tried_once, "bounce_queue_lifetime"),
    NOTE(short_bounce_lifetime, "bounce_queue_lifetime"),
    NOTE(warns_by_chance, "delay_warning_time"),
    NOTE(warns_at_first_retry, "delay_warning_time"),
    NOTE(clears_nothing, "confirm_delay_cleared"),
    NOTE_OF(paced, RATE_DELAY),
    NOTE_OF(one_transport_paced, TRANSPORT_RATE_DELAY),
    NOTE_OF(nothing_is_dead, COHORTS),
    NOTE_OF(recipients_apart, RECIPIENTS),
    NOTE(retries_transports, "transport_retry_time"),
    {0},
};

static bool is_any(const struct advice_transport *of)
{
    return of->name[0] == '\0';
}

/* What is set for it of all that the rule looks at; of any transport, the first to look at. False
 * if nothing is: what holds is Postfix's own doing. */
static bool find_parameter(const struct advice_rule *rule, const struct advice_transport *of,
                           char *name)
{
    for (size_t i = 0; i < COUNT_OF(rule->tails) && rule->tails[i] != NULL; i++) {
        struct postfix_deciding deciding = decides(of, rule->tails[i]);
        if (!deciding.is_own && !is_any(of))
            continue;
        memcpy(name, deciding.name, sizeof deciding.name);
        return true;
    }
    return false;
}

/* Whether the same was said of all transports. */
static bool is_said_of_all(const struct advice_rule *rule, const struct advice_transport *of)
{
    struct advice_transport any = transport_of(of->settings, "");
    char text[ADVICE_ROOM];

    return !is_any(of) && rule->holds_for(&any, text)
           && decides(&any, rule->tails[0]).in_force == decides(of, rule->tails[0]).in_force;
}

bool advice_on(const struct advice_rule *rule, const struct postfix_settings *settings,
               const char *transport, struct advice *advice)
{
    advice->rule = rule;
    if (rule->holds != NULL) {
        snprintf(advice->parameter, sizeof advice->parameter, "%s", rule->parameter);
        return transport[0] == '\0' && rule->holds(settings, advice->text);
    }
    struct advice_transport of = transport_of(settings, transport);
    return rule->holds_for(&of, advice->text) && find_parameter(rule, &of, advice->parameter)
           && !is_said_of_all(rule, &of);
}

/* Each transport that something is set for, at the first of its settings. */
static bool is_first_of_transport(const struct postfix_settings *settings, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (strcmp(settings->overrides[i].transport, settings->overrides[at].transport) == 0)
            return false;
    }
    return true;
}

void advice_give(const struct postfix_settings *settings, advice_fn *tell, void *user)
{
    struct advice advice;

    for (const struct advice_rule *rule = advice_rules; rule->name != NULL; rule++) {
        if (advice_on(rule, settings, "", &advice))
            tell(user, &advice);
        for (size_t i = 0; i < settings->override_count; i++) {
            if (is_first_of_transport(settings, i)
                && advice_on(rule, settings, settings->overrides[i].transport, &advice))
                tell(user, &advice);
        }
    }
}
