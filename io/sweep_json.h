/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/sweep_json.h - sweep.json: which sweep a folder holds
 *
 * All parts of a sweep have the same, wherever they are run.
 */
#ifndef IO_SWEEP_JSON_H
#define IO_SWEEP_JSON_H

#include "io/manifest.h"
#include "models/sweep.h"

struct sweep_manifest {
    char *text;            /* owned */
    uint64_t replications; /* of each point; 0: as many as the precision asks for */
    double precision;      /* 0: none was asked for */
};

struct sweep_plan {
    struct manifest_source source;
    const struct main_cf *config; /* what lies below what is varied */
    uint64_t replications;        /* 0, as above */
    double precision;             /* 0: none is asked for */
};
void sweep_manifest_make(struct sweep_manifest *manifest, const struct sweep *sweep,
                         const struct sweep_plan *plan);
void sweep_manifest_fini(struct sweep_manifest *manifest);

/*
 * Reads DIR/sweep.json: its text, and its grid into `sweep`, which is empty. Fails
 * with EX_NOINPUT, EX_DATAERR or EX_IOERR.
 */
bool sweep_manifest_read(struct sweep_manifest *manifest, struct sweep *sweep, const char *folder,
                         struct err *err) WARN_UNUSED;

/*
 * NULL where they are of the same sweep, be it of other numbers of replications; else the first
 * member, or the first of the settings, that differs. Allocated.
 */
char *sweep_manifest_difference(const struct sweep_manifest *one,
                                const struct sweep_manifest *other);

bool sweep_manifest_write(const struct sweep_manifest *manifest, const char *folder,
                          struct err *err) WARN_UNUSED;

#endif
