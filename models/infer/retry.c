/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/infer/retry.h"

#include "sim/alloc.h"

void retries_add(struct retries *retries, const struct logged_message *message)
{
    if (message->arrival == SIM_NEVER)
        return;
    for (size_t i = 1; i < message->activation_count; i++) {
        const struct logged_activation *trip = &message->activations[i];
        if (trip[-1].end == SIM_NEVER || trip->at == SIM_NEVER)
            continue;
        int64_t deferred = sim_second(trip[-1].end);
        retries->list =
            alloc_grow(retries->list, &retries->room, retries->count + 1, sizeof *retries->list);
        retries->list[retries->count++] = (struct retry){
            .deferred = deferred,
            .age = sim_seconds32(deferred - logged_create_time(message)),
            .picked_up = sim_seconds32(sim_second(trip->at) - deferred),
        };
    }
}
