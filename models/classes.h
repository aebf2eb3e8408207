/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * models/classes.h - what mail is worth, and until when: its classes, and what became of each
 *
 * What a recipient is worth is a time/utility function with one step, at the
 * deadline: Jensen, Locke and Tokuda, "A Time-Driven Scheduling Model for
 * Real-Time Operating Systems", 1985. Sums are integers, so that merging is exact
 * in any order; utilities are made of them when they are asked for.
 */
#ifndef MODELS_CLASSES_H
#define MODELS_CLASSES_H

#include "models/message.h"
#include "models/setting.h"
#include "sim/histogram.h"

struct scenario;

struct class_spec {
    sim_time deadline; /* from arrival to delivery; 0: none */
    double value;      /* of a recipient delivered in time */
    double late;       /* ... after the deadline */
    double lost;       /* ... bounced or expired */
};

extern const struct setting class_settings[];

/* Recipients by what became of them. */
struct tally_sum {
    uint64_t delivered, delivered_at_once, bounced, expired, deleted, queued;
};

/* Adds a recipient to those delivered. */
void tally_sum_deliver(struct tally_sum *sum, const struct message *message);
/* Adds a message that is gone, or left over: its recipients, but for those delivered. */
void tally_sum_add(struct tally_sum *sum, const struct tally *tally);
void tally_sum_merge(struct tally_sum *into, const struct tally_sum *from);

struct class_sum {
    struct class_spec spec;
    uint64_t recipients;
    struct tally_sum fates;
    uint64_t late;          /* of those delivered */
    struct histogram delay; /* ms, as in models/results.h */
};

/* Zero is valid, and knows of no classes. */
struct classes {
    const struct scenario *scenario; /* of the run under way */
    struct class_sum *list;          /* by number; 0: mail of no class; owned */
    size_t count;                    /* 0: the scenario has none */
};

void classes_fini(struct classes *classes);

/* A run of `scenario` begins, the first one or another of the same. */
void classes_begin(struct classes *classes, const struct scenario *scenario);

/* The class of a message that is no notice. Requires that there are some. */
struct class_sum *classes_of(const struct classes *classes, const struct message *message);

void class_sum_deliver(struct class_sum *sum, const struct message *message, sim_time delay);

/* The value of all its recipients; those deleted, or queued yet, have none. */
double class_sum_utility(const struct class_sum *sum);

/* Adds what another came to; what theirs is worth may differ. */
void class_sum_merge(struct class_sum *into, const struct class_sum *from);

/* The scenario is the same, or there was no run before. */
void classes_merge(struct classes *into, const struct classes *from);

/* Of all together; NAN where there are no classes. */
double classes_late(const struct classes *classes);
double classes_utility(const struct classes *classes);

#endif
