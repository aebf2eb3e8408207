/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "io/figures.h"

#define ARRIVALS_A_LOOK 4096
#define EVERY 0.5 /* seconds: and nothing of what is over sooner */

static double wall_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

bool progress_is_seen(void)
{
    return isatty(STDERR_FILENO) == 1;
}

/* All replications count as equally long. */
static double share_done(const struct progress *progress, sim_time at)
{
    double within = progress->duration == SIM_NEVER || progress->duration == 0
                        ? 0
                        : (double)at / (double)progress->duration;

    return (progress->replication + within) / progress->of;
}

static void say(struct progress *progress, sim_time at, double now)
{
    double took = now - progress->began, done = share_done(progress, at);
    double days = (double)at / (86400 * (double)SIM_SECOND);
    char left[FIGURE_MOST];

    fprintf(stderr, "\r");
    if (progress->of > 1)
        fprintf(stderr, "replication %u of %u, ", progress->replication + 1, progress->of);
    fprintf(stderr, "day %.1f, %.3g days a second", days, days / (now - progress->started));
    if (done > 0)
        fprintf(stderr, ", %s left",
                figure_span((uint64_t)(took * (1 - done) / done * 1000), left));
    fprintf(stderr, "\033[K");
    progress->shown = true;
    progress->said = now;
}

static void look(struct progress *progress, sim_time at)
{
    double now = wall_clock();

    if (now - progress->said >= EVERY)
        say(progress, at, now);
}

/* Where all is accepted there are no scans. */
static void arrived(struct observer *self, const struct message *message, uint32_t recipients)
{
    struct progress *progress = CONTAINER_OF(self, struct progress, observer);

    (void)recipients;
    if (++progress->arrivals % ARRIVALS_A_LOOK == 0)
        look(progress, message->arrival);
}

static void scanned(struct observer *self, sim_time at, uint64_t scan, uint32_t messages,
                    uint64_t recipients)
{
    (void)scan;
    (void)messages;
    (void)recipients;
    look(CONTAINER_OF(self, struct progress, observer), at);
}

static void finished(struct observer *self, sim_time at)
{
    struct progress *progress = CONTAINER_OF(self, struct progress, observer);

    (void)at;
    progress_end(progress);
}

static const struct observer_ops progress_ops = {
    .arrived = arrived, .scanned = scanned, .finished = finished};

void progress_init(struct progress *progress, sim_time duration, uint32_t replications)
{
    double now = wall_clock();

    *progress = (struct progress){
        .observer.ops = &progress_ops,
        .duration = duration,
        .of = replications,
        .began = now,
        .said = now,
    };
}

void progress_begin(struct progress *progress, uint32_t replication)
{
    progress->replication = replication;
    progress->started = wall_clock();
}

void progress_trials(struct progress *progress, uint64_t done, uint64_t of)
{
    double now = wall_clock();
    char left[FIGURE_MOST];

    if (now - progress->said < EVERY)
        return;
    double rest = (now - progress->began) * (double)(of - done) / (double)done;
    fprintf(stderr, "\r%" PRIu64 " of %" PRIu64 " runs, %s left\033[K", done, of,
            figure_span((uint64_t)(rest * 1000), left));
    progress->shown = true;
    progress->said = now;
}

void progress_end(struct progress *progress)
{
    if (progress->shown)
        fprintf(stderr, "\r\033[K");
    progress->shown = false;
}
