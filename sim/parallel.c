/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/parallel.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/alloc.h"
#include "sim/check.h"

/* Numbers below `taken` are over, those below `begun` are under way or wait to be taken. */
struct pool {
    const struct parallel_work *work;
    size_t count, begun, taken, window;
    char *pieces; /* `window` of them, in use in turn */
    bool *done;   /* of each piece */
    bool stopped;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static void *piece_of(const struct pool *pool, size_t number)
{
    return pool->pieces + number % pool->window * pool->work->piece_size;
}

static bool must_wait(const struct pool *pool)
{
    return !pool->stopped && pool->begun < pool->count && pool->begun - pool->taken == pool->window;
}

/* The next number to do; `count` if there is none. With the lock held. */
static size_t begin_next(struct pool *pool)
{
    while (must_wait(pool))
        pthread_cond_wait(&pool->changed, &pool->lock);
    return pool->stopped || pool->begun == pool->count ? pool->count : pool->begun++;
}

static void *do_pieces(void *user)
{
    struct pool *pool = user;

    pthread_mutex_lock(&pool->lock);
    for (size_t number; (number = begin_next(pool)) < pool->count;) {
        pthread_mutex_unlock(&pool->lock);
        pool->work->work(pool->work->user, number, piece_of(pool, number));
        pthread_mutex_lock(&pool->lock);
        pool->done[number % pool->window] = true;
        pthread_cond_broadcast(&pool->changed);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static void await(struct pool *pool, size_t number)
{
    pthread_mutex_lock(&pool->lock);
    while (!pool->done[number % pool->window])
        pthread_cond_wait(&pool->changed, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

static void give_back(struct pool *pool, size_t number, bool goes_on)
{
    memset(piece_of(pool, number), 0, pool->work->piece_size);
    pthread_mutex_lock(&pool->lock);
    pool->done[number % pool->window] = false;
    pool->taken++;
    pool->stopped = !goes_on;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
}

static bool take_pieces(struct pool *pool)
{
    bool goes_on = true;

    for (size_t number = 0; goes_on && number < pool->count; number++) {
        await(pool, number);
        goes_on = pool->work->take(pool->work->user, number, piece_of(pool, number));
        give_back(pool, number, goes_on);
    }
    return goes_on;
}

/* Those that were begun before it was enough. */
static void drop_rest(struct pool *pool)
{
    for (size_t number = pool->taken; number < pool->begun; number++) {
        if (pool->work->drop != NULL)
            pool->work->drop(pool->work->user, piece_of(pool, number));
    }
}

static bool run_here(const struct parallel_work *work, size_t count)
{
    void *piece = alloc_zeroed(work->piece_size + 1);
    bool goes_on = true;

    for (size_t number = 0; goes_on && number < count; number++) {
        memset(piece, 0, work->piece_size);
        work->work(work->user, number, piece);
        goes_on = work->take(work->user, number, piece);
    }
    free(piece);
    return goes_on;
}

static bool run_beside(const struct parallel_work *work, size_t count, pthread_t *threads,
                       unsigned wanted)
{
    size_t window = (size_t)wanted * PARALLEL_WINDOW;
    struct pool pool = {.work = work, .count = count, .window = window};
    unsigned made = 0;

    pthread_mutex_init(&pool.lock, NULL);
    pthread_cond_init(&pool.changed, NULL);
    pool.pieces = alloc_zeroed(window * work->piece_size + 1);
    pool.done = alloc_zeroed(window * sizeof *pool.done);
    while (made < wanted && pthread_create(&threads[made], NULL, do_pieces, &pool) == 0)
        made++;
    bool all = made > 0 ? take_pieces(&pool) : run_here(work, count);
    for (unsigned i = 0; i < made; i++)
        pthread_join(threads[i], NULL);
    drop_rest(&pool);
    free(pool.pieces);
    free(pool.done);
    pthread_cond_destroy(&pool.changed);
    pthread_mutex_destroy(&pool.lock);
    return all;
}

bool parallel_run(const struct parallel_work *work, size_t count, unsigned threads)
{
    REQUIRE(threads > 0);
    if (threads > count)
        threads = (unsigned)count;
    if (threads <= 1)
        return run_here(work, count);
    pthread_t *list = alloc_zeroed(threads * sizeof *list);
    bool all = run_beside(work, count, list, threads);
    free(list);
    return all;
}

unsigned parallel_threads(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);

    return online < 1 ? 1 : (unsigned)online;
}
