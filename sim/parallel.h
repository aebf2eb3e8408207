/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/parallel.h - pieces of work, done on several threads and taken in their order
 *
 * Who takes the pieces sees the same on any number of threads: number 0, then 1,
 * and so on, all on the thread that called.
 */
#ifndef SIM_PARALLEL_H
#define SIM_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

struct parallel_work {
    /* Does number `number`, beside others, on a thread of its own. `piece` is zero before. */
    void (*work)(void *user, size_t number, void *piece);

    /* Takes what work() left in `piece`. False: it is enough, nothing more is begun. */
    bool (*take)(void *user, size_t number, void *piece);

    /* Releases a piece that is done and will not be taken; NULL if there is nothing to release. */
    void (*drop)(void *user, void *piece);

    void *user;
    size_t piece_size; /* bytes */
};

/*
 * Does numbers 0 to count - 1 on so many threads, or on the calling one if that
 * is one. Few pieces wait at a time, however many there are: at most
 * PARALLEL_WINDOW a thread. Returns whether all were taken.
 */
#define PARALLEL_WINDOW 4
bool parallel_run(const struct parallel_work *work, size_t count, unsigned threads);

/* How many threads this machine runs at once; at least 1. */
unsigned parallel_threads(void);

#endif
