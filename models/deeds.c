/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/deeds.h"

#include <stdlib.h>
#include <string.h>

#include "models/self_check.h"
#include "sim/alloc.h"

/* One in so many retries off the scans: then the scans are not where they are said to be. */
#define DOUBTFUL 4

#define MILLISECOND (SIM_SECOND / 1000)

static void add_deed(struct deeds *deeds, enum operation_kind kind, uint32_t label, sim_time at)
{
    deeds->list = alloc_grow(deeds->list, &deeds->room, deeds->count + 1, sizeof *deeds->list);
    deeds->list[deeds->count++] = (struct deed){at / MILLISECOND * MILLISECOND, label, kind};
}

void deeds_add(struct deeds *deeds, const struct logged_message *message, uint32_t label)
{
    for (size_t i = 0; i < message->deed_count; i++)
        add_deed(deeds, message->deeds[i].kind, label, message->deeds[i].at);
}

/* Retries that no scan began shortly before. */
struct off_scan {
    int64_t phase_s, period;
    struct deeds *deeds; /* NULL: they are only counted */
    size_t count;
};

static void look_at_retry(void *user, uint32_t message, sim_time at)
{
    struct off_scan *off = user;
    int64_t since = (sim_second(at) - off->phase_s) % off->period;

    if ((since < 0 ? since + off->period : since) <= SELF_CHECK_FEED)
        return;
    off->count++;
    if (off->deeds != NULL)
        add_deed(off->deeds, OPERATION_FLUSH_MESSAGE, message, at);
}

void deeds_add_flushes(struct deeds *deeds, const struct directory *retries, int64_t phase_s,
                       int64_t period)
{
    struct off_scan off = {.phase_s = phase_s, .period = period};

    directory_each(retries, look_at_retry, &off);
    if (off.count * DOUBTFUL >= retries->count)
        return;
    off.deeds = deeds;
    directory_each(retries, look_at_retry, &off);
}

void deeds_fini(struct deeds *deeds)
{
    free(deeds->list);
}

char *deeds_message(const char *traffic, const struct names *names, uint32_t label)
{
    return alloc_printf("%s/%s", traffic, names_text(names, label));
}

void deeds_repeat(const struct deeds *deeds, const char *traffic, struct scenario *scenario)
{
    for (size_t i = 0; i < deeds->count; i++) {
        const struct deed *deed = &deeds->list[i];
        struct operation *operation = scenario_add_operation(scenario, deed->kind);
        char *name = deeds_message(traffic, &scenario->names, deed->label);

        operation->at = deed->at - scenario->start;
        operation->message = scenario_add_name(scenario, name);
        free(name);
    }
}
