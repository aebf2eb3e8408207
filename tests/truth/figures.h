/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/truth/figures.h - what a run came to, recorded or ours, in the same figures
 *
 * Notices count among connections, suspensions and in the queues, not among the
 * mail. A recorded log has whole seconds; so queues are looked at where a second
 * is over, in both.
 */
#ifndef TESTS_TRUTH_FIGURES_H
#define TESTS_TRUTH_FIGURES_H

#include "models/catalogue.h"
#include "models/observer.h"
#include "tests/truth/recorded.h"
#include "tests/truth/sample.h"

/* A message, under all the queue ids that it had. */
struct mail_figures {
    uint32_t recipients;
    struct tally tally;   /* of these, at the end */
    uint32_t activations; /* trips through the active queue */
};

/* What changes in a second. */
struct queue_step {
    int64_t second;
    int active, deferred; /* more, or fewer, in these queues */
};

struct figures {
    struct names ids;           /* of the messages */
    struct mail_figures *mails; /* by the number of the id */
    size_t mail_room;

    size_t connections; /* recipients, each time that one was tried */
    size_t suspensions; /* and each time that one was not, as its site was dead */
    int64_t drained;    /* the second in which the last file was removed; -1: none was */

    struct queue_step *steps; /* in any order, until figures_ready() */
    size_t step_count, step_room;
    size_t active_most, deferred_most;

    struct sample delays; /* s, of delivered recipients of mail */
    size_t *scans;        /* recipients of the messages that a scan took, by its number less 1 */
    size_t scan_count, scan_room;
};

void figures_fini(struct figures *figures);

/* Valid until the next message is added. */
struct mail_figures *figures_mail(struct figures *figures, const char *id);

void figures_step(struct figures *figures, int64_t second, int active, int deferred);

/* `scan` is its number from 1; 0: none. */
void figures_scanned(struct figures *figures, uint64_t scan, size_t recipients);

/* Call when all is told: finds the longest queues and sorts. */
void figures_ready(struct figures *figures);

size_t figures_busiest_scan(const struct figures *figures);

/* By how many recipients the scans of the same number differ, as a share of all those of `a`. */
double figures_scans_apart(const struct figures *a, const struct figures *b);

void figures_of_recording(struct figures *figures, const struct recorded_run *run);

/* An observer that makes the figures of a run of ours; any_activated is wanted. */
struct figures_watch {
    struct observer observer;
    struct catalogue catalogue; /* of the scenario */
    struct figures figures;     /* ready when the run is over */
};

/* The messages are known by the ids of their trace. */
void figures_watch_init(struct figures_watch *watch, const struct scenario *scenario);

#endif
