/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/infer/votes.h"

#include <stdbool.h>
#include <stdlib.h>

#include "sim/alloc.h"
#include "sim/check.h"

void votes_add(struct votes *votes, int64_t low, int64_t high)
{
    if (low > high)
        return;
    votes->lows = alloc_grow(votes->lows, &votes->low_room, votes->count + 1, sizeof *votes->lows);
    votes->highs =
        alloc_grow(votes->highs, &votes->high_room, votes->count + 1, sizeof *votes->highs);
    votes->lows[votes->count] = low;
    votes->highs[votes->count] = high;
    votes->count++;
}

void votes_clear(struct votes *votes)
{
    votes->count = 0;
}

void votes_fini(struct votes *votes)
{
    free(votes->lows);
    free(votes->highs);
}

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static bool holds(const struct votes_range *range, int64_t number)
{
    return range->low <= number && number <= range->high;
}

static int64_t width(const struct votes_range *range)
{
    return range->high - range->low;
}

static bool is_better(const struct votes_range *a, const struct votes_range *b, int64_t preferred)
{
    if (a->votes != b->votes)
        return a->votes > b->votes;
    if (holds(a, preferred) != holds(b, preferred))
        return holds(a, preferred);
    return width(a) > width(b);
}

struct votes_range votes_most(struct votes *votes, int64_t from, int64_t until, int64_t preferred)
{
    struct votes_range best = {from, until, 0};
    size_t begun = 0, ended = 0;
    bool found = false;

    REQUIRE(from <= until);
    if (votes->count > 0) {
        qsort(votes->lows, votes->count, sizeof *votes->lows, by_size);
        qsort(votes->highs, votes->count, sizeof *votes->highs, by_size);
    }
    for (int64_t at = from;;) {
        while (begun < votes->count && votes->lows[begun] <= at)
            begun++;
        while (ended < votes->count && votes->highs[ended] < at)
            ended++;
        /* Up to where the next interval begins or the next one ends all stays the same. */
        int64_t last = until;
        if (begun < votes->count && votes->lows[begun] - 1 < last)
            last = votes->lows[begun] - 1;
        if (ended < votes->count && votes->highs[ended] < last)
            last = votes->highs[ended];
        struct votes_range range = {at, last, begun - ended};
        if (!found || is_better(&range, &best, preferred))
            best = range;
        found = true;
        if (last == until)
            return best;
        at = last + 1;
    }
}
