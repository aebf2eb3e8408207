/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/recording.h"

#include <string.h>
#include <sysexits.h>

bool recording_take_recovery(enum recovery *recovery, const char *value, struct err *err)
{
    for (int i = 0; recovery_names[i] != NULL; i++) {
        if (strcmp(recovery_names[i], value) == 0) {
            *recovery = (enum recovery)i;
            return true;
        }
    }
    return err_exit(err, EX_USAGE, "--recovery: '%.40s' is none of earliest, middle, latest",
                    value);
}

static void take_message(void *user, struct logged_message *message)
{
    struct recording *recording = user;

    self_checks_add(&recording->checks, message);
    reconstruct_add(&recording->reconstruction, message);
    logged_message_free(message);
}

static void lay_plan(struct recording *recording, const struct postfix_settings *settings,
                     enum recovery recovery)
{
    reconstruct_ready(&recording->reconstruction);
    self_checks_finish(&recording->checks, &recording->check);
    recording->plan = (struct reconstruct_plan){
        .recovery = recovery,
        .start = reconstruct_start(&recording->reconstruction),
        .end = recording->totals.last + SIM_SECOND, /* its last second is over */
        .phase_s = recording->check.phase_s,
        .period = settings->queue_run_delay,
    };
    reconstruct_flushes(&recording->reconstruction, &recording->plan);
}

bool recording_read(struct recording *recording, const struct logs *logs,
                    const struct postfix_settings *settings, enum recovery recovery,
                    struct err *err)
{
    *recording = (struct recording){0};
    reconstruct_init(&recording->reconstruction);
    self_checks_init(&recording->checks, settings);
    if (!logs_read(logs, (struct maillog_sink){take_message, recording}, &recording->totals, err)
        || !logs_have_arrivals(logs, &recording->totals, recording->reconstruction.arrival_count,
                               err))
        return false;
    lay_plan(recording, settings, recovery);
    return logs_are_of_one_age(logs, recording->plan.start, recording->plan.end, err);
}

void recording_fini(struct recording *recording)
{
    self_checks_fini(&recording->checks);
    reconstruct_fini(&recording->reconstruction);
}
