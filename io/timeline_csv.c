/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/timeline_csv.h"

#include "io/csv_row.h"

static void put_bin(struct timeline_csv *csv)
{
    const uint64_t *outcomes = csv->bin.outcomes;
    uint64_t connections =
        outcomes[OUTCOME_SENT] + outcomes[OUTCOME_DEFERRED] + outcomes[OUTCOME_BOUNCED];
    struct csv_row row = csv_row(&csv->output);

    csv_number(&row, csv->replication);
    csv_seconds(&row, csv->start);
    csv_number(&row, csv->bin.arrived);
    csv_number(&row, connections + outcomes[OUTCOME_SUSPENDED]);
    csv_number(&row, connections);
    csv_number(&row, outcomes[OUTCOME_SENT]);
    csv_number(&row, outcomes[OUTCOME_DEFERRED]);
    csv_number(&row, outcomes[OUTCOME_SUSPENDED]);
    csv_number(&row, outcomes[OUTCOME_BOUNCED]);
    csv_number(&row, csv->bin.expired);
    csv_number(&row, csv->level.incoming);
    csv_number(&row, csv->level.active);
    csv_number(&row, csv->level.deferred);
    csv_number(&row, csv->level.hold);
    csv_number(&row, csv->level.busy);
    csv_number(&row, csv->level.dead_sites);
    csv_number(&row, csv->bin.busy_max);
    csv_end(&row);
    csv->bin = (struct timeline_bin){.busy_max = csv->level.busy};
    csv->start += csv->width;
}

static struct timeline_csv *timeline_at(struct observer *self, sim_time at)
{
    struct timeline_csv *csv = CONTAINER_OF(self, struct timeline_csv, observer);

    while (at - csv->start >= csv->width)
        put_bin(csv);
    return csv;
}

static void arrived(struct observer *self, const struct message *message, uint32_t recipients)
{
    struct timeline_csv *csv = timeline_at(self, message->arrival);

    (void)recipients;
    csv->bin.arrived++;
    csv->level.incoming++;
}

static void activated(struct observer *self, sim_time at, const struct message *message,
                      uint32_t recipients, uint64_t scan)
{
    struct timeline_csv *csv = timeline_at(self, at);

    (void)message;
    (void)recipients;
    if (scan == 0)
        csv->level.incoming--;
    else
        csv->level.deferred--;
    csv->level.active++;
}

static void ended(struct observer *self, const struct activation *activation)
{
    struct timeline_csv *csv = timeline_at(self, activation->end);

    csv->level.active--;
    csv->level.deferred += activation->fate == FATE_DEFERRED;
    csv->bin.expired += activation->fate == FATE_EXPIRED ? activation->tally.expired : 0;
    for (size_t i = 0; i < activation->count; i++)
        csv->bin.outcomes[activation->attempts[i].outcome]++;
}

static void moved(struct observer *self, sim_time at, enum mail_queue from, enum mail_queue into)
{
    struct timeline_csv *csv = timeline_at(self, at);
    uint64_t nowhere = 0;
    uint64_t *levels[] = {
        [QUEUE_NONE] = &nowhere,
        [QUEUE_INCOMING] = &csv->level.incoming,
        [QUEUE_ACTIVE] = &csv->level.active,
        [QUEUE_DEFERRED] = &csv->level.deferred,
        [QUEUE_HOLD] = &csv->level.hold,
    };

    --*levels[from];
    ++*levels[into];
}

static void busied(struct observer *self, sim_time at, uint32_t site, int change)
{
    struct timeline_csv *csv = timeline_at(self, at);

    (void)site;
    csv->level.busy += (uint64_t)(int64_t)change;
    if (csv->level.busy > csv->bin.busy_max)
        csv->bin.busy_max = csv->level.busy;
}

static void site_changed(struct observer *self, sim_time at, uint32_t site, bool dead)
{
    struct timeline_csv *csv = timeline_at(self, at);

    (void)site;
    csv->level.dead_sites += dead ? 1 : UINT64_MAX;
}

static void finished(struct observer *self, sim_time at)
{
    struct timeline_csv *csv = timeline_at(self, at);

    if (at > csv->start || csv->bin.arrived > 0)
        put_bin(csv);
}

static const struct observer_ops timeline_ops = {
    .arrived = arrived,
    .activated = activated,
    .ended = ended,
    .moved = moved,
    .busied = busied,
    .site_changed = site_changed,
    .finished = finished,
};

bool timeline_csv_open(struct timeline_csv *csv, const char *folder, sim_time width,
                       struct err *err)
{
    REQUIRE(width > 0);
    *csv = (struct timeline_csv){.observer.ops = &timeline_ops, .width = width};
    if (!output_open(&csv->output, folder, "timeline.csv", err))
        return false;
    output_print(&csv->output, "%s",
                 "replication,time_s,arrived,attempts,connections,sent,deferred,suspended,bounced,"
                 "expired,incoming,active,deferred_queue,hold,busy,dead_sites,busy_max\n");
    return true;
}

void timeline_csv_begin(struct timeline_csv *csv, uint32_t replication)
{
    csv->replication = replication;
    csv->start = 0;
    csv->bin = (struct timeline_bin){0};
    csv->level = (struct timeline_level){0};
}
