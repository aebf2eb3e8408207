/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/mta/postfix/timetable.h - the attempts of one message that always fails
 *
 * By the rules alone (rules.h, scans.h), without a simulation: the message
 * arrives at 0 and every attempt is answered 4xx after the same time.
 */
#ifndef MODELS_MTA_POSTFIX_TIMETABLE_H
#define MODELS_MTA_POSTFIX_TIMETABLE_H

#include "models/mta/postfix/rules.h"
#include "models/mta/postfix/scans.h"

struct timetable_row {
    sim_time start, end;
    int64_t next; /* time stamp of the deferred file, whole seconds; of the last row: -1 */
};

struct timetable_plan {
    const struct postfix_settings *settings;
    struct scan_clock scans;
    sim_time attempt_time; /* at least 0 */
    bool null_sender;
};

/* Zero is a valid empty one. */
struct timetable {
    struct timetable_row *rows; /* owned; the last attempt is the one that expires */
    size_t count, room;
    sim_time
        warned; /* end of the attempt after which the sender is told of the delay; or SIM_NEVER */
};

void timetable_make(struct timetable *timetable, const struct timetable_plan *plan);
void timetable_fini(struct timetable *timetable);

/* The same attempt, or outcome, over every whole-second phase of the scans. */
struct timetable_range {
    struct {
        sim_time low, high; /* start */
    } * attempts;           /* owned; as many as the longest timetable has */
    size_t count, room;
    size_t fewest, most; /* attempts */
    sim_time end_low, end_high;
    int64_t phases, phases_with_fewest;
};

/* `plan->scans` is not used but for its period. */
void timetable_over_phases(struct timetable_range *range, const struct timetable_plan *plan);
void timetable_range_fini(struct timetable_range *range);

#endif
