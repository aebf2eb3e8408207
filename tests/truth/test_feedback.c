/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Feedback, event by event: a real Postfix logged the window of a destination
 * after each delivery; given only what was delivered, and in which order, the
 * model must come to the same.
 *
 * Whether a window grows hangs on how many deliveries are under way, which the
 * log does not say. It gives bounds (least_busy, most_busy); where these decide
 * nothing, the "feedback" line tells that a step was taken.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/maillog_reader.h"
#include "io/main_cf.h"
#include "models/mta/postfix/window.h"
#include "sim/alloc.h"
#include "sim/names.h"

#define RUN SOURCE_DIR "/tests/truth/14-feedback-debug/"

enum { MOST_NAMES = 256 };

enum kind {
    ACTIVE,    /* a message came into the active queue */
    ANSWERED,  /* a client tried it */
    SUSPENDED, /* its destination is dead */
    STEP,      /* the queue manager is about to move a window ... */
    GOOD,      /* ... and moved it */
    BAD,
};

struct event {
    enum kind kind;
    int64_t at;           /* seconds */
    uint32_t message;     /* the first three */
    uint32_t process;     /* ANSWERED */
    uint32_t destination; /* all but STEP */
    size_t counterpart;   /* ACTIVE: how it ended; ANSWERED, SUSPENDED: where it began */
    char *state;          /* GOOD, BAD: the window after it, as logged */
};

struct record {
    struct event *events;
    size_t count, room;
    struct names messages, processes, domains, destinations;
    size_t activations[MOST_NAMES];   /* of each message, the latest */
    uint32_t domain_of[MOST_NAMES];   /* of each message */
    uint32_t destination[MOST_NAMES]; /* of each domain */
};

struct destination {
    struct window window;
    size_t waiting;  /* messages in the active queue for it, unanswered */
    size_t answered; /* deliveries that the queue manager has yet to take note of */
    int64_t died;
};

struct tally {
    size_t good, bad, revived, windows;
    size_t decided, told; /* good: whether the window grows, by the bounds; by the log */
};

static uint32_t number(struct names *names, struct span span)
{
    uint32_t number = names_add(names, span.text, span.length);

    cr_assert_lt(number, MOST_NAMES);
    return number;
}

static struct event *add_event(struct record *record, enum kind kind, sim_time at)
{
    record->events =
        alloc_grow(record->events, &record->room, record->count + 1, sizeof *record->events);
    record->events[record->count] = (struct event){.kind = kind, .at = sim_second(at)};
    return &record->events[record->count++];
}

static void add_active(struct record *record, const struct maillog_line *line)
{
    struct event *event = add_event(record, ACTIVE, line->at);

    event->message = number(&record->messages, line->queue_id);
    record->activations[event->message] = record->count - 1;
}

static void learn_destination(struct record *record, uint32_t domain, struct span relay)
{
    relay = span_from(relay, span_find(relay, '['));
    if (relay.length > 0)
        record->destination[domain] = number(&record->destinations, relay);
}

/* "PROGRAM[PROCESS]: " */
static struct span process_of(const struct maillog_line *line)
{
    struct span rest = {line->program.text + line->program.length + 1, 16}, process;

    cr_assert(span_take_until(&rest, ']', &process));
    return process;
}

static void add_attempt(struct record *record, const struct maillog_line *line)
{
    bool tried = span_is(line->program, SPAN("smtp"));
    struct event *event = add_event(record, tried ? ANSWERED : SUSPENDED, line->at);
    uint32_t domain =
        number(&record->domains, span_from(line->recipient, span_find(line->recipient, '@')));

    event->message = number(&record->messages, line->queue_id);
    event->process = number(&record->processes, process_of(line));
    event->counterpart = record->activations[event->message];
    record->events[event->counterpart].counterpart = record->count - 1;
    record->domain_of[event->message] = domain;
    learn_destination(record, domain, line->relay);
}

