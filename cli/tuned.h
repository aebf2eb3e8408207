/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli/tuned.h - the settings that were tried, and which of them is best
 */
#ifndef CLI_TUNED_H
#define CLI_TUNED_H

#include <stdio.h>

#include "cli/subject.h"
#include "models/comparison.h"
#include "models/goal.h"
#include "models/sweep.h"

struct candidate {
    char *keys[SWEEP_MOST_AXES]; /* values of what is varied */
    enum truth truth;            /* of the goal, by the means */
    uint64_t failed;             /* conditions of the goal, as goal_failed() has them */
    size_t met;                  /* replications in which it holds by itself */
    double cost;                 /* the mean of what is to be least, or greatest */
    double recipients, queued;   /* of all, those whose fate is open at the end */
    char *figures;               /* that the goal asks for, as text */
};

struct tuned {
    const char *goal_text;
    struct goal goal;
    struct goal_names names;     /* metrics, then lost */
    const struct metric *metric; /* that is to be least */
    bool maximise;               /* or greatest */
    const char *metric_option;   /* that named it; NULL: none did */

    uint64_t seed;
    const char *source; /* a path, not owned */
    bool is_log;        /* what is tuned for is the mail of one */
    const char *remark; /* below the answer: "" or a paragraph */
    size_t replications;
    size_t axis_count;
    char *axes[SWEEP_MOST_AXES];
    struct candidate present; /* what is configured */
    struct candidate *list;
    size_t count, room;
    size_t best;                   /* SIZE_MAX: none meets the goal */
    bool is_idle[SWEEP_MOST_AXES]; /* all figures are the same whatever the value */
    char *edges; /* what of the best lies at the edge of what was tried; NULL: nothing */
};

/* With attempts to be least. */
void tuned_init(struct tuned *tuned);
void tuned_fini(struct tuned *tuned);

/* Fails with EX_USAGE where what is asked for has no value in that scenario. */
bool tuned_fits(const struct tuned *tuned, const struct scenario *scenario,
                struct err *err) WARN_UNUSED;

/* What is tuned for. The remark is the subject's. */
void tuned_set_subject(struct tuned *tuned, const struct subject *subject, uint64_t seed);

/* The first point of a comparison. */
void tuned_set_present(struct tuned *tuned, const struct comparison *comparison);

/* Looks which axes decide nothing; the points of `sweep` are those behind the first. */
void tuned_note_idle(struct tuned *tuned, const struct comparison *comparison,
                     const struct sweep *sweep);

/* Adds another one, if it is new. */
void tuned_add(struct tuned *tuned, const struct comparison *comparison, size_t point);

/*
 * Where to look next, into `finer`, which is empty: around the best, or, where there is none, in a
 * gap between two points (models/refine.h). `tried`: the values of each axis. Returns whether there
 * is anything new in it.
 */
bool tuned_look_on(const struct tuned *tuned, const struct sweep *tried,
                   struct sweep *finer) WARN_UNUSED;

/* What lies beyond what was tried is not known: whether the best, if there is one, is at an edge.
 */
void tuned_note_edges(struct tuned *tuned, const struct sweep *tried);

bool tuned_is_met(const struct tuned *tuned);

/* The answer, why it is that, and what it does not tell. */
void tuned_print(FILE *out, const struct tuned *tuned);

#endif
