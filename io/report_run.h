/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/report_run.h - what the folder of one run says, for a report
 *
 * All texts are as they stand in the files, which may hold anything: whoever
 * shows them makes them harmless.
 */
#ifndef IO_REPORT_RUN_H
#define IO_REPORT_RUN_H

#include <jansson.h>
#include <stdint.h>

#include "models/cause.h"
#include "sim/err.h"
#include "sim/interval.h"

/* A row of summary.csv, and how far it is from the first run's; NAN where that is not known. */
struct run_figure {
    char *metric; /* owned */
    struct interval is, diff;
};

/* By the answers that recipients of mail met; sums of all replications. */
struct run_cause {
    uint64_t attempts; /* that failed for it, or were not even made */
    uint64_t lost;     /* recipients that it was the last word on */
};

/* Behind the causes of models/cause.h: a 5xx. */
#define RUN_CAUSE_REFUSED CAUSE_NONE
#define RUN_CAUSE_COUNT (CAUSE_NONE + 1)

/* What classes.csv tells of the mail of a class in one replication. */
enum class_figure {
    CLASS_RECIPIENTS,
    CLASS_DELIVERED,
    CLASS_LATE,
    CLASS_BOUNCED,
    CLASS_EXPIRED,
    CLASS_DELAY_P50, /* seconds; not in a replication that delivered nothing of it */
    CLASS_DELAY_P90,
    CLASS_UTILITY,
    CLASS_FIGURE_COUNT
};

/* Sums over the replications that tell it, and how many these are. */
struct class_sums {
    char *name;        /* owned; "": mail of no class */
    double deadline_s; /* NAN: it has none */
    double sums[CLASS_FIGURE_COUNT];
    uint64_t told[CLASS_FIGURE_COUNT];
};

struct report_run {
    char *name, *folder; /* owned */
    json_t *manifest;    /* owned; an object */
    struct run_figure *figures;
    size_t count, room;
    bool has_causes; /* attempts.csv is there */
    struct run_cause causes[RUN_CAUSE_COUNT];
    struct class_sums *classes; /* in the order of classes.csv; owned, and their names */
    size_t class_count, class_room;
    double last_s; /* when its timeline ends; 0: not known */
};

/*
 * Reads summary.csv, manifest.json and, where they are there, attempts.csv,
 * timeline.csv and classes.csv. Fails with EX_NOINPUT, EX_DATAERR or EX_IOERR.
 * report_run_fini() is due in any case.
 */
bool report_run_read(struct report_run *run, const char *name, const char *folder,
                     struct err *err) WARN_UNUSED;

/* A run without figures and an empty manifest. */
void report_run_begin(struct report_run *run, const char *name, const char *folder);

void report_run_add(struct report_run *run, const char *metric, struct interval is);

/* Zero is valid. */
void report_run_fini(struct report_run *run);

/* NULL if summary.csv has none of that name. */
struct run_figure *report_run_figure(const struct report_run *run, const char *metric);

/* Its value; NAN if there is none. */
double report_run_value(const struct report_run *run, const char *metric);

/* A class of it; NULL if classes.csv has none of that name. */
struct class_sums *report_run_class(const struct report_run *run, const char *name);

/* The mean over the replications; a replication without mail of the class counts as 0. */
double report_class_count(const struct report_run *run, const struct class_sums *sums,
                          enum class_figure figure);

/* The mean over the replications that tell the figure; NAN where none does. */
double report_class_mean(const struct class_sums *sums, enum class_figure figure);

/* A member of manifest.json that is a text, or "". */
const char *report_run_text(const struct report_run *run, const char *member);

/* A setting's value in manifest.json, or NULL. */
const char *report_run_setting(const struct report_run *run, const char *name);

/* How many replications the figures are the mean of; at least 1. */
uint64_t report_run_replications(const struct report_run *run);

/* Whether its manifest tells what was run. */
bool report_run_is_told(const struct report_run *run);

/* Whether a figure of it has an interval. */
bool report_run_has_intervals(const struct report_run *run);

/* Whether it is a log's mail, run again. */
bool report_run_is_replay(const struct report_run *run);

#endif