/* "qmgr_queue_throttle: feedback 1", "qmgr_queue_throttle: queue NAME: limit 20 window ..." */
static void add_move(struct record *record, const struct maillog_line *line, struct span rest)
{
    struct span before, name;

    while (!span_starts(rest, SPAN("qmgr_queue_")))
        if (!span_take_until(&rest, ' ', &before))
            return;
    bool good = span_take(&rest, SPAN("qmgr_queue_unthrottle: "));
    cr_assert(good || span_take(&rest, SPAN("qmgr_queue_throttle: ")));
    if (span_starts(rest, SPAN("feedback "))) {
        add_event(record, STEP, line->at);
        return;
    }
    cr_assert(span_take(&rest, SPAN("queue ")) && span_take_until(&rest, ' ', &name));
    cr_assert(span_drop(&name, SPAN(":")));
    struct event *event = add_event(record, good ? GOOD : BAD, line->at);
    event->destination = number(&record->destinations, name);
    event->state = alloc_text(rest.text, rest.length);
}

static void add_line(struct record *record, const struct maillog_line *line, struct span text)
{
    if (line->kind == MAILLOG_ACTIVE)
        add_active(record, line);
    else if (line->kind == MAILLOG_ATTEMPT)
        add_attempt(record, line);
    else if (line->kind == MAILLOG_PLAIN && span_is(line->program, SPAN("qmgr")))
        add_move(record, line, text);
}

static void record_read(struct record *record)
{
    struct err err = {0};
    struct maillog_reader reader;

    cr_assert(maillog_reader_open(&reader, RUN "mail.log.gz", &err), "%s", err.text);
    *record = (struct record){0};
    while (maillog_reader_next(&reader))
        add_line(record, &reader.line, reader.text);
    cr_assert(maillog_reader_close(&reader, &err), "%s", err.text);
    for (struct event *event = record->events; event < record->events + record->count; event++)
        if (event->kind <= SUSPENDED)
            event->destination = record->destination[record->domain_of[event->message]];
}

static void record_fini(struct record *record)
{
    for (size_t i = 0; i < record->count; i++)
        free(record->events[i].state);
    free(record->events);
    names_fini(&record->messages);
    names_fini(&record->processes);
    names_fini(&record->domains);
    names_fini(&record->destinations);
}

static struct window_rules read_rules(long *dead_time)
{
    struct main_cf cf = {0};
    struct postfix_settings settings;
    struct err err = {0};

    cr_assert(main_cf_read_file(&cf, RUN "main.cf", NULL, &err), "%s", err.text);
    cr_assert(main_cf_settings(&cf, &settings, NULL, &err), "%s", err.text);
    main_cf_fini(&cf);
    *dead_time = settings.minimal_backoff_time;
    return (struct window_rules){
        .initial = (int)settings.initial_destination_concurrency,
        .limit = (int)settings.default_destination_concurrency_limit,
        .failed_cohort_limit = (int)settings.default_destination_concurrency_failed_cohort_limit,
        .positive = settings.default_destination_concurrency_positive_feedback,
        .negative = settings.default_destination_concurrency_negative_feedback,
    };
}

/* Messages that were handed to a client before event `i`, and answered after it. */
static size_t under_way(const struct record *record, size_t i)
{
    const struct event *event = &record->events[i];
    size_t count = 0;

    for (size_t k = i + 1; k < record->count; k++) {
        const struct event *answer = &record->events[k];
        count += answer->kind == ANSWERED && answer->destination == event->destination
                 && answer->counterpart < i;
    }
    return count;
}

/* A process has one delivery at a time: at most its next one was under way at event `i`. */
static size_t maybe_under_way(const struct record *record, size_t i)
{
    const struct event *event = &record->events[i];
    bool seen[MOST_NAMES] = {false};
    size_t count = 0;

    for (size_t k = i + 1; k < record->count; k++) {
        const struct event *answer = &record->events[k];
        if (answer->kind != ANSWERED || seen[answer->process])
            continue;
        seen[answer->process] = true;
        count += answer->destination == event->destination && answer->counterpart < i;
    }
    return count;
}

struct replay {
    const struct record *record;
    struct window_rules rules;
    long dead_time; /* seconds */
    struct destination destinations[MOST_NAMES];
    bool stepped; /* a "feedback" line came before */
    struct tally tally;
};

