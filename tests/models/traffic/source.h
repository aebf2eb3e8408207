/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/models/traffic/source.h - a traffic at work, without a world
 */
#ifndef TESTS_MODELS_TRAFFIC_SOURCE_H
#define TESTS_MODELS_TRAFFIC_SOURCE_H

#include <criterion/criterion.h>
#include <stdarg.h>

#include "models/luck.h"
#include "models/traffic/traffic.h"
#include "sim/alloc.h"
#include "sim/rng.h"

#define HOUR (3600 * SIM_SECOND)

struct source {
    struct traffic traffic;
    void *settings;
};

static inline bool source_set(struct source *source, const char *name, const char *text,
                              struct err *err)
{
    const struct text_context context = {.start = INT64_C(1780272000) * SIM_SECOND};

    return setting_set(setting_find(source->traffic.ops->settings, name), source->settings, text,
                       &context, err);
}

/* Names and texts by turns follow; ends with NULL. */
static inline void source_init(struct source *source, const char *kind, uint64_t seed, ...)
{
    const struct traffic_ops *ops = traffic_find(kind);
    const struct rng rng = {.seed = seed};
    const char *name;
    struct err err;
    va_list list;

    source->settings = alloc_zeroed(ops->settings_size);
    settings_init(ops->settings, source->settings);
    source->traffic = (struct traffic){.ops = ops,
                                       .settings = source->settings,
                                       .state = alloc_zeroed(ops->state_size),
                                       .rng = rng_gsl(&rng, LUCK_ARRIVALS, 0)};
    va_start(list, seed);
    while ((name = va_arg(list, const char *)) != NULL)
        cr_assert(source_set(source, name, va_arg(list, const char *), &err), "%s", err.text);
    va_end(list);
}

static inline void source_fini(struct source *source)
{
    const struct traffic_ops *ops = source->traffic.ops;

    if (ops->forget != NULL)
        ops->forget(source->settings);
    settings_fini(ops->settings, source->settings);
    free(source->settings);
    free(source->traffic.state);
    gsl_rng_free(source->traffic.rng);
}

static inline sim_time source_next(struct source *source)
{
    return source->traffic.ops->next(&source->traffic);
}

/* How many come from `from` on, before `until`; what comes there is used up. In order, or it fails.
 */
static inline long source_count(struct source *source, sim_time from, sim_time until)
{
    sim_time at, last = from;
    long count = 0;

    while ((at = source_next(source)) < until) {
        cr_assert(at >= last, "%lld after %lld", (long long)at, (long long)last);
        last = at;
        count++;
    }
    return count;
}

#endif
