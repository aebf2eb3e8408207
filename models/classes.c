/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/classes.h"

#include <math.h>
#include <stdlib.h>

#include "models/scenario.h"
#include "sim/alloc.h"

#define MOST_SECONDS 3e9
#define MOST_WORTH 1e6

const struct setting class_settings[] = {
    {"deadline", SETTING_SPAN, offsetof(struct class_spec, deadline), "", 1e-3, MOST_SECONDS, NULL,
     "from arrival to delivery; without one nothing is late"},
    {"value", SETTING_AMOUNT, offsetof(struct class_spec, value), "1", -MOST_WORTH, MOST_WORTH,
     NULL, "of a recipient delivered in time"},
    {"late", SETTING_AMOUNT, offsetof(struct class_spec, late), "0", -MOST_WORTH, MOST_WORTH, NULL,
     "of one delivered after the deadline"},
    {"lost", SETTING_AMOUNT, offsetof(struct class_spec, lost), "0", -MOST_WORTH, MOST_WORTH, NULL,
     "of one bounced or expired"},
    {0},
};

void tally_sum_deliver(struct tally_sum *sum, const struct message *message)
{
    sum->delivered++;
    sum->delivered_at_once += message->activations == 1;
}

void tally_sum_add(struct tally_sum *sum, const struct tally *tally)
{
    sum->bounced += tally->bounced;
    sum->expired += tally->expired;
    sum->deleted += tally->deleted;
    sum->queued += tally->queued;
}

void tally_sum_merge(struct tally_sum *into, const struct tally_sum *from)
{
    into->delivered += from->delivered;
    into->delivered_at_once += from->delivered_at_once;
    into->bounced += from->bounced;
    into->expired += from->expired;
    into->deleted += from->deleted;
    into->queued += from->queued;
}

void classes_fini(struct classes *classes)
{
    for (size_t i = 0; i < classes->count; i++)
        histogram_fini(&classes->list[i].delay);
    free(classes->list);
    *classes = (struct classes){0};
}

void classes_begin(struct classes *classes, const struct scenario *scenario)
{
    size_t count = scenario_has_classes(scenario) ? scenario->class_names.count : 0;

    if (count == 0)
        return;
    REQUIRE(classes->count == 0 || classes->count == count);
    classes->scenario = scenario;
    if (classes->count == count)
        return;
    classes->list = alloc_zeroed(count * sizeof *classes->list);
    classes->count = count;
    for (size_t i = 0; i < count; i++) {
        classes->list[i].spec = scenario->classes[i];
        histogram_keep(&classes->list[i].delay);
    }
}

struct class_sum *classes_of(const struct classes *classes, const struct message *message)
{
    const struct scenario *scenario = classes->scenario;

    return &classes->list[scenario->traffics[message->traffic].class];
}

void class_sum_deliver(struct class_sum *sum, const struct message *message, sim_time delay)
{
    tally_sum_deliver(&sum->fates, message);
    sum->late += sum->spec.deadline > 0 && delay > sum->spec.deadline;
    histogram_add(&sum->delay, sim_milliseconds(delay), 1);
}

/* Begins with a zero that has no sign, and so ends with none. */
double class_sum_utility(const struct class_sum *sum)
{
    double utility = 0;

    utility += (double)(sum->fates.delivered - sum->late) * sum->spec.value;
    utility += (double)sum->late * sum->spec.late;
    utility += (double)(sum->fates.bounced + sum->fates.expired) * sum->spec.lost;
    return utility;
}

void class_sum_merge(struct class_sum *into, const struct class_sum *from)
{
    into->recipients += from->recipients;
    tally_sum_merge(&into->fates, &from->fates);
    into->late += from->late;
    histogram_merge(&into->delay, &from->delay);
}

void classes_merge(struct classes *into, const struct classes *from)
{
    if (from->count == 0)
        return;
    REQUIRE(into->count == 0 || into->count == from->count);
    if (into->count == 0) {
        into->list = alloc_zeroed(from->count * sizeof *into->list);
        into->count = from->count;
    }
    for (size_t i = 0; i < from->count; i++) {
        into->list[i].spec = from->list[i].spec;
        class_sum_merge(&into->list[i], &from->list[i]);
    }
}

double classes_late(const struct classes *classes)
{
    uint64_t late = 0;

    for (size_t i = 0; i < classes->count; i++)
        late += classes->list[i].late;
    return classes->count == 0 ? NAN : (double)late;
}

double classes_utility(const struct classes *classes)
{
    double utility = 0;

    for (size_t i = 0; i < classes->count; i++)
        utility += class_sum_utility(&classes->list[i]);
    return classes->count == 0 ? NAN : utility;
}