/* What is bound for a dead destination is suspended, and so are those that waited for it. */
static void activate(struct replay *replay, struct destination *destination,
                     const struct event *event)
{
    if (window_is_dead(&destination->window) && destination->died > 0) {
        cr_expect_eq(replay->record->events[event->counterpart].kind, SUSPENDED);
        return;
    }
    if (destination->waiting + destination->answered == 0) {
        window_open(&destination->window, &replay->rules);
        replay->tally.windows++;
    }
    destination->waiting++;
}

/* The queue manager logs nothing of a delivery to a destination that died meanwhile. */
static void answer(struct destination *destination)
{
    cr_assert_gt(destination->waiting, 0);
    destination->waiting--;
    if (!window_is_dead(&destination->window))
        destination->answered++;
}

static void fail(struct replay *replay, struct destination *destination, size_t i)
{
    const struct event *event = &replay->record->events[i];
    bool killed = window_bad(&destination->window, &replay->rules);

    replay->tally.bad++;
    cr_expect_eq(killed, !replay->stepped);
    cr_assert_gt(destination->answered, 0);
    destination->answered--;
    if (killed) {
        destination->died = event->at;
        destination->answered = 0;
        destination->waiting = under_way(replay->record, i);
    }
}

static void revive(struct replay *replay, struct destination *destination, int64_t at)
{
    cr_expect_eq(at, destination->died + replay->dead_time);
    window_revive(&destination->window, &replay->rules, (int)destination->waiting);
    destination->died = 0;
    replay->tally.revived++;
}

static void succeed(struct replay *replay, struct destination *destination, size_t i)
{
    size_t least_busy = destination->answered;
    size_t most_busy = least_busy + maybe_under_way(replay->record, i);
    struct window least = destination->window, most = destination->window;

    cr_assert_gt(destination->answered, 0);
    destination->answered--;
    window_good(&least, &replay->rules, (int)least_busy);
    window_good(&most, &replay->rules, (int)most_busy);
    if (least.size == most.size)
        replay->tally.decided++;
    else
        replay->tally.told++;
    destination->window = replay->stepped ? most : least;
    replay->tally.good++;
}

static void expect_state(const struct replay *replay, const struct window *window, size_t i)
{
    char *state = alloc_printf("limit %d window %d success %g failure %g fail_cohorts %g",
                               replay->rules.limit, window->size, window->success, window->failure,
                               window->fail_cohorts);

    cr_expect_str_eq(state, replay->record->events[i].state, "event %zu: %s, recorded %s", i, state,
                     replay->record->events[i].state);
    free(state);
}

static void replay_event(struct replay *replay, size_t i)
{
    const struct event *event = &replay->record->events[i];
    struct destination *destination = &replay->destinations[event->destination];

    if (event->kind == ACTIVE)
        activate(replay, destination, event);
    else if (event->kind == ANSWERED)
        answer(destination);
    else if (event->kind == STEP)
        replay->stepped = true;
    if (event->kind != GOOD && event->kind != BAD)
        return;
    if (event->kind == BAD)
        fail(replay, destination, i);
    else if (window_is_dead(&destination->window))
        revive(replay, destination, event->at);
    else
        succeed(replay, destination, i);
    expect_state(replay, &destination->window, i);
    replay->stepped = false;
}

Test(feedback, moves_the_window_as_recorded)
{
    struct record record;

    record_read(&record);
    struct replay replay = {.record = &record};
    replay.rules = read_rules(&replay.dead_time);
    for (size_t i = 0; i < record.count; i++)
        replay_event(&replay, i);
    const struct tally *tally = &replay.tally;
    cr_expect_eq(tally->good + tally->bad + tally->revived, 141);
    fprintf(stderr,
            "14-feedback-debug: %zu events compared, of %zu windows: %zu failures, %zu revivals, "
            "%zu good deliveries: growth decided by the bounds %zu, by the log %zu\n",
            tally->good + tally->bad + tally->revived, tally->windows, tally->bad, tally->revived,
            tally->good, tally->decided, tally->told);
    record_fini(&record);
}
