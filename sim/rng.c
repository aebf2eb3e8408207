/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/rng.h"

#include <Random123/philox.h>

#include "sim/check.h"

#define REPLICATION_SHIFT 8

void rng_block(const struct rng *rng, unsigned purpose, uint64_t entity, uint32_t index,
               uint32_t words[4])
{
    philox4x32_key_t key = {{(uint32_t)rng->seed, (uint32_t)(rng->seed >> 32)}};
    philox4x32_ctr_t counter = {{index, (uint32_t)entity, (uint32_t)(entity >> 32),
                                 rng->replication << REPLICATION_SHIFT | purpose}};
    philox4x32_ctr_t block = philox4x32(counter, key);

    for (int i = 0; i < 4; i++)
        words[i] = block.v[i];
}

struct stream {
    struct rng rng;
    unsigned purpose;
    uint64_t entity;
    uint32_t index;
    unsigned left; /* words of `block` not yet given out */
    uint32_t block[4];
};

/* GSL's own seeding: only the seed is set, the rest is zero. */
static void stream_set(void *state, unsigned long seed)
{
    *(struct stream *)state = (struct stream){.rng.seed = seed};
}

static unsigned long stream_get(void *state)
{
    struct stream *s = state;

    if (s->left == 0) {
        rng_block(&s->rng, s->purpose, s->entity, s->index++, s->block);
        s->left = 4;
    }
    return s->block[4 - s->left--];
}

static double stream_get_double(void *state)
{
    return (double)stream_get(state) * 0x1p-32;
}

static const gsl_rng_type stream_type = {
    .name = "philox4x32",
    .max = UINT32_MAX,
    .min = 0,
    .size = sizeof(struct stream),
    .set = stream_set,
    .get = stream_get,
    .get_double = stream_get_double,
};

gsl_rng *rng_gsl(const struct rng *rng, unsigned purpose, uint64_t entity)
{
    gsl_rng *gsl = gsl_rng_alloc(&stream_type);

    REQUIRE(gsl != NULL);
    *(struct stream *)gsl->state =
        (struct stream){.rng = *rng, .purpose = purpose, .entity = entity};
    return gsl;
}
