/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/manifest.h - what was run, so that it can be run again
 *
 * manifest.json of a run, compare.json of a comparison; sweep.json (io/sweep_json.h)
 * has its parts from here. Nothing in them differs between machines, folders or
 * numbers of threads.
 */
#ifndef IO_MANIFEST_H
#define IO_MANIFEST_H

#include <jansson.h>

#include "io/main_cf.h"
#include "io/output.h"
#include "models/experiment.h"
#include "models/scenario.h"

struct manifest_source {
    const char *path; /* of the scenario, or of the first log, as it was given */
    uint64_t hash;    /* of what was read (models/scenario.h, io/maillog.h) */
    const struct scenario *scenario;
    uint64_t seed;
    const char *recovery; /* of a log's mail (models/recovery.h); NULL: it is none */
};

/* version, scenario, scenario_fnv1a, title if it has one, start, seed, recovery of a log. */
json_t *manifest_head(const struct manifest_source *source);

/* Every parameter, and what was set for single transports, with its value and where it came from.
 */
json_t *manifest_settings(const struct main_cf *config);

/* As it stands in a file, without a newline at the end; lets the value go. Allocated. */
char *manifest_text(json_t *json);

struct manifest {
    struct manifest_source source;
    const struct main_cf *config;
    uint64_t replications;
    const struct experiment *experiment;
};
void manifest_put(struct output *output, const struct manifest *manifest);

struct compare_manifest {
    struct manifest_source source;
    uint64_t replications;
    const char *const *policies; /* names, and their settings */
    const struct main_cf *const *configs;
    size_t policy_count;
};
void compare_manifest_put(struct output *output, const struct compare_manifest *manifest);

#endif
