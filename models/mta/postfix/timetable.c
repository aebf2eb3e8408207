/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mta/postfix/timetable.h"

#include <stdlib.h>

#include "sim/alloc.h"

static struct timetable_row *add_row(struct timetable *timetable, sim_time start, sim_time end)
{
    timetable->rows = alloc_grow(timetable->rows, &timetable->room, timetable->count + 1,
                                 sizeof *timetable->rows);
    struct timetable_row *row = &timetable->rows[timetable->count++];

    *row = (struct timetable_row){start, end, -1};
    return row;
}

void timetable_make(struct timetable *timetable, const struct timetable_plan *plan)
{
    struct message message = {.null_sender = plan->null_sender};
    sim_time start = 0;

    timetable->count = 0;
    timetable->warned = SIM_NEVER;
    for (;;) {
        struct timetable_row *row = add_row(timetable, start, start + plan->attempt_time);
        int64_t now = sim_second(row->end);
        if (postfix_expires(plan->settings, &message, now))
            return;
        if (postfix_warns(plan->settings, &message, now)) {
            message.warned = 1;
            timetable->warned = row->end;
        }
        row->next = now + postfix_backoff(plan->settings, now);
        uint64_t scan = scan_taking(&plan->scans, row->next, scan_after(&plan->scans, row->end));
        start = scan_start(&plan->scans, scan);
    }
}

void timetable_fini(struct timetable *timetable)
{
    free(timetable->rows);
    *timetable = (struct timetable){0};
}

static void widen_attempt(struct timetable_range *range, size_t i, sim_time start)
{
    if (i == range->count) {
        range->attempts =
            alloc_grow(range->attempts, &range->room, range->count + 1, sizeof *range->attempts);
        range->attempts[range->count].low = range->attempts[range->count].high = start;
        range->count++;
    }
    if (start < range->attempts[i].low)
        range->attempts[i].low = start;
    if (start > range->attempts[i].high)
        range->attempts[i].high = start;
}

static void widen(struct timetable_range *range, const struct timetable *timetable)
{
    sim_time end = timetable->rows[timetable->count - 1].end;

    for (size_t i = 0; i < timetable->count; i++)
        widen_attempt(range, i, timetable->rows[i].start);
    if (range->phases == 0 || timetable->count < range->fewest) {
        range->fewest = timetable->count;
        range->phases_with_fewest = 0;
    }
    range->phases_with_fewest += timetable->count == range->fewest;
    if (timetable->count > range->most)
        range->most = timetable->count;
    if (range->phases == 0 || end < range->end_low)
        range->end_low = end;
    if (range->phases == 0 || end > range->end_high)
        range->end_high = end;
    range->phases++;
}

void timetable_over_phases(struct timetable_range *range, const struct timetable_plan *plan)
{
    struct timetable timetable = {0};
    struct timetable_plan here = *plan;
    int64_t period = plan->settings->queue_run_delay;

    *range = (struct timetable_range){0};
    for (int64_t phase = 0; phase < period; phase++) {
        here.scans = scan_clock_at(phase * SIM_SECOND, period);
        timetable_make(&timetable, &here);
        widen(range, &timetable);
    }
    timetable_fini(&timetable);
}

void timetable_range_fini(struct timetable_range *range)
{
    free(range->attempts);
    *range = (struct timetable_range){0};
}
