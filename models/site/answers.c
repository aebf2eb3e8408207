/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/site/answers.c - recorded luck: what the n-th RCPT met
 *
 * Counts the RCPTs of a sender and recipient; beyond the last recorded one the
 * last repeats. Two without a row are accepted.
 */
#include <stdlib.h>
#include <string.h>

#include "models/catalogue.h"
#include "models/site/failure.h"
#include "sim/alloc.h"
#include "sim/keymap.h"

struct recorded {
    uint64_t pair;
    int64_t attempt;
    struct reply reply;
};

struct answers {
    char *file;
    struct recorded *rows; /* by pair, then attempt */
    size_t count, room;
};

struct answers_state {
    struct keymap heard; /* RCPTs so far, by pair */
};

static const struct setting settings[] = {
    {"file", SETTING_FILE, offsetof(struct answers, file), NULL, 0, 0, NULL,
     "CSV: sender, recipient, attempt (from 1), text"},
    {0},
};

static const char *const columns[] = {"sender", "recipient", "attempt", "text", NULL};

static bool add(void *object, const char *const *cells, struct names *names, struct err *err)
{
    struct answers *answers = object;
    char *end;
    long attempt = strtol(cells[2], &end, 10);

    if (*end != '\0' || end == cells[2] || attempt < 1)
        return err_set(err, "attempt: '%.40s' is no number from 1 on", cells[2]);
    struct recorded row = {
        .pair = pair_key(names_add(names, cells[0], strlen(cells[0])),
                         names_add(names, cells[1], strlen(cells[1]))),
        .attempt = attempt,
    };
    if (!reply_parse(&row.reply, cells[3], err))
        return err_within(err, "text");
    answers->rows =
        alloc_grow(answers->rows, &answers->room, answers->count + 1, sizeof *answers->rows);
    answers->rows[answers->count++] = row;
    return true;
}

static int by_pair_and_attempt(const void *a, const void *b)
{
    const struct recorded *x = a, *y = b;

    if (x->pair != y->pair)
        return x->pair < y->pair ? -1 : 1;
    return (x->attempt > y->attempt) - (x->attempt < y->attempt);
}

static void ready(void *object)
{
    struct answers *answers = object;

    if (answers->count > 0)
        qsort(answers->rows, answers->count, sizeof *answers->rows, by_pair_and_attempt);
}

static const struct row_reader rows = {.columns = columns, .add = add, .ready = ready};

static void forget(void *object)
{
    struct answers *answers = object;

    for (size_t i = 0; i < answers->count; i++)
        reply_fini(&answers->rows[i].reply);
    free(answers->rows);
}

static unsigned stages(const void *object)
{
    (void)object;
    return AT_STAGE(STAGE_RCPT);
}

static void end(struct failure *self)
{
    struct answers_state *state = self->state;

    keymap_fini(&state->heard);
}

/* The last row of `pair` whose attempt is not beyond `attempt`; NULL if there is none. */
static const struct recorded *last_upto(const struct answers *answers, uint64_t pair,
                                        int64_t attempt)
{
    struct recorded wanted = {.pair = pair, .attempt = attempt};
    size_t low = 0, high = answers->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_pair_and_attempt(&answers->rows[middle], &wanted) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && answers->rows[low - 1].pair == pair ? &answers->rows[low - 1] : NULL;
}

static const struct reply *speak(struct failure *self, struct approach *approach)
{
    struct answers_state *state = self->state;
    uint64_t pair = approach_pair(approach);
    int64_t *heard = keymap_at(&state->heard, pair, 0);
    const struct recorded *row = last_upto(self->settings, pair, ++*heard);

    return row != NULL && row->reply.outcome != OUTCOME_SENT ? &row->reply : NULL;
}

const struct failure_ops failure_answers = {
    .name = "answers",
    .summary = "recorded luck: what the n-th RCPT of a sender and recipient met",
    .settings_size = sizeof(struct answers),
    .state_size = sizeof(struct answers_state),
    .settings = settings,
    .rows = &rows,
    .forget = forget,
    .stages = stages,
    .end = end,
    .speak = speak,
};
