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

struct world {
    struct sim sim;
    struct sites sites;
    struct catalogue catalogue;
    struct mta *mta;
    struct source *sources;
    size_t source_count;
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

static void world_init(struct world *world, const struct run *run, const struct rng *rng)
{
    const struct scenario *scenario = run->scenario;

    *world = (struct world){.catalogue = {scenario, *rng}, .source_count = scenario->traffic_count};
    sites_init(&world->sites, scenario, rng);
    world->mta = run->mta->start(&(struct mta_port){&world->sim, &world->sites, &world->catalogue,
                                                    run->observers, scenario, rng},
                                 run->mta_settings);
    world->sources = alloc_zeroed((world->source_count + 1) * sizeof *world->sources);
    for (size_t i = 0; i < world->source_count; i++)
        source_init(&world->sources[i], world, rng, i);
}

static void world_fini(struct world *world)
{
    for (size_t i = 0; i < world->source_count; i++)
        source_fini(&world->sources[i]);
    free(world->sources);
    world->mta->ops->free(world->mta);
    sites_fini(&world->sites);
    sim_fini(&world->sim);
}

void world_run(const struct run *run)
{
    struct rng rng = {run->seed, run->replication};
    struct world world;

    world_init(&world, run, &rng);
    sim_run(&world.sim, run->scenario->duration);
    world.mta->ops->close(world.mta);
    observers_tell(run->observers, finished, world.sim.now);
    world_fini(&world);
}
