/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Window, success, failure and fail_cohorts as Postfix logged them after each event
 * (14-feedback-debug), given the recorded order in which deliveries began and ended.
 *
 * What a log does not show: deliveries that end while the site is dead move nothing,
 * and Postfix forgets a queue when nothing is left in it.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/input.h"
#include "models/mta/postfix/window.h"

#define LOG SOURCE_DIR "/tests/truth/14-feedback-debug/mail.log.gz"
#define QUEUE "queue [127.41.0.15]:2525: " /* ref.test */
#define DEAD_SECONDS 300

static const struct window_rules rules = {.initial = 5,
                                          .limit = 20,
                                          .failed_cohort_limit = 1,
                                          .positive = {1, false},
                                          .negative = {1, false}};

struct replay {
    struct window window;
    int deliveries; /* in line or under way */
    long dead_until;
    size_t events, deaths;
};

/* "Jun 01 00:00:48": seconds since the month began. */
static long second_of(const char *line)
{
    int day = 0, hour = 0, minute = 0, second = 0;

    cr_assert_eq(sscanf(line, "%*s %d %d:%d:%d", &day, &hour, &minute, &second), 4);
    bool june = strncmp(line, "Jun", 3) == 0;
    return ((june ? day : day - 31) * 24L + hour) * 3600 + minute * 60 + second;
}

/* The dead time ends by a timer that the log does not show. */
static void pass_time(struct replay *replay, long now)
{
    if (replay->dead_until > 0 && now >= replay->dead_until) {
        window_revive(&replay->window, &rules, 0);
        replay->dead_until = 0;
    }
}

static void compare(struct replay *replay, const char *line)
{
    int limit, window;
    double success, failure, fail_cohorts;
    const char *figures = strstr(line, "limit ");

    cr_assert_eq(sscanf(figures, "limit %d window %d success %lf failure %lf fail_cohorts %lf",
                        &limit, &window, &success, &failure, &fail_cohorts),
                 5);
    bool same = replay->window.size == window && replay->window.success == success
                && replay->window.failure == failure
                && replay->window.fail_cohorts - fail_cohorts < 1e-5
                && fail_cohorts - replay->window.fail_cohorts < 1e-5;
    cr_expect(same, "event %zu: window %d success %g failure %g fail_cohorts %g, but logged: %s",
              replay->events + 1, replay->window.size, replay->window.success,
              replay->window.failure, replay->window.fail_cohorts, line);
    replay->events++;
}

static int busy(const struct replay *replay)
{
    return replay->deliveries < replay->window.size ? replay->deliveries : replay->window.size;
}

static void die(struct replay *replay, long now)
{
    replay->deaths++;
    replay->deliveries = 0;
    replay->dead_until = now + DEAD_SECONDS;
}

/* A delivery ended; the last one takes the queue with it. */
static void take_event(struct replay *replay, const char *line)
{
    bool failed = strstr(line, "qmgr_queue_throttle") != NULL, dies = false;

    if (failed)
        dies = window_bad(&replay->window, &rules);
    else
        window_good(&replay->window, &rules, busy(replay));
    compare(replay, line);
    if (dies)
        die(replay, second_of(line));
    else if (--replay->deliveries == 0)
        window_open(&replay->window, &rules);
}

/* All mail of June is for the one site; while it is dead it has no delivery. */
static void take_line(struct replay *replay, const char *line)
{
    pass_time(replay, second_of(line));
    if (strstr(line, QUEUE) != NULL)
        take_event(replay, line);
    else if (strstr(line, "(queue active)") != NULL && strncmp(line, "Jun", 3) == 0)
        replay->deliveries += replay->dead_until == 0;
}

Test(feedback, is_the_logged_one_event_by_event)
{
    struct replay replay = {0};
    const char *line;
    size_t length;
    struct err err;
    struct input *input = input_open(LOG, &err);

    cr_assert_not_null(input, "%s", err.text);
    window_open(&replay.window, &rules);
    while (input_line(input, &line, &length)) {
        char text[512];
        snprintf(text, sizeof text, "%.*s", (int)length, line);
        take_line(&replay, text);
    }
    cr_expect(input_close(input, &err));
    cr_expect_geq(replay.events, 100);
    cr_expect_geq(replay.deaths, 3);
    fprintf(stderr, "feedback: %zu events, %zu deaths\n", replay.events, replay.deaths);
}
