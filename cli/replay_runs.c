/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/replay_runs.h"

#include "cli/plan.h"

#define SEED 1 /* of the order within a scan; nothing else is left to luck */

static const struct scenario *scenario_for(struct replay_runs *runs, enum recovery recovery)
{
    struct scenario *scenario = &runs->scenarios[recovery];
    struct reconstruct_plan plan = runs->plan;

    plan.recovery = recovery;
    if (scenario->traffic_count == 0) {
        reconstruct_scenario(runs->reconstruction, &plan, scenario);
        policies_route(runs->policies, scenario);
    }
    return scenario;
}

static bool run_one(struct replay_runs *runs, enum recovery recovery, const struct policy *policy,
                    const char *folder, struct results *results, struct recipient_fates *fates,
                    struct err *err)
{
    struct experiment experiment;
    struct plan plan = {
        .scenario = scenario_for(runs, recovery),
        .source = "replay.conf",
        .source_hash = runs->source_hash,
        .config = &policy->config,
        .settings = &policy->settings,
        .seed = SEED,
        .replications = 1,
        .quiet = runs->quiet,
        .guest = &results->observer,
        .first_guest = &fates->observer,
    };

    /* What was tried before the log begins is not in the log: the report leaves it out. */
    results->since = runs->first - runs->plan.start;
    experiment_init(&experiment);
    bool good = plan_run(&plan, folder, &experiment, err);
    experiment_fini(&experiment);
    return good;
}

bool replay_runs_under(struct replay_runs *runs, const struct policy *policy, const char *folder,
                       struct replay_column *column, struct recipient_fates *fates, struct err *err)
{
    bool good = true;

    for (int i = 0; i <= RECOVERY_LATEST; i++) {
        bool chosen = i == (int)runs->plan.recovery;
        results_init(&column->at[i]);
        recipient_fates_init(&fates[i], runs->reconstruction);
        good = good
               && run_one(runs, (enum recovery)i, policy, chosen ? folder : NULL, &column->at[i],
                          &fates[i], err);
    }
    return good;
}

void replay_runs_count_lost(const struct replay_runs *runs, const struct recipient_fates *own,
                            const struct recipient_fates *fates, struct replay_column *column)
{
    struct lost_search search = {runs->reconstruction, own, fates};

    for (int i = 0; i <= RECOVERY_LATEST; i++)
        column->lost[i] = lost_count(&search, (enum recovery)i);
}

void replay_runs_fini(struct replay_runs *runs)
{
    for (int i = 0; i <= RECOVERY_LATEST; i++) {
        if (runs->scenarios[i].traffic_count > 0)
            scenario_fini(&runs->scenarios[i]);
    }
}
