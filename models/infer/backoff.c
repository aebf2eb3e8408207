/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/infer/backoff.h"

#include "models/infer/round.h"
#include "models/mta/postfix/rules.h"
#include "models/mta/postfix/scans.h"

#define USUAL_MINIMAL 300
#define USUAL_MAXIMAL 4000
#define ROUNDS 3 /* the two hardly depend on each other */

bool wait_of(const struct grid *grid, const struct retry *retry, struct wait *wait,
             struct grid_scan *scan)
{
    if (retry->picked_up < 0 || !grid_scan_at(grid, retry_start(retry), scan))
        return false;
    wait->high = retry->picked_up + SCAN_TOLERANCE;
    wait->low = 0;
    if (scan->before >= retry->deferred) /* it met the file, and left it alone */
        wait->low = scan->before - retry->deferred + SCAN_TOLERANCE + 1;
    return wait->low <= wait->high;
}

/* The wait of a message that is younger than it must wait is `minimal`. */
static void vote_on_minimal(struct votes *votes, const struct wait *wait, int64_t age,
                            int64_t maximal)
{
    if (age < wait->low)
        votes_add(votes, wait->low, wait->high);
    else if (age <= wait->high && maximal >= wait->low)
        votes_add(votes, 1, wait->high);
    else if (age > wait->high && maximal >= wait->low && maximal <= wait->high)
        votes_add(votes, 1, wait->high);
}

/* The wait of a message that is older than it had to wait is `maximal`. */
static void vote_on_maximal(struct votes *votes, const struct wait *wait, int64_t age,
                            int64_t minimal)
{
    if (age > wait->high)
        votes_add(votes, wait->low, wait->high);
    else if (age >= wait->low && minimal <= wait->high)
        votes_add(votes, wait->low, VOTES_NO_END);
}

typedef void vote_fn(struct votes *votes, const struct wait *wait, int64_t age, int64_t other);

static struct votes_range ask(const struct grid *grid, const struct retries *retries, size_t stride,
                              vote_fn *vote, int64_t other, struct votes_range within,
                              int64_t usual)
{
    struct votes votes = {0};
    struct grid_scan scan;
    struct wait wait;

    for (size_t i = 0; i < retries->count; i += stride) {
        const struct retry *retry = &retries->list[i];
        if (wait_of(grid, retry, &wait, &scan))
            vote(&votes, &wait, retry->age, other);
    }
    struct votes_range range = votes_most(&votes, within.low, within.high, usual);
    votes_fini(&votes);
    return range;
}

static int64_t choose(const struct votes_range *range, int64_t usual)
{
    if (range->high != VOTES_NO_END)
        return round_within(range->low, range->high, usual);
    return range->low > usual ? range->low : usual;
}

static void count_told(const struct grid *grid, const struct retries *retries, size_t stride,
                       struct backoff *backoff)
{
    struct grid_scan scan;
    struct wait wait;

    for (size_t i = 0; i < retries->count; i += stride) {
        const struct retry *retry = &retries->list[i];
        if (!wait_of(grid, retry, &wait, &scan))
            continue;
        int64_t due = backoff_wait(backoff, retry->age);
        bool explained = wait.low <= due && due <= wait.high;
        backoff->minimal_told += explained && retry->age < wait.low && due == backoff->minimal;
        backoff->maximal_told += explained && retry->age > wait.high && due == backoff->maximal;
    }
}

/* What one may be while the other is what it was chosen to be; now while it may be anything. */
static void widen(const struct grid *grid, const struct retries *retries, size_t stride,
                  struct backoff *backoff)
{
    int64_t least = backoff->minimal_range.low, most = backoff->maximal_range.high;
    struct votes_range minimal = ask(grid, retries, stride, vote_on_minimal, most,
                                     (struct votes_range){1, most, 0}, backoff->minimal);
    struct votes_range maximal =
        ask(grid, retries, stride, vote_on_maximal, least,
            (struct votes_range){least, VOTES_NO_END, 0}, backoff->maximal);

    if (minimal.votes >= backoff->minimal_range.votes)
        backoff->minimal_range = minimal;
    if (maximal.votes >= backoff->maximal_range.votes)
        backoff->maximal_range = maximal;
}

struct backoff backoff_fit(const struct grid *grid, const struct retries *retries, size_t stride)
{
    struct backoff backoff = {.minimal = 1, .maximal = VOTES_NO_END};

    for (int i = 0; i < ROUNDS; i++) {
        backoff.minimal_range = ask(grid, retries, stride, vote_on_minimal, backoff.maximal,
                                    (struct votes_range){1, backoff.maximal, 0}, USUAL_MINIMAL);
        backoff.minimal = choose(&backoff.minimal_range, USUAL_MINIMAL);
        backoff.maximal_range =
            ask(grid, retries, stride, vote_on_maximal, backoff.minimal,
                (struct votes_range){backoff.minimal, VOTES_NO_END, 0}, USUAL_MAXIMAL);
        backoff.maximal = choose(&backoff.maximal_range, USUAL_MAXIMAL);
    }
    widen(grid, retries, stride, &backoff);
    count_told(grid, retries, stride, &backoff);
    /* Where all wait for the minimum, the maximum may be anything below: the floor wins. */
    if (backoff.maximal_range.low <= backoff.minimal)
        backoff.maximal_range.low = 1;
    return backoff;
}

int64_t backoff_wait(const struct backoff *backoff, int64_t age)
{
    const struct postfix_settings settings = {
        .minimal_backoff_time = backoff->minimal,
        .maximal_backoff_time = backoff->maximal,
    };

    return postfix_backoff(&settings, age);
}
