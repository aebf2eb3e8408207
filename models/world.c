/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/world.h"

#include <stdlib.h>

#include "models/luck.h"
#include "sim/alloc.h"

#define DAY ((sim_time)86400 * SIM_SECOND)

/* A traffic that has its next message ready. */
struct source {
    struct sim_event event;
    struct world *world;
    struct traffic traffic;
    struct message_id id;
};

/* An operator who has something to do. */
struct operator
{
    struct sim_event event;
    struct world *world;
    const struct operation *operation;
};

struct world {
    struct sim sim;
    struct sites sites;
    struct catalogue catalogue;
    struct mta *mta;
    struct source *sources;
    size_t source_count;
    struct operator* operators;
    size_t operator_count;
};

static void schedule_next(struct source *source)
{
    sim_time at = source->traffic.ops->next(&source->traffic);

    if (at != SIM_NEVER)
        sim_at(&source->world->sim, &source->event, at, PHASE_ARRIVAL);
}

static void source_fires(struct sim_event *event)
{
    struct source *source = CONTAINER_OF(event, struct source, event);
    struct world *world = source->world;

    world->mta->ops->submit(world->mta, source->id);
    source->id.number++;
    schedule_next(source);
}

static void source_init(struct source *source, struct world *world, const struct rng *rng, size_t i)
{
    const struct scenario *scenario = world->catalogue.scenario;
    const struct traffic_spec *spec = &scenario->traffics[i];

    *source = (struct source){
        .event.fire = source_fires,
        .world = world,
        .traffic = {.ops = spec->ops,
                    .settings = spec->settings,
                    .state = alloc_zeroed(spec->ops->state_size),
                    .rng = rng_gsl(rng, LUCK_ARRIVALS, i),
                    .day = scenario->start % DAY},
        .id.traffic = (uint16_t)i,
    };
    schedule_next(source);
}

static void source_fini(struct source *source)
{
    free(source->traffic.state);
    gsl_rng_free(source->traffic.rng);
}

static void operator_due(struct operator* operator, sim_time at)
{
    if (at < operator->operation->until)
        sim_at(&operator->world->sim, &operator->event, at, PHASE_TIMER);
}

static void operator_fires(struct sim_event *event)
{
    struct operator* operator= CONTAINER_OF(event, struct operator, event);
    struct world *world = operator->world;
    sim_time every = operator->operation->every;

    world->mta->ops->operate(world->mta, operator->operation);
    if (every > 0 && every < SIM_NEVER - world->sim.now)
        operator_due(operator, world->sim.now + every);
}

static void hire_operators(struct world *world, const struct scenario *scenario)
{
    world->operator_count = scenario->operation_count;
    world->operators = alloc_zeroed((world->operator_count + 1) * sizeof *world->operators);
    for (size_t i = 0; i < world->operator_count; i++) {
        world->operators[i] = (struct operator){
            .event.fire = operator_fires,
            .world = world,
            .operation = &scenario->operations[i],
        };
        operator_due(&world->operators[i], scenario->operations[i].at);
    }
}

static void world_init(struct world *world, const struct run *run, const struct rng *rng)
{
    const struct scenario *scenario = run->scenario;

    *world = (struct world){.catalogue = {.scenario = scenario, .rng = *rng},
                            .source_count = scenario->traffic_count};
    sites_init(&world->sites, scenario, rng);
    world->mta = run->mta->start(&(struct mta_port){&world->sim, &world->sites, &world->catalogue,
                                                    run->observers, scenario, rng},
                                 run->mta_settings);
    world->sources = alloc_zeroed((world->source_count + 1) * sizeof *world->sources);
    for (size_t i = 0; i < world->source_count; i++)
        source_init(&world->sources[i], world, rng, i);
    hire_operators(world, scenario);
}

static void world_fini(struct world *world)
{
    for (size_t i = 0; i < world->source_count; i++)
        source_fini(&world->sources[i]);
    free(world->sources);
    free(world->operators);
    world->mta->ops->free(world->mta);
    sites_fini(&world->sites);
    sim_fini(&world->sim);
}

void world_run(const struct run *run)
{
    struct rng rng = {run->seed, run->replication};
    struct world world;

    observers_tell(run->observers, begun, run->scenario);
    world_init(&world, run, &rng);
    sim_run(&world.sim, run->scenario->duration);
    world.mta->ops->close(world.mta);
    observers_tell(run->observers, finished, world.sim.now);
    world_fini(&world);
}
