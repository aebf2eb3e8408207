/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/recovery.h"

#include "models/self_check.h"

const char *const recovery_names[] = {"earliest", "middle", "latest", NULL};

#define MILLISECOND (SIM_SECOND / 1000)

sim_time whole_milliseconds(sim_time at)
{
    return at / MILLISECOND * MILLISECOND;
}

/* How long before `second` the last scan was due. */
static int64_t since_scan(const struct reconstruct_plan *plan, int64_t second)
{
    int64_t rest = (second - plan->phase_s) % plan->period;

    return rest < 0 ? rest + plan->period : rest;
}

sim_time reconstruct_scan_phase(const struct reconstruct_plan *plan)
{
    if (plan->phase_s < 0)
        return SIM_NEVER;
    int64_t since = since_scan(plan, sim_second(plan->start));
    return (since == 0 ? 0 : plan->period - since) * SIM_SECOND;
}

sim_time start_of_scan(const struct reconstruct_plan *plan, sim_time at)
{
    if (plan->phase_s < 0)
        return at;
    int64_t since = since_scan(plan, sim_second(at));
    return since <= SELF_CHECK_FEED ? (sim_second(at) - since) * SIM_SECOND : at;
}

static sim_time change(const struct reconstruct_plan *plan, enum recovery when, sim_time before,
                       sim_time after)
{
    sim_time earliest = before + SIM_SECOND; /* stamps have whole seconds */
    sim_time latest = start_of_scan(plan, after);

    if (latest <= before)
        return after;
    if (when == RECOVERY_LATEST || earliest >= latest)
        return latest;
    if (when == RECOVERY_EARLIEST)
        return earliest;
    return whole_milliseconds(before + (latest - before) / 2);
}

sim_time recovered_at(const struct reconstruct_plan *plan, sim_time before, sim_time after)
{
    return change(plan, plan->recovery, before, after);
}

sim_time fell_ill_at(const struct reconstruct_plan *plan, sim_time before, sim_time after)
{
    static const enum recovery mirrored[] = {RECOVERY_LATEST, RECOVERY_MIDDLE, RECOVERY_EARLIEST};

    return change(plan, mirrored[plan->recovery], before, after);
}
