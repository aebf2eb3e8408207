/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/infer/active.h"

#include <stdlib.h>

#include "sim/alloc.h"
#include "sim/check.h"

/* Seconds from the answers that make room to the lines of those that take it. */
#define MOMENT 2

#define MERGE_LEAST 4096 /* changes */

static int by_time(const void *a, const void *b)
{
    const struct active_change *x = a, *y = b;

    return (x->at > y->at) - (x->at < y->at);
}

/* Makes the changes ascend, with one for each second. */
static void merge(struct active *active)
{
    struct active_change *changes = active->changes;
    size_t count = 0;

    if (active->count > 0)
        qsort(changes, active->count, sizeof *changes, by_time);
    for (size_t i = 0; i < active->count; i++) {
        if (count > 0 && changes[count - 1].at == changes[i].at)
            changes[count - 1].more += changes[i].more;
        else
            changes[count++] = changes[i];
    }
    active->count = active->merged = count;
}

static void change(struct active *active, int64_t at, int64_t more)
{
    if (active->count >= MERGE_LEAST && active->count >= 2 * active->merged)
        merge(active);
    active->changes =
        alloc_grow(active->changes, &active->room, active->count + 1, sizeof *active->changes);
    active->changes[active->count++] = (struct active_change){at, more};
}

void active_add(struct active *active, const struct logged_message *message)
{
    for (size_t i = 0; i < message->activation_count; i++) {
        const struct logged_activation *trip = &message->activations[i];
        if (trip->at == SIM_NEVER || trip->end == SIM_NEVER)
            continue;
        int64_t from = sim_second(trip->at), until = sim_second(trip->end);
        if (from < until) {
            change(active, from, 1);
            change(active, until, -1);
        }
    }
}

void active_fini(struct active *active)
{
    free(active->changes);
}

int64_t active_most(struct active *active)
{
    int64_t held = 0, most = 0;

    merge(active);
    for (size_t i = 0; i < active->count; i++) {
        held += active->changes[i].more;
        most = held > most ? held : most;
    }
    return most;
}

static void add_full(struct full_times *full, int64_t at, int64_t until)
{
    struct full_time *last = full->count == 0 ? NULL : &full->list[full->count - 1];

    if (last != NULL && at - last->until <= MOMENT) {
        last->until = until;
        return;
    }
    int64_t before = last == NULL ? 0 : last->before + last->until - last->at;
    full->list = alloc_grow(full->list, &full->room, full->count + 1, sizeof *full->list);
    full->list[full->count++] = (struct full_time){at, until, before};
}

void full_times_find(struct full_times *full, struct active *active, int64_t limit)
{
    int64_t held = 0;

    REQUIRE(limit >= 1);
    *full = (struct full_times){.limit = limit};
    merge(active);
    for (size_t i = 0; i + 1 < active->count; i++) {
        held += active->changes[i].more;
        if (held >= limit)
            add_full(full, active->changes[i].at, active->changes[i + 1].at);
    }
}

void full_times_fini(struct full_times *full)
{
    free(full->list);
}

const struct full_time *full_time_before(const struct full_times *full, int64_t second)
{
    size_t low = 0, high = full->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (full->list[middle].at < second)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NULL : &full->list[low - 1];
}

/* For how many seconds before `second` it was full. */
static int64_t seconds_before(const struct full_times *full, int64_t second)
{
    const struct full_time *last = full_time_before(full, second);

    if (last == NULL)
        return 0;
    return last->before + (second < last->until ? second : last->until) - last->at;
}

int64_t full_seconds(const struct full_times *full, int64_t from, int64_t until)
{
    return from >= until ? 0 : seconds_before(full, until) - seconds_before(full, from);
}
