/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/dist_text.h - distributions as people write them in a scenario
 */
#ifndef MODELS_DIST_TEXT_H
#define MODELS_DIST_TEXT_H

#include "sim/dist.h"
#include "sim/err.h"

/* What a text may mean depends on these. */
struct text_context {
    sim_time start; /* what t = 0 is: microseconds since 1970 UTC */

    /*
     * Reads the first column of a CSV file, in seconds, into an array that the
     * caller frees. NULL where no file may be named.
     */
    bool (*samples)(void *user, const char *path, double **values, size_t *count, struct err *err);
    void *user;
};

/* The forms there are, for `tempfail models`; ends with a NULL name. */
struct dist_form {
    const char *name;
    enum dist_kind kind;
    const char *arguments; /* s: a span, n: a positive number, f: a file, m: weighted parts */
    const char *usage;
};
extern const struct dist_form dist_forms[];

/*
 * Reads a span ("200ms"), `never`, or one of the forms: "lognormal(200ms, 0.5)".
 * The result is prepared for dist_draw(); dist_fini() releases it.
 */
bool dist_parse(struct dist *dist, const char *text, const struct text_context *context,
                struct err *err) WARN_UNUSED;

#endif
