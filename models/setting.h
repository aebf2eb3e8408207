/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/setting.h - the settings of failures, traffic kinds and latencies
 *
 * One table describes them: it parses them, gives their defaults, checks them,
 * and is what `tempfail models` prints. (Postfix's own parameters obey Postfix:
 * models/mta/postfix/parameters.h.)
 */
#ifndef MODELS_SETTING_H
#define MODELS_SETTING_H

#include <stddef.h>

#include "models/dist_text.h"
#include "models/reply.h"
#include "sim/err.h"
#include "sim/time.h"

enum setting_type {
    SETTING_SPAN,    /* sim_time: 90min, 1.5h, 250ms */
    SETTING_DIST,    /* struct dist: a span, or "lognormal(200ms, 0.5)" */
    SETTING_INSTANT, /* sim_time: a span since the start, or 2026-06-01T00:00Z */
    SETTING_COUNT,   /* int64_t: a whole number */
    SETTING_SHARE,   /* double: 0 to 1 */
    SETTING_RATE,    /* double, per second: 20/min */
    SETTING_AMOUNT,  /* double: 1, 0.5 or -2 */
    SETTING_REPLY,   /* struct reply: "450 4.2.0 busy" */
    SETTING_CHOICE,  /* int: a place in `choices` */
    SETTING_TEXT,    /* char *: any text, owned */
    SETTING_FILE,    /* char *: a CSV file, owned; its rows go to the model */
};

struct setting {
    const char *name; /* NULL ends a table */
    enum setting_type type;
    size_t offset;        /* of the field in the object */
    const char *fallback; /* parsed as if it had been written; NULL: must be given;
                             "": may be left out, and the field stays zero */
    double min, max;      /* of SPAN, INSTANT (s), COUNT, RATE (1/s), AMOUNT; both 0: no bounds */
    const char *const *choices; /* of CHOICE, ends with NULL */
    const char *summary;
};

/* The setting of that name, or NULL. */
const struct setting *setting_find(const struct setting *table, const char *name);

/* "duration", "distribution", ... for people. */
const char *setting_type_name(enum setting_type type);

/*
 * Parses `text` into the field of `object`, releasing what was there. Fails
 * with what was found and what would be accepted.
 */
bool setting_set(const struct setting *setting, void *object, const char *text,
                 const struct text_context *context, struct err *err) WARN_UNUSED;

/* What an INSTANT of `object` is. */
sim_time setting_instant(const struct setting *setting, const void *object);

/* Gives every setting of `table` its fallback, where it has one. `object` starts zeroed. */
void settings_init(const struct setting *table, void *object);

/* Releases what the fields own. */
void settings_fini(const struct setting *table, void *object);

#endif
