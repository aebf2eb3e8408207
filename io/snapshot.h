/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * io/snapshot.h - listings of the queue at some moments of a run, written down
 *
 * Into a folder, of each moment: what postqueue -p and -j would list, and what
 * qshape would say of incoming and active and, apart, of deferred; and that once
 * more, of all moments, as qshape.csv. Without one, the first of these, to be
 * printed when the run is over.
 */
#ifndef IO_SNAPSHOT_H
#define IO_SNAPSHOT_H

#include <stdio.h>

#include "io/output.h"
#include "models/catalogue.h"
#include "models/listing.h"

/* Their files lie open side by side, and a signal handler knows only so many (io/output.h). */
#define MOST_SNAPSHOTS 12

struct snapshot_files {
    struct output text, json, qshape, qshape_deferred;
};

struct snapshots {
    struct listing listing; /* its observer is to be told of the run */
    const struct catalogue *catalogue;
    struct snapshot_files files[MOST_SNAPSHOTS]; /* zero where there is no folder */
    struct output qshape;                        /* of all of them */
    FILE *printed;      /* what is to be printed; NULL: files are written */
    struct output text; /* into that */
};

/*
 * Begins "snapshot-0000172800.postqueue-p.txt" and its like in `folder`, which
 * it makes; nothing but what can be printed if that is NULL. moments: as in
 * models/listing.h, at most MOST_SNAPSHOTS, whole seconds. `catalogue`, of the
 * one run that is told of, stays with the caller, as do the moments. Fails with
 * EX_CANTCREAT.
 */
bool snapshots_open(struct snapshots *snapshots, const char *folder,
                    const struct catalogue *catalogue, const sim_time *moments, size_t count,
                    struct err *err) WARN_UNUSED;

/* When the run is over: puts the files in their places. Fails with EX_IOERR. */
bool snapshots_commit(struct snapshots *snapshots, struct err *err) WARN_UNUSED;

/* What there is to be printed: before each listing an empty line and "snapshot SECONDS". */
bool snapshots_print(struct snapshots *snapshots, FILE *out, struct err *err) WARN_UNUSED;

/* Drops what was not committed, and all else. Nothing happens where all is zero. */
void snapshots_discard(struct snapshots *snapshots);

#endif
