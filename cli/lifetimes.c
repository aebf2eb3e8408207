/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/lifetimes.h"

#include "io/lifetimes_csv.h"
#include "models/mta/postfix/lifetimes.h"

static void put(struct output *output, const struct replay_runs *runs,
                const struct postfix_settings *settings, const struct replay_column *column)
{
    long lifetime = settings->maximal_queue_lifetime;
    long own = runs->policies->list[0].settings.maximal_queue_lifetime;
    struct lifetime_row row = {
        .settings = settings,
        .logged = lifetime == own,
        .extrapolated = lifetime_is_extrapolated(lifetime, own, runs->plan.end - runs->first),
        .column = column,
        .recovery = runs->plan.recovery,
    };

    lifetimes_csv_put(output, &row);
}

static bool run_one(struct replay_runs *runs, const struct recipient_fates *own, long lifetime,
                    struct output *output, struct err *err)
{
    struct policy policy = runs->policies->list[0];
    struct replay_column column = {0};
    struct recipient_fates fates[RECOVERY_LATEST + 1];

    policy.settings = lifetime_settings(&policy.settings, lifetime);
    bool good = replay_runs_under(runs, &policy, NULL, &column, fates, err);
    if (good) {
        replay_runs_count_lost(runs, own, fates, &column);
        put(output, runs, &policy.settings, &column);
    }
    for (int i = 0; i <= RECOVERY_LATEST; i++) {
        results_fini(&column.at[i]);
        recipient_fates_fini(&fates[i]);
    }
    return good;
}

bool lifetimes_write(struct replay_runs *runs, const struct recipient_fates *own,
                     const char *folder, struct err *err)
{
    long logged = runs->policies->list[0].settings.maximal_queue_lifetime;
    struct lifetimes lifetimes = lifetimes_with(logged);
    struct output output = {0};
    bool good = output_open(&output, folder, "lifetimes.csv", err);

    if (good)
        lifetimes_csv_put_header(&output);
    for (size_t i = 0; good && i < lifetimes.count; i++)
        good = run_one(runs, own, lifetimes.list[i], &output, err);
    good = good && output_commit(&output, err);
    output_discard(&output);
    return good;
}
