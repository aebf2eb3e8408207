/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim/rng.h - luck without a state
 *
 * Every draw is a function of (seed, replication, purpose, entity, index), by
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC 2011; the code is Random123's). So the n-th attempt of a
 * message meets the same luck whatever happened before it, on any number of
 * threads.
 */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

struct rng {
    uint64_t seed;
    uint32_t replication; /* below 2^24 */
};

/* Four words, each uniform on 0 ... 2^32 - 1. `purpose` is below 256. */
void rng_block(const struct rng *rng, unsigned purpose, uint64_t entity, uint32_t index,
               uint32_t words[4]);

/* A word as a fraction strictly between 0 and 1. */
static inline double rng_unit(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}

/* 64 well-mixed bits of `x`: a bijection (the finaliser of MurmurHash3, by Austin Appleby). */
static inline uint64_t rng_mix(uint64_t x)
{
    x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
    x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ x >> 33;
}

/*
 * The words of (purpose, entity), index 0 on, as a generator for GSL's
 * distributions. Free it with gsl_rng_free().
 */
gsl_rng *rng_gsl(const struct rng *rng, unsigned purpose, uint64_t entity);

#endif
