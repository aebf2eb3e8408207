/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/trials.h"

#include <stdlib.h>

#include "models/world.h"
#include "sim/alloc.h"
#include "sim/parallel.h"

struct running {
    const struct trials *trials;
    const uint64_t *numbers;
    trials_take_fn *take;
    void *user;
};

static void do_trial(void *user, size_t i, void *piece)
{
    const struct running *running = user;
    const struct trials *trials = running->trials;
    struct trial *trial = piece;
    struct observers observers = {0};
    struct results results;

    trial->number = running->numbers == NULL ? i : running->numbers[i];
    results_init(&results);
    results.since = trials->since;
    observers_add(&observers, &results.observer);
    endings_init(&trial->endings);
    if (trials->with_endings)
        observers_add(&observers, &trial->endings.observer);
    world_run(&(struct run){trials->scenario, trials->mta,
                            trials->settings[trial_point(trials, trial->number)], trials->seed,
                            trial_replication(trials, trial->number), &observers});
    trial->figures = alloc_zeroed(metric_count() * sizeof *trial->figures);
    metrics_measure(&results, trial->figures);
    trial->classes = results.classes;
    results.classes = (struct classes){0};
    results_fini(&results);
}

static void drop_trial(void *user, void *piece)
{
    struct trial *trial = piece;

    (void)user;
    free(trial->figures);
    endings_fini(&trial->endings);
    classes_fini(&trial->classes);
}

static bool take_trial(void *user, size_t i, void *piece)
{
    const struct running *running = user;

    (void)i;
    bool goes_on = running->take(running->user, piece);
    drop_trial(user, piece);
    return goes_on;
}

bool trials_run(const struct trials *trials, const uint64_t *numbers, size_t count,
                trials_take_fn *take, void *user)
{
    struct running running = {trials, numbers, take, user};

    return parallel_run(&(struct parallel_work){.work = do_trial,
                                                .take = take_trial,
                                                .drop = drop_trial,
                                                .user = &running,
                                                .piece_size = sizeof(struct trial)},
                        count, trials->threads);
}
