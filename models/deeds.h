/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/deeds.h - what operators did, by a log, to messages that stayed
 *
 * Hold, release and expire, each message by itself: a replay does them again at
 * that time. What was removed or queued anew is another message, or none. No
 * line tells of a flush; but what was tried when no scan was, was flushed.
 */
#ifndef MODELS_DEEDS_H
#define MODELS_DEEDS_H

#include "models/directory.h"
#include "models/logged.h"
#include "models/scenario.h"

struct deed {
    sim_time at;    /* since 1970, whole milliseconds */
    uint32_t label; /* of the message, in the reconstruction's names */
    enum operation_kind kind;
};

/* Zero is empty. */
struct deeds {
    struct deed *list; /* owned; those of one message in order of time */
    size_t count, room;
};

void deeds_add(struct deeds *deeds, const struct logged_message *message, uint32_t label);
/*
 * Of all retries, those that were flushed, by scans that begin at phase_s + k period seconds since
 * 1970. Nothing is added where a quarter of them or more is on no scan: then it is not the phase.
 */
void deeds_add_flushes(struct deeds *deeds, const struct directory *retries, int64_t phase_s,
                       int64_t period);

void deeds_fini(struct deeds *deeds);

/* As an operation names a message: "logged/4gTKMs5YS0z45Qj", for a traffic "logged". Allocated. */
char *deeds_message(const char *traffic, const struct names *names, uint32_t label);

/* Has them done again. The scenario's names have the reconstruction's numbers. */
void deeds_repeat(const struct deeds *deeds, const char *traffic, struct scenario *scenario);

#endif
